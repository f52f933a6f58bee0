"""Outputs held against what each scenario promises, wherever they come from."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from msgspec import structs

from models.events import Alert, Assessment, DeadLetter, Event, Output
from producers.simulator.expectation import Expected, met_at, unmet
from producers.simulator.scenarios import SCENARIOS
from vigil.simulation.report import Truth


class Seen:
    """What came out, of each patient only what a promise can be about."""

    def __init__(self) -> None:
        self.notified: Counter[str] = Counter()
        self._of: dict[str, list[Output]] = defaultdict(list)

    def take(self, output: Output | Event) -> None:
        """Counts what is notified, and keeps what matters."""
        if isinstance(output, Alert):
            self.notified[f"{output.category} {output.priority}"] += output.notify
        if isinstance(output, DeadLetter):
            self._of[(output.key or b"").decode(errors="replace")].append(output)
        elif isinstance(output, Alert) or (isinstance(output, Assessment) and _is_odd(output)):
            self._of[output.patient_id].append(output)

    def judged(self, truths: Sequence[Truth]) -> list[Truth]:
        """Each scenario with when its alerts came and what it promised in vain.

        What is promised in vain is told once the scenario is over, or when nothing is promised but that no alert comes,
        and unless others befell the same patient.
        """
        cases = Counter(truth.patient_id for truth in truths)
        return [self._judged(truth, cases[truth.patient_id]) for truth in truths]

    def _judged(self, truth: Truth, cases: int) -> Truth:
        over = truth.onset + SCENARIOS[truth.scenario].takes
        told = [each for each in self._of[truth.patient_id] if not (isinstance(each, Alert) and each.at > over)]
        alerts = [each for each in told if isinstance(each, Alert)]
        came = [met_at(each, truth.onset, alerts) for each in truth.expected.alerts]
        if cases > 1 or (_is_awaited(truth.expected) and not truth.is_over):
            return structs.replace(truth, came=came)
        return structs.replace(truth, came=came, unmet=unmet(truth.expected, truth.onset, told))


def _is_awaited(expected: Expected) -> bool:
    """Whether anything is promised to come, so that it may still come."""
    return bool(expected.alerts or expected.refused or expected.dead_letters or expected.marks)


def _is_odd(assessment: Assessment) -> bool:
    return bool(assessment.refused) or assessment.amended or assessment.duplicate
