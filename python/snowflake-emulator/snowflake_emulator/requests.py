"""Statements by their requestId and by their queryId."""

import asyncio
import uuid
from dataclasses import dataclass

from .execution import execute
from .service import Service
from .session import Session


@dataclass
class Query:
    id: str
    session: Session
    answer: asyncio.Future

    def status(self) -> str:
        if not self.answer.done():
            return "RUNNING"
        return "SUCCESS" if self.answer.result()["success"] else "FAILED_WITH_ERROR"


class Requests:
    def __init__(self, service: Service) -> None:
        self.service = service
        self.by_request: dict[tuple[str, str], Query] = {}
        self.by_id: dict[str, Query] = {}

    def start(self, session: Session, request: str, body: dict) -> Query:
        """A requestId that comes again waits for the first one's answer: its statement never runs twice."""
        key = (session.id, request)
        if query := self.by_request.get(key):
            again = {"session": session.id, "queryId": query.id, "sql": body.get("sqlText", "")}
            self.service.log.append({**again, "status": "resubmitted"})
            return query
        id = str(uuid.uuid4())
        answer = asyncio.ensure_future(asyncio.to_thread(execute, session, body, id))
        query = Query(id, session, answer)
        self.by_request[key] = self.by_id[id] = query
        return query

    def cancel(self, session: Session, request: str | None, id: str | None) -> None:
        """Without an id, or with one that is not known: whatever runs in the session."""
        query = self.by_id.get(id or "") or self.by_request.get((session.id, request or ""))
        if query is None:
            session.interrupt()
        elif query.session.query_id == query.id:
            query.session.interrupt()
