"""How much comes in a second, over the last few seconds of the wall clock."""

from collections import deque

_WINDOW_SECONDS = 5.0


class Pace:
    """A rate from a count that only grows."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def take(self, now: float, count: int) -> None:
        """Notes the count at a time in seconds."""
        self._seen.append((now, count))
        while len(self._seen) > 1 and self._seen[1][0] <= now - _WINDOW_SECONDS:
            self._seen.popleft()

    @property
    def per_second(self) -> float:
        """The rate over the window; 0 before there are two counts."""
        if len(self._seen) < 2 or self._seen[-1][0] <= self._seen[0][0]:
            return 0.0
        (began, first), (ended, last) = self._seen[0], self._seen[-1]
        return (last - first) / (ended - began)
