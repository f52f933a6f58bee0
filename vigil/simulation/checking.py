"""A simulated ward folded in memory: whether its scenarios bring the alerts that they should, and no others."""

from datetime import datetime, timedelta

from msgspec import structs

from models.partition import PartitionFold
from producers.simulator.simulation import simulated
from vigil.simulation.judging import Seen
from vigil.simulation.plan import WardPlan
from vigil.simulation.report import SimulationReport, Tally, report_of
from vigil.telling import ProgressBar

_EVERY = 1000
_DAY = timedelta(days=1)


def check(plan: WardPlan, start: datetime) -> SimulationReport:
    """Folds every record until the ward closes, and holds what comes out against what each scenario promises."""
    tally, fold, seen = Tally(), PartitionFold(0, partitions=1, origin="simulated"), Seen()
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
    return structs.replace(
        report,
        scenarios=seen.judged(report.scenarios),
        notified=dict(sorted(seen.notified.items())),
        slowest_alert_seconds=round(seen.slowest.total_seconds(), 1),
        patient_days=round(people * ((report.end - report.start) / _DAY), 3),
    )
