"""When a checkpoint is due, and what marks it."""

import msgspec
import pytest

from streams.checkpoint import MARKER_KEY, Marker, Schedule, decode_marker, encode_checkpoint
from streams.settings import WorkerSettings

SETTINGS = WorkerSettings(checkpoint_seconds=5, checkpoint_records=100, checkpoint_bytes=1000)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("records", "size", "seconds", "is_due"),
    [(1, 10, 4.9, False), (1, 10, 5, True), (100, 10, 0, True), (1, 1000, 0, True), (0, 0, 3600, False)],
)
def test_it_is_due_by_age_records_or_bytes(records: int, size: int, seconds: float, is_due: bool) -> None:
    clock = Clock()
    schedule = Schedule(SETTINGS, clock)

    schedule.folded(records, size)
    clock.now = seconds

    assert schedule.is_due is is_due


def test_it_starts_again_when_one_is_written() -> None:
    clock = Clock()
    schedule = Schedule(SETTINGS, clock)
    schedule.folded(1000, 1000)

    schedule.written()

    assert not schedule.is_due
    assert not schedule.is_behind


def test_its_age_counts_only_while_something_is_not_covered() -> None:
    clock = Clock()
    schedule = Schedule(SETTINGS, clock)
    clock.now = 60

    assert schedule.age_seconds == 0
    schedule.folded(1, 1)
    assert schedule.age_seconds == 60


def test_the_marker_comes_last() -> None:
    records = encode_checkpoint([(b"a", b"1")], Marker(partition=3, offset=17))

    assert [(record.topic, record.key) for record in records] == [("checkpoints", b"a"), ("checkpoints", MARKER_KEY)]
    assert decode_marker(records[-1].value, 3) == Marker(partition=3, offset=17)
    assert msgspec.json.decode(records[-1].value) == {"v": 1, "partition": 3, "offset": 17}
