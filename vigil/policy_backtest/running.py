"""A backtest of policies from what a person asked for to what was found."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from models.events import Origin
from producers.replay.exported import Placed
from streams.garbage import collect_seldom
from streams.settings import Connection
from streams.topics import PARTITIONS, existing_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.placement import PartitionsError
from vigil.policy_backtest.folding import RECORDED, Candidate, SideBySide
from vigil.policy_backtest.report import Found, found_in
from vigil.policy_backtest.sources import counted, of_file, of_recording, of_topic
from vigil.policy_file import load_policy
from vigil.recording import open_recording
from vigil.telling import ProgressBar

EVENTS = "events"
MOST_PATIENTS = 200


class Wanted(Struct, frozen=True, kw_only=True):
    """What a person asked for: a source, or a prefix with a broker; the policies; how to read it."""

    source: str = EVENTS
    events: Path | None = None
    outcomes: Path | None = None
    limit: int | None = None
    prefix: str | None = None
    broker: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    policies: Sequence[Path] = ()
    partitions: int = 8
    origin: Origin = "replay"
    most_patients: int = MOST_PATIENTS


def backtest_policies(wanted: Wanted) -> Found:
    """Folds the recorded policy and the ones that are tried over one log; raises CommandFailed."""
    candidates = [Candidate(RECORDED), *candidates_of(wanted.policies)]
    source, records = _opened(wanted)
    collect_seldom()
    folded = SideBySide(candidates, PARTITIONS if wanted.prefix else wanted.partitions, wanted.origin)
    with told_in_one_line(), ProgressBar() as progress:
        try:
            folded.fold(counted(records, progress.folding))
        except PartitionsError as error:
            raise CommandFailed(f"{source}: {error}") from error
    if not folded.happenings.spans:
        raise CommandFailed(f"{source} tells of no patient: give an events.jsonl, or a --source that reads it.")
    return found_in(folded, source, wanted.most_patients)


def candidates_of(policies: Sequence[Path]) -> list[Candidate]:
    """The policies of files, by the names of the files; two of one name are told apart by number."""
    names = [file.stem for file in policies]
    if len(set(names)) < len(names) or RECORDED in names:
        names = [f"{name} {letter}" for name, letter in zip(names, "AB", strict=False)]
    return [Candidate(name, load_policy(file)) for name, file in zip(names, policies, strict=True)]


def _opened(wanted: Wanted) -> tuple[str, Iterator[Placed]]:
    """What the source is called, without the folder that it lies in, and its records."""
    if wanted.prefix is not None:
        return _live(wanted.prefix, connect(wanted.broker), wanted)
    if wanted.source == EVENTS:
        file = wanted.events
        if file is None:
            raise CommandFailed("Which log? Give an events.jsonl, a --source with its file, or --prefix.")
        return file.name, of_file(file, wanted.partitions)
    paths = () if wanted.events is None else (wanted.events,)
    recording = open_recording(wanted.source, paths, wanted.outcomes, wanted.limit)
    name = wanted.source if wanted.events is None else f"{wanted.source} {wanted.events.name}"
    return name, of_recording(recording, wanted.partitions)


def _live(prefix: str, connection: Connection, wanted: Wanted) -> tuple[str, Iterator[Placed]]:
    log = topic_name(prefix, "patient-events")
    with told_in_one_line():
        if log not in existing_topics(connection.for_kafka_python(), prefix):
            raise CommandFailed(f"There is no topic {log}: see `vigil topics list`.")
    return log, of_topic(log, connection.for_aiokafka(), PARTITIONS, wanted.since, wanted.until)
