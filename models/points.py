"""A score by points as an interval: what is fresh counts, what is missing or stale could add up to its most."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from models.events import Score, ScorePart
from models.instants import moment_of

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
    told = {part.name: _part(part, inputs.get(part.name)) for part in parts}
    known = [part.points for part in told.values() if part.points is not None]
    return Score(
        known_points=sum(known),
        max_possible=sum(part.max_points for part in told.values()),
        completeness=f"{len(known)}/{len(parts)}",
        missing=[name for name, part in told.items() if part.state == "missing"],
        stale=[name for name, part in told.items() if part.state == "stale"],
        parts=told,
    )


def banded(bands: Bands, decimals: int = 0) -> Callable[[float], int]:
    """Points by the band in which a value lies, rounded half up; the float's own noise is not taken for a half."""
    scale = 10**decimals

    def points(value: float) -> int:
        rounded = math.floor(round(value * scale, 6) + 0.5) / scale
        return next(points for bound, points in bands if rounded <= bound)

    return points


def _part(part: Part, seen: Seen | None) -> ScorePart:
    if seen is None:
        return ScorePart(points=None, max_points=part.most, value=None, at=None, state="missing")
    at = moment_of(seen.at)
    if not seen.is_fresh:
        return ScorePart(points=None, max_points=part.most, value=seen.value, at=at, state="stale")
    points = part.points(seen.value)
    return ScorePart(points=points, max_points=points, value=seen.value, at=at, state="fresh")
