"""Logs of a worker: warnings and its own lifecycle, never a measurement, never a flood."""

import logging
import re
import time
from collections.abc import Callable

_QUIET_SECONDS = 30.0
_OURS = ("streams", "producers", "consumers", "vigil")
_CLIENTS = ("aiokafka", "kafka")
_UNREACHED = re.compile(
    "KafkaConnectionError|NodeNotReadyError|socket disconnected|Unable connect|Unable to update metadata"
    "|No node available|coordinator dead|Heartbeat session expired|Bootstrap |Unable to bootstrap"
)
"""What the clients say in a dozen places when no broker can be reached."""


class Flood(logging.Filter):
    """Lets one line through in a while for each place in a library that logs, and says how many it held back.

    With the broker away aiokafka logs 350 lines a second, from a dozen places: these count as one, told in our words.
    """

    def __init__(self, quiet_seconds: float = _QUIET_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._quiet_seconds = quiet_seconds
        self._clock = clock
        self._said: dict[tuple[str, int], float] = {}
        self._held_back: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Says whether a line is written; ours always are."""
        if record.name.partition(".")[0] in _OURS:
            return True
        is_unreached = _is_unreached(record)
        place, now = ("the broker", 0) if is_unreached else (record.pathname, record.lineno), self._clock()
        if now - self._said.get(place, -self._quiet_seconds) < self._quiet_seconds:
            self._held_back[place] = self._held_back.get(place, 0) + 1
            return False
        self._said[place] = now
        if is_unreached:
            record.msg = f"no broker can be reached: going on trying ({record.getMessage()})"
            record.args = ()
        if held_back := self._held_back.pop(place, 0):
            record.msg = f"{record.getMessage()} (and {held_back} more like it)"
            record.args = ()
        return True


def _is_unreached(record: logging.LogRecord) -> bool:
    """Whether a client of Kafka says in its way that it can't reach a broker."""
    return record.name.partition(".")[0] in _CLIENTS and _UNREACHED.search(record.getMessage()) is not None


def configure_logs() -> None:
    """Writes to standard error: our lifecycle, and other people's warnings."""
    handler = logging.StreamHandler()
    handler.addFilter(Flood())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(message)s")
    for room in _OURS:
        logging.getLogger(room).setLevel(logging.INFO)
    for client in _CLIENTS:
        logging.getLogger(client).setLevel(logging.WARNING)
