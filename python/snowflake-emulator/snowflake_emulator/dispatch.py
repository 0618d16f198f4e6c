"""Which part answers a statement."""

import re
import time
from collections.abc import Callable

import duckdb
from sqlglot import exp

from . import copy_into, general, session_statements, show, tables, temporary, writes
from .catalog import check_case
from .errors import failure
from .names import folded, full, key, quoted
from .results import TRANSACTION, Result, done
from .session import Session
from .statement import Statement

Handler = Callable[[Session, Statement], Result | None]

BEGIN = re.compile(r"(BEGIN( WORK| TRANSACTION)?|START TRANSACTION)( NAME \S+)?")
END = re.compile(r"(COMMIT|ROLLBACK)( WORK)?")
DDL = (exp.Create, exp.Drop, exp.Alter, exp.Comment)
READS_AND_WRITES = (exp.Select, exp.Insert, exp.Update, exp.Delete, exp.Merge)
OWNED = ("TABLE", "VIEW", "STAGE", "DATABASE", "SCHEMA")
CONFLICT_WAIT = 0.05


def answer(session: Session, statement: Statement) -> Result:
    if result := _transaction(session, statement):
        return result
    if session.transaction and session.transaction.aborted:
        raise failure(
            90236,  # (u)
            "25000",
            "Transaction has been aborted: statements fail until COMMIT or ROLLBACK (TRANSACTION_ABORT_ON_ERROR)",
        )
    service = session.service
    unparsed = (
        *(session_statements.answer, service.account.answer, service.grants.answer),
        *(service.stages.transfer, show.answer),
    )
    for handler in unparsed:
        if result := handler(session, statement):
            return result
    tree = statement.tree
    if isinstance(tree, READS_AND_WRITES):
        _need_warehouse(session, tree)
        check_case(session, tree)
    if isinstance(tree, DDL):
        return _ddl(session, statement)
    return _first(session, statement, service.stages.answer, copy_into.answer, *ORDINARY)


ORDINARY: tuple[Handler, ...] = (tables.answer, temporary.answer, writes.answer, general.answer)


def _transaction(session: Session, statement: Statement) -> Result | None:
    if BEGIN.fullmatch(statement.words):
        session.begin()
    elif found := END.fullmatch(statement.words):
        session.end(commit=found[1] == "COMMIT")
    else:
        return None
    return done(type=TRANSACTION)


def _ddl(session: Session, statement: Statement) -> Result:
    """Commits an open transaction first. Where DuckDB sees a conflict with another session, Snowflake would wait."""
    session.end(commit=True)
    end = time.monotonic() + float(session.parameters["LOCK_TIMEOUT"])
    while True:
        try:
            with session.service.ddl:
                result = _first(session, statement, session.service.stages.answer, *ORDINARY)
                _add_public(session, statement.tree)
                _note_owner(session, statement.tree)
                return result
        except duckdb.TransactionException as error:
            if "onflict" not in str(error) or session.cancel or time.monotonic() > end:
                raise
        time.sleep(CONFLICT_WAIT)


def _first(session: Session, statement: Statement, *handlers: Handler) -> Result:
    return next(result for handler in handlers if (result := handler(session, statement)))


def _add_public(session: Session, tree: exp.Expression) -> None:
    """A new database has a schema of this name."""
    if isinstance(tree, exp.Create) and str(tree.args.get("kind")).upper() == "DATABASE":
        database = folded(tree.find(exp.Table).this)
        session.duck.execute(f"create schema if not exists {quoted(database, 'PUBLIC')}")


def _note_owner(session: Session, tree: exp.Expression) -> None:
    kind, grants = str(tree.args.get("kind")).upper(), session.service.grants
    if kind not in OWNED or not isinstance(tree, exp.Create | exp.Drop):
        return
    named = tree.find(exp.Table)
    given = (named.args.get("catalog"), named.args.get("db"), named.this)
    names = [folded(one) for one in given if isinstance(one, exp.Identifier)]
    name = full(session, [*names, ""])[:2] if kind == "SCHEMA" and len(names) < 2 else tuple(names)
    if kind in ("TABLE", "VIEW", "STAGE"):
        name = key(session, named)
    if isinstance(tree, exp.Drop):
        grants.forget(kind, *name)
    elif name not in session.temporary and (tree.args.get("replace") or not grants.owner(kind, *name)):
        grants.own(session, kind, *name)


def _need_warehouse(session: Session, tree: exp.Expression) -> None:
    if session.service.config.strict and session.warehouse is None and tree.find(exp.Table):
        raise failure(
            606,
            "57P03",
            "No active warehouse selected in the current session.  Select an active warehouse with the "
            "'use warehouse' command.",
        )
