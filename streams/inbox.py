"""What waits to be folded in one partition."""

import asyncio
import contextlib
from collections import deque
from typing import Protocol

_ENOUGH_BATCHES = 2  # A long queue of small batches is latency; two keep the fold busy.


class InputRecord(Protocol):
    """What the engine reads of a record of a Kafka client."""

    @property
    def offset(self) -> int:
        """Its place in the log."""

    @property
    def timestamp(self) -> int:
        """When the broker wrote it, in milliseconds."""

    @property
    def key(self) -> bytes | None:
        """Its key."""

    @property
    def value(self) -> bytes | None:
        """Its value; a deletion has none."""


class Inbox:
    """Fetched batches of one partition, merged as they are taken, yet never more than `limit` records at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._batches: deque[list[InputRecord]] = deque()
        self._changed = asyncio.Event()
        self.is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether fetching should wait."""
        return len(self._batches) >= _ENOUGH_BATCHES

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._batches

    def offer(self, batch: list[InputRecord]) -> None:
        """Adds a fetched batch; after the close it is dropped."""
        if not self.is_closed:
            self._batches.append(batch)
            self._changed.set()

    def close(self) -> None:
        """Drops what waits: whoever holds the partition next reads it again."""
        self.is_closed = True
        self._batches.clear()
        self._changed.set()

    async def take(self, timeout_seconds: float) -> list[InputRecord]:
        """Waits for records, but not for ever, and returns them in order; none when time is over or it is closed."""
        if not self._batches and not self.is_closed:
            await self._wait(timeout_seconds)
        taken: list[InputRecord] = []
        while self._batches and len(taken) < self._limit:
            batch, room = self._batches.popleft(), self._limit - len(taken)
            taken += batch[:room]
            if len(batch) > room:
                self._batches.appendleft(batch[room:])
        return taken

    async def _wait(self, timeout_seconds: float) -> None:
        self._changed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._changed.wait()
