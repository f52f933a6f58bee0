"""The table of scenarios: what happens, what really comes of it, and what must be alerted."""

from datetime import timedelta
from pathlib import Path

from models.vital_signs import SIGNS
from producers.simulator.expectation import Expectation, Expected
from producers.simulator.scenario import Scenario
from producers.simulator.scenarios import SCENARIOS
from vigil.docs.table import code, table

_NAMES = {"88330-6": "NEWS2"}


def scenarios(_root: Path) -> str:
    """Every scenario that can be simulated."""
    heads = ("scenario", "what happens", "what really comes of it", "what must come", "what must not")
    rows = [
        (code(each.name), each.summary, _endings(each), _wanted(each.expected), _unwanted(each.expected))
        for each in SCENARIOS.values()
    ]
    return table(heads, rows)


def _endings(scenario: Scenario) -> str:
    return ", ".join(f"{each.kind} after {_said(each.after)}" for each in scenario.endings)


def _wanted(expected: Expected) -> str:
    alerts = [_alert(each) for each in expected.alerts]
    reasons = [
        *(f"measurements refused as {code(reason)}" for reason in expected.refused),
        *(f"dead letters {code(reason)}" for reason in expected.dead_letters),
        *(f"assessments marked {code(mark)}" for mark in expected.marks),
    ]
    return "; ".join([*alerts, *reasons])


def _unwanted(expected: Expected) -> str:
    over = {"low": "any", "medium": "medium or high", "high": "high"}
    return ", ".join(f"{over[each.priority]} {each.category} alert" for each in expected.never)


def _alert(each: Expectation) -> str:
    sign = _NAMES.get(each.code or "") or (SIGNS[each.code].title if each.code else "")
    words = (" or ".join(each.kinds), "" if sign == "NEWS2" else sign, "" if sign == "NEWS2" else each.direction)
    return f"{each.priority}: {' '.join(word for word in words if word)} within {_said(each.within)}"


def _said(time: timedelta) -> str:
    """A time as people say it: "45 min", "6.5 h"."""
    minutes = time / timedelta(minutes=1)
    return f"{minutes:g} min" if minutes <= 120 else f"{minutes / 60:g} h"
