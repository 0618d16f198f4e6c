"""One HTTP request and its answer, on ASGI."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

JSON = "application/json"


class Gone(Exception):
    """The client hung up before its request was whole."""


class Exchange:
    def __init__(self, scope: dict, body: bytes, send: Callable[[dict], Awaitable[None]]) -> None:
        headers = {k.decode().lower(): v.decode() for k, v in scope["headers"]}
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query = {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()}
        self.body = json.loads(body) if body else {}
        self.token = headers.get("authorization", "").partition('Token="')[2].rstrip('"')
        self._send = send

    @classmethod
    async def read(cls, scope: dict, receive, send) -> "Exchange":
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body += message.get("body", b"")
            if not message.get("more_body"):
                return cls(scope, body, send)

    async def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        await self._start(status, len(body), headers)
        await self._send({"type": "http.response.body", "body": body})

    async def answer(self, answer: object, status: int = 200) -> None:
        await self.send(status, json.dumps(answer).encode())

    async def succeed(self, data: object = None) -> None:
        await self.answer({"data": data, "code": None, "message": None, "success": True})

    async def fail(self, code: str, message: str, data: object = None) -> None:
        """Errors of Snowflake come with status 200."""
        await self.answer({"data": data, "code": code, "message": message, "success": False})

    async def send_half(self, body: bytes) -> None:
        await self._start(200, len(body), None)
        half = body[: len(body) // 2]
        await self._send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.05)
        self.abort()

    def abort(self) -> None:
        """Cuts the connection. ASGI has no word for it, so this reaches for uvicorn's transport."""
        self._send.__self__.transport.abort()

    async def _start(self, status: int, length: int, headers: dict[str, str] | None) -> None:
        given = {"content-type": JSON, "content-length": str(length), **(headers or {})}
        raw = [(name.encode(), value.encode()) for name, value in given.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
