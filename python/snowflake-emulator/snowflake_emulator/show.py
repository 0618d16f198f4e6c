"""SHOW and DESCRIBE of stages and of the account's objects."""

import json
from collections.abc import Callable

from .account import KIND, NAME, Thing, pattern, plain
from .errors import missing
from .names import full, like, parts, quoted, unquoted
from .results import DESCRIBE, SHOW, Result, table
from .session import Session
from .stages import Stage
from .statement import Statement

KINDS = "(ROLE|USER|WAREHOUSE|RESOURCE MONITOR|STORAGE INTEGRATION|INTEGRATION|STAGE)"
SHOWN = pattern(rf"^SHOW {KINDS}S(?: LIKE '([^']*)')?(?: IN (?:(ACCOUNT)|(DATABASE|SCHEMA) ({NAME}(?:\.{NAME})?)))?$")
DESCRIBED = pattern(rf"^DESC(?:RIBE)? {KIND} ({NAME})$")
DESCRIBED_STAGE = pattern(rf"^DESC(?:RIBE)? STAGE ({NAME}(?:\.{NAME}){{0,2}})$")
SINCE = "2026-01-01 00:00:00.000 +0000"
SERVICE_ACCOUNT = "emulator@storage.iam.gserviceaccount.com"


def answer(session: Session, statement: Statement) -> Result | None:
    if found := SHOWN.match(statement.text):
        kind, pattern, account, inside, place = found.groups()
        if plain(kind) == "STAGE":
            return _stages(session, pattern, account, inside, parts(place or ""))
        things = session.service.account.all(plain(kind)).values()
        found = sorted((one for one in things if like(pattern).match(one.name)), key=_name)
        names, row = COLUMNS[plain(kind)]
        return table(names, [row(session, one) for one in found], SHOW)
    if found := DESCRIBED_STAGE.match(statement.text):
        return _describe_stage(session, full(session, parts(found[1])))
    if found := DESCRIBED.match(statement.text):
        return _describe(session, plain(found[1]), unquoted(found[2]))
    return None


def _name(thing: Thing) -> str:
    return thing.name


def _role(session: Session, role: Thing) -> tuple:
    current = "Y" if session.role == role.name else "N"
    return (SINCE, role.name, current, current, role.owner, role.options.get("COMMENT", ""))


def _user(_: Session, user: Thing) -> tuple:
    get = user.options.get
    return (user.name, get("TYPE"), get("DEFAULT_ROLE"), get("DEFAULT_WAREHOUSE"), user.owner)


def _warehouse(_: Session, one: Thing) -> tuple:
    get = one.options.get
    size, monitor = get("WAREHOUSE_SIZE", "X-Small"), get("RESOURCE_MONITOR", "null")
    rest = (get("AUTO_SUSPEND", "600"), get("AUTO_RESUME", "true").lower())
    return (one.name, "SUSPENDED", "STANDARD", size, *rest, monitor.strip('"'), one.owner)


def _monitor(_: Session, one: Thing) -> tuple:
    get = one.options.get
    return (one.name, get("CREDIT_QUOTA"), "0.00", get("FREQUENCY", "MONTHLY"), one.owner)


def _integration(_: Session, one: Thing) -> tuple:
    get = one.options.get
    enabled = get("ENABLED", "false").lower()
    return (one.name, get("TYPE"), "STORAGE", enabled, get("COMMENT"), SINCE)


COLUMNS: dict[str, tuple[str, Callable[[Session, Thing], tuple]]] = {
    "ROLE": ("created_on name is_default is_current owner comment", _role),
    "USER": ("name type default_role default_warehouse owner", _user),
    "WAREHOUSE": (
        "name state type size auto_suspend:fixed auto_resume resource_monitor owner",
        _warehouse,
    ),
    "RESOURCE MONITOR": ("name credit_quota used_credits frequency owner", _monitor),
    "INTEGRATION": ("name type category enabled comment created_on", _integration),
}


def _stages(session: Session, pattern, account, inside, place: list[str]) -> Result:
    database, schema = session.connection.database, session.connection.schema
    where = () if account else (database, schema)
    if inside:
        where = tuple(place) if inside.upper() == "DATABASE" else (database, *place)[-2:]
    rows = []
    for one in session.service.stages.shown(pattern):
        if one.key[: len(where)] == where and one.owner in (None, session):
            owner = session.service.grants.owner("STAGE", *one.key)
            kind = "INTERNAL" if one.url is None else "EXTERNAL"
            kind += " TEMPORARY" if one.owner else ""
            home = (SINCE, one.key[2], one.key[0], one.key[1], _url(one), owner)
            rows.append((*home, kind, None if one.url is None else "GCP", one.integration))
    names = "created_on name database_name schema_name url owner type cloud storage_integration"
    return table(names, rows, SHOW)


def _url(stage: Stage) -> str:
    return "" if stage.url is None else f"{stage.url}/"


def _describe_stage(session: Session, name) -> Result:
    stage = session.service.stages.all.get(name)
    if stage is None:
        raise missing("Stage", quoted(*name))
    rows = [
        *(("STAGE_FILE_FORMAT", k, "String", v, "") for k, v in stage.format.items()),
        ("STAGE_LOCATION", "URL", "String", json.dumps([_url(stage)]), ""),
        ("STAGE_INTEGRATION", "STORAGE_INTEGRATION", "String", stage.integration, ""),
    ]
    names = "parent_property property property_type property_value property_default"
    return table(names, rows, DESCRIBE)


def _describe(session: Session, kind: str, name: str) -> Result:
    thing = session.service.account.get(kind, name)
    if kind == "USER":
        rows = [("NAME", name, None, ""), *((k, v, None, "") for k, v in thing.options.items())]
        return table("property value default description", rows, DESCRIBE)
    given = {**thing.options}
    if kind == "INTEGRATION":
        given["STORAGE_GCP_SERVICE_ACCOUNT"] = SERVICE_ACCOUNT
    rows = [(property, "String", value, "") for property, value in given.items()]
    return table("property property_type property_value property_default", rows, DESCRIBE)
