"""The stream of changes: server-sent events that can be resumed, and that never pile up for a page that is slow."""

import asyncio
import zlib
from collections.abc import Callable

import msgspec
from aiohttp import web

from consumers.ward.book import Book
from consumers.ward.condition import Condition

_EVERY_SECONDS = 0.25
_STATES_EVERY = 4
_WRITE_SECONDS = 20.0
_GZIP = 16  # What zlib adds to the size of the window for gzip's own header.
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
        page = _Page(request, response)
        await response.prepare(request)
        seq = self.resumed(since)
        try:
            await page.write(b"retry: 1000\n\n" + self.state_event())
            beat = 0
            while not self.is_closing.is_set():
                beat += 1
                told, seq = self.changes_event(seq)
                if beat % _STATES_EVERY == 0:
                    told += self.state_event()
                if told:
                    await page.write(told)
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


class _Page:
    """Whom it is written to: packed, for a page that takes that, since one row looks much like another."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._response = response
        self._packing = None
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            self._packing = zlib.compressobj(level=1, wbits=zlib.MAX_WBITS | _GZIP)
            response.headers["Content-Encoding"] = "gzip"

    async def write(self, told: bytes) -> None:
        """Writes all of it, so that the page can read it now; raises TimeoutError for one that takes nothing."""
        if self._packing is not None:
            told = self._packing.compress(told) + self._packing.flush(zlib.Z_SYNC_FLUSH)
        async with asyncio.timeout(_WRITE_SECONDS):
            await self._response.write(told)
