"""The line between the page and its server, which can be cut."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue

_HOST = "127.0.0.1"
_CHUNK_BYTES = 64 * 1024


class Line:
    """Hands on every connection to a port of this machine, until it is cut."""

    def __init__(self, port: int) -> None:
        self.url = ""
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self._handing_on: set[asyncio.Task[None]] = set()
        self._is_cut = False
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event

    def cut(self) -> None:
        """Ends each connection at once, and every new one, until it is mended."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._abort)

    def mend(self) -> None:
        """Hands on again what comes."""
        self._is_cut = False

    def end(self) -> None:
        """Ends for good."""
        self._loop.call_soon_threadsafe(self._end.set)

    async def run(self, begin: Callable[[], None]) -> None:
        """Listens until the end; `begin` is called once it does."""
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._connect, _HOST, 0) as server:
            self.url = f"http://{_HOST}:{server.sockets[0].getsockname()[1]}"
            begin()
            await self._end.wait()
            self._is_cut = True
            self._abort()
            await asyncio.gather(*self._handing_on)

    def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(_HOST, self._port)
        both = {writer, far_writer}
        self._open |= both
        if self._is_cut:
            self._abort()
        handing_on = {
            asyncio.create_task(each) for each in (_hand_on(reader, far_writer), _hand_on(far_reader, writer))
        }
        self._handing_on |= handing_on
        await asyncio.gather(*handing_on)
        self._open -= both
        self._handing_on -= handing_on


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    writer.close()


@contextmanager
def laid(port: int) -> Iterator[Line]:
    """A line to a port, in a thread of its own, until the end."""
    line, begun = Line(port), SimpleQueue[None]()
    thread = threading.Thread(target=lambda: asyncio.run(line.run(lambda: begun.put(None))), name="line", daemon=True)
    thread.start()
    begun.get()
    try:
        yield line
    finally:
        line.end()
        thread.join()
