"""All stays as one hospital: admitted in RecordID order, one every ten minutes, merged in time order."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from producers.entry import Entry
from producers.replay.physionet2012.source import Source
from producers.replay.physionet2012.stay import read_stay

FIRST_ADMISSION = datetime(2012, 1, 1, tzinfo=UTC)
BETWEEN_ADMISSIONS = timedelta(minutes=10)

# The patients who are in: when the next record of each is due, the number of the admission, the records.
_Present = list[tuple[datetime, int, Iterator[Entry], Entry]]


def recordings(
    source: Source, skipped: Counter[str], limit: int | None = None, first_admission: datetime = FIRST_ADMISSION
) -> Iterator[Entry]:
    """Every record of the hospital in time order; at one instant the patient admitted first comes first.

    Only the patients who are in at that time are held as records.
    """
    if source.unreadable:
        skipped["unreadable-file"] += len(source.unreadable)
    present: _Present = []
    admissions = 0
    for record, content in source.stays.items():
        if admissions == limit:
            break
        admitted = first_admission + admissions * BETWEEN_ADMISSIONS
        stay = iter(read_stay(record, content, admitted, source.died.get(record), skipped))
        yield from _before(admitted, present)
        admissions += _queue(present, admissions, stay)
    yield from _before(None, present)


def _before(end: datetime | None, present: _Present) -> Iterator[Entry]:
    while present and (end is None or present[0][0] < end):
        _, number, stay, entry = heappop(present)
        yield entry
        _queue(present, number, stay)


def _queue(present: _Present, number: int, stay: Iterator[Entry]) -> bool:
    entry = next(stay, None)
    if entry is None or entry.at is None:
        return False
    heappush(present, (entry.at, number, stay, entry))
    return True
