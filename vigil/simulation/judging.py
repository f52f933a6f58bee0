"""Outputs held against what each scenario promises, wherever they come from."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import UNSET, structs

from models.events import Alert, Assessment, DeadLetter, Event, Output
from producers.simulator.expectation import Expected, met_at, unmet
from producers.simulator.scenarios import SCENARIOS
from vigil.simulation.report import Truth


class Seen:
    """What came out, of each patient only what a promise can be about."""

    def __init__(self) -> None:
        self.notified: Counter[str] = Counter()
        self.slowest = timedelta()
        """The longest from when a condition of a patient began to hold until its alert was active by itself."""
        self._of: dict[str, list[Output]] = defaultdict(list)
        self._active: set[str] = set()

    def take(self, output: Output | Event) -> None:
        """Counts what is notified, and keeps what matters."""
        if isinstance(output, Alert):
            self.notified[f"{output.category} {output.priority}"] += output.notify
            if output.category == "physiological" and self._begins(output):
                self.slowest = max(self.slowest, output.at - output.since)
        if isinstance(output, DeadLetter):
            self._of[(output.key or b"").decode(errors="replace")].append(output)
        elif isinstance(output, Alert):
            self._of[output.subject].append(output)
        elif isinstance(output, Assessment) and _is_odd(output):
            self._of[output.patient_id].append(output)

    def _begins(self, alert: Alert) -> bool:
        """Whether an alert becomes active for the first time; an anomaly is none before its second value in a row."""
        if alert.state != "active" or alert.kind == "anomaly" or alert.alert_id in self._active:
            return False
        self._active.add(alert.alert_id)
        return True

    def judged(self, truths: Sequence[Truth]) -> list[Truth]:
        """Each scenario with when its alerts came and what it promised in vain.

        What is promised in vain is told once the scenario is over, or when nothing is promised but that no alert comes,
        and unless others befell the same patient.
        """
        cases = Counter(truth.patient_id for truth in truths)
        return [self._judged(truth, cases[truth.patient_id]) for truth in truths]

    def _judged(self, truth: Truth, cases: int) -> Truth:
        over = truth.onset + SCENARIOS[truth.scenario].takes
        of_both = [*self._of[truth.patient_id], *self._of[truth.gateway_id]]
        told = [each for each in of_both if isinstance(each, DeadLetter) or not _is_after(each, over)]
        alerts = [each for each in told if isinstance(each, Alert)]
        came = [met_at(each, truth.onset, alerts) for each in truth.expected.alerts]
        if cases > 1 or (_is_awaited(truth.expected) and not truth.is_over):
            return structs.replace(truth, came=came)
        return structs.replace(truth, came=came, unmet=unmet(truth.expected, truth.onset, told))


def _is_awaited(expected: Expected) -> bool:
    """Whether anything is promised to come, so that it may still come."""
    asked = (expected.alerts, expected.refused, expected.dead_letters, expected.marks, expected.findings)
    return any(asked)


def _is_odd(assessment: Assessment) -> bool:
    is_marked = assessment.amended or assessment.duplicate
    return bool(assessment.refused) or is_marked or assessment.findings is not UNSET


def _is_after(output: Output, over: datetime) -> bool:
    """Whether an alert, or an assessment with findings, is of after a scenario; what else is odd counts whenever."""
    if isinstance(output, Assessment):
        return output.findings is not UNSET and output.at > over
    return isinstance(output, Alert) and output.at > over
