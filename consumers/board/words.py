"""How a page says intervals, ages and places, short enough for a table."""

from datetime import datetime, timedelta

from models.events import Forecast, Level, OtherScores, PartState, Priority, Score
from models.vital_signs import SIGNS

LEVEL_WORDS: dict[Level, str] = {"low": "low", "low-medium": "low-medium", "medium": "MEDIUM", "high": "HIGH"}
PRIORITY_WORDS: dict[Priority, str] = {"low": "low", "medium": "MEDIUM", "high": "HIGH"}
PRIORITY_MARKS: dict[Priority, str] = {"low": "!", "medium": "!!", "high": "!!!"}
"""As IEC 60601-1-8 marks them."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def interval(known: int, most: int) -> str:
    """A score as the interval that it is: "5-8", or one number where nothing is unknown."""
    return str(known) if known == most else f"{known}-{most}"


def age(passed: timedelta) -> str:
    """How old something is: "40s", "12m", "2h", "3d"; what is of a moment ahead is "0s"."""
    passed = max(passed, timedelta(0))
    if passed < _MINUTE:
        return f"{passed // timedelta(seconds=1)}s"
    if passed < _HOUR:
        return f"{passed // _MINUTE}m"
    return f"{passed // _HOUR}h" if passed < 2 * _DAY else f"{passed // _DAY}d"


def aged(state: PartState, passed: timedelta | None) -> str:
    """A value's age in a word that says when it no longer counts: "12m", "stale 2h", "missing"."""
    if state == "missing" or passed is None:
        return "missing"
    return f"stale {age(passed)}" if state == "stale" else age(passed)


def place(ward: str | None, bed: str | None, patient_id: str) -> str:
    """Where a patient lies, else who it is."""
    return " ".join(part for part in (ward, bed) if part) or patient_id


def forecast(told: Forecast, left: timedelta) -> str:
    """Which limit a sign would cross, and when: "heart rate over 120 in 25m?"."""
    sign = SIGNS.get(told.code)
    beyond = "over" if told.direction == "high" else "under"
    limit = "its limit" if told.limit is None else f"{told.limit:g}"
    return f"{told.code if sign is None else sign.title} {beyond} {limit} in {age(left)}?"


def beside(scores: OtherScores) -> str:
    """The scores beside NEWS2 of which something is known: "MEWS 3-5, qSOFA 1, shock index 0.74"; else empty."""
    by_points = (("MEWS", scores.mews), ("qSOFA", scores.qsofa), ("SIRS by vitals", scores.vitals_only_sirs))
    said = [f"{name} {points}" for name, score in by_points if (points := _points(score))]
    index = scores.shock_index.value
    return ", ".join(said if index is None else [*said, f"shock index {index:.2f}"])


def _points(score: Score) -> str:
    if score.known_points is None or score.max_possible is None or (score.completeness or "0/").startswith("0/"):
        return ""
    return interval(score.known_points, score.max_possible)


def moment(at: datetime) -> str:
    """A time of day in UTC."""
    return f"{at:%H:%M}"
