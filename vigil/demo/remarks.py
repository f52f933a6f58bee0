"""What the supervisor says of its workers, and the ward page of itself, for the view instead of standard error."""

import logging
import time
from types import TracebackType
from typing import Self

_SPEAKERS = ("vigil.supervisor", "consumers", "aiohttp.server")
_SHOWN_SECONDS = 10.0


class Remarks(logging.Handler):
    """Keeps the last warning for some seconds, and keeps it from smearing the terminal."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._last: tuple[float, str] | None = None
        self._logs = [logging.getLogger(name) for name in _SPEAKERS]

    @property
    def current(self) -> str | None:
        """The last remark, while it is new."""
        if self._last is None or time.monotonic() - self._last[0] > _SHOWN_SECONDS:
            return None
        return self._last[1]

    def emit(self, record: logging.LogRecord) -> None:
        """Takes one remark."""
        self._last = time.monotonic(), record.getMessage()

    def __enter__(self) -> Self:
        for log in self._logs:
            log.addHandler(self)
            log.propagate = False
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for log in self._logs:
            log.removeHandler(self)
            log.propagate = True
