"""The way to one receiver: so many calls at a time and a minute, the urgent ones first, none turned away."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Bucket:
    """Tokens that trickle in at a steady rate up to a burst; times in seconds of any one clock."""

    def __init__(self, *, per_minute: float, burst: int, now: float) -> None:
        self._per_second = per_minute / 60
        self._burst = burst
        self._tokens = float(burst)
        self._at = now

    def wait(self, now: float) -> float:
        """How long until there is a token; 0 when there is one."""
        self._fill(now)
        return max(1 - self._tokens, 0) / self._per_second

    def take(self, now: float) -> None:
        """Takes a token that is there."""
        self._fill(now)
        self._tokens -= 1

    def _fill(self, now: float) -> None:
        self._tokens = min(self._tokens + (now - self._at) * self._per_second, self._burst)
        self._at = now


class Gate:
    """Lets calls through one by one, the lowest rank first and of one rank the one that came first."""

    def __init__(self, *, per_minute: float, burst: int, concurrency: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._bucket = Bucket(per_minute=per_minute, burst=burst, now=self._loop.time())
        self._free = concurrency
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def passed(self, rank: int) -> AsyncIterator[None]:
        """Waits for its turn, and holds a place until it is left."""
        turn = self._loop.create_future()
        heapq.heappush(self._waiting, (rank, next(self._numbers), turn))
        self._let_through()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        self._free += 1
        self._let_through()

    def _let_through(self) -> None:
        """Lets as many through as there are places and tokens, and comes again when the next token is there."""
        while self._waiting and self._free:
            if self._waiting[0][2].done():  # Cancelled while it waited.
                heapq.heappop(self._waiting)
            elif wait := self._bucket.wait(self._loop.time()):
                self._come_again(wait)
                return
            else:
                self._bucket.take(self._loop.time())
                self._free -= 1
                heapq.heappop(self._waiting)[2].set_result(None)

    def _come_again(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self._let_through)
