"""The line between the page and its server, which can be cut."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_HOST = "127.0.0.1"
_CHUNK_BYTES = 64 * 1024


class Line:
    """Hands on every connection to a port of this machine, until it is cut; it runs in a thread of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._is_cut = False

    @property
    def url(self) -> str:
        """Where the page is at this end."""
        return f"http://{_HOST}:{self._own_port}"

    def cut(self) -> None:
        """Ends each connection at once, and every new one, until it is mended."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._end_all)

    def mend(self) -> None:
        """Hands on again what comes."""
        self._is_cut = False

    def _end_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._connect, _HOST, 0)
        self._own_port = int(server.sockets[0].getsockname()[1])
        return server

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(_HOST, self._port)
        both = {writer, far_writer}
        self._open |= both
        try:
            await asyncio.gather(_hand_on(reader, far_writer), _hand_on(far_reader, writer))
        finally:
            self._open -= both


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    writer.close()


@contextmanager
def laid(port: int) -> Iterator[Line]:
    """A line to a port, until the end."""
    line = Line(port)
    loop = line._loop
    thread = threading.Thread(target=loop.run_forever, name="line", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(line._listen(), loop).result()
    try:
        yield line
    finally:
        line.cut()
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
