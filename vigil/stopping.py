"""How a command is asked to stop."""

import contextlib
import signal
import time
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

_NOTICED_SECONDS = 0.1


class StoppedEarly(Exception):
    """Someone asked for an early end."""


class StopRequest:
    """Whether someone has asked a command to end early, so that it can end where its counts are whole."""

    def __init__(self) -> None:
        self.is_made = False

    def check(self) -> None:
        """Raises `StoppedEarly` when it is made."""
        if self.is_made:
            raise StoppedEarly

    def sleep(self, seconds: float) -> None:
        """Sleeps, but not on once it is made."""
        end = time.monotonic() + seconds
        while not self.is_made and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _NOTICED_SECONDS))


@contextlib.contextmanager
def stop_on_request() -> Iterator[StopRequest]:
    """Lets the first Ctrl-C or SIGTERM be a request, and the next one end the command at once."""
    request = StopRequest()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if request.is_made:
            raise KeyboardInterrupt
        request.is_made = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def terminated_as_by_ctrl_c() -> Iterator[None]:
    """Lets SIGTERM end a command as cleanly as Ctrl-C does."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
