"""National Early Warning Score 2 (RCP 2017) as an interval, which says what it does not know."""

import math
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from models.events import Level, Score, ScorePart
from models.instants import moment_of
from models.points import Seen

CODE = "88330-6"
PARTS = (
    "respiratory_rate",
    "oxygen_saturation",
    "supplemental_oxygen",
    "systolic_blood_pressure",
    "heart_rate",
    "consciousness",
    "temperature",
)
MOST: dict[str, int] = dict.fromkeys(PARTS, 3) | {"supplemental_oxygen": 2}
_COMPLETENESS = tuple(f"{known}/{len(PARTS)}" for known in range(len(PARTS) + 1))
NOT_FOR_THIS_AGE = Score(not_applicable="not for this age")

Bands = tuple[tuple[float, int], ...]

# RCP 2017, table 1: each band up to and with its bound.
_BANDS: dict[str, Bands] = {
    "respiratory_rate": ((8, 3), (11, 1), (20, 0), (24, 2), (math.inf, 3)),
    "oxygen_saturation": ((91, 3), (93, 2), (95, 1), (math.inf, 0)),
    "systolic_blood_pressure": ((90, 3), (100, 2), (110, 1), (219, 0), (math.inf, 3)),
    "heart_rate": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (math.inf, 3)),
    "temperature": ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (math.inf, 2)),
}
_SCALE_2_ON_AIR: Bands = ((83, 3), (85, 2), (87, 1), (math.inf, 0))
_SCALE_2_ON_OXYGEN: Bands = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (math.inf, 3))
_LETTERS = "ACVPU"


class Input(Struct, frozen=True):
    """One part as a caller that knows nothing else of it gives it; oxygen is 0 or 1."""

    value: float
    at: int
    is_fresh: bool


def score(inputs: Mapping[str, Seen | None], *, scale: int = 1, age_known: bool = True) -> Score:
    """The interval over seven inputs; an absent or None one is missing, a stale one only adds to the most possible."""
    oxygen = inputs.get("supplemental_oxygen")
    on_oxygen = bool(oxygen.value) if oxygen is not None and oxygen.is_fresh else None
    parts: dict[str, ScorePart] = {}
    points: list[int] = []
    missing: list[str] = []
    stale: list[str] = []
    most = 0
    for name in PARTS:
        part = parts[name] = _part(name, inputs.get(name), scale, on_oxygen)
        most += part.max_points
        if part.points is not None:
            points.append(part.points)
        elif part.state == "missing":
            missing.append(name)
        else:
            stale.append(name)
    known = sum(points)
    return Score(
        known_points=known,
        max_possible=most,
        completeness=_COMPLETENESS[len(points)],
        missing=missing,
        stale=stale,
        level=level_of(known, max(points, default=0)),
        parts=parts,
        assumed=None if age_known else ["adult, because the age is unknown"],
    )


def level_of(known_points: int, highest_part: int) -> Level:
    """Level of a total and its highest single part (RCP 2017, chart 2)."""
    if known_points >= 7:
        return "high"
    if known_points >= 5:
        return "medium"
    return "low-medium" if highest_part >= 3 else "low"


def rounded(part: str, value: float) -> float:
    """Half up, to whole numbers, temperature to one decimal; the float's own noise is not taken for a half."""
    if part == "temperature":
        return math.floor(round(value * 10, 6) + 0.5) / 10
    return float(math.floor(round(value, 6) + 0.5))


def _part(part: str, given: Seen | None, scale: int, on_oxygen: bool | None) -> ScorePart:
    if given is None:
        return ScorePart(points=None, max_points=MOST[part], value=None, at=None, state="missing")
    at = moment_of(given.at)
    if not given.is_fresh:
        return ScorePart(points=None, max_points=MOST[part], value=shown(part, given.value), at=at, state="stale")
    least, most, value = _judged(part, given.value, scale, on_oxygen)
    return ScorePart(points=least, max_points=most, value=value, at=at, state="fresh")


@lru_cache(maxsize=4096)
def _judged(part: str, value: float, scale: int, on_oxygen: bool | None) -> tuple[int, int, float | str]:
    """Least and most points of a fresh value, and how it is shown."""
    return *_points(part, value, scale, on_oxygen), shown(part, value)


def _points(part: str, value: float, scale: int, on_oxygen: bool | None) -> tuple[int, int]:
    """Least and most points of a fresh value."""
    if part == "supplemental_oxygen":
        return (2, 2) if value else (0, 0)
    if part == "consciousness":
        return (3, 3) if value else (0, 0)
    value = rounded(part, value)
    if part == "oxygen_saturation" and scale == 2:
        on_air, with_oxygen = _band(_SCALE_2_ON_AIR, value), _band(_SCALE_2_ON_OXYGEN, value)
        if on_oxygen is None:
            return on_air, with_oxygen
        return (with_oxygen, with_oxygen) if on_oxygen else (on_air, on_air)
    points = _band(_BANDS[part], value)
    return points, points


def _band(bands: Bands, value: float) -> int:
    for bound, points in bands:
        if value <= bound:
            return points
    raise ValueError(f"no band for {value}")


@lru_cache(maxsize=4096)
def shown(part: str, value: float) -> float | str:
    """A part's value as people read it: rounded, a letter, or oxygen or air."""
    if part == "supplemental_oxygen":
        return "oxygen" if value else "air"
    if part == "consciousness":
        return _LETTERS[int(value)]
    return rounded(part, value)
