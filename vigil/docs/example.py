"""The example that the pages share: what goes in is written down, what comes out is folded from it."""

from pathlib import Path

from models import codec
from models.events import (
    Alert,
    AnswerResult,
    Assessment,
    DeadLetter,
    Example,
    Output,
    Recommendation,
    StayEnded,
    StayExample,
)
from models.partition import PartitionFold
from models.partitioning import partition_of
from streams.topics import PARTITIONS, topic_name

_PATIENT = "p1"


def lines(root: Path) -> list[bytes]:
    """The records that go in, as on the topic."""
    return (root / "docs/example.jsonl").read_bytes().splitlines()


def outputs(root: Path) -> list[Output]:
    """What comes out of them."""
    partition, topic = partition_of(_PATIENT, PARTITIONS), topic_name("live", "patient-events")
    fold = PartitionFold(partition, partitions=PARTITIONS, topic=topic)
    return [output for offset, line in enumerate(lines(root)) for output in fold.advance(line, offset=offset)]


def first_of(root: Path, name: str) -> bytes:
    """The first record of a type that shows it well."""
    for line in lines(root):
        if line.startswith(f'{{"type": "{name}"'.encode()):
            return line
    return next(codec.encode(output) for output in outputs(root) if type(output).__name__ == name and _shows(output))


def _shows(output: Output) -> bool:
    if isinstance(output, Assessment):
        return bool(output.refused)
    if isinstance(output, Alert):
        return output.notify
    if isinstance(output, Recommendation):
        return output.priority == "high"
    return isinstance(output, AnswerResult | DeadLetter | Example | StayExample | StayEnded)
