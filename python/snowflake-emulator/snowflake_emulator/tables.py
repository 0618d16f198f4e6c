"""DDL of databases, schemas and tables where fakesnow's would differ from Snowflake's."""

import re

from sqlglot import exp

from .catalog import columns, has_database, has_schema, snowflake_type
from .errors import failure
from .names import folded, key
from .results import Result, done
from .session import Session
from .statement import Statement


def answer(session: Session, statement: Statement) -> Result | None:
    tree = statement.tree
    kind = str(tree.args.get("kind")).upper()
    if isinstance(tree, exp.Create) and kind in ("DATABASE", "SCHEMA") and tree.args.get("exists"):
        return _existing(session, tree, kind)
    if isinstance(tree, exp.Create) and kind == "TABLE" and tree.args.get("replace"):
        named = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        session.service.forget(key(session, named))
    if isinstance(tree, exp.TruncateTable):
        session.service.forget(key(session, tree.expressions[0]))
    if isinstance(tree, exp.Drop) and kind in ("TABLE", "VIEW"):
        name = key(session, tree.find(exp.Table))
        if name not in session.temporary:
            session.service.forget(name)
    if isinstance(tree, exp.Alter) and kind == "TABLE":
        _check_types(session, tree)
    return None


def _existing(session: Session, tree: exp.Create, kind: str) -> Result | None:
    """fakesnow would make its macros anew, which fails as soon as the default of a column uses one."""
    given = (tree.this.args.get("catalog"), tree.this.args.get("db"), tree.this.this)
    names = [folded(name) for name in given if isinstance(name, exp.Identifier)]
    if kind == "DATABASE":
        found = has_database(session, names[-1])
    else:
        database = names[-2] if len(names) > 1 else session.connection.database
        found = has_schema(session, database, names[-1])
    return done(f"{names[-1]} already exists, statement succeeded.") if found else None


def _check_types(session: Session, tree: exp.Alter) -> None:
    """Snowflake widens NUMBER and VARCHAR; DuckDB would cast anything."""
    found = {column.name: column.type for column in columns(session, key(session, tree.this))}
    for action in tree.args.get("actions") or []:
        if not isinstance(action, exp.AlterColumn) or not action.args.get("dtype"):
            continue
        name = folded(action.this)
        if name not in found:
            raise failure(904, "42000", f"SQL compilation error:\ninvalid identifier '{name}'")
        old, new = found[name], _duckdb_type(session, action.args["dtype"])
        if not _widens(old, new):
            raise failure(
                2108,  # (u)
                "22000",
                f"SQL compilation error: cannot change column {name} from type {snowflake_type(old)} "
                f"to {snowflake_type(new)}",
            )


def _duckdb_type(session: Session, type: exp.DataType) -> str:
    cast = exp.cast(exp.Null(), type.copy())
    return session.connection.cursor()._transform(cast, None).to.sql("duckdb")


def _widens(old: str, new: str) -> bool:
    before, after = _decimal(old), _decimal(new)
    if before and after:
        return before[1] == after[1]
    return old == new or (old == "VARCHAR" and new.startswith(("TEXT", "VARCHAR")))


def _decimal(type: str) -> tuple[str, str] | None:
    found = re.match(r"DECIMAL\((\d+),\s*(\d+)\)", type)
    return found and (found[1], found[2])
