"""Faults that a test asks for: of the line, of the service, of a session."""

import asyncio
import json
import re
import uuid
from dataclasses import dataclass, field

from .web import Exchange

ACTIONS = ("drop", "delay", "hang", "status", "error", "garbage", "truncate", "kill_session")
PHASES = ("before", "after", "chunk")


@dataclass
class Fault:
    """Tied to the requestId: a request that a driver sends again stays the same one."""

    action: str = "drop"
    match: str = "."
    phase: str = "before"
    nth: int | None = None
    """Which of the requests that match, from 1."""
    count: int | str = 1
    """How often it strikes; `all` is each time, and without `nth` each request."""
    s: float | None = None
    status: int = 503
    code: str = "000603"
    sqlState: str = "XX000"
    """Without one, snowflake-sdk takes an error for a passing one and asks again by the queryId."""
    message: str = "a fault of the emulator"
    hits: int = 0
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.action not in ACTIONS or self.phase not in PHASES:
            raise ValueError(f"action is one of {ACTIONS}, phase one of {PHASES}")

    def strikes(self, phase: str, sql: str, request: str) -> bool:
        if self.phase != phase or not re.search(self.match, sql, re.I | re.S):
            return False
        if request not in self.requests:
            self.requests.append(request)
        every = self.nth is None and self.count == "all"
        if not every and self.requests.index(request) + 1 != (self.nth or 1):
            return False
        if self.count != "all" and self.hits >= self.count:
            return False
        self.hits += 1
        return True


class Faults:
    def __init__(self) -> None:
        self.all: list[Fault] = []

    def set(self, given: list[dict]) -> None:
        self.all = [Fault(**one) for one in given]

    def shown(self) -> list[dict]:
        return [vars(fault) for fault in self.all]

    def find(self, phase: str, sql: str, request: str) -> Fault | None:
        return next((fault for fault in self.all if fault.strikes(phase, sql, request)), None)


async def strike(fault: Fault, exchange: Exchange, answer: object = None) -> bool:
    """Whether the request is finished by it. `kill_session` is the caller's."""
    match fault.action:
        case "delay":
            await asyncio.sleep(1 if fault.s is None else fault.s)
            return False
        case "kill_session":
            return False
        case "drop":
            exchange.abort()
        case "hang":
            await asyncio.sleep(3600 if fault.s is None else fault.s)
            exchange.abort()
        case "status":
            await exchange.send(fault.status, b"upstream says no", {"retry-after": "1"})
        case "error":
            data = {"errorCode": fault.code, "sqlState": fault.sqlState, "queryId": str(uuid.uuid4())}
            await exchange.fail(fault.code, fault.message, data)
        case "garbage":
            await exchange.send(200, b"<html>proxy</html>")
        case "truncate":
            await exchange.send_half(json.dumps(answer).encode())
    return True
