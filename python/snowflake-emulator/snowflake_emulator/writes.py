"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE: first the lock, then DuckDB's snapshot."""

import duckdb
from sqlglot import exp

from . import general
from .names import Key, key
from .results import MERGE, Result, table
from .session import Session
from .statement import Statement
from .temporary import retarget

WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.TruncateTable)
ACTIONS = {"inserted": "INSERT", "updated": "UPDATE", "deleted": "DELETE"}


def answer(session: Session, statement: Statement) -> Result | None:
    tree = statement.tree
    if not isinstance(tree, WRITES):
        return None
    target = _target(session, tree)

    def write() -> Result:
        if isinstance(tree, exp.Merge):
            return _merge(session, statement)
        return general.answer(session, statement)

    with session.writing():
        if not isinstance(tree, exp.Insert) and target not in session.temporary:
            config = session.service.config
            timeout = float(session.parameters["LOCK_TIMEOUT"])
            session.service.locks.take(target, session, timeout, config.abandon_s)
        session.write()
        try:
            result = write()
        except duckdb.TransactionException as error:
            if "onflict" not in str(error):
                raise
            session.repeat()
            result = write()
        session.transaction.done.append(write)
    return result


def _target(session: Session, tree: exp.Expression) -> Key:
    named = tree.expressions[0] if isinstance(tree, exp.TruncateTable) else tree.this
    return key(session, named.this if isinstance(named, exp.Schema) else named)


def _merge(session: Session, statement: Statement) -> Result:
    """DuckDB's own; fakesnow's writes a table in another database, which a transaction may not."""
    tree = retarget(session, statement.fresh())
    whens = {_effect(when) for when in tree.args["whens"].expressions}
    cursor = session.connection.cursor()
    sql = cursor._transform(tree, statement.values).sql("duckdb") + " returning merge_action"
    done = [action for (action,) in session.duck.execute(sql, statement.values).fetchall()]
    columns = [effect for effect in ACTIONS if effect in whens]
    names = " ".join(f"number~of~rows~{effect}:fixed" for effect in columns)
    return table(names, [[done.count(ACTIONS[effect]) for effect in columns]], MERGE)


def _effect(when: exp.Expression) -> str:
    then = when.args["then"]
    if isinstance(then, exp.Insert):
        return "inserted"
    return "deleted" if isinstance(then, exp.Var) or then.key == "delete" else "updated"
