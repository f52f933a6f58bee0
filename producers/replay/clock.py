"""Which times of a recording may move its clock: one device whose clock is wrong must not age everyone."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec.structs import replace

from producers.entry import Entry

LATE = timedelta(days=1)
"""As late as a record may come; a clock that goes back by more was wrong."""


def believed(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Takes the time from each record after which the next one goes back by over a day; the record stays."""
    waiting: list[Entry] = []
    for entry in entries:
        if entry.at is not None and waiting:
            yield from _vouched(waiting, entry)
            waiting = []
        if entry.at is not None or waiting:
            waiting.append(entry)
        else:
            yield entry
    yield from waiting


def _vouched(waiting: list[Entry], following: Entry) -> Iterator[Entry]:
    first, *untimed = waiting
    if first.at is not None and following.at is not None and following.at < first.at - LATE:
        first = replace(first, at=None)
    yield first
    yield from untimed
