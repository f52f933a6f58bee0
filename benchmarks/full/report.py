"""Everything that is measured of the full job, in one report."""

import subprocess
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.full.alone import Alone
from benchmarks.full.drain import Drained, drain
from benchmarks.full.latency import Latency, pace
from benchmarks.machine import Machine
from benchmarks.places import ROOT
from streams.settings import Connection
from vigil.errors import CommandFailed
from vigil.replaying import Teller


class Sizes(Struct, frozen=True, kw_only=True):
    """How much is measured."""

    panels: int
    patients: int
    workers: int
    rate: int
    seconds: int


class Report(Struct, frozen=True, kw_only=True):
    """One run of the full job."""

    machine: Machine
    patients: int
    workers: int
    drained: Drained
    latency: Latency
    fold_alone: Alone

    @property
    def is_right(self) -> bool:
        """Whether each reading has exactly one assessment."""
        drained = self.drained
        return drained.missing == drained.doubled == drained.dead_letters == 0


def measure_full(connection: Connection, folder: Path, sizes: Sizes, tell: Teller) -> Report:
    """Drains a log, feeds another at a steady pace, and folds a third without Kafka."""
    machine = Machine.now()
    drained = drain(connection, folder, panels=sizes.panels, patients=sizes.patients, workers=sizes.workers, tell=tell)
    latency = pace(connection, folder, rate=sizes.rate, seconds=sizes.seconds, workers=sizes.workers, tell=tell)
    return Report(
        machine=machine,
        patients=sizes.patients,
        workers=sizes.workers,
        drained=drained,
        latency=latency,
        fold_alone=_alone(sizes),
    )


def _alone(sizes: Sizes) -> Alone:
    program = [sys.executable, "-m", "benchmarks.full.alone", str(sizes.panels), str(sizes.patients)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        raise CommandFailed(f"The fold alone failed: {(done.stderr.decode().splitlines() or ['no word'])[-1]}")
    return msgspec.json.decode(done.stdout, type=Alone)
