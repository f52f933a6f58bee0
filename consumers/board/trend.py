"""Whether a patient gets worse: the same parts of the score, now and an hour or more ago."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from models.events import Score

_AT_LEAST = timedelta(hours=1)
_AT_MOST = timedelta(hours=6)

Points = Mapping[str, int]


class Trend:
    """Remembers the points of a patient's parts for some hours."""

    def __init__(self) -> None:
        self._seen: deque[tuple[datetime, Points]] = deque()

    def take(self, at: datetime, score: Score) -> None:
        """Remembers one score."""
        points = {name: part.points for name, part in (score.parts or {}).items() if part.points is not None}
        self._seen.append((at, points))
        while self._seen[0][0] < at - _AT_MOST:
            self._seen.popleft()

    @property
    def change(self) -> int | None:
        """Points gained over the parts that are known now and were then; None when no part can be compared."""
        if not self._seen:
            return None
        at, now = self._seen[-1]
        before = [points for then, points in reversed(self._seen) if then <= at - _AT_LEAST]
        changes = [now[name] - then for name in now if (then := _newest(name, before)) is not None]
        return sum(changes) if changes else None


def _newest(name: str, pictures: list[Points]) -> int | None:
    return next((points[name] for points in pictures if name in points), None)
