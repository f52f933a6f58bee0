"""The recordings that can be replayed, by the name that a person gives them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import producers.replay
from producers.entry import Entry
from producers.replay import events_jsonl, physionet2012
from producers.replay.clock import believed
from producers.ticks import ClockRunsAwayError, with_ticks
from vigil.errors import CommandFailed

SOURCES = ("physionet2012", "events", "sample")
SAMPLE = Path(producers.replay.__file__).with_name("sample") / "set-a-sample.tar.gz"

Entries = Callable[[int, Counter[str]], Iterator[Entry]]


@dataclass(frozen=True)
class Recording:
    """Something to play: its records and ticks for a number of partitions, and what a person should know of it."""

    entries: Entries
    remark: str
    unreadable: tuple[str, ...] = ()
    """The files of it that can't be played."""


def open_recording(source: str, path: Path | None, outcomes: Path | None, limit: int | None) -> Recording:
    """Finds a recording; reading it happens when it is played, but what can be seen to be wrong is an error now."""
    if source == "events" or (path is None and source.endswith(".jsonl")):
        return _events(path or (Path(source) if source != "events" else None), outcomes, limit)
    if source in {"physionet2012", "sample"}:
        return _physionet2012(SAMPLE if path is None else path, outcomes, limit)
    raise CommandFailed(f"There is no source {source}: give one of {', '.join(SOURCES)}, or an events.jsonl.")


def _physionet2012(path: Path, outcomes: Path | None, limit: int | None) -> Recording:
    with readable():
        source = physionet2012.read_source(path, outcomes)

    def entries(partitions: int, skipped: Counter[str]) -> Iterator[Entry]:
        yield from with_ticks(physionet2012.recordings(source, skipped, limit), partitions)

    tables = ", ".join(str(table) for table in source.outcomes)
    stays = len(source.stays) if limit is None else min(limit, len(source.stays))
    remark = f"{stays:,} stays of {path}, outcomes: {tables or 'none found, so nobody is discharged'}"
    return Recording(entries, remark, tuple(source.unreadable))


def _events(path: Path | None, outcomes: Path | None, limit: int | None) -> Recording:
    if path is None:
        raise CommandFailed("Which events? Give the path of an events.jsonl.")
    if outcomes is not None or limit is not None:
        raise CommandFailed("--outcomes and --limit are for physionet2012: events bring their outcomes with them.")
    with readable():
        brings_ticks = events_jsonl.has_ticks(path)

    def entries(partitions: int, skipped: Counter[str]) -> Iterator[Entry]:
        recorded = events_jsonl.recordings(path, partitions, skipped)
        yield from recorded if brings_ticks else with_ticks(believed(recorded), partitions)

    return Recording(entries, f"events of {path}, with {'their own ticks' if brings_ticks else 'ticks every minute'}")


@contextmanager
def readable() -> Iterator[None]:
    """Ends a command with one line where a recording can't be read."""
    try:
        yield
    except (physionet2012.UnreadableSource, events_jsonl.UnreadableEventsError, ClockRunsAwayError) as error:
        raise CommandFailed(f"{error}.") from error
