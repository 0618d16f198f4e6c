"""Temporary tables and views, in DuckDB's own schema for them; a name of three parts becomes one name there."""

from sqlglot import exp

from .catalog import columns, snowflake_type
from .errors import missing
from .names import Key, key, quoted
from .results import DESCRIBE, Result, done, table
from .session import Session
from .statement import Statement

NAMED_IN = (exp.From, exp.Join, exp.Merge, exp.Update, exp.Delete)
"""Where columns may be qualified by the name of a table."""


def answer(session: Session, statement: Statement) -> Result | None:
    """CREATE TEMPORARY …, CREATE TABLE … LIKE; DROP and DESCRIBE of what is temporary or far."""
    tree = statement.tree
    if isinstance(tree, exp.Create) and tree.args.get("kind") in ("TABLE", "VIEW"):
        given = (tree.args.get("properties") or exp.Properties()).expressions
        temporary = any(isinstance(one, exp.TemporaryProperty) for one in given)
        like = next((one for one in given if isinstance(one, exp.LikeProperty)), None)
        if temporary or like:
            return _create(session, statement.fresh(), temporary, like and key(session, like.this))
    if isinstance(tree, exp.Drop) and str(tree.args.get("kind")).upper() in ("TABLE", "VIEW"):
        name = key(session, tree.find(exp.Table))
        if name in session.temporary:
            inner = quoted("temp", "main", session.temporary.pop(name))
            session.duck.execute(f"drop {tree.args['kind'].lower()} {inner}")
            return done(f"{name[2]} successfully dropped.")
    if isinstance(tree, exp.Describe) and isinstance(tree.this, exp.Table):
        name = key(session, tree.this)
        return _describe(session, name) if name in session.temporary or _is_far(session, name) else None
    return None


def retarget(session: Session, tree: exp.Expression) -> exp.Expression:
    """Puts the inner names of this session's temporary objects in place of theirs, in place."""
    for found in list(tree.find_all(exp.Table)):
        if not isinstance(found.this, exp.Identifier):
            continue
        name = key(session, found)
        if name not in session.temporary:
            continue
        inner = {"catalog": "temp", "db": "main", "this": session.temporary[name]}
        for part, text in inner.items():
            found.set(part, exp.to_identifier(text, quoted=True))
        if not found.args.get("alias") and isinstance(found.parent, NAMED_IN):
            alias = exp.to_identifier(name[2], quoted=True)
            found.set("alias", exp.TableAlias(this=alias))
    return tree


def _create(session: Session, tree: exp.Create, temporary: bool, like: Key | None) -> Result:
    kind = tree.args["kind"].lower()
    named = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    name = key(session, named)
    inner = ".".join(name)
    target = quoted("temp", "main", inner) if temporary else quoted(*name)
    if temporary:
        _drop_of_other_kind(session, kind, inner)
    head = [
        *("create", "or replace" if tree.args.get("replace") else ""),
        *("temporary" if temporary else "", kind),
        *("if not exists" if tree.args.get("exists") else "", target),
    ]
    session.duck.execute(" ".join([*head, _body(session, tree, like)]))
    if temporary:
        session.temporary[name] = inner
    session.service.forget(name)
    return done(f"{kind.capitalize()} {name[2]} successfully created.")


def _drop_of_other_kind(session: Session, kind: str, inner: str) -> None:
    """A view may take the place of a table of its name, and the other way round."""
    other = "view" if kind == "table" else "table"
    sql = f"select 1 from duckdb_{other}s() where database_name = 'temp' and {other}_name = ?"
    if session.duck.execute(sql, [inner]).fetchone():
        session.duck.execute(f"drop {other} {quoted('temp', 'main', inner)}")


def _body(session: Session, tree: exp.Create, like: Key | None) -> str:
    cursor = session.connection.cursor()
    if like:
        found = columns(session, like)
        if not found:
            raise missing("Object", quoted(*like))
        # fakesnow's would lose NOT NULL and the defaults.
        return f"({', '.join(_definition(*column) for column in found)})"
    if (query := tree.args.get("expression")) is not None:
        return "as " + cursor._transform(retarget(session, query.copy()), None).sql("duckdb")
    columns_of = exp.Schema(this=exp.to_table("x"), expressions=tree.this.expressions)
    sql = cursor._transform(exp.Create(this=columns_of.copy(), kind="TABLE"), None).sql("duckdb")
    return sql[sql.index("(") :]


def _definition(name: str, type: str, nullable: bool, default: str | None) -> str:
    rest = ("" if nullable else " NOT NULL") + (f" DEFAULT {default}" if default else "")
    return f"{quoted(name)} {type}{rest}"


def _is_far(session: Session, name: Key) -> bool:
    """fakesnow describes what is in the session's own database, and no name with an apostrophe."""
    return (name[0] != session.connection.database or "'" in name[2]) and bool(columns(session, name))


def _describe(session: Session, name: Key) -> Result:
    rows = [
        (c.name, snowflake_type(c.type), "COLUMN", "Y" if c.nullable else "N", c.default)
        for c in columns(session, name)
    ]
    return table("name type kind null? default", rows, DESCRIBE)
