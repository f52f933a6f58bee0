"""The records that policies are tried on: a file of events, a recording, or what a live log holds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from models.partitioning import partition_of
from producers.replay.exported import Placed, read_line
from producers.replay.sketch import sketch
from vigil.errors import CommandFailed
from vigil.log_reader import read_topics
from vigil.placement import Placement
from vigil.recording import Recording, readable

_MILLISECONDS = 1000


def of_file(file: Path, partitions: int) -> Iterator[Placed]:
    """The lines of an events.jsonl or of an exported log, in its order; raises PartitionsError and CommandFailed."""
    placement = Placement(partitions)
    try:
        with file.open("rb") as lines:
            for line in lines:
                record = line.rstrip(b"\r\n")
                if not record:
                    continue
                placed = read_line(record)
                if placed is not None:
                    yield placement.keep(placed)
                else:
                    yield from placement.places(record, sketch(record))
    except OSError as error:
        raise CommandFailed(f"{file} can't be read ({error.strerror}): give an events.jsonl.") from error


def of_recording(recording: Recording, partitions: int) -> Iterator[Placed]:
    """The records of a recording with its ticks, each where its patient's key puts it."""
    placement = Placement(partitions)
    with readable():
        for entry in recording.entries(partitions, Counter[str]()):
            partition = entry.partition
            if partition is None:
                partition = partition_of((entry.key or b"").decode(), partitions) if entry.key else 0
            yield placement.next_at(partition, entry.key, entry.value)


def of_topic(
    log: str, client: Mapping[str, Any], partitions: int, since: datetime | None, until: datetime | None
) -> Iterator[Placed]:
    """What a log holds now, or what the broker took into it from a time on and before another.

    One partition after the other; of what is written meanwhile nothing.
    """
    placement = Placement(partitions)
    first, end = _milliseconds(since), _milliseconds(until)
    for records in read_topics(client, [log], in_order=True, partitions=range(partitions)):
        for record in records:
            if (first is None or record.timestamp >= first) and (end is None or record.timestamp < end):
                yield placement.keep(Placed(record.partition, record.offset, record.key, record.value or b""))


def _milliseconds(at: datetime | None) -> int | None:
    return None if at is None else round(at.timestamp() * _MILLISECONDS)


def counted(records: Iterable[Placed], tell: Any, every: int = 1000) -> Iterator[Placed]:
    """The records, telling every so often how many they were."""
    for number, record in enumerate(records, start=1):
        yield record
        if number % every == 0:
            tell(number)
