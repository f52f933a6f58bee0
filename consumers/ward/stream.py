"""The stream of changes: server-sent events that can be resumed, and that never pile up for a page that is slow."""

import asyncio
from collections.abc import Callable

import msgspec
from aiohttp import web

from consumers.ward.book import Book
from consumers.ward.condition import Condition

_EVERY_SECONDS = 0.25
_STATES_EVERY = 4
_WRITE_SECONDS = 20.0
_RESET = b"event: reset\ndata:\n\n"
HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream:
    """Tells each page what has changed since it was last told: who is slow gets less often what is then true."""

    def __init__(self, book: Book, condition: Condition, clock: Callable[[], float]) -> None:
        self._book = book
        self._condition = condition
        self._clock = clock
        self._encoder = msgspec.json.Encoder()
        self._state = (-1, b"")
        self._changes: tuple[int, int, bytes] = (-1, -1, b"")
        self.is_closing = asyncio.Event()

    async def send(self, request: web.Request, since: str) -> web.StreamResponse:
        """Streams until the page goes, or the server does."""
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        seq = self.resumed(since)
        try:
            await self._write(response, b"retry: 1000\n\n" + self.state_event())
            beat = 0
            while not self.is_closing.is_set():
                beat += 1
                told, seq = self.changes_event(seq)
                if beat % _STATES_EVERY == 0:
                    told += self.state_event()
                if told:
                    await self._write(response, told)
                await self._pause()
        except (ConnectionError, TimeoutError):
            pass  # The page is gone, or takes nothing any more: it comes back by itself.
        return response

    def changes_event(self, seq: int | None) -> tuple[bytes, int | None]:
        """What is new since a count, and the count by then; a page that knows nothing of use starts over, once."""
        book = self._book
        if seq == book.seq or not self._condition.has_read_back:
            return b"", seq
        since, until, told = self._changes
        if seq is None or (since, until) != (seq, book.seq):
            changes = None if seq is None else book.changes(seq)
            if changes is None:
                return _RESET, book.seq
            told = b"id: %s.%d\nevent: changes\ndata: %s\n\n" % (
                book.run.encode(),
                book.seq,
                self._encoder.encode(changes),
            )
            self._changes = (seq or 0, book.seq, told)
        return told, book.seq

    def state_event(self) -> bytes:
        """How the page does, made once a second for everybody."""
        at = int(self._clock() / _EVERY_SECONDS / _STATES_EVERY)
        if self._state[0] != at:
            state = self._encoder.encode(self._condition.state())
            self._state = at, b"event: state\ndata: %s\n\n" % state
        return self._state[1]

    def resumed(self, since: str) -> int | None:
        """The count that a page was told last; none for one of another run, or no count at all."""
        run, _, seq = since.partition(".")
        return int(seq) if run == self._book.run and seq.isascii() and seq.isdecimal() else None

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(_EVERY_SECONDS):
                await self.is_closing.wait()
        except TimeoutError:
            pass

    async def _write(self, response: web.StreamResponse, told: bytes) -> None:
        async with asyncio.timeout(_WRITE_SECONDS):
            await response.write(told)
