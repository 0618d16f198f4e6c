"""Statements about sessions, transactions and locks, which need no SQL engine."""

import re
import time

from .errors import canceled
from .names import like
from .results import SELECT, SESSION, SHOW, Result, done, table
from .session import Session
from .statement import Statement

SET = re.compile(r"ALTER SESSION SET (.*)$", re.I | re.S)
UNSET = re.compile(r"ALTER SESSION UNSET (.*)$", re.I | re.S)
ASSIGNMENT = re.compile(r"(\w+)\s*=\s*('(?:[^']|'')*'|[^\s,]+)")
PARAMETERS = re.compile(r"SHOW PARAMETERS(?: LIKE '([^']*)')?", re.I)
ABORT = re.compile(r"SELECT SYSTEM\$ABORT_TRANSACTION\((\d+)\)")
WAIT = re.compile(r"SELECT SYSTEM\$WAIT\((\d+)\)")
POLL = 0.05


def answer(session: Session, statement: Statement) -> Result | None:
    text, words = statement.text, statement.words
    if found := SET.match(text):
        for name, value in ASSIGNMENT.findall(found[1]):
            session.parameters[name.upper()] = _value(value)
        return done(type=SESSION)
    if found := UNSET.match(text):
        for name in re.findall(r"\w+", found[1]):
            session.unset(name.upper())
        return done(type=SESSION)
    if found := PARAMETERS.match(text):
        return _parameters(session, like(found[1]))
    if words.startswith("SHOW TRANSACTIONS"):
        return _transactions(session)
    if words.startswith("SHOW LOCKS"):
        return _locks(session)
    if found := ABORT.match(words):
        return _abort(session, found[1])
    if found := WAIT.match(words):
        return _wait(session, int(found[1]))
    return None


def _value(text: str) -> object:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return {"TRUE": True, "FALSE": False}.get(text.upper(), text)


def _parameters(session: Session, pattern: re.Pattern[str]) -> Result:
    rows = [
        (name, str(value).lower() if isinstance(value, bool) else value, "", "SESSION", "", "STRING")
        for name, value in sorted(session.parameters.items())
        if pattern.match(name)
    ]
    return table("key value default level description type", rows, SHOW)


def _transactions(session: Session) -> Result:
    rows = [
        (other.transaction.id, other.user, other.id, "", "", "running")
        for other in set(session.service.sessions.values())
        if other.transaction
    ]
    return table("id user session name started_on state", rows, SHOW)


def _locks(session: Session) -> Result:
    rows = [
        (".".join(key), "PARTITIONS", owner.transaction and owner.transaction.id, "HOLDING", owner.id)
        for key, owner in session.service.locks.owners.items()
    ]
    return table("resource type transaction status session", rows, SHOW)


def _abort(session: Session, id: str) -> Result:
    for other in set(session.service.sessions.values()):
        if other.transaction and str(other.transaction.id) == id:
            other.abandon()
    return table("status", [(f"Aborted transaction id: {id}",)], SELECT)


def _wait(session: Session, seconds: int) -> Result:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if session.cancel:
            raise canceled()
        time.sleep(POLL)
    return table("SYSTEM$WAIT", [(f"waited {seconds} seconds",)], SELECT)
