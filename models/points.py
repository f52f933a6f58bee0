"""A score by points as an interval: what is fresh counts, what is missing or stale could add up to its most."""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from models.events import Score

Bands = tuple[tuple[float, int], ...]
"""Points of each band up to and with its bound, the lowest first; the last bound is infinite."""

NOT_FOR_THIS_AGE = "not for this age"


class Seen(Protocol):
    """One part's value (canonical unit; consciousness 0 to 4 for A C V P U), its time, whether it still counts."""

    @property
    def value(self) -> float:
        """The value."""

    @property
    def at(self) -> int:
        """When it was measured, in microseconds since 1970."""

    @property
    def is_fresh(self) -> bool:
        """Whether it still counts."""


class Part(Struct, frozen=True):
    """One part of a score: its input's name, the most that it can add, and its points for a value."""

    name: str
    most: int
    points: Callable[[float], int]


def score_by_points(parts: Sequence[Part], inputs: Mapping[str, Seen | None], *, is_adult: bool) -> Score:
    """The interval over the parts; an absent or None input is missing, a stale one only adds to the most possible."""
    if not is_adult:
        return Score(not_applicable=NOT_FOR_THIS_AGE)
    known = most = 0
    missing: list[str] = []
    stale: list[str] = []
    for part in parts:
        seen = inputs.get(part.name)
        if seen is not None and seen.is_fresh:
            known += part.points(seen.value)
            continue
        most += part.most
        (missing if seen is None else stale).append(part.name)
    return Score(
        known_points=known,
        max_possible=known + most,
        completeness=f"{len(parts) - len(missing) - len(stale)}/{len(parts)}",
        missing=missing,
        stale=stale,
    )


def banded(bands: Bands, decimals: int = 0) -> Callable[[float], int]:
    """Points by the band in which a value lies, rounded half up; the float's own noise is not taken for a half."""
    scale = 10**decimals
    bounds, points = zip(*bands, strict=True)

    def points_of(value: float) -> int:
        rounded = math.floor(round(value * scale, 6) + 0.5) / scale
        return int(points[bisect_left(bounds, rounded)])

    return points_of
