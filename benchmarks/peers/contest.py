"""Every engine on one Kafka in one run, alternating, the median of some rounds."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.machine import Machine
from benchmarks.peers.bout import run_bout
from benchmarks.peers.engines import Engine, read_flat
from benchmarks.peers.feed import values
from benchmarks.peers.verdict import Expected, Verdict
from benchmarks.places import ROOT
from streams.settings import Connection

LIMIT = "limit"
OURS = "vigil"

Tell = Callable[[str], None]


class Result(Struct, frozen=True, kw_only=True):
    """What one engine did: the rate of the median round and of each, and what was wrong in all of them.

    The rate by processor time, of all threads together, hardly changes where others share the machine.
    """

    panels: int
    panels_per_second: float
    panels_per_cpu_second: float | None
    rounds: list[float]
    missing: int
    doubled: int
    different: int

    @property
    def is_right(self) -> bool:
        """Whether all outputs were there, once, and equal."""
        return not (self.missing or self.doubled or self.different)


class Standing(Struct, frozen=True, kw_only=True):
    """The whole contest; `ratio` is ours to theirs by the clock, `ratio_by_cpu` by processor time."""

    machine: Machine
    patients: int
    engines: dict[str, Result]
    ratio: dict[str, float]
    ratio_by_cpu: dict[str, float]


class Contest:
    """Engines against each other on a Kafka that is running; `python` is the interpreter that has the peers."""

    def __init__(self, connection: Connection, python: str, folder: Path, *, panels: int, patients: int) -> None:
        self._connection = connection
        self._python = python
        self._folder = folder
        self._patients = patients
        self._panels = list(values(panels, patients))
        self._expected = Expected(self._panels)
        self._counts: dict[str, int] = {}
        self._rates: dict[str, list[float]] = {}
        self._by_cpu: dict[str, list[float | None]] = {}
        self._verdicts: dict[str, list[Verdict]] = {}

    def hold(self, rounds: int, engines: Sequence[Engine], tell: Tell) -> Standing:
        """Lets each engine and the bare loop run once a round, in another order each time."""
        machine = Machine.now()
        for number in range(rounds):
            turn = number % len(engines)
            for engine in (*engines[turn:], *engines[:turn]):
                tell(f"round {number + 1} of {rounds}: {engine.name}")
                self._run(engine, number)
            tell(f"round {number + 1} of {rounds}: {LIMIT}")
            self._run_limit()
        results = {name: self._result(name) for name in self._counts}
        return Standing(
            machine=machine,
            patients=self._patients,
            engines=results,
            ratio=_ratio({name: each.panels_per_second for name, each in results.items()}),
            ratio_by_cpu=_ratio({name: each.panels_per_cpu_second for name, each in results.items()}),
        )

    def _run(self, engine: Engine, number: int) -> None:
        count = max(1, round(len(self._panels) * engine.share))
        outcome = run_bout(
            engine,
            self._panels[:count],
            connection=self._connection,
            python=self._python,
            prefix=f"replay-{engine.name}-{number + 1}",
            folder=self._folder,
        )
        self._by_cpu.setdefault(engine.name, []).append(outcome.panels_per_cpu_second)
        self._note(engine.name, count, outcome.panels_per_second, self._expected.judge(count, outcome.told))

    def _run_limit(self) -> None:
        count = len(self._panels)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            outputs = Path(folder) / "outputs"
            program = [sys.executable, "-m", "benchmarks.peers.limit_job"]
            arguments = [str(count), str(self._patients), str(outputs)]
            done = subprocess.run([*program, *arguments], cwd=ROOT, capture_output=True, check=True)
            told = [read_flat(line) for line in outputs.read_bytes().splitlines()]
        took = json.loads(done.stdout)
        self._by_cpu.setdefault(LIMIT, []).append(count / took["cpu_seconds"])
        self._note(LIMIT, count, count / took["seconds"], self._expected.judge(count, told))

    def _note(self, name: str, count: int, rate: float, verdict: Verdict) -> None:
        self._counts[name] = count
        self._rates.setdefault(name, []).append(rate)
        self._verdicts.setdefault(name, []).append(verdict)

    def _result(self, name: str) -> Result:
        rates, verdicts = self._rates[name], self._verdicts[name]
        by_cpu = [rate for rate in self._by_cpu[name] if rate is not None]
        return Result(
            panels=self._counts[name],
            panels_per_second=round(statistics.median(rates), 1),
            panels_per_cpu_second=round(statistics.median(by_cpu), 1) if by_cpu else None,
            rounds=[round(rate, 1) for rate in rates],
            missing=sum(verdict.missing for verdict in verdicts),
            doubled=sum(verdict.doubled for verdict in verdicts),
            different=sum(verdict.different for verdict in verdicts),
        )


def _ratio(rates: Mapping[str, float | None]) -> dict[str, float]:
    """Ours to theirs, where both are known."""
    ours = rates[OURS]
    return {name: round(ours / rate, 2) for name, rate in rates.items() if name != OURS and ours and rate}
