"""Names and text of SQL."""

import re
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from .session import Session

Key = tuple[str, str, str]
"""Database, schema and name of an object, in the case in which Snowflake keeps them."""

PART = re.compile(r'"(?:[^"]|"")+"|[^.\s]+')


def folded(identifier: exp.Identifier) -> str:
    """The name as Snowflake keeps it: upper case unless it was quoted."""
    return identifier.this if identifier.quoted else identifier.this.upper()


def unquoted(text: str) -> str:
    """The same, of one name as it stands in SQL."""
    return text[1:-1].replace('""', '"') if text.startswith('"') else text.upper()


def parts(text: str) -> list[str]:
    """The names of a dotted name as it stands in SQL."""
    return [unquoted(part) for part in PART.findall(text)]


def full(session: "Session", names: list[str]) -> Key:
    """Completes a name of one to three parts by the session's database and schema."""
    current = [session.connection.database, session.connection.schema]
    return (*current[: 3 - len(names)], *names)


def key(session: "Session", table: exp.Table) -> Key:
    given = [table.args.get("catalog"), table.args.get("db")]
    names = [folded(name) for name in given if name]
    last = folded(table.this) if isinstance(table.this, exp.Identifier) else str(table.this)
    return full(session, [*names, last])


def quoted(*names: str) -> str:
    """A dotted name for DuckDB or a message, each of its parts quoted."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def like(pattern: str | None) -> re.Pattern[str]:
    """The regular expression of a pattern of LIKE in a SHOW statement, where case does not count."""
    text = re.escape(pattern if pattern is not None else "%").replace("%", ".*").replace("_", ".")
    return re.compile(f"^{text}$", re.I | re.S)
