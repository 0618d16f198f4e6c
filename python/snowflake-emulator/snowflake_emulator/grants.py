"""GRANT, REVOKE and SHOW GRANTS. What is granted is kept and shown; nothing is refused for want of it."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fakesnow.transforms.file_format import lookup_file_format

from .account import NAME, pattern, plain
from .catalog import has_database, has_schema, has_table
from .errors import missing, refused
from .names import full, parts, unquoted
from .results import SHOW, Result, done, table
from .session import Session
from .statement import Statement

if TYPE_CHECKING:
    from .service import Service

DOTTED = rf"{NAME}(?:\.{NAME})*"
TO = rf"(?:TO|FROM) (?:ROLE )?({NAME})(?: (.*))?$"
OF_ROLE = pattern(rf"^(GRANT|REVOKE) ROLE ({NAME}) (?:TO|FROM) (ROLE|USER) ({NAME})$")
ON_MANY = pattern(rf"^(GRANT|REVOKE) (.+?) ON (ALL|FUTURE) ([A-Z ]+?) IN (SCHEMA|DATABASE) ({DOTTED}) {TO}")
ON_ONE = pattern(rf"^(GRANT|REVOKE) (.+?) ON (?:(ACCOUNT)|([A-Z]+(?: [A-Z]+)??) ({DOTTED})) {TO}")
SHOW_GRANTS = pattern(rf"^SHOW (FUTURE )?GRANTS(?: (TO|OF|ON|IN) (ACCOUNT|[A-Z]+(?: [A-Z]+)??)(?: ({DOTTED}))?)?$")
GRANTS = "created_on privilege granted_on name granted_to grantee_name grant_option granted_by"
SINCE = "2026-01-01 00:00:00.000 +0000"
PARTS = {"DATABASE": 1, "SCHEMA": 2}
"""Of a name; of what lies in a schema, three; of what belongs to the account, one."""
IN_SCHEMA = ("TABLE", "VIEW", "STAGE", "FILE FORMAT")


@dataclass(frozen=True)
class Grant:
    privilege: str
    kind: str
    name: tuple[str, ...]
    grantee: str
    to: str = "ROLE"
    """Or USER."""
    option: bool = False
    by: str = ""
    future: bool = False
    """For all of this kind that come to be in the schema or the database `name`."""


class Grants:
    def __init__(self, service: "Service") -> None:
        self.service = service
        self.all: dict[Grant, None] = {}

    def answer(self, session: Session, statement: Statement) -> Result | None:
        if statement.words.startswith(("GRANT ", "REVOKE ")):
            session.end(commit=True)
            for grant in self._granted(session, statement.text):
                self._change(statement.words.startswith("GRANT"), grant)
            return done()
        if found := SHOW_GRANTS.match(statement.text):
            return self._show(session, *found.groups())
        return None

    def own(self, session: Session, kind: str, *name: str) -> None:
        """The role of the session has made it; what was granted for the future holds for it."""
        self._forget(kind, name)
        self._change(True, Grant("OWNERSHIP", kind, name, session.role or "PUBLIC", option=True))
        for grant in [one for one in self.all if one.future and one.kind == kind]:
            if name[: len(grant.name)] == grant.name:
                self._change(True, replace(grant, name=name, future=False))

    def owner(self, kind: str, *name: str) -> str | None:
        for grant in self.all:
            if (grant.privilege, grant.kind, grant.name) == ("OWNERSHIP", kind, name):
                return grant.grantee
        return None

    def forget(self, kind: str, *name: str) -> None:
        """It was dropped: what was granted on it, and to it."""
        self._forget(kind, name)
        for grant in [one for one in self.all if (one.to, one.grantee) == (kind, name[-1])]:
            self.all.pop(grant)

    def _forget(self, kind: str, name: tuple[str, ...]) -> None:
        for grant in [one for one in self.all if (one.kind, one.name) == (kind, name) and not one.future]:
            self.all.pop(grant)

    def _change(self, give: bool, grant: Grant) -> None:
        same = [one for one in self.all if replace(one, option=False, by="") == replace(grant, option=False, by="")]
        owned = grant.privilege == "OWNERSHIP" and give and not grant.future
        if owned:
            where = (grant.privilege, grant.kind, grant.name)
            same = [one for one in self.all if (one.privilege, one.kind, one.name) == where]
        for one in same:
            self.all.pop(one)
        if give:
            self.all[grant] = None

    def _granted(self, session: Session, text: str) -> list[Grant]:
        by = session.role or "PUBLIC"
        if found := OF_ROLE.match(text):
            role, to, grantee = unquoted(found[2]), found[3].upper(), unquoted(found[4])
            self._need(session, "ROLE", (role,))
            self._need(session, to, (grantee,))
            return [Grant("USAGE", "ROLE", (role,), grantee, to, by=by)]
        if found := ON_MANY.match(text):
            _, privileges, which, kinds, _, container, role, rest = found.groups()
            kind = plain(kinds).removesuffix("S")
            name = tuple(full(session, [*parts(container), ""])[: len(parts(container))])
            future = which.upper() == "FUTURE"
            names = [name] if future else self._within(session, kind, name)
        elif found := ON_ONE.match(text):
            _, privileges, account, kinds, dotted, role, rest = found.groups()
            kind, future = "ACCOUNT" if account else plain(kinds), False
            names = [()] if account else [self._name(session, kind, dotted)]
            for name in names:
                self._need(session, kind, name)
        else:
            raise refused(f"this GRANT or REVOKE: {text}")
        self._need(session, "ROLE", (unquoted(role),))
        option = bool(re.search(r"WITH\s+GRANT\s+OPTION", rest or "", re.I))
        return [
            Grant(privilege, kind, name, unquoted(role), option=option, by=by, future=future)
            for privilege in _privileges(privileges)
            for name in names
        ]

    def _name(self, session: Session, kind: str, dotted: str) -> tuple[str, ...]:
        given = parts(dotted)
        if kind in IN_SCHEMA:
            return full(session, given)
        if kind == "SCHEMA" and len(given) == 1:
            return (session.connection.database, *given)
        return tuple(given)

    def _need(self, session: Session, kind: str, name: tuple[str, ...]) -> None:
        match kind:
            case "ACCOUNT":
                found = True
            case "DATABASE":
                found = has_database(session, *name)
            case "SCHEMA":
                found = has_schema(session, *name)
            case "TABLE" | "VIEW":
                found = has_table(session, name)
            case "STAGE":
                found = name in self.service.stages.all
            case "FILE FORMAT":
                lookup_file_format(session.duck, name[2], *name[:2])
                found = True
            case "USER":
                # Of those who sign in, only the ones that a set-up has made are known.
                found = not self.service.config.strict or self.service.account.knows(kind, *name)
            case _:
                found = self.service.account.knows(kind, *name)
        if not found:
            raise missing(kind.capitalize(), ".".join(name))

    def _within(self, session: Session, kind: str, where: tuple[str, ...]) -> list[tuple[str, ...]]:
        """All tables or views of a schema or a database."""
        if kind not in ("TABLE", "VIEW"):
            raise refused(f"GRANT ON ALL {kind}S")
        self._need(session, "SCHEMA" if len(where) == 2 else "DATABASE", where)
        noun = kind.lower()
        sql = f"select database_name, schema_name, {noun}_name from duckdb_{noun}s() where not internal"
        return [row for row in session.duck.execute(sql).fetchall() if row[: len(where)] == where]

    def _show(self, session: Session, future, how, kind, dotted) -> Result:
        how, kind = (how or "TO").upper(), plain(kind or "USER")
        if dotted is None and kind == "USER":
            name: tuple[str, ...] = ((session.user or "").upper(),)
        else:
            name = self._name(session, kind, dotted) if dotted else ()
        self._need(session, kind, name)
        future = bool(future)
        if how == "OF" or (how == "TO" and kind == "USER"):
            return self._show_roles(how, kind, name)
        if how == "TO":
            found = [one for one in self.all if (one.to, one.grantee) == (kind, name[0])]
        elif how == "IN":
            found = [one for one in self.all if one.name == name]
        else:
            found = [one for one in self.all if (one.kind, one.name) == (kind, name)]
        rows = [_row(one) for one in found if one.future == future]
        return table(GRANTS, rows, SHOW)

    def _show_roles(self, how: str, kind: str, name: tuple[str, ...]) -> Result:
        roles = [one for one in self.all if one.kind == "ROLE" and one.privilege == "USAGE"]
        found = [one for one in roles if name == (one.name if how == "OF" else (one.grantee,))]
        found = [one for one in found if how == "OF" or one.to == kind]
        rows = [(SINCE, one.name[0], one.to, one.grantee, one.by) for one in found]
        return table("created_on role granted_to grantee_name granted_by", rows, SHOW)


def _privileges(text: str) -> list[str]:
    found = [re.sub(r"\s+", " ", one).strip().upper() for one in text.split(",")]
    if any(one.startswith("ALL") for one in found):
        raise refused("GRANT ALL: name the privileges")
    return found


def _row(grant: Grant) -> tuple:
    said = ".".join(one if re.fullmatch(r"[A-Z_][A-Z0-9_$]*", one) else f'"{one}"' for one in grant.name)
    if grant.future:
        said += f".<{grant.kind}>"
    kind = grant.kind.replace(" ", "_")
    option = str(grant.option).lower()
    return (SINCE, grant.privilege, kind, said, grant.to, grant.grantee, option, grant.by)
