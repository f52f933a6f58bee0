"""What is yet to happen, in the order of time."""

from collections.abc import Callable
from heapq import heappop, heappush

from producers.entry import Entry

Happening = Callable[[float], Entry | None]
"""Something that happens at a time, in seconds since the simulation began; what the log gets of it, if anything."""


class Schedule:
    """Happenings by their time; at one time, in the order in which they were planned."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Happening]] = []
        self._planned = 0

    def plan(self, seconds: float, happening: Happening) -> None:
        """Lets something happen at a time."""
        self._planned += 1
        heappush(self._due, (seconds, self._planned, happening))

    def next(self, end_seconds: float | None) -> tuple[float, Happening] | None:
        """What happens next, up to and with an end; none: nothing more by then."""
        if not self._due or (end_seconds is not None and self._due[0][0] > end_seconds):
            return None
        seconds, _, happening = heappop(self._due)
        return seconds, happening
