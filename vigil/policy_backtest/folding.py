"""One pass over a log that folds every policy side by side, and follows what really happened."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from models import codec
from models.alerting.policy_book import PolicyBook
from models.evaluation.alert_burden import AlertBurden
from models.evaluation.alert_match import Spans
from models.evaluation.alert_worth import Happenings
from models.evaluation.fixed_limits import FixedLimits
from models.events import Alert, DeadLetter, Event, Feedback, Origin, Outcome, PatientContext, Reading, Tick
from models.instants import instant_of
from models.partition import PartitionFold
from producers.replay.exported import Placed

RECORDED = "recorded"
"""The policy that the log itself tells; the clinical decisions where it tells none."""


class Candidate(Struct, frozen=True):
    """A policy to be tried, by its name; no book: what the log tells."""

    name: str
    book: PolicyBook | None = None


class Side:
    """What one policy makes of the log."""

    def __init__(self, candidate: Candidate, partitions: int, origin: Origin) -> None:
        self.name = candidate.name
        self.burden = AlertBurden()
        self.spans = Spans()
        self.calls: dict[str, list[int]] = defaultdict(list)
        """When somebody was called for the sake of a patient; not for that of a device."""
        self._folds = [
            PartitionFold(partition, partitions=partitions, origin=origin, policy=candidate.book, alerts_only=True)
            for partition in range(partitions)
        ]

    def fold(self, place: Placed, event: Event) -> PartitionFold | None:
        """Folds one record on and takes note of its alerts; the fold it went through, or none where it was parked."""
        fold: PartitionFold | None = self._folds[place.partition]
        for output in self._folds[place.partition].take(event, place.value, offset=place.offset, key=place.key):
            if isinstance(output, Alert):
                self._take(output)
            elif isinstance(output, DeadLetter):
                fold = None
        if isinstance(event, Feedback):
            self.burden.judge(event)
        return fold

    def _take(self, alert: Alert) -> None:
        self.burden.take(alert)
        self.spans.take(alert)
        if alert.notify and alert.category == "physiological":
            self.calls[alert.subject].append(instant_of(alert.at))


class SideBySide:
    """Every policy over the same records; the first one's picture tells what fixed limits and the score make of it."""

    def __init__(self, candidates: Sequence[Candidate], partitions: int, origin: Origin) -> None:
        self.sides = [Side(candidate, partitions, origin) for candidate in candidates]
        self.happenings = Happenings()
        self.outside: dict[str, list[int]] = defaultdict(list)
        """When a value was outside the fixed limits."""
        self.runs: dict[str, list[int]] = defaultdict(list)
        """When the first of some values was, one after the other."""
        self.counts: Counter[str] = Counter()
        self._fixed_limits = FixedLimits()

    def fold(self, places: Iterable[Placed]) -> None:
        """Folds records in their order; what can't be used is counted."""
        for place in places:
            try:
                event = codec.decode(place.value)
            except codec.Undecodable:
                self.counts["unusable"] += 1
                continue
            self._fold(place, event)

    def _fold(self, place: Placed, event: Event) -> None:
        self.counts["ticks" if isinstance(event, Tick) else "records"] += 1
        self.counts["readings"] += isinstance(event, Reading)
        first, *_ = [side.fold(place, event) for side in self.sides]
        if first is None:
            self.counts["unusable"] += 1
        elif isinstance(event, Reading | PatientContext | Outcome):
            self._follow(first, event)

    def _follow(self, fold: PartitionFold, event: Reading | PatientContext | Outcome) -> None:
        """Takes note of what happened to the patient; a record that could not be used tells nothing."""
        patient = fold.look_at(event.patient_id)
        if patient is None:
            return
        at = instant_of(event.at if isinstance(event, Outcome) else event.effective_at)
        if isinstance(event, Outcome):
            self.happenings.end(patient.id, event.kind, at)
        elif patient.monitored:
            self.happenings.see(patient, at)
        if isinstance(event, Reading) and patient.monitored:
            codes = [measurement.code for measurement in event.measurements]
            alarms = self._fixed_limits.look(patient, codes, at)
            self.outside[patient.id] += [alarm.at for alarm in alarms]
            self.runs[patient.id] += [alarm.at for alarm in alarms if alarm.begins_run]
