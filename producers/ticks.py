"""Ticks between records: what time it is, said to every partition of a recording or a simulation."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from models import codec
from models.events import Origin, Tick
from producers.entry import Entry

EVERY = timedelta(seconds=60)
AFTER = timedelta(minutes=10)
"""How long the clock goes on after the last record: longer than any delay, and than a continuous value stays fresh."""
LONGEST = timedelta(days=2 * 366)


class ClockRunsAwayError(Exception):
    """The times of a recording are too far apart to be of one recording; the message is one line."""


def with_ticks(
    entries: Iterable[Entry],
    partitions: int,
    *,
    every: timedelta = EVERY,
    origin: Origin = "replay",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[Entry]:
    """The records with a tick each minute, or as often as is told: what was measured up to and with t is before Tick t.

    The first tick is at `since`, else of the first record's minute; the last ones come after the last record: up to
    and with `until`, else so long that every delay has passed.
    """
    due: datetime | None = None
    latest: datetime | None = None
    for entry in entries:
        if entry.at is not None:
            if due is None or latest is None:
                due = latest = since or entry.at.replace(second=0, microsecond=0)
            if entry.at - latest > LONGEST:
                raise ClockRunsAwayError(f"{entry.name} is at {entry.at}, long after {latest}: mend its time")
            while due < entry.at:
                yield from ticks_at(due, partitions, origin)
                due += every
            latest = max(latest, entry.at)
        yield entry
    while due is not None and latest is not None and due <= (until or latest + AFTER):
        yield from ticks_at(due, partitions, origin)
        due += every


def ticks_at(at: datetime, partitions: int, origin: Origin) -> Iterator[Entry]:
    """One tick for each partition."""
    value = codec.encode(Tick(at=at, origin=origin))
    name = f"tick of {at}"
    for partition in range(partitions):
        yield Entry(value, name, at=at, partition=partition, is_tick=True)
