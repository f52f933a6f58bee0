"""What each detector costs: processor time for each panel in the fold of a made-up ward, and bytes in a checkpoint."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks.full.feed import ward
from models.detectors import (
    anomaly,
    baseline,
    drift,
    early_warning,
    flat_line,
    half_space_trees,
    limits,
    rhythm,
    silence,
    spike,
    trend,
    zero,
)
from models.lookout import KEY, Lookout, Watched
from models.partition import PartitionFold

_MEASURED: tuple[tuple[str, Any, str], ...] = (
    ("anomaly", anomaly, "deviation"),
    ("anomaly", anomaly, "look"),
    ("baseline", baseline.Baseline, "learning"),
    ("early_warning", early_warning, "look"),
    ("limits", limits, "look"),
    ("silence", silence, "look"),
    ("zero", zero, "look"),
    ("flat_line", flat_line, "look"),
    ("spike", spike, "look"),
    ("drift", drift, "look"),
    ("drift", drift, "tell"),
    ("drift", drift, "end"),
    ("trend", trend, "look"),
    ("rhythm", rhythm, "usual_at"),
    ("rhythm", rhythm, "is_due"),
    ("rhythm", rhythm, "learning"),
    ("rhythm", rhythm, "is_at_rest"),
    ("half_space_trees", half_space_trees, "features_of"),
    ("half_space_trees", half_space_trees.PooledTrees, "score"),
    ("half_space_trees", half_space_trees.PooledTrees, "learn"),
    ("half_space_trees", half_space_trees.PooledTrees, "drivers"),
)
_TOGETHER = "all that look once a minute"
_LOOKOUT: tuple[tuple[str, Any, str], ...] = ((_TOGETHER, Lookout, "is_due"), (_TOGETHER, Lookout, "look"))
_FIELDS = {
    "flat_line": ("runs",),
    "spike": ("spikes",),
    "drift": ("drifts",),
    "trend": ("trends",),
    "rhythm": ("rhythms",),
    "half_space_trees": ("scored", "rare"),
}
_WATCHED = KEY + b"patient/"
_CALLS = 100_000
_MEASURED_SHARE = 0.6


class Cost(Struct, frozen=True, kw_only=True):
    """Microseconds a panel; bytes of a checkpoint for a patient, and for a partition where patients share something.

    Bytes are null for what is kept in the patient's picture with all else.
    """

    microseconds: float
    bytes_per_patient: float | None = None
    bytes_per_partition: int | None = None


def costs(panels: int, patients: int) -> dict[str, Cost]:
    """The cost of each detector by its file, and of those together that look once a minute."""
    log = [entry.value for entry in ward(panels, patients, 1)]
    spent, fold = _spent(log, _MEASURED)
    spent |= _spent(log, _LOOKOUT)[0]  # By itself, or it would pay for the clocks of those inside.
    sizes, shared = _bytes(fold)
    return {
        name: Cost(
            microseconds=round(spent[name] / panels / _MEASURED_SHARE, 2),
            bytes_per_patient=sizes.get(name),
            bytes_per_partition=shared if name == "half_space_trees" else None,
        )
        for name in spent
    }


def _spent(log: list[bytes], measured: tuple[tuple[str, Any, str], ...]) -> tuple[dict[str, float], PartitionFold]:
    """Microseconds by detector in the later part of a log, when baselines know the patients and trees are built."""
    fold, warm = PartitionFold(0), round(len(log) * (1 - _MEASURED_SHARE))
    for offset, value in enumerate(log[:warm]):
        fold.advance(value, offset=offset)
    with _timed(measured) as spent:
        for offset, value in enumerate(log[warm:], warm):
            fold.advance(value, offset=offset)
    return spent, fold


@contextmanager
def _timed(measured: tuple[tuple[str, Any, str], ...]) -> Iterator[dict[str, float]]:
    """Lets functions count their processor time by detector, less what the clock itself takes."""
    spent = dict.fromkeys((name for name, _, _ in measured), 0.0)
    of_clock = _of_clock()
    plain = [(name, owner, function, getattr(owner, function)) for name, owner, function in measured]
    for name, owner, function, call in plain:
        setattr(owner, function, _counting(name, call, spent, of_clock))
    try:
        yield spent
    finally:
        for _, owner, function, call in plain:
            setattr(owner, function, call)


def _counting(name: str, measured: Callable[..., Any], spent: dict[str, float], of_clock: float) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        began = time.thread_time_ns()
        result = measured(*arguments, **named)
        spent[name] += (time.thread_time_ns() - began) / 1000 - of_clock
        return result

    return call


def _of_clock() -> float:
    """Microseconds that measuring nothing takes."""
    began = time.thread_time_ns()
    for _ in range(_CALLS):
        time.thread_time_ns()
    return (time.thread_time_ns() - began) / 1000 / _CALLS


def _bytes(fold: PartitionFold) -> tuple[dict[str, float], int]:
    """Mean bytes of each detector for a patient who is looked at, and those of the trees."""
    kept = dict(fold.entries())
    watched = [value for key, value in kept.items() if key.startswith(_WATCHED)]
    states = [msgspec.msgpack.decode(value[1:], type=Watched) for value in watched]
    sizes = {
        name: sum(len(msgspec.msgpack.encode(getattr(state, each))) for state in states for each in fields)
        / max(1, len(states))
        for name, fields in _FIELDS.items()
    }
    sizes["all that look once a minute"] = sum(map(len, watched)) / max(1, len(watched))
    return {name: round(size, 1) for name, size in sizes.items()}, len(kept.get(KEY + b"trees", b""))
