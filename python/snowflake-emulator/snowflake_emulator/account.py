"""Roles, users, warehouses, integrations, monitors: kept as they were made, and without an effect of their own."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import exists, failure, missing
from .names import unquoted
from .results import SESSION, Result, done

if TYPE_CHECKING:
    from .session import Session
    from .statement import Statement

NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
KIND = "(ROLE|USER|WAREHOUSE|RESOURCE MONITOR|STORAGE INTEGRATION|INTEGRATION)"
SYSTEM_ROLES = (
    *("ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN"),
    *("SYSADMIN", "ORGADMIN", "PUBLIC"),
)


def pattern(text: str) -> re.Pattern[str]:
    """One blank of it is any space; case does not count."""
    return re.compile(text.replace(" ", r"\s+"), re.I | re.S)


CREATE = pattern(rf"^CREATE (OR REPLACE )?{KIND} (IF NOT EXISTS )?({NAME})(.*)$")
ALTER = pattern(rf"^ALTER {KIND} (IF EXISTS )?({NAME}) (.*)$")
DROP = pattern(rf"^DROP {KIND} (IF EXISTS )?({NAME})$")
USE = pattern(rf"^USE (ROLE|WAREHOUSE) ({NAME})$")
USE_SECONDARY = pattern(r"^USE SECONDARY ROLES (ALL|NONE)$")
VALUE = r"\((?:[^()']|'(?:[^']|'')*'|\([^()]*\))*\)|'(?:[^']|'')*'|\"[^\"]*\"|[^\s,()]+"
OPTION = re.compile(rf"(\w+)\s*=\s*({VALUE})")


@dataclass
class Thing:
    """An object of the account."""

    name: str
    owner: str
    options: dict[str, str] = field(default_factory=dict)


def options(text: str) -> dict[str, str]:
    """`NAME = value …`; texts without their quotes."""
    return {name.upper(): value.strip("'") for name, value in OPTION.findall(text)}


def plain(kind: str) -> str:
    """`STORAGE INTEGRATION` is kept as `INTEGRATION`."""
    kind = re.sub(r"\s+", " ", kind).upper()
    return kind.removeprefix("STORAGE ") if kind.endswith("INTEGRATION") else kind


class Account:
    def __init__(self) -> None:
        roles = {name: Thing(name, "") for name in SYSTEM_ROLES}
        self.things: dict[str, dict[str, Thing]] = {"ROLE": roles}

    def all(self, kind: str) -> dict[str, Thing]:
        return self.things.setdefault(kind, {})

    def knows(self, kind: str, name: str | None) -> bool:
        return name in self.all(kind)

    def get(self, kind: str, name: str) -> Thing:
        if not self.knows(kind, name):
            raise missing(kind.capitalize(), name)
        return self.all(kind)[name]

    def answer(self, session: "Session", statement: "Statement") -> Result | None:
        text = statement.text
        if found := CREATE.match(text):
            replace, kind, existing, name, rest = found.groups()
            return self._create(session, plain(kind), unquoted(name), rest, replace, existing)
        if found := ALTER.match(text):
            kind, if_exists, name, rest = found.groups()
            if not if_exists or self.knows(plain(kind), unquoted(name)):
                self.get(plain(kind), unquoted(name)).options.update(options(rest))
            return done()
        if found := DROP.match(text):
            kind, if_exists, name = plain(found[1]), found[2], unquoted(found[3])
            if not if_exists:
                self.get(kind, name)
            self.all(kind).pop(name, None)
            session.service.grants.forget(kind, name)
            return done(f"{name} successfully dropped.")
        if found := USE.match(text):
            return self._use(session, found[1].upper(), unquoted(found[2]))
        if USE_SECONDARY.match(text):
            return done(type=SESSION)
        return None

    def _create(self, session, kind, name, rest, replace, existing) -> Result:
        if self.knows(kind, name) and not replace:
            if existing:
                return done(f"{name} already exists, statement succeeded.")
            raise exists(name)
        self.all(kind)[name] = Thing(name, session.role or "PUBLIC", options(rest))
        session.service.grants.own(session, kind, name)
        return done(f"{kind.capitalize()} {name} successfully created.")

    def _use(self, session: "Session", kind: str, name: str) -> Result:
        if session.service.config.strict and not self.knows(kind, name):
            raise failure(
                2043,
                "02000",
                "SQL compilation error:\nObject does not exist, or operation cannot be performed.",
            )
        if kind == "ROLE":
            session.role = name
        else:
            session.warehouse = name
        return done(type=SESSION)
