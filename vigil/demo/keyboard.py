"""Keys as they are pressed, where somebody sits at a terminal."""

import os
import select
import sys
import termios
import time
import tty
from types import TracebackType
from typing import Any, Self

_CHUNK = 1024
_SEQUENCES = ("\x1b[", "\x1bO")
"""How an arrow and the like begin."""


class Keyboard:
    """Reads keys without waiting for a line, and gives the terminal back as it was; elsewhere it only waits."""

    def __init__(self, *, is_wanted: bool = True) -> None:
        self._fd = sys.stdin.fileno() if is_wanted and sys.stdin is not None and sys.stdin.isatty() else None
        self._before: list[Any] = []  # As termios types it: numbers, and then bytes.
        if self._fd is not None and not _is_in_the_foreground(self._fd):
            self._fd = None

    @property
    def is_there(self) -> bool:
        """Whether anybody can press a key."""
        return self._fd is not None

    def pressed(self, seconds: float) -> list[str]:
        """The keys that are pressed next, waiting for them at most so long; an arrow or the like is none."""
        if self._fd is None:
            time.sleep(seconds)
            return []
        if not select.select([self._fd], [], [], seconds)[0]:
            return []
        try:
            keys = os.read(self._fd, _CHUNK).decode(errors="replace")
        except OSError:  # As Linux says it.
            keys = ""
        if not keys:  # The terminal is gone: there is nobody to ask again, and nothing to give back.
            self._fd = None
        return [] if keys.startswith(_SEQUENCES) else [*keys]

    def __enter__(self) -> Self:
        if self._fd is not None:
            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._fd is not None:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)


def _is_in_the_foreground(fd: int) -> bool:
    """Whether the terminal may be changed: a job in the background would be stopped for it."""
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:  # It is not the terminal that controls this process, so nobody is stopped.
        return True
