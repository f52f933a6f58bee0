"""The engines that are compared: how each is started, and how to read what it wrote."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.reference.job import Assessed


@dataclass(frozen=True)
class Bout:
    """One engine at work on one feed of its own; `python` is the interpreter that has the peers."""

    python: str
    broker: str
    prefix: str
    source: str
    sink: str
    folder: Path


class _Points(Struct, frozen=True):
    known_points: int


class _Anomaly(Struct, frozen=True):
    score: float


class _Assessment(Struct, frozen=True):
    """What counts of an assessment as Vigil's engine writes it."""

    patient_id: str
    at: datetime
    news2: _Points
    anomaly: _Anomaly
    risk: float


read_flat = msgspec.json.Decoder(Assessed).decode
_nested = msgspec.json.Decoder(_Assessment).decode


def _of_vigil(value: bytes) -> Assessed:
    told = _nested(value)
    return Assessed(told.patient_id, told.at.timestamp(), told.news2.known_points, told.anomaly.score, told.risk)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One engine; `share` is how much of the panels it gets, so that a slow one takes no longer than a fast one."""

    name: str
    command: Callable[[Bout], list[str]]
    share: float = 1.0
    read: Callable[[bytes], Assessed] = read_flat


def _vigil(bout: Bout) -> list[str]:
    return [sys.executable, "-m", "benchmarks.reference.worker", bout.broker, bout.prefix]


def _peer(module: str) -> Callable[[Bout], list[str]]:
    def command(bout: Bout) -> list[str]:
        program = [bout.python, "-m", f"benchmarks.peers.{module}"]
        return [*program, bout.broker, bout.source, bout.sink, str(bout.folder)]

    return command


ENGINES = (
    Engine(name="vigil", command=_vigil, read=_of_vigil),
    Engine(name="bytewax", command=_peer("bytewax_job")),
    Engine(name="quix", command=_peer("quix_job"), share=0.25),
    Engine(name="faust", command=_peer("faust_job"), share=0.1),
)
