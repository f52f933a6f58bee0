"""What the supervisor says of its workers, for the page instead of for standard error."""

import logging
import time
from types import TracebackType
from typing import Self

_SUPERVISOR = "vigil.supervisor"
_SHOWN_SECONDS = 10.0


class Remarks(logging.Handler):
    """Keeps the supervisor's last warning for some seconds, and keeps it from smearing the terminal."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._last: tuple[float, str] | None = None
        self._log = logging.getLogger(_SUPERVISOR)

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
        self._log.addHandler(self)
        self._log.propagate = False
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._log.removeHandler(self)
        self._log.propagate = True
