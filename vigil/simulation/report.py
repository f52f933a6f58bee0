"""What a simulation tells when it is over: what was sent, and what is true of it."""

from collections import Counter
from datetime import datetime

from msgspec import Struct

from models.events import OutcomeKind
from producers.entry import Entry
from producers.feed import Refusal
from producers.simulator.case import Case
from producers.simulator.expectation import Expected
from producers.simulator.ward import Ward
from vigil.simulation.plan import WardPlan


class Happened(Struct, frozen=True, kw_only=True):
    """What really happens to a patient, and when."""

    kind: OutcomeKind
    at: datetime


class Truth(Struct, frozen=True, kw_only=True):
    """One scenario that began: whom it befell, what really happens by the end, what alerts it should bring.

    `came` is when each of the expected alerts first stood, in their order; null for one that did not. `unmet` says
    what did not come, or came and should not. Both are null when nobody looked, `unmet` also when it can't be told.
    """

    scenario: str
    patient_id: str
    gateway_id: str
    onset: datetime
    is_over: bool
    outcomes: list[Happened]
    expected: Expected
    came: list[datetime | None] | None = None
    unmet: list[str] | None = None


class Tally:
    """Counts records on their way out."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.latest: datetime | None = None

    def take(self, entry: Entry) -> None:
        """Counts one entry."""
        self.counts["ticks" if entry.is_tick else "records"] += 1
        self.counts["readings"] += entry.reading_id is not None
        self.counts["measurements"] += entry.measurements
        self.latest = entry.at or self.latest


class SimulationReport(Struct, frozen=True, kw_only=True):
    """What was sent, from when to when by event time, and the ground truth.

    `to` names the topic or the file; `published` counts records that are not ticks. `notified` counts alerts by
    category and priority where they were looked at; `slowest_alert_seconds` is the longest from when the condition of a
    patient's alert began to hold until it was active, by event time; an anomaly, which waits for its next value, aside.
    """

    to: str
    seed: int
    start: datetime
    end: datetime
    patients: int
    wearers: int
    published: int
    ticks: int
    readings: int
    measurements: int
    stopped_early: bool
    refused: list[Refusal]
    scenarios: list[Truth]
    notified: dict[str, int] | None = None
    patient_days: float | None = None
    slowest_alert_seconds: float | None = None


def report_of(
    plan: WardPlan,
    ward: Ward,
    tally: Tally,
    *,
    to: str,
    stopped_early: bool = False,
    refused: list[Refusal] | None = None,
) -> SimulationReport:
    """The report of a ward whose records were counted."""
    end = tally.latest or ward.start_time
    return SimulationReport(
        to=to,
        seed=plan.seed,
        start=ward.start_time,
        end=end,
        patients=plan.patients,
        wearers=plan.wearers,
        published=tally.counts["records"],
        ticks=tally.counts["ticks"],
        readings=tally.counts["readings"],
        measurements=tally.counts["measurements"],
        stopped_early=stopped_early,
        refused=refused or [],
        scenarios=[truth_of(case, end) for case in ward.cases],
    )


def truth_of(case: Case, end: datetime) -> Truth:
    """What is true of a scenario that began, up to an end."""
    outcomes = [Happened(kind=each.kind, at=case.onset + each.after) for each in case.scenario.endings]
    return Truth(
        scenario=case.scenario.name,
        patient_id=case.patient_id,
        gateway_id=case.gateway_id,
        onset=case.onset,
        is_over=case.onset + case.scenario.takes <= end,
        outcomes=[outcome for outcome in outcomes if outcome.at <= end],
        expected=case.scenario.expected,
    )


def summary(report: SimulationReport) -> str:
    """The report for a person."""
    rows = [
        ("to", report.to),
        ("event time", f"{_said(report.start)} to {_said(report.end)}"),
        ("published", f"{report.published:,} records ({report.measurements:,} measurements)"),
        ("readings", f"{report.readings:,}"),
        ("ticks", f"{report.ticks:,}"),
        *((truth.scenario, _told(truth, was_checked=report.notified is not None)) for truth in report.scenarios),
    ]
    if report.notified is not None:
        counts = ", ".join(f"{what} {count:,}" for what, count in report.notified.items()) or "none"
        rows.append(("notified", f"{counts}, in {report.patient_days:,.1f} patient-days"))
        rows.append(("slowest alert", f"active {report.slowest_alert_seconds:g} s after its condition began to hold"))
    if report.stopped_early:
        rows.insert(0, ("stopped early", "this is what was done until then"))
    return "\n".join(f"{what:<19} {told}" for what, told in rows)


def _told(truth: Truth, *, was_checked: bool) -> str:
    outcomes = "".join(f", {outcome.kind} at {_said(outcome.at)}" for outcome in truth.outcomes)
    return f"{truth.patient_id} from {_said(truth.onset)} on{outcomes}{_kept(truth) if was_checked else ''}"


def _kept(truth: Truth) -> str:
    if truth.unmet is None:
        return "; not judged: another scenario befell the same patient" if truth.is_over else "; not over yet"
    if truth.unmet:
        return f"; NOT as expected: {' '.join(truth.unmet)}"
    return "; alerts as expected" if truth.is_over else "; as expected so far"


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
