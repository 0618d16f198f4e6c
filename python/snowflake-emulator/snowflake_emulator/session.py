"""A session, and its transaction on DuckDB.

DuckDB takes its snapshot at the first statement of a transaction, has no savepoints, and its transaction dies on
an error. Snowflake reads what others have committed, statement by statement, and goes on after an error. So BEGIN
reaches DuckDB only with the first write, and after an error or a conflict the transaction is rolled back, begun
again, and its successful writes are repeated.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from .names import Key

if TYPE_CHECKING:
    from fakesnow.conn import FakeSnowflakeConnection

    from .service import Service

PARAMETERS = {
    "TIMEZONE": "UTC",
    "LOCK_TIMEOUT": 43200,
    "STATEMENT_TIMEOUT_IN_SECONDS": 172800,
    "TRANSACTION_ABORT_ON_ERROR": False,
    "ABORT_DETACHED_QUERY": False,
    "QUERY_TAG": "",
}


@dataclass
class Transaction:
    id: int = field(default_factory=time.time_ns)
    begun: bool = False
    """Whether DuckDB knows of it."""
    aborted: bool = False
    loaded: dict[Key, set] = field(default_factory=dict)
    """What COPY will remember once it is committed."""
    done: list[Callable[[], object]] = field(default_factory=list)
    """Its writes so far, to be repeated."""


class Session:
    def __init__(self, service: "Service", connection: "FakeSnowflakeConnection", parameters: dict) -> None:
        self.service = service
        self.connection = connection
        self.duck: duckdb.DuckDBPyConnection = connection._duck_conn
        # A name of SQL is no variable of Python.
        self.duck.execute("SET python_enable_replacements = false")
        self.id = str(secrets.randbelow(10**15))
        self.user = self.role = self.warehouse = None
        self.parameters = PARAMETERS | {name.upper(): value for name, value in parameters.items()}
        self.transaction: Transaction | None = None
        self.temporary: dict[Key, str] = {}
        self.lock = threading.Lock()
        self.query_id = self.last_query_id = ""
        self.cancel = self.busy = self.repeating = False
        self.last = time.monotonic()

    def flag(self, name: str) -> bool:
        return str(self.parameters.get(name)).lower() == "true"

    @property
    def autocommit(self) -> bool:
        return str(self.parameters.get("AUTOCOMMIT", True)).lower() != "false"

    def unset(self, name: str) -> None:
        if name in PARAMETERS:
            self.parameters[name] = PARAMETERS[name]
        else:
            self.parameters.pop(name, None)

    def begin(self) -> None:
        """A BEGIN within a transaction is ignored."""
        if self.transaction is None:
            self.transaction = Transaction()

    def write(self) -> None:
        """To be called before each write, when the locks are taken."""
        if self.transaction and not self.transaction.begun:
            self.duck.execute("BEGIN")
            self.transaction.begun = True

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The open transaction, or one of this statement alone."""
        own = self.transaction is None and self.autocommit
        self.begin()
        try:
            yield
        except BaseException:
            if own:
                self.end(commit=False)
            raise
        if own:
            self.end(commit=True)

    def end(self, *, commit: bool) -> None:
        """COMMIT of an aborted transaction publishes nothing and reports success, as the documentation reads."""
        transaction = self.transaction
        if transaction is None:
            return
        commit = commit and not transaction.aborted
        try:
            if transaction.begun:
                self._end_on_duckdb(commit)
            if commit:
                self.service.remember(transaction.loaded)
        finally:
            self.transaction = None
            self.service.locks.free(self)

    def _end_on_duckdb(self, commit: bool) -> None:
        if not commit:
            self.duck.execute("ROLLBACK")
            return
        try:
            self.duck.execute("COMMIT")
        except duckdb.TransactionException:
            # A table that it wrote was altered meanwhile, which Snowflake does not mind.
            self.repeat()
            self.duck.execute("COMMIT")

    def repeat(self) -> None:
        """A new snapshot with the writes of this transaction that succeeded."""
        with suppress(duckdb.Error):
            self.duck.execute("ROLLBACK")
        self.duck.execute("BEGIN")
        self.repeating = True
        try:
            for write in self.transaction.done:
                write()
        finally:
            self.repeating = False

    def after_error(self) -> None:
        """Leaves the transaction as Snowflake would after a statement that failed."""
        transaction = self.transaction
        if transaction is None:
            return
        if self.flag("TRANSACTION_ABORT_ON_ERROR"):
            transaction.aborted = True
        elif transaction.begun:
            try:
                self.duck.execute("select 1")
            except duckdb.Error:
                self.repeat()

    def idle_for(self) -> float:
        """Seconds since the last statement of an open transaction; 0 where nothing is left open."""
        return 0.0 if self.busy or self.transaction is None else time.monotonic() - self.last

    def abandon(self) -> None:
        with self.lock:
            self.end(commit=False)

    def interrupt(self) -> None:
        """Cancels the statement that runs, if any."""
        if self.busy:
            self.cancel = True
            self.duck.interrupt()

    def close(self) -> None:
        """The session's end: its statement is cancelled, its transaction rolled back, its stages are gone."""
        self.interrupt()
        with self.lock:
            try:
                self.end(commit=False)
            finally:
                self.service.stages.drop_of(self)
                self.connection.close()
