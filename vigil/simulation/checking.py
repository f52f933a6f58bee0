"""A simulated ward folded in memory: whether its scenarios bring the alerts that they should, and no others."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from msgspec import structs

from models.events import Alert, Assessment, DeadLetter, Output
from models.partition import PartitionFold
from producers.simulator.expectation import unmet
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.simulation import simulated
from vigil.simulation.plan import WardPlan
from vigil.simulation.report import SimulationReport, Tally, Truth, report_of
from vigil.telling import ProgressBar

_EVERY = 1000
_DAY = timedelta(days=1)


def check(plan: WardPlan, start: datetime) -> SimulationReport:
    """Folds every record until the ward closes, and holds what comes out against what each scenario promises."""
    tally, fold, seen = Tally(), PartitionFold(0, origin="simulated"), _Seen()
    ward = plan.opened(start)
    with ProgressBar() as progress:
        for offset, entry in enumerate(simulated(ward, 1)):
            for output in fold.advance(entry.value, offset=offset, key=entry.key):
                seen.take(output)
            tally.take(entry)
            if offset % _EVERY == 0:
                progress.folding(offset)
    report = report_of(plan, ward, tally, to="the fold, in memory")
    people = plan.patients + plan.wearers
    cases = Counter(truth.patient_id for truth in report.scenarios)
    return structs.replace(
        report,
        scenarios=[seen.judged(truth, cases[truth.patient_id]) for truth in report.scenarios],
        notified=dict(sorted(seen.notified.items())),
        patient_days=round(people * ((report.end - report.start) / _DAY), 3),
    )


class _Seen:
    """What came out, of each patient only what a promise can be about."""

    def __init__(self) -> None:
        self.notified: Counter[str] = Counter()
        self._of: dict[str, list[Output]] = defaultdict(list)

    def take(self, output: Output) -> None:
        """Counts what is notified, and keeps what matters."""
        if isinstance(output, Alert):
            self.notified[f"{output.category} {output.priority}"] += output.notify
        if isinstance(output, DeadLetter):
            self._of[(output.key or b"").decode(errors="replace")].append(output)
        elif isinstance(output, Alert) or (isinstance(output, Assessment) and _is_odd(output)):
            self._of[output.patient_id].append(output)

    def judged(self, truth: Truth, cases: int) -> Truth:
        """A scenario with what it promised in vain, once it is over and unless others befell the same patient."""
        if not truth.is_over or cases > 1:
            return truth
        over = truth.onset + SCENARIOS[truth.scenario].takes
        told = [each for each in self._of[truth.patient_id] if not (isinstance(each, Alert) and each.at > over)]
        return structs.replace(truth, unmet=unmet(truth.expected, truth.onset, told))


def _is_odd(assessment: Assessment) -> bool:
    return bool(assessment.refused) or assessment.amended or assessment.duplicate
