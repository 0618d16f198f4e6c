"""Runs a statement in its session and makes Snowflake's answer of it."""

import gzip
import json
import threading
import time
import traceback

import duckdb
from snowflake.connector.errors import Error
from sqlglot.errors import SqlglotError

from . import dispatch
from .errors import failure, message_of, translated
from .results import SELECT, Result
from .service import Service
from .session import Session
from .statement import Statement

FORMATS = {
    "BINARY_OUTPUT_FORMAT": "HEX",
    "DATE_OUTPUT_FORMAT": "YYYY-MM-DD",
    "TIME_OUTPUT_FORMAT": "HH24:MI:SS",
    "TIMESTAMP_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3",
    "TIMESTAMP_TZ_OUTPUT_FORMAT": "",
}


def execute(session: Session, body: dict, query_id: str) -> dict:
    """The statements of a session run one after the other."""
    started = time.monotonic()
    given = body.get("parameters") or {}
    record = {
        "session": session.id,
        "queryId": query_id,
        "sql": body["sqlText"],
        "tag": given.get("QUERY_TAG") or session.parameters.get("QUERY_TAG"),
        "status": "running",
        "tx": None,
    }
    session.service.log.append(record)
    with session.lock:
        session.busy, session.cancel, session.query_id = True, False, query_id
        limit = float(given.get("STATEMENT_TIMEOUT_IN_SECONDS") or session.parameters["STATEMENT_TIMEOUT_IN_SECONDS"])
        timer = _Timer(session, limit)
        try:
            statement = Statement(body["sqlText"], body.get("bindings"), query_id)
            answer = _success(session, query_id, dispatch.answer(session, statement))
            record.update(status="ok")
        except Exception as error:
            answer = _failure(session, query_id, timer.error() or _known(error))
            record.update(status="error", code=answer["code"], message=answer["message"])
        finally:
            timer.cancel()
            session.busy, session.last = False, time.monotonic()
            session.last_query_id = query_id
            transaction = session.transaction
            record.update(ms=round((time.monotonic() - started) * 1000), tx=transaction and transaction.id)
    return answer


class _Timer:
    """STATEMENT_TIMEOUT_IN_SECONDS; 0 is none."""

    def __init__(self, session: Session, limit: float) -> None:
        self.limit, self.hit, self.session = limit, False, session
        self.timer = threading.Timer(limit, self._stop) if limit else None
        if self.timer:
            self.timer.daemon = True
            self.timer.start()

    def _stop(self) -> None:
        self.hit = True
        self.session.interrupt()

    def cancel(self) -> None:
        if self.timer:
            self.timer.cancel()

    def error(self) -> Error | None:
        if not self.hit:
            return None
        return failure(
            630,
            "57014",
            f"Statement reached its statement or warehouse timeout of {self.limit:g} second(s) and was canceled.",
        )


def _known(error: Exception) -> Error:
    if not isinstance(error, Error | duckdb.Error | SqlglotError | NotImplementedError):
        traceback.print_exception(error)
    return translated(error)


def _failure(session: Session, query_id: str, error: Error) -> dict:
    session.after_error()
    code = f"{error.errno:06d}"
    data = {
        "internalError": False,
        "errorCode": code,
        "age": 0,
        "sqlState": error.sqlstate,
        "queryId": query_id,
        "line": -1,
        "pos": -1,
        "type": "COMPILATION",
    }
    return {"data": data, "code": code, "message": message_of(error), "success": False}


def _success(session: Session, query_id: str, result: Result) -> dict:
    if result.extra:
        data = {**result.extra, "queryId": query_id, "statementTypeId": result.type}
        return {"data": data, "code": None, "message": None, "success": True}
    bigint = session.flag("JS_TREAT_INTEGER_AS_BIGINT")
    parameters = {
        "TIMEZONE": session.parameters["TIMEZONE"],
        **{name: session.parameters.get(name, usual) for name, usual in FORMATS.items()},
        "JS_TREAT_INTEGER_AS_BIGINT": bigint,
    }
    data = {
        "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
        "rowtype": result.columns,
        "rowset": result.rows,
        "queryResultFormat": "json",
        "total": len(result.rows),
        "returned": len(result.rows),
        "version": 1,
        "queryId": query_id,
        "statementTypeId": result.type,
        "numberOfBinds": 0,
        "finalDatabaseName": session.connection.database,
        "finalSchemaName": session.connection.schema,
        "finalWarehouseName": session.warehouse,
        "finalRoleName": session.role,
        "arrayBindSupported": False,
        "sendResultTime": int(time.time() * 1000),
    }
    size = session.service.config.chunk_rows
    if result.type == SELECT and 0 < size < len(result.rows):
        data.update(_chunked(session.service, query_id, result.rows, size))
    return {"data": data, "code": None, "message": None, "success": True}


def _chunked(service: Service, query_id: str, rows: list, size: int) -> dict:
    """A large result comes in parts, as from cloud storage."""
    chunks = []
    for start in range(size, len(rows), size):
        part = rows[start : start + size]
        body = json.dumps(part)[1:-1].encode()
        name, zipped = f"{query_id}-{start}", gzip.compress(body)
        service.chunks[name] = zipped
        chunks.append(
            {
                "url": f"http://127.0.0.1:{service.port}/_chunk/{name}",
                "rowCount": len(part),
                "uncompressedSize": len(body),
                "compressedSize": len(zipped),
            }
        )
    return {"rowset": rows[:size], "chunks": chunks, "qrmk": "", "chunkHeaders": {"x-emu": "1"}}
