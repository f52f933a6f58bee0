"""The table of scenarios: what happens, what really comes of it, and what must be alerted."""

from pathlib import Path

from producers.simulator.expectation import Expected
from producers.simulator.scenario import Scenario
from producers.simulator.scenarios import SCENARIOS
from vigil.docs.table import code, table
from vigil.simulation.words import duration, noticed, quiet, unwanted, wanted


def scenarios(_root: Path) -> str:
    """Every scenario that can be simulated."""
    heads = ("scenario", "what happens", "what really comes of it", "what must come", "what must not")
    rows = [
        (code(each.name), each.summary, _endings(each), _wanted(each.expected), _unwanted(each.expected))
        for each in SCENARIOS.values()
    ]
    return table(heads, rows)


def _endings(scenario: Scenario) -> str:
    return ", ".join(f"{each.kind} after {duration(each.after)}" for each in scenario.endings)


def _wanted(expected: Expected) -> str:
    alerts = [wanted(each) for each in expected.alerts]
    reasons = [
        *(f"measurements refused as {code(reason)}" for reason in expected.refused),
        *(f"dead letters {code(reason)}" for reason in expected.dead_letters),
        *(f"assessments marked {code(mark)}" for mark in expected.marks),
    ]
    findings = [f"finding: {noticed(each)}" for each in expected.findings]
    return "; ".join([*alerts, *findings, *reasons])


def _unwanted(expected: Expected) -> str:
    findings = [f"any {each} finding" for each in expected.unfound]
    notified = [quiet(each) for each in expected.unnotified]
    return ", ".join([*(unwanted(each) for each in expected.never), *notified, *findings])
