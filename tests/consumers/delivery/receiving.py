"""A program on the other side of a webhook: real HTTP, verified signatures, and failures as a seed has them."""

import asyncio
import base64
import random
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes or so").decode()


@dataclass(kw_only=True)
class Receiving:
    """What came in, and how it is answered: `answers` first, then at random with these shares of failures."""

    failing: float = 0
    hanging: float = 0
    seed: int = 1
    answers: list[Any] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        payload = Webhook(SECRET).verify(await request.read(), dict(request.headers))
        key = request.headers["webhook-id"]
        assert request.headers["Idempotency-Key"] == key
        self.calls.append((key, payload))
        if self.answers:
            return await self._answer(self.answers.pop(0), key, payload)
        luck = self._random.random()
        if luck < self.failing:
            return web.Response(status=503)
        if luck < self.failing + self.hanging:
            return await self._answer("hang", key, payload)
        return await self._answer(200, key, payload)

    async def _answer(self, how: Any, key: str, payload: dict[str, Any]) -> web.StreamResponse:
        if how == "hang":
            await asyncio.Event().wait()  # Which nobody sets.
        if isinstance(how, dict):
            return web.Response(status=429, headers=how)
        if how == 200:
            self.taken.append((key, payload))
        return web.Response(status=how, headers={"Location": self.url} if how in {301, 307} else None)


@asynccontextmanager
async def receiving(**settings: Any) -> AsyncIterator[Receiving]:
    """A server on a port of its own, which is gone at the end whoever still hangs on it."""
    program = Receiving(**settings)
    app = web.Application()
    app.router.add_post("/alerts", program.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    program.url = f"http://127.0.0.1:{runner.addresses[0][1]}/alerts"
    try:
        yield program
    finally:
        await runner.cleanup()


@contextmanager
def receiving_aside(**settings: Any) -> Iterator[Receiving]:
    """The same in a thread of its own, for tests that wait for other processes."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="receiving", daemon=True)
    thread.start()
    server = receiving(**settings)
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
