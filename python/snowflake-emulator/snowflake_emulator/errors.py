"""Errors with Snowflake's numbers. Those marked (u) are from memory, not verified on an account."""

import re

import duckdb
import sqlglot
from snowflake.connector.errors import Error, ProgrammingError


def failure(number: int, state: str, message: str) -> ProgrammingError:
    """An error of a statement: its number, its SQLSTATE, its message."""
    return ProgrammingError(msg=message, errno=number, sqlstate=state)


def refused(message: str) -> ProgrammingError:
    """What this emulator does not do, and says so."""
    return failure(2, "0A000", f"emulator: {message}")


def missing(kind: str, name: str) -> ProgrammingError:
    state = "42S02" if kind in ("Table", "View", "Object") else "02000"
    return failure(2003, state, f"SQL compilation error:\n{kind} '{name}' does not exist or not authorized.")


def exists(name: str) -> ProgrammingError:
    return failure(2002, "42710", f"SQL compilation error:\nObject '{name}' already exists.")


def message_of(error: Error) -> str:
    """The message without what the connector puts before it."""
    return re.sub(r"^\d{6} \(\w+\): ([0-9a-f-]{36}: )?", "", error.raw_msg or error.msg or "")


def translated(error: Exception) -> Error:
    """The Snowflake error of any error: an answer with HTTP 500 would be sent again by drivers, seven times."""
    message = str(error.args[0] if error.args else error).split("\nLINE")[0].strip()
    if isinstance(error, Error):
        cause = error.__cause__
        hidden = isinstance(cause, duckdb.ConversionException | duckdb.BinderException)
        if hidden:
            return translated(cause)
        # fakesnow says the same of what is missing and of what is there.
        return failure(2002, "42710", message) if error.errno == 2003 and "already exists" in message else error
    if isinstance(error, duckdb.Error):
        return _of_duckdb(error, message, message.lower())
    if isinstance(error, NotImplementedError):
        return failure(2, "0A000", f"Unsupported feature: {message}")
    if isinstance(error, sqlglot.errors.SqlglotError):
        return failure(1003, "42000", f"SQL compilation error:\n{message}")
    return failure(370001, "XX000", f"emulator: {type(error).__name__}: {message}")


def _of_duckdb(error: duckdb.Error, message: str, lower: str) -> Error:
    if ("merge into" in lower and "same" in lower) or ("multiple" in lower and "merge" in lower):
        return failure(100090, "42P18", "Duplicate row detected during DML action\nRow Values: [...]")
    if "division by zero" in lower:
        return failure(100051, "22012", "Division by zero")
    match error:
        case duckdb.InterruptException():
            return canceled()
        case duckdb.ConstraintException() if "not null" in lower:
            return failure(100072, "22000", "NULL result in a non-nullable column")
        case duckdb.ConstraintException():
            return failure(200001, "23505", message)
        case duckdb.OutOfRangeException():
            return failure(100039, "22003", f"Numeric value out of range: {message}")
        case duckdb.ConversionException():
            return _of_conversion(message, lower)
        case duckdb.InvalidInputException() if "json" in lower:
            return failure(100069, "22P02", f"Error parsing JSON: {message}")
        case duckdb.TransactionException():
            return failure(625, "57014", f"emulator: {message}")  # (u)
        case duckdb.CatalogException() if "already exists" in lower:
            return failure(2002, "42710", f"SQL compilation error:\n{message}")
        case duckdb.CatalogException():
            first = message.splitlines()[0]
            return failure(2003, "42S02", f"SQL compilation error:\n{first} (does not exist or not authorized)")
        case duckdb.BinderException() if "column" in lower:
            return failure(904, "42000", f"SQL compilation error: {message}")
        case duckdb.BinderException():
            return failure(1044, "42P13", f"SQL compilation error: {message}")
        case duckdb.ParserException():
            return failure(1003, "42000", f"SQL compilation error:\n{message}")
    return failure(370001, "XX000", f"emulator: {type(error).__name__}: {message}")


def _of_conversion(message: str, lower: str) -> Error:
    found = re.search(r"['\"](.*?)['\"]", message)
    value = found[1] if found else "?"
    if "date" in lower and "timestamp" not in lower:
        return failure(100040, "22007", f"Date '{value}' is not recognized")
    if "timestamp" in lower:
        return failure(100035, "22007", f"Timestamp '{value}' is not recognized")
    if "bool" in lower:
        return failure(100037, "22018", f"Boolean value '{value}' is not recognized")
    if "out of range" in lower:
        return failure(100039, "22003", message)
    return failure(100038, "22018", f"Numeric value '{value}' is not recognized")


def canceled() -> ProgrammingError:
    return failure(604, "57014", "SQL execution canceled")
