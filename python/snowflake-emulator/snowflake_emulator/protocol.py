"""The routes of Snowflake's protocol, as its drivers use them."""

import asyncio
import re
import secrets
import traceback

from snowflake.connector.errors import Error

from .control import Control
from .errors import message_of
from .faults import strike
from .requests import Query, Requests
from .service import Service
from .web import Exchange, Gone

NO_SESSION = ("390104", "Session no longer exists. New login required to access the service.")
ID = "([0-9a-f-]{36})"
VALIDITY = {"validityInSeconds": 3600, "masterValidityInSeconds": 14400}
LOGIN_PARAMETERS = {
    "TIMEZONE": "UTC",
    "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY": 3600,
    "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD": 65280,
    "QUERY_CONTEXT_CACHE_SIZE": 5,
}


class Protocol:
    """An ASGI application. fakesnow's own server answers unknown errors with status 500, which drivers repeat for
    minutes, and does not know the requestId."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.requests = Requests(service)
        self.control = Control(service)
        self.routes = [
            (r"/_emu/(\w+)", self.control.answer),
            (r"/_chunk/(.+)", self.chunk),
            (r"/session/v1/login-request", self.login),
            (r"/session/token-request", self.renew),
            (r"/session(/heartbeat)?", self.session),
            (r"/telemetry/send(?:/sessionless)?", self.telemetry),
            (r"/queries/v1/query-request", self.query),
            (rf"/queries/(?:v1|{ID})/abort-request", self.abort),
            (rf"/queries/{ID}/result", self.result),
            (rf"/monitoring/queries/{ID}", self.monitor),
        ]

    async def __call__(self, scope: dict, receive, send) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": message["type"] + ".complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        try:
            exchange = await Exchange.read(scope, receive, send)
        except Gone:
            return
        for pattern, route in self.routes:
            if found := re.fullmatch(pattern, exchange.path):
                await route(exchange, *found.groups())
                return
        await exchange.answer({"success": False, "message": exchange.path}, 404)

    async def struck(self, exchange: Exchange, phase: str, sql: str, request: str, answer=None) -> bool:
        """Whether a fault has finished the request."""
        fault = self.service.faults.find(phase, sql, request)
        if fault is None:
            return False
        if fault.action == "kill_session":
            await asyncio.to_thread(self.service.close, exchange.token)
        return await strike(fault, exchange, answer)

    async def login(self, exchange: Exchange) -> None:
        data = exchange.body["data"]
        self.service.logins.append({"query": exchange.query, "data": data})
        if await self.struck(exchange, "before", "LOGIN", exchange.query.get("requestId", "")):
            return
        try:
            token, session = await asyncio.to_thread(self.service.open, exchange.query, data)
        except Exception as error:
            if not isinstance(error, Error):
                traceback.print_exception(error)
                await exchange.fail("390100", str(error), {})
                return
            await exchange.fail(f"{error.errno:06d}", message_of(error), {})
            return
        parameters = {"AUTOCOMMIT": session.autocommit, **LOGIN_PARAMETERS}
        await exchange.succeed(
            {
                "token": token,
                "masterToken": f"M{token}",
                **VALIDITY,
                "sessionId": int(session.id),
                "serverVersion": "9.30.0",
                "displayUserName": session.user,
                "firstLogin": False,
                "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
                "sessionInfo": {
                    "databaseName": session.connection.database,
                    "schemaName": session.connection.schema,
                    "warehouseName": session.warehouse,
                    "roleName": session.role,
                },
            }
        )

    async def renew(self, exchange: Exchange) -> None:
        session = self.service.sessions.get(exchange.body.get("oldSessionToken"))
        if session is None:
            await exchange.fail("390114", "Authentication token has expired.  The user must authenticate again.")
            return
        token = secrets.token_urlsafe(24)
        self.service.sessions[token] = session
        validity = {"validityInSecondsST": 3600, "validityInSecondsMT": 14400}
        tokens = {"sessionToken": token, "masterToken": f"M{token}"}
        await exchange.succeed({**tokens, **validity, "sessionId": int(session.id)})

    async def session(self, exchange: Exchange, heartbeat: str | None) -> None:
        if exchange.token not in self.service.sessions:
            await exchange.fail("390104" if heartbeat else "390111", "Session no longer exists.")
            return
        if exchange.query.get("delete") == "true":
            await asyncio.to_thread(self.service.close, exchange.token)
        await exchange.succeed()

    async def telemetry(self, exchange: Exchange) -> None:
        await exchange.succeed()

    async def query(self, exchange: Exchange) -> None:
        session = self.service.sessions.get(exchange.token)
        if session is None:
            await exchange.fail(*NO_SESSION)
            return
        sql = exchange.body.get("sqlText", "")
        request = exchange.query.get("requestId") or secrets.token_hex()
        if await self.struck(exchange, "before", sql, request):
            return
        if exchange.token not in self.service.sessions:  # A fault has killed it.
            await exchange.fail(*NO_SESSION)
            return
        query = self.requests.start(session, request, exchange.body)
        if exchange.body.get("asyncExec"):
            await self._later(exchange, query, "333334")
            return
        if not await self._finished(query):
            await self._later(exchange, query, "333333")
        elif not await self.struck(exchange, "after", sql, request, query.answer.result()):
            await exchange.answer(query.answer.result())

    async def result(self, exchange: Exchange, id: str) -> None:
        query = self.requests.by_id.get(id)
        if query is None:
            await exchange.fail("000709", f"Statement {id} not found")
        elif await self._finished(query):
            await exchange.answer(query.answer.result())
        else:
            await self._later(exchange, query, "333333")

    async def _finished(self, query: Query) -> bool:
        wait = self.service.config.progress_after
        done, _ = await asyncio.wait([query.answer], timeout=wait)
        return bool(done)

    async def _later(self, exchange: Exchange, query: Query, code: str) -> None:
        where = {"queryId": query.id, "getResultUrl": f"/queries/{query.id}/result"}
        await exchange.answer(
            {
                "data": {**where, "queryAbortsAfterSecs": 300, "progressDesc": None},
                "code": code,
                "message": "Query execution in progress",
                "success": True,
            }
        )

    async def abort(self, exchange: Exchange, id: str | None) -> None:
        if session := self.service.sessions.get(exchange.token):
            self.requests.cancel(session, exchange.body.get("requestId"), id)
        await exchange.succeed()

    async def monitor(self, exchange: Exchange, id: str) -> None:
        query = self.requests.by_id.get(id)
        found = [{"id": id, "status": query.status()}] if query else []
        await exchange.succeed({"queries": found})

    async def chunk(self, exchange: Exchange, name: str) -> None:
        if await self.struck(exchange, "chunk", exchange.path, exchange.path):
            return
        body = self.service.chunks.get(name)
        if body is None:
            await exchange.send(403, b"expired")
            return
        # Not as JSON: the driver would parse the part by itself.
        headers = {"content-encoding": "gzip", "content-type": "application/octet-stream"}
        await exchange.send(200, body, headers)
