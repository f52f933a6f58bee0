"""Measure Vigil: the full job, and one reference job beside other engines."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console

from benchmarks.peers.contest import Contest, Report
from benchmarks.peers.engines import ENGINES
from benchmarks.peers.environment import FOLDER, install, peers_python
from streams.settings import Connection
from vigil.broker import Broker
from vigil.connection import connect
from vigil.errors import CommandFailed
from vigil.options import json_option
from vigil.stopping import terminated_as_by_ctrl_c


@click.group()
def command() -> None:
    """Measure what Vigil costs and how fast it is, on a real Kafka that is started for the run.

    \b
    Example:
        vigil bench peers --json
    """


@command.command()
@click.option("--panels", type=click.IntRange(10), default=150_000, show_default=True, help="For the fastest engines.")
@click.option("--patients", type=click.IntRange(1), default=1_000, show_default=True, help="Who the panels are of.")
@click.option("--rounds", type=click.IntRange(1, 99), default=3, show_default=True, help="The median one counts.")
@click.option(
    "--install", "is_installing", is_flag=True, help="Only install the peers, in an environment of their own."
)
@click.option(
    "--environment",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    help="Where the peers are installed; default: .venv-peers beside Vigil.",
)
@json_option
def peers(panels: int, patients: int, rounds: int, is_installing: bool, environment: Path, as_json: bool) -> None:
    """Run one reference job on Vigil's engine, Bytewax, Quix Streams, Faust and in a bare loop, and compare.

    For each patient: NEWS2, z-scores of six vital signs, a scaled logistic regression that learns; one panel of six
    measurements in, one assessment out. The outputs of every run are compared with those of the bare loop.

    Exit status 0 says: no assessment of any engine was missing, doubled or of another value.

    \b
    Example:
        vigil bench peers --install
        vigil bench peers --json
    """
    console = Console(stderr=True)
    if is_installing:
        with console.status("installing the peers"):
            install(environment)
        click.echo(f"Installed the peers in {environment}.")
        return
    python = peers_python(environment)
    with _kafka() as (connection, folder), console.status("making panels") as status:
        contest = Contest(connection, python, folder, panels=panels, patients=patients)
        report = contest.hold(rounds, ENGINES, status.update)
    click.echo(msgspec.json.encode(report).decode() if as_json else _comparison(report))
    wrong = [name for name, result in report.engines.items() if not result.is_right]
    if wrong:
        raise CommandFailed(f"The outputs of {', '.join(wrong)} are not what they should be: see missing and doubled.")


@contextmanager
def _kafka() -> Iterator[tuple[Connection, Path]]:
    """A broker whose data are forgotten at the end, and a folder that is as well."""
    with (
        terminated_as_by_ctrl_c(),
        tempfile.TemporaryDirectory(prefix="vigil-bench-") as folder,
        Broker(Path(folder) / "kafka") as broker,
    ):
        yield connect(broker.address), Path(folder)


def _comparison(report: Report) -> str:
    heads = f"{'engine':<8} {'panels':>8} {'panels/s':>10} {'ours : theirs':>14}  missing, doubled, different"
    rows = [
        f"{name:<8} {result.panels:>8,} {result.panels_per_second:>10,.0f} {report.ratio.get(name, 1):>14.2f}  "
        f"{result.missing}, {result.doubled}, {result.different}"
        for name, result in report.engines.items()
    ]
    return "\n".join([heads, *rows, report.machine.told])
