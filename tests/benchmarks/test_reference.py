"""The reference job gives the same assessments through Vigil's engine as in a bare loop, whatever interrupts it."""

from collections import defaultdict

import pytest

from benchmarks.peers.engines import ENGINES, read_flat
from benchmarks.peers.feed import values
from benchmarks.peers.limit_job import run
from benchmarks.reference.fold import ReferenceFold
from benchmarks.reference.job import Assessed
from models import codec
from models.checkpoints import BadCheckpoint
from models.events import DeadLetter

VIGIL = ENGINES[0]
PANELS = list(values(400, 20))


def told(fold: ReferenceFold, panels: list[bytes]) -> list[Assessed]:
    outputs = [output for value in panels for output in fold.advance(value, offset=0)]
    return [VIGIL.read(codec.encode(output)) for output in outputs]


def bare() -> list[Assessed]:
    return [read_flat(value) for value in run(PANELS)]


def test_the_fold_gives_what_the_bare_loop_gives() -> None:
    assert told(ReferenceFold(0), PANELS) == bare()


def test_a_fold_that_was_restored_goes_on_as_if_nothing_had_happened() -> None:
    first, second = ReferenceFold(0), ReferenceFold(0)
    told(first, PANELS[:250])

    for key, value in first.changed():
        second.restore(key, value)

    assert told(second, PANELS[250:]) == bare()[250:]
    assert second.census.monitored == {None: 20}
    assert first.changed() == []


def test_what_is_no_panel_becomes_a_dead_letter() -> None:
    [letter] = ReferenceFold(3).advance(b"garbage", offset=7, key=b"p1")

    assert isinstance(letter, DeadLetter)
    assert (letter.partition, letter.offset, letter.key, letter.value) == (3, 7, b"p1", b"garbage")


def test_a_checkpoint_of_something_else_is_refused() -> None:
    with pytest.raises(BadCheckpoint, match="p1"):
        ReferenceFold(0).restore(b"p1", b"garbage")


def test_the_patients_are_a_plausible_ward() -> None:
    points: defaultdict[str, int] = defaultdict(int)
    for assessed in bare():
        points[assessed.patient_id] += assessed.news2 >= 5

    assert [patient for patient, high in points.items() if high > 15] == ["p000000"]
    assert list(values(400, 20)) == PANELS
