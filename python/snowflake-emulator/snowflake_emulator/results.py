"""Results in Snowflake's JSON encoding, exact."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow

SELECT, INSERT, UPDATE, DELETE, MERGE, COPY = 0x1000, 0x3100, 0x3200, 0x3300, 0x3400, 0x3600
SESSION, LIST, SHOW, DESCRIBE, TRANSACTION, DDL = 0x4000, 0x4000, 0x4400, 0x4500, 0x5000, 0x6000

EPOCH = dt.datetime(1970, 1, 1)


@dataclass
class Result:
    """`type` is Snowflake's statementTypeId. `extra` goes into the answer's `data` as it is."""

    columns: list[dict]
    rows: list[list[str | None]]
    type: int
    extra: dict | None = None


def table(columns: str, rows: Iterable[Sequence[object]], type: int) -> Result:
    """A result whose columns are given as `name:type name:type`; the type is text where none is given."""
    described = [column(*name.replace("~", " ").split(":")) for name in columns.split()]
    return Result(described, [[None if v is None else str(v) for v in row] for row in rows], type)


def column(name: str, type: str = "text") -> dict:
    length = 16777216 if type == "text" else None
    fixed = type == "fixed"
    return {
        "name": name,
        "database": "",
        "schema": "",
        "table": "",
        "nullable": True,
        "type": type,
        "byteLength": length,
        "length": length,
        "scale": 0 if fixed else None,
        "precision": 38 if fixed else None,
        "collation": None,
    }


def done(message: str = "Statement executed successfully.", type: int = DDL) -> Result:
    return table("status", [(message,)], type)


def encoded(data: pyarrow.Table, columns: list[dict]) -> list[list[str | None]]:
    values = [
        [encode(value, described["type"]) for value in values.to_pylist()]
        for values, described in zip(data.columns, columns, strict=True)
    ]
    return [list(row) for row in zip(*values, strict=True)]


def encode(value: object, type: str) -> str | None:
    """One value: days of a date, seconds with nine decimals of a time, all by integer arithmetic."""
    match value:
        case None:
            return None
        case bool():
            return "1" if value else "0"
        case dt.datetime():
            return _moment(value) + (" 1440" if type == "timestamp_tz" else "")
        case dt.date():
            return str((value - EPOCH.date()).days)
        case dt.time():
            seconds = value.hour * 3600 + value.minute * 60 + value.second
            return f"{seconds}.{value.microsecond:06d}000"
        case Decimal():
            return format(value, "f")
        case float():
            return repr(value)
        case bytes():
            return value.hex().upper()
        case dict() | list():
            return json.dumps(value)
    return str(value)


def _moment(value: dt.datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    since = value - EPOCH
    microseconds = (since.days * 86400 + since.seconds) * 10**6 + since.microseconds
    sign = "-" if microseconds < 0 else ""
    return f"{sign}{abs(microseconds) // 10**6}.{abs(microseconds) % 10**6:06d}000"
