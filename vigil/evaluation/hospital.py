"""The stays of all sets, one set after the other, through one fold, with its questions asked on the way."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from models import codec
from models.evaluation.row import Row
from models.evaluation.stays import HOURS, Asked, Inquiry
from models.events import Assessment, DeadLetter, Event, Outcome, Output, PatientContext
from models.instants import instant_of
from models.partition import PartitionFold
from models.risk.feature_sources import FeatureSource
from producers.entry import Entry
from producers.replay import physionet2012
from producers.replay.physionet2012.hospital import FIRST_ADMISSION
from producers.ticks import with_ticks
from vigil.evaluation.sets import StaySet

_LASTS = timedelta(hours=48, minutes=1)
"""How long a stay is recorded, and one minute, so that the last question comes before the outcome."""
_BETWEEN_SETS = timedelta(days=4)

Watch = Callable[[PartitionFold, Output], None]


class Stay(Struct, frozen=True, kw_only=True):
    """Who stayed, from when to when (microseconds since 1970), whether they died in hospital, and are judged."""

    patient_id: str
    admitted_at: int
    ended_at: int
    died: bool
    is_judged: bool


class Folded(Struct):
    """What came of the stays in the fold: every question as it was put, and what is odd, by kind.

    `dropped` counts the fold's own examples that got no label, by reason.
    """

    asked: list[Asked]
    stays: dict[str, Stay]
    counts: Counter[str]
    dropped: Counter[str]

    def rows(self, *, judged: bool) -> list[Row]:
        """Questions with their answers, of the stays that are judged or of the others, in the order of asking."""
        return [
            Row(
                patient_id=asked.patient_id,
                asked_at=asked.at,
                known_at=stay.ended_at,
                label=stay.died,
                features=asked.features,
                scores=asked.scores,
                groups=asked.groups,
                hour=asked.hour,
            )
            for asked in self.asked
            if (stay := self.stays.get(asked.patient_id)) is not None and stay.is_judged == judged
        ]


class _Fold:
    """One fold over all sets, the questions put to it, and what is to be told of them."""

    def __init__(self, source: FeatureSource, judged: Set[str], watch: Watch, hours: Sequence[int]) -> None:
        self._judged = judged
        self._fold = PartitionFold(0, partitions=1, origin="replay")
        self._inquiry = Inquiry(self._fold, source, hours)
        self._watch = watch
        self._admissions: dict[str, int] = {}
        self._measured: set[bytes | None] = set()
        self._stays: dict[str, Stay] = {}
        self.counts: Counter[str] = Counter()
        self.records = 0

    def take(self, entry: Entry) -> None:
        """One record, after all questions that are due before it."""
        if entry.at is not None:
            self._inquiry.pass_time(instant_of(entry.at))
        for output in self._fold.advance(entry.value, offset=self.records, key=entry.key):
            self._count(output)
            self._watch(self._fold, output)
        self.records += 1
        if entry.reading_id is not None:
            self._measured.add(entry.key)
        elif not entry.is_tick:
            self._note(codec.decode(entry.value))

    def folded(self) -> Folded:
        """All that came of it, when the last record is taken."""
        self._inquiry.pass_time(None)
        without = sum(patient_id.encode() not in self._measured for patient_id in self._admissions)
        dropped = {f"example-dropped/{reason}": count for reason, count in self._fold.census.examples_dropped.items()}
        counts = self.counts + self._inquiry.counts + Counter({"stay-without-events": without})
        return Folded(self._inquiry.asked, self._stays, counts, Counter(dropped))

    def _note(self, event: Event) -> None:
        """Who came, and what became of whom."""
        if isinstance(event, PatientContext):
            self._admissions[event.patient_id] = instant_of(event.effective_at)
            self._inquiry.admit(event.patient_id, instant_of(event.effective_at))
        elif isinstance(event, Outcome):
            patient_id, ended_at = event.patient_id, instant_of(event.at)
            self._stays[patient_id] = Stay(
                patient_id=patient_id,
                admitted_at=self._admissions[patient_id],
                ended_at=ended_at,
                died=event.kind == "death",
                is_judged=patient_id in self._judged,
            )

    def _count(self, output: Output) -> None:
        if isinstance(output, DeadLetter):
            self.counts[f"dead-letter/{output.reason}"] += 1
        elif isinstance(output, Assessment):
            for refused in output.refused:
                self.counts[f"refused/{refused.reason}"] += 1


def fold_stays(
    sets: Sequence[StaySet],
    source: FeatureSource,
    progress: Callable[[int], None] = lambda _: None,
    watch: Watch = lambda _fold, _output: None,
    hours: Sequence[int] = HOURS,
) -> Folded:
    """Folds every stay as in production; each set's first admission is days after all before it is over.

    `progress` hears how many records are folded, `watch` each output.
    """
    judged = {f"p{record}" for each in sets if each.is_judged for record in each.source.stays}
    fold = _Fold(source, judged, watch, hours)
    for entry in with_ticks(_one_after_the_other(sets, fold.counts), 1):
        fold.take(entry)
        progress(fold.records)
    return fold.folded()


def _one_after_the_other(sets: Sequence[StaySet], skipped: Counter[str]) -> Iterator[Entry]:
    begin = at = FIRST_ADMISSION
    for each in sets:
        for entry in _held_back(physionet2012.recordings(each.source, skipped, None, begin)):
            at = entry.at or at
            yield entry
        begin = _midnight(at + _BETWEEN_SETS)


def _held_back(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same records, but each outcome only when its stay's 48 hours are over; the recording knows no later time.

    In the recording it stands beside the last measurement, which may be hours before the last question.
    """
    waiting: list[tuple[datetime, int, Entry]] = []
    admitted: dict[bytes | None, datetime] = {}
    for number, entry in enumerate(entries):
        while waiting and entry.at is not None and waiting[0][0] < entry.at:
            yield heapq.heappop(waiting)[2]
        event = None if entry.reading_id is not None else codec.decode(entry.value)
        if isinstance(event, Outcome):
            at = max(event.at, admitted[entry.key] + _LASTS)
            later = Entry(codec.encode(replace(event, at=at)), entry.name, entry.key, at)
            heapq.heappush(waiting, (at, number, later))
            continue
        if isinstance(event, PatientContext):
            admitted[entry.key] = event.effective_at
        yield entry
    while waiting:
        yield heapq.heappop(waiting)[2]


def _midnight(at: datetime) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=UTC)
