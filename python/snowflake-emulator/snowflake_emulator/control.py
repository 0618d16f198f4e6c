"""What tests ask the emulator itself: `/_emu/…`."""

import asyncio

from .config import Config
from .service import Service
from .web import Exchange


class Control:
    def __init__(self, service: Service) -> None:
        self.service = service

    async def answer(self, exchange: Exchange, what: str) -> None:
        try:
            await self._answer(exchange, what)
        except (TypeError, ValueError) as error:
            await exchange.answer({"message": str(error)}, 400)

    async def _answer(self, exchange: Exchange, what: str) -> None:
        body = exchange.body if exchange.method == "POST" else None
        match what:
            case "faults":
                if body is not None:
                    self.service.faults.set(body)
                await exchange.answer(self.service.faults.shown())
            case "config":
                self.service.config = Config(**{**vars(self.service.config), **(body or {})})
                await exchange.answer(vars(self.service.config))
            case "log":
                await exchange.answer(self.service.log[int(exchange.query.get("from", 0)) :])
            case "logins":
                await exchange.answer(self.service.logins)
            case "sessions":
                await exchange.answer(self._sessions())
            case "expire":
                for token in list(self.service.sessions):
                    await asyncio.to_thread(self.service.close, token)
                await exchange.answer({})
            case _:
                await exchange.answer({"message": exchange.path}, 404)

    def _sessions(self) -> list[dict]:
        return [
            {
                "id": session.id,
                "tx": session.transaction and session.transaction.id,
                "params": session.parameters,
                "temps": [list(name) for name in session.temporary],
            }
            for session in set(self.service.sessions.values())
        ]
