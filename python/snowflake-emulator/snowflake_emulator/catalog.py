"""What DuckDB's catalog says of tables and columns, as Snowflake would say it."""

import re
from typing import NamedTuple

from sqlglot import exp

from .errors import failure
from .names import Key, folded, key, quoted
from .session import Session

COLUMNS = """
select column_name, data_type, is_nullable, column_default from duckdb_columns()
where database_name = ? and schema_name = ? and table_name = ? order by column_index
"""
TABLES = """
select name from (
  select database_name, schema_name, table_name as name from duckdb_tables()
  union all select database_name, schema_name, view_name from duckdb_views()
) where upper(database_name) = upper(?) and upper(schema_name) = upper(?) and upper(name) = upper(?)
"""
TYPES = {
    "VARCHAR": "VARCHAR(16777216)",
    "JSON": "VARIANT",
    "TIMESTAMP": "TIMESTAMP_NTZ(9)",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP_TZ(9)",
    "DOUBLE": "FLOAT",
    "BIGINT": "NUMBER(38,0)",
    "INTEGER": "NUMBER(38,0)",
    "HUGEINT": "NUMBER(38,0)",
    "BLOB": "BINARY(8388608)",
}


class Column(NamedTuple):
    name: str
    type: str
    """As DuckDB calls it."""
    nullable: bool
    default: str | None


def columns(session: Session, table: Key) -> list[Column]:
    """None where there is no such table. A temporary one comes first."""
    where = ("temp", "main", session.temporary[table]) if table in session.temporary else table
    return [Column(*row) for row in session.duck.execute(COLUMNS, where).fetchall()]


def snowflake_type(type: str) -> str:
    return re.sub(r"^DECIMAL", "NUMBER", TYPES.get(type, type))


def has_database(session: Session, name: str) -> bool:
    sql = "select 1 from duckdb_databases() where database_name = ?"
    return session.duck.execute(sql, [name]).fetchone() is not None


def has_schema(session: Session, database: str, name: str) -> bool:
    sql = "select 1 from duckdb_schemas() where database_name = ? and schema_name = ?"
    return session.duck.execute(sql, [database, name]).fetchone() is not None


def has_table(session: Session, table: Key) -> bool:
    """Tables and views, without the temporary ones."""
    return (table[2],) in session.duck.execute(TABLES, table).fetchall()


def check_case(session: Session, tree: exp.Expression) -> None:
    """DuckDB ignores the case of quoted names, Snowflake does not: refuses what Snowflake would refuse."""
    known, similar = set(), set()
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier):
            found = columns(session, _existing(session, table, tree))
            known.update(column.name for column in found)
            similar.update(column.name.upper() for column in found)
    for alias in tree.find_all(exp.Alias, exp.TableAlias):
        name = alias.args.get("alias") or alias.args.get("this")
        if isinstance(name, exp.Identifier):
            known.add(folded(name))
        known.update(folded(name) for name in alias.args.get("columns") or [])
    for column in tree.find_all(exp.Column):
        if isinstance(column.this, exp.Identifier):
            name = folded(column.this)
            if name not in known and name.upper() in similar:
                said = column.this.sql("snowflake")
                raise failure(
                    904,
                    "42000",
                    f"SQL compilation error: error line 1 at position 0\ninvalid identifier '{said}'",
                )


def _existing(session: Session, table: exp.Table, tree: exp.Expression) -> Key:
    name = key(session, table)
    if None not in name and name not in session.temporary and not isinstance(tree, exp.Create):
        found = [row[0] for row in session.duck.execute(TABLES, name).fetchall()]
        if found and name[2] not in found:
            said = quoted(*name)
            raise failure(
                2003,
                "42S02",
                f"SQL compilation error:\nObject '{said}' does not exist or not authorized.",
            )
    return name
