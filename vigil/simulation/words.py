"""What a scenario promises, in words."""

from datetime import timedelta

from models.events import AlertKind
from models.vital_signs import SIGNS
from producers.simulator.expectation import Exclusion, Expectation, Notice

_NEWS2 = "88330-6"
_OVER = {"low": "any", "medium": "medium or high", "high": "high"}


def wanted(each: Expectation) -> str:
    """An alert that must come: "medium: limit heart rate high within 2 min"."""
    sign = SIGNS[each.code].title if each.code and each.code != _NEWS2 else ""
    words = (" or ".join(each.kinds), sign, each.direction if sign else "")
    return f"{each.priority}: {' '.join(word for word in words if word)} within {duration(each.within)}"


def unwanted(each: Exclusion) -> str:
    """Alerts that must not come: "medium or high physiological alert"."""
    return f"{_OVER[each.priority]} {each.category} alert"


def quiet(kind: AlertKind) -> str:
    """Alerts of which nobody must be notified: "a notified no-data alert"."""
    return f"a notified {kind} alert"


def noticed(each: Notice) -> str:
    """A finding that must be told: "flat-line of heart rate, technical, within 10 min"."""
    return f"{each.detector} of {SIGNS[each.code].title}, {each.category}, within {duration(each.within)}"


def duration(time: timedelta) -> str:
    """A time as people say it: "45 min", "6.5 h"."""
    minutes = time / timedelta(minutes=1)
    return f"{minutes:g} min" if minutes <= 120 else f"{minutes / 60:g} h"
