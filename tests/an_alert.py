"""One revision of an alert, for tests to change as they need it."""

from datetime import UTC, datetime
from typing import Any

from models.events import Alert

_AT = datetime(2026, 11, 21, 3, tzinfo=UTC)


def an_alert(**changes: Any) -> Alert:
    """An active, notified alert of a live patient's fast heart, in bed 7 of ward A1, unless it is said otherwise."""
    fields: dict[str, Any] = {
        "alert_id": "a",
        "revision": 2,
        "episode_id": None,
        "notify": True,
        "patient_id": "p1",
        "code": "8867-4",
        "direction": "high",
        "kind": "limit",
        "category": "physiological",
        "priority": "medium",
        "state": "active",
        "stale": False,
        "at": _AT,
        "since": _AT,
        "reason": "Heart rate 150 /min is above its high limit of 120 /min.",
        "explanation": [],
        "clears_when": "Heart rate is at most 115 /min for 30 s, on fresh values.",
        "device_id": None,
        "acknowledged_by": None,
        "origin": "live",
        "ward": "A1",
        "bed": "7",
    }
    return Alert(**(fields | changes))
