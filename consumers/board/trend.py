"""Whether a patient gets worse: the same parts of the score, now and an hour or more ago."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from models.events import Score

_AT_LEAST = timedelta(hours=1)
_AT_MOST = timedelta(hours=6)
_APART = timedelta(minutes=1)

Points = Mapping[str, int]


class _Stretch(Struct, gc=False):
    """From when to when the points were these."""

    since: datetime
    until: datetime
    points: Points


class Trend:
    """Remembers the points of a patient's parts for some hours.

    As long as they stay the same they are remembered once; what changes within a minute counts from its beginning.
    """

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._points: Points = {}
        self._stretches: deque[_Stretch] = deque()

    def take(self, at: datetime, score: Score) -> None:
        """Remembers one score."""
        points = {name: part.points for name, part in (score.parts or {}).items() if part.points is not None}
        self._at, self._points = at, points
        last = self._stretches[-1] if self._stretches else None
        if last is not None and last.points == points:
            last.until = at
        elif last is not None and at - last.since < _APART:
            last.until, last.points = at, {**last.points, **points}
        else:
            self._stretches.append(_Stretch(at, at, points))
        while self._stretches[0].until < at - _AT_MOST:
            self._stretches.popleft()

    @property
    def change(self) -> int | None:
        """Points gained over the parts that are known now and were then; None when no part can be compared."""
        if self._at is None:
            return None
        latest = self._at - _AT_LEAST
        before = [each.points for each in reversed(self._stretches) if each.since <= latest]
        changes = [now - then for name, now in self._points.items() if (then := _newest(name, before)) is not None]
        return sum(changes) if changes else None


def _newest(name: str, pictures: list[Points]) -> int | None:
    return next((points[name] for points in pictures if name in points), None)
