"""Records as the workers tell them, with only what a test is about."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.events import Alert, Assessment, Level, Recommendation, Score, ScorePart
from tests.an_alert import an_alert

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
_PARTS = (
    "respiratory_rate",
    "oxygen_saturation",
    "supplemental_oxygen",
    "systolic_blood_pressure",
    "heart_rate",
    "consciousness",
    "temperature",
)
_ABSENT = ScorePart(points=None, max_points=3, value=None, at=None, state="missing")

Make = Callable[..., Any]


@pytest.fixture
def part() -> Make:
    """Makes one part of a score, measured some minutes after the start."""

    def make(points: int, value: float | str, minutes: float = 0, *, is_stale: bool = False) -> ScorePart:
        at = START + timedelta(minutes=minutes)
        if is_stale:
            return ScorePart(points=None, max_points=3, value=value, at=at, state="stale")
        return ScorePart(points=points, max_points=points, value=value, at=at, state="fresh")

    return make


@pytest.fixture
def assessment() -> Make:
    """Makes an Assessment at some minutes after the start; parts that are not given are missing."""

    def make(patient_id: str = "p1", minutes: float = 0, level: Level = "low", **parts: Any) -> Assessment:
        given = {name: parts.pop(name, _ABSENT) for name in _PARTS}
        known = [part.points for part in given.values() if part.points is not None]
        score = Score(
            known_points=sum(known),
            max_possible=sum(part.max_points for part in given.values()),
            completeness=f"{len(known)}/7",
            missing=[name for name, part in given.items() if part.state == "missing"],
            stale=[name for name, part in given.items() if part.state == "stale"],
            level=level,
            parts=given,
        )
        fields: dict[str, Any] = {
            "patient_id": patient_id,
            "at": START + timedelta(minutes=minutes),
            "reading_id": None,
            "monitored": True,
            "amended": False,
            "duplicate": False,
            "refused": [],
            "flags": [],
            "news2": score,
            "anomaly": None,
            "origin": "replay",
            "ward": "A1",
            "bed": patient_id,
        }
        return Assessment(**(fields | parts))

    return make


@pytest.fixture
def alert() -> Make:
    """Makes one revision of an alert, active and notified unless it is said otherwise."""

    def make(patient_id: str = "p1", minutes: float = 0, **changes: Any) -> Alert:
        fields: dict[str, Any] = {
            "alert_id": f"{patient_id}-alert",
            "patient_id": patient_id,
            "code": "88330-6",
            "kind": "news2",
            "at": START + timedelta(minutes=minutes),
            "since": START,
            "reason": "NEWS2 is 5 (medium).",
            "clears_when": "NEWS2 is lower.",
            "origin": "replay",
            "bed": patient_id,
        }
        return an_alert(**(fields | changes))

    return make


@pytest.fixture
def recommendation() -> Make:
    """Makes a Recommendation that stands."""

    def make(patient_id: str = "p1", **changes: Any) -> Recommendation:
        fields: dict[str, Any] = {
            "recommendation_id": f"{patient_id}-response",
            "patient_id": patient_id,
            "at": START,
            "kind": "response",
            "priority": "medium",
            "text": "Call urgently.",
            "reason": "NEWS2 level medium.",
            "codes": [],
            "source": "RCP 2017",
            "state": "proposed",
            "origin": "replay",
            "ward": "A1",
            "bed": patient_id,
        }
        return Recommendation(**(fields | changes))

    return make
