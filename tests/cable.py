"""The network between a browser and a server, to be cut and mended as a test needs it."""

import socket
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Self

_BYTES = 64 * 1024


class Cable:
    """Passes bytes on to a port of this machine; `url` is its own end."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self._carrying: list[Thread] = []
        self._listening = Thread(target=self._listen, daemon=True)

    def cut(self) -> None:
        """Ends every connection there is, wherever it stands; new ones pass."""
        with self._lock:
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._listening.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._listening.join()
        self._door.close()
        self.cut()
        for carrying in self._carrying:
            carrying.join()

    def _listen(self) -> None:
        while True:
            try:
                here, _ = self._door.accept()
            except OSError:
                return
            carrying = Thread(target=self._carry, args=(here,), daemon=True)
            self._carrying.append(carrying)
            carrying.start()

    def _carry(self, here: socket.socket) -> None:
        with here, suppress(OSError), socket.create_connection(self._target) as there:
            with self._lock:
                self._open |= {here, there}
            back = Thread(target=_pass, args=(there, here), daemon=True)
            back.start()
            _pass(here, there)
            back.join()
            with self._lock:
                self._open -= {here, there}


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(_BYTES):
            sink.sendall(some)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
