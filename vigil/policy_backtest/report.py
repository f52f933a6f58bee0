"""What a backtest of policies found: the figures of each side, and where two sides differ."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from models.evaluation.alert_burden import Burden
from models.evaluation.alert_match import Pair, Span, matched
from models.evaluation.alert_worth import Happenings, Standing, Worth, worth_of
from models.instants import MINUTE
from vigil.policy_backtest.folding import Side, SideBySide

_OF_DEVICES = frozenset({"no-data", "gateway", "delivery"})
EACH_VALUE = "fixed limits, each value"
EACH_RUN = "fixed limits, each run"


class SideReport(Struct, frozen=True, kw_only=True):
    """One side: what its calls for the sake of patients were worth, and what all its alerts cost.

    Fixed limits have no burden: they know of no call and no answer.
    """

    name: str
    worth: Worth
    fewer_than_each_value: float | None
    fewer_than_each_run: float | None
    burden: Burden | None


class Count(Struct, frozen=True, kw_only=True):
    """So many alerts, and before how many of them an event came within 12 hours."""

    alerts: int
    before_event: int
    median_minutes: float | None = None


class PatientDifference(Struct, frozen=True, kw_only=True):
    """How many alerts of one patient only one side has, or has at another time."""

    patient_id: str
    only_first: int
    only_second: int
    earlier: int
    later: int

    @property
    def total(self) -> int:
        """All that differ."""
        return self.only_first + self.only_second + self.earlier + self.later


class Comparison(Struct, frozen=True, kw_only=True):
    """The second side held against the first: what both notify, earlier or later by how much, and what one alone."""

    first: str
    second: str
    same_time: Count
    earlier: Count
    later: Count
    only_first: Count
    only_second: Count
    patients: list[PatientDifference]
    patients_left_out: int


class PolicyReport(Struct, frozen=True, kw_only=True):
    """What `vigil backtest --policy` tells; the same log and policies give the same bytes."""

    source: str
    records: int
    ticks: int
    readings: int
    unusable: int
    patients: int
    patient_days: float
    events: dict[str, int]
    sides: list[SideReport]
    comparison: Comparison


class Found(Struct, frozen=True):
    """The report, and what its page draws."""

    report: PolicyReport
    pairs: dict[str, list[Pair]]
    """By patient, what the two sides that are compared notify."""
    happenings: Happenings


def found_in(folded: SideBySide, source: str, most_patients: int) -> Found:
    """The figures of all that was folded; of the patients at most so many, those who differ most."""
    happenings, counts, patient_days = folded.happenings, folded.counts, folded.happenings.patient_days
    outside, runs = worth_of(folded.outside, happenings), worth_of(folded.runs, happenings)
    worths: list[tuple[str, Worth, Burden | None]] = [(EACH_VALUE, outside, None), (EACH_RUN, runs, None)]
    worths += [
        (
            side.name,
            worth_of(side.calls, happenings, _standing(side)),
            side.burden.figures(len(happenings.spans), patient_days),
        )
        for side in folded.sides
    ]
    sides = [
        SideReport(
            name=name,
            worth=worth,
            fewer_than_each_value=_fewer(worth, outside),
            fewer_than_each_run=_fewer(worth, runs),
            burden=burden,
        )
        for name, worth, burden in worths
    ]
    first, second = folded.sides[-2:]
    pairs = matched(first.spans.found(), second.spans.found())
    by_patient: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_patient.setdefault(pair.span.patient_id, []).append(pair)
    kinds = [event.kind for events in happenings.events.values() for event in events]
    report = PolicyReport(
        source=source,
        records=counts["records"],
        ticks=counts["ticks"],
        readings=counts["readings"],
        unusable=counts["unusable"],
        patients=len(happenings.spans),
        patient_days=round(patient_days, 3),
        events={kind: kinds.count(kind) for kind in ("death", "news2")},
        sides=sides,
        comparison=_comparison(first.name, second.name, pairs, by_patient, happenings, most_patients),
    )
    return Found(report, by_patient, happenings)


def _standing(side: Side) -> dict[str, list[Standing]]:
    """By patient, from when to when the alerts of people stood; not those of devices."""
    stood: dict[str, list[Standing]] = {}
    for span in side.spans.found():
        if span.kind not in _OF_DEVICES:
            stood.setdefault(span.patient_id, []).append((span.at, span.until))
    return stood


def _fewer(worth: Worth, than: Worth) -> float | None:
    return round(1 - worth.alerts / than.alerts, 4) if than.alerts else None


def _comparison(
    first: str,
    second: str,
    pairs: Sequence[Pair],
    by_patient: dict[str, list[Pair]],
    happenings: Happenings,
    most_patients: int,
) -> Comparison:
    kinds = {"same_time": _is_same_time, "earlier": _is_earlier, "later": _is_later}
    kinds |= {"only_first": _is_only_first, "only_second": _is_only_second}
    counts = {name: _count([pair for pair in pairs if belongs(pair)], happenings) for name, belongs in kinds.items()}
    differing = [_difference(patient_id, each) for patient_id, each in by_patient.items()]
    differing = sorted((each for each in differing if each.total), key=lambda each: (-each.total, each.patient_id))
    return Comparison(
        first=first,
        second=second,
        same_time=counts["same_time"],
        earlier=counts["earlier"],
        later=counts["later"],
        only_first=counts["only_first"],
        only_second=counts["only_second"],
        patients=differing[:most_patients],
        patients_left_out=max(len(differing) - most_patients, 0),
    )


def _difference(patient_id: str, pairs: Sequence[Pair]) -> PatientDifference:
    return PatientDifference(
        patient_id=patient_id,
        only_first=sum(map(_is_only_first, pairs)),
        only_second=sum(map(_is_only_second, pairs)),
        earlier=sum(map(_is_earlier, pairs)),
        later=sum(map(_is_later, pairs)),
    )


def _count(pairs: Sequence[Pair], happenings: Happenings) -> Count:
    shifts = [abs(pair.later_by) / MINUTE for pair in pairs if pair.later_by]
    return Count(
        alerts=len(pairs),
        before_event=sum(is_before_event(pair.span, happenings) for pair in pairs),
        median_minutes=round(float(np.median(shifts)), 2) if shifts else None,
    )


def is_before_event(span: Span, happenings: Happenings) -> bool:
    """Whether an event of the patient came within 12 hours after the call."""
    return happenings.is_followed(span.patient_id, span.at)


def _is_same_time(pair: Pair) -> bool:
    return pair.later_by == 0


def _is_earlier(pair: Pair) -> bool:
    return pair.later_by is not None and pair.later_by < 0


def _is_later(pair: Pair) -> bool:
    return pair.later_by is not None and pair.later_by > 0


def _is_only_first(pair: Pair) -> bool:
    return pair.second is None


def _is_only_second(pair: Pair) -> bool:
    return pair.first is None
