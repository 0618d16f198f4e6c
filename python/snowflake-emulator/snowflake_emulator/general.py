"""All that fakesnow does."""

from fakesnow.rowtype import describe_as_rowtype
from fakesnow.statement_type import statement_type_id
from sqlglot import exp

from .results import Result, encoded, table
from .session import Session
from .statement import Statement
from .temporary import retarget

FUNCTIONS = {
    "CURRENT_SESSION": lambda session: session.id,
    "LAST_QUERY_ID": lambda session: session.last_query_id,
    "CURRENT_TRANSACTION": lambda session: session.transaction and str(session.transaction.id),
    "CURRENT_ROLE": lambda session: session.role or "PUBLIC",
    "CURRENT_WAREHOUSE": lambda session: session.warehouse,
    "CURRENT_USER": lambda session: (session.user or "").upper(),
    "CURRENT_DATABASE": lambda session: session.connection.database,
    "CURRENT_SCHEMA": lambda session: session.connection.schema,
    "CURRENT_ACCOUNT": lambda _: "EMULATOR",
    "CURRENT_REGION": lambda _: "EMULATOR",
}


def answer(session: Session, statement: Statement) -> Result:
    tree = statement.fresh()
    type = statement_type_id(tree)
    sql = statement.text if isinstance(tree, exp.Command) else _rewritten(session, statement, tree)
    cursor = session.connection.cursor()
    if statement.batch is not None:
        count = 0
        for row in statement.batch:
            cursor.execute(sql, binding_params=list(row), server=True)
            count += cursor.rowcount or 0
        return table("number~of~rows~inserted:fixed", [(count,)], type)
    cursor.execute(sql, binding_params=statement.values, server=True)
    cache = session.connection.results_cache
    cache[statement.query_id] = cache[cursor.sfqid]  # For RESULT_SCAN(LAST_QUERY_ID()).
    columns = describe_as_rowtype(cursor._describe_last_sql())
    for column in columns:
        if column["type"].startswith("timestamp"):
            column["scale"], column["precision"] = 9, 0
    rows = encoded(cursor._arrow_table, columns)
    if statement.words.startswith(("SHOW TABLES", "SHOW TERSE TABLES")):
        _put_owners(session, [column["name"] for column in columns], rows)
    return Result(columns, rows, type)


def _put_owners(session: Session, names: list[str], rows: list[list]) -> None:
    if "owner" in names:
        owner, *place = (names.index(n) for n in ("owner", "database_name", "schema_name", "name"))
        for row in rows:
            row[owner] = session.service.grants.owner("TABLE", *(row[part] for part in place))


def _rewritten(session: Session, statement: Statement, tree: exp.Expression) -> str:
    """The statement as it was given, where nothing in it has to be put in another's place."""
    changed = _name_columns(tree)
    if session.temporary:
        retarget(session, tree)
        changed = True
    for call in list(tree.find_all(exp.Func)):
        anonymous = isinstance(call, exp.Anonymous)
        name = (call.name if anonymous else call.sql_name()).upper()
        if name in FUNCTIONS and not (call.expressions if anonymous else call.args.get("this")):
            value = FUNCTIONS[name](session)
            call.replace(exp.Null() if value is None else exp.Literal.string(value))
            changed = True
    return tree.sql("snowflake") if changed else statement.text


def _name_columns(tree: exp.Expression) -> bool:
    """Snowflake calls an expression without a name by its text."""
    if not isinstance(tree, exp.Select):
        return False
    unnamed = [item for item in tree.expressions if isinstance(item, exp.Func | exp.Binary)]
    for item in unnamed:
        item.replace(exp.alias_(item.copy(), item.sql("snowflake").upper(), quoted=True))
    return bool(unnamed)
