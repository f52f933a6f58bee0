"""What can be played: each source of recordings by its name, and how it is opened."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import producers.replay
from producers.entry import Entry
from producers.replay import events_jsonl, fitbit, physionet2012, stress_predict
from producers.replay.clock import believed
from producers.replay.unreadable import UnreadableRecordingError
from producers.ticks import ClockRunsAwayError, with_ticks
from vigil.errors import CommandFailed

SAMPLE = Path(producers.replay.__file__).with_name("sample") / "set-a-sample.tar.gz"

Entries = Callable[[int, Counter[str]], Iterator[Entry]]


@dataclass(frozen=True)
class Recording:
    """Something to play: its records and ticks for a number of partitions, and what a person should know of it."""

    entries: Entries
    remark: str
    unreadable: tuple[str, ...] = ()
    """The files of it that can't be played."""


@dataclass(frozen=True)
class Request:
    """What a person asked for: which source, where it lies, where its outcomes lie, how many of its patients."""

    source: str
    paths: tuple[Path, ...]
    outcomes: Path | None
    limit: int | None

    def only_path(self, what: str) -> Path:
        """The one path of a source that has one."""
        if len(self.paths) != 1:
            raise CommandFailed(f"Which {self.source}? Give one path, of {what}.")
        return self.paths[0]

    def refuse(self, *options: str) -> None:
        """Ends the command where an option was given that this source has no use for."""
        given = [option for option in options if getattr(self, option) is not None]
        if given:
            raise CommandFailed(f"--{given[0]} is not for {self.source}: leave it out.")


def open_recording(
    source: str, paths: tuple[Path, ...] = (), outcomes: Path | None = None, limit: int | None = None
) -> Recording:
    """Finds a recording; reading it happens when it is played, but what can be seen to be wrong is an error now."""
    if not paths and source.endswith(".jsonl"):
        source, paths = "events", (Path(source),)
    if source not in SOURCES:
        raise CommandFailed(f"There is no source {source}: give one of {', '.join(SOURCES)}, or an events.jsonl.")
    with readable():
        return SOURCES[source](Request(source, paths, outcomes, limit))


def _physionet2012(request: Request) -> Recording:
    path = request.only_path("the challenge's tar.gz or a folder of its files") if request.paths else SAMPLE
    source = physionet2012.read_source(path, request.outcomes)

    def entries(partitions: int, skipped: Counter[str]) -> Iterator[Entry]:
        yield from with_ticks(physionet2012.recordings(source, skipped, request.limit), partitions)

    tables = ", ".join(str(table) for table in source.outcomes)
    stays = _count(len(source.stays), request.limit)
    remark = f"{stays} stays of {path}, outcomes: {tables or 'none found, so nobody is discharged'}"
    return Recording(entries, remark, tuple(source.unreadable))


def _stress_predict(request: Request) -> Recording:
    request.refuse("outcomes")
    table = stress_predict.read_table(request.only_path("participants-02-15.csv.gz"))

    def entries(partitions: int, skipped: Counter[str]) -> Iterator[Entry]:
        yield from with_ticks(stress_predict.recordings(table, skipped, request.limit), partitions)

    return Recording(entries, f"people of {table.path}, each at the time of the recording")


def _fitbit(request: Request) -> Recording:
    if not request.paths:
        raise CommandFailed("Which people? Give a folder of Fitbit's tables, or the tables themselves.")
    known: Counter[str] = Counter()
    source = fitbit.read_source(request.paths, request.outcomes, known)

    def entries(partitions: int, skipped: Counter[str]) -> Iterator[Entry]:
        skipped.update(known)
        yield from with_ticks(fitbit.recordings(source, skipped, request.limit), partitions)

    people = _count(len(source.people), request.limit)
    return Recording(entries, f"people at home: {people}, onsets of symptoms: {source.onsets or 'none found'}")


def _events(request: Request) -> Recording:
    request.refuse("outcomes", "limit")
    path = request.only_path("an events.jsonl")
    brings_ticks = events_jsonl.has_ticks(path)

    def entries(partitions: int, skipped: Counter[str]) -> Iterator[Entry]:
        recorded = events_jsonl.recordings(path, partitions, skipped)
        yield from recorded if brings_ticks else with_ticks(believed(recorded), partitions)

    return Recording(entries, f"events of {path}, with {'their own ticks' if brings_ticks else 'ticks every minute'}")


def _count(found: int, limit: int | None) -> str:
    return f"{found if limit is None else min(limit, found):,}"


SOURCES: Mapping[str, Callable[[Request], Recording]] = {
    "physionet2012": _physionet2012,
    "stress-predict": _stress_predict,
    "fitbit": _fitbit,
    "events": _events,
    "sample": _physionet2012,
}
"""Every source by the name that `vigil replay` knows it by; a new one has a reader in `producers.replay`."""


@contextmanager
def readable() -> Iterator[None]:
    """Ends a command with one line where a recording can't be read."""
    try:
        yield
    except (UnreadableRecordingError, ClockRunsAwayError) as error:
        raise CommandFailed(f"{error}.") from error
