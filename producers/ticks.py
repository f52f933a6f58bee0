"""Ticks for a recording: what time it is, said to every partition between the records."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from models import codec
from models.events import Tick
from producers.entry import Entry

EVERY = timedelta(seconds=60)
AFTER = timedelta(minutes=10)
"""How long the clock goes on after the last record: longer than any delay, and than a continuous value stays fresh."""
LONGEST = timedelta(days=2 * 366)


class ClockRunsAwayError(Exception):
    """The times of a recording are too far apart to be of one recording; the message is one line."""


def with_ticks(entries: Iterable[Entry], partitions: int) -> Iterator[Entry]:
    """The records with a tick each minute: what was measured up to and including t comes before Tick t.

    The first tick is of the first record's minute, the last ones come after the last record.
    """
    due: datetime | None = None
    latest: datetime | None = None
    for entry in entries:
        if entry.at is not None:
            if due is None or latest is None:
                due = latest = entry.at.replace(second=0, microsecond=0)
            if entry.at - latest > LONGEST:
                raise ClockRunsAwayError(f"{entry.name} is at {entry.at}, long after {latest}: mend its time")
            while due < entry.at:
                yield from ticks_at(due, partitions)
                due += EVERY
            latest = max(latest, entry.at)
        yield entry
    while due is not None and latest is not None and due <= latest + AFTER:
        yield from ticks_at(due, partitions)
        due += EVERY


def ticks_at(at: datetime, partitions: int) -> Iterator[Entry]:
    """One tick for each partition."""
    value = codec.encode(Tick(at=at, origin="replay"))
    name = f"tick of {at}"
    for partition in range(partitions):
        yield Entry(value, name, at=at, partition=partition, is_tick=True)
