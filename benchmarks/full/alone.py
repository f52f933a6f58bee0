"""The fold alone, without Kafka: what a patient takes in memory, what a tick costs, and where the time goes.

python -m benchmarks.full.alone PANELS PATIENTS measures in a process of its own, so that only the fold's memory counts.
"""

import cProfile
import gc
import io
import pstats
import sys
import time
from datetime import timedelta

import msgspec
import psutil
from msgspec import Struct

from benchmarks.full.feed import BEGINS_AT, ward
from benchmarks.panels import EVERY_SECONDS
from models import codec
from models.events import Tick
from models.partition import PartitionFold
from streams.garbage import collect_seldom
from streams.outgoing import outgoing

_TICKS = 1000
_UNTIL_NOTHING_IS_DUE = timedelta(days=30)
_LINES = 60


class Alone(Struct, frozen=True, kw_only=True):
    """What the fold of all patients in one partition costs; a tick is one at which nothing is due."""

    memory_bytes_per_patient: float
    idle_tick_microseconds: float
    panels_per_second: float


def measure(panels: int, patients: int) -> Alone:
    """Folds a ward, lets it fall silent until nothing more is due, and then only tells the time."""
    log = [entry.value for entry in ward(panels, patients, 1)]
    fold = PartitionFold(0)
    collect_seldom()
    before, began = _resident(), time.perf_counter()
    _fold(fold, log)
    seconds = time.perf_counter() - began
    grown = _resident() - before
    first, *ticks = idle_ticks(panels, patients)
    fold.advance(first, offset=0)
    began = time.perf_counter()
    for tick in ticks:
        fold.advance(tick, offset=0)
    tick_seconds = (time.perf_counter() - began) / len(ticks)
    return Alone(
        memory_bytes_per_patient=round(grown / min(panels, patients)),
        idle_tick_microseconds=round(tick_seconds * 1e6, 2),
        panels_per_second=round(panels / seconds, 1),
    )


def idle_ticks(panels: int, patients: int) -> list[bytes]:
    """One tick so long after a ward fell silent that it does all that was due, and a thousand more with nothing due."""
    quiet_at = BEGINS_AT + timedelta(seconds=panels // patients * EVERY_SECONDS) + _UNTIL_NOTHING_IS_DUE
    return [codec.encode(Tick(at=quiet_at + timedelta(seconds=number))) for number in range(_TICKS + 1)]


def profile(panels: int, patients: int) -> str:
    """Where the time goes when the fold takes in a ward and its outputs and checkpoint are encoded."""
    log = [entry.value for entry in ward(panels, patients, 1)]
    fold, found = PartitionFold(0), cProfile.Profile()
    collect_seldom()
    found.runcall(_fold, fold, log)
    found.runcall(fold.changed)
    told = io.StringIO()
    pstats.Stats(found, stream=told).strip_dirs().sort_stats("tottime").print_stats(_LINES)
    return told.getvalue()


def _fold(fold: PartitionFold, log: list[bytes]) -> None:
    for offset, value in enumerate(log):
        for output in fold.advance(value, offset=offset):
            outgoing(output)


def _resident() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(measure(*map(int, sys.argv[1:]))))
