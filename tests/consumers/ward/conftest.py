"""Real records for what the ward page keeps: a log, and what the fold makes of it."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from consumers.ward.views.ward import Row, Signal
from models import codec
from models.events import Event, Output
from models.partition import PartitionFold

_EXAMPLE = Path(__file__).parents[3] / "docs" / "example.jsonl"


def folded(events: Iterable[Event]) -> list[Output | Event]:
    """Records of the log, each followed by what a worker tells of it."""
    fold = PartitionFold(0, partitions=1)
    records: list[Output | Event] = []
    for offset, event in enumerate(events):
        records.append(event)
        records += fold.take(event, codec.encode(event), offset=offset)
    return records


@pytest.fixture
def fold() -> Callable[[Iterable[Event]], list[Output | Event]]:
    """Makes of a log all that a page hears."""
    return folded


@pytest.fixture
def example() -> list[Output | Event]:
    """All that a page hears of the example in the docs."""
    events = []
    for line in _EXAMPLE.read_bytes().splitlines():
        try:
            events.append(codec.decode(line))
        except codec.Undecodable:
            continue
    return folded(events)


@pytest.fixture
def row() -> Row:
    """The row of p1 in the ward view."""
    return Row(
        patient_id="p1",
        ward="A1",
        bed="7",
        origin="live",
        urgency=(0, 0, 0),
        score=None,
        parts={},
        signs=[],
        alerts=[],
        signal=Signal(state="none", heard_at=None, refused=[], devices=0),
        pause=None,
        recommendations=0,
        spo2_scale=None,
    )
