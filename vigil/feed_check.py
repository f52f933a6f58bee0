"""What would become of each record of a feed: the fold itself is asked, without Kafka."""

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from consumers.refusals import why
from models.events import Assessment, DeadLetter, DeadLetterReason, Flag, Refused
from models.partition import PartitionFold
from models.partitioning import partition_of
from producers.entry import Entry
from producers.feed import is_too_large
from streams.topics import PARTITIONS, TOPICS
from vigil.unknown_fields import UnknownField, unknown_fields

_MAX_BYTES = next(topic.max_record_bytes for topic in TOPICS if topic.name == "patient-events")
_MOST_NAMES = 100


class Parked(Struct, frozen=True):
    """Why a record could not be used."""

    reason: DeadLetterReason
    detail: str


class NotBelieved(Struct, frozen=True):
    """One measurement that would be refused, and what would be believed."""

    refused: Refused
    why: str


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be said of one record; a record of which there is nothing to say has none.

    `after_the_end`: it would come after the patient's discharge, transfer or death, and be kept as history only.
    """

    line: int | None
    reading_id: str | None = None
    too_large: bool = False
    dead_letter: Parked | None = None
    refused: list[NotBelieved] = []
    suspect: list[Flag] = []
    duplicate: bool = False
    late: bool = False
    after_the_end: bool = False
    unknown_fields: list[UnknownField] = []


class FeedCheck:
    """Folds a feed record by record and counts what it finds; of unknown fields at most 100 names."""

    def __init__(self) -> None:
        self._folds = [PartitionFold(partition, partitions=PARTITIONS) for partition in range(PARTITIONS)]
        self.counts: Counter[str] = Counter()
        self.dead_letters: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.unknown_fields: Counter[str] = Counter()

    @property
    def is_clean(self) -> bool:
        """Whether all would be used: no record parked or too large, no measurement refused."""
        return not (self.dead_letters or self.refused or self.counts["too_large"])

    def look(self, entry: Entry) -> Finding | None:
        """Folds one record, and says what there is to say of it."""
        nothing = Finding(line=_line(entry), reading_id=entry.reading_id or None)
        self.counts["ticks" if entry.is_tick else "records"] += 1
        self.counts["measurements"] += entry.measurements
        if is_too_large(entry, _MAX_BYTES):
            self.counts["too_large"] += 1
            return replace(nothing, too_large=True)
        found = replace(nothing, unknown_fields=self._mistyped(entry))
        answer = self._fold(entry)
        if isinstance(answer, DeadLetter):
            self.dead_letters[answer.reason] += 1
            found = replace(found, dead_letter=Parked(answer.reason, answer.detail))
        elif answer is not None:
            self._count(answer)
            found = _told(found, answer)
        return None if found == nothing else found

    def _fold(self, entry: Entry) -> Assessment | DeadLetter | None:
        """The one answer that a record has: its assessment or its dead letter; a tick and an answer may have none."""
        partition = entry.partition
        if partition is None:
            partition = partition_of((entry.key or b"").decode(errors="replace"), PARTITIONS) if entry.key else 0
        for output in self._folds[partition].advance(entry.value, offset=0, key=entry.key):
            if isinstance(output, DeadLetter) or (isinstance(output, Assessment) and not entry.is_tick):
                return output
        return None

    def _mistyped(self, entry: Entry) -> list[UnknownField]:
        """Counts a record's unknown fields, and gives those that are perhaps mistyped."""
        fields = [] if entry.is_tick else unknown_fields(entry.value)
        for found in fields:
            if found.field in self.unknown_fields or len(self.unknown_fields) < _MOST_NAMES:
                self.unknown_fields[found.field] += 1
        return [found for found in fields if found.perhaps is not None]

    def _count(self, told: Assessment) -> None:
        self.refused.update(refused.reason for refused in told.refused)
        self.counts["suspect"] += len(told.flags)
        self.counts["duplicates"] += told.duplicate
        self.counts["late"] += told.amended
        self.counts["after_the_end"] += not told.monitored


def _told(found: Finding, answer: Assessment) -> Finding:
    """A finding with all that an assessment says of its record."""
    return replace(
        found,
        refused=[NotBelieved(refused, why(refused)) for refused in answer.refused],
        suspect=answer.flags,
        duplicate=answer.duplicate,
        late=answer.amended,
        after_the_end=not answer.monitored,
    )


def _line(entry: Entry) -> int | None:
    """The line of a record; a tick between the lines has none."""
    line = entry.name.removeprefix("line ")
    return int(line) if line.isdecimal() else None
