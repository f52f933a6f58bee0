"""Measure Vigil: the full job, and one reference job beside other engines."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console

from benchmarks.detectors.foresight import as_crossings, as_table, on_quiet_ward, on_recording, on_scenarios
from benchmarks.detectors.report import measure_detectors
from benchmarks.full.alone import profile
from benchmarks.full.report import Report, Sizes, measure_full
from benchmarks.peers.contest import Contest, Standing
from benchmarks.peers.engines import ENGINES
from benchmarks.peers.environment import FOLDER, install, peers_python
from benchmarks.ward.browser import chromium
from benchmarks.ward.feed import LONGEST_SECONDS, WARM_SECONDS
from benchmarks.ward.report import Sizes as WardSizes
from benchmarks.ward.report import measure_ward
from producers.replay.physionet2012 import UnreadableSource
from streams.settings import Connection
from vigil.broker import Broker
from vigil.connection import connect
from vigil.errors import CommandFailed
from vigil.options import json_option
from vigil.stopping import terminated_as_by_ctrl_c
from vigil.telling import ProgressBar
from vigil.whole_file import whole_file


@click.group()
def command() -> None:
    """Measure what Vigil costs and how fast it is, on a real Kafka that is started for the run.

    docs/benchmarks.md says what is measured and what was seen.

    \b
    Example:
        vigil bench full --json
    """


@command.command()
@click.option("--panels", type=click.IntRange(2), default=100_000, show_default=True, help="How many to drain.")
@click.option("--patients", type=click.IntRange(1), default=1_000, show_default=True, help="Who the panels are of.")
@click.option("--workers", type=click.IntRange(1, 8), default=1, show_default=True, help="Who shares the work.")
@click.option("--rate", type=click.IntRange(2), default=1_000, show_default=True, help="Panels a second, for latency.")
@click.option("--seconds", type=click.IntRange(1), default=20, show_default=True, help="How long, for latency.")
@click.option(
    "--profile",
    "profile_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write here where the time of the fold goes.",
)
@json_option
def full(
    panels: int,
    patients: int,
    workers: int,
    rate: int,
    seconds: int,
    profile_file: Path | None,
    as_json: bool,
) -> None:
    """Measure the full job, every guarantee on: speed, latency, memory, checkpoints, take-over, the cost of a tick.

    A panel is one reading of six measurements. Workers drain a log that was published before; then panels come at a
    steady rate, and the time until an alert can be read is taken; then the fold is measured alone, without Kafka.

    Exit status 0 says: each reading has exactly one assessment, and each alert that was due came.

    \b
    Example:
        vigil bench full --workers 2 --json
    """
    sizes = Sizes(panels=panels, patients=patients, workers=workers, rate=rate, seconds=seconds)
    with ExitStack() as stack:
        file = None if profile_file is None else stack.enter_context(whole_file(profile_file))
        connection, folder = stack.enter_context(_kafka())
        report = measure_full(connection, folder, sizes, stack.enter_context(ProgressBar()))
        if file is not None:
            file.write(profile(panels, patients).encode())
    click.echo(msgspec.json.encode(report).decode() if as_json else _account(report))
    if not report.is_right:
        raise CommandFailed("Some reading does not have exactly one assessment: see missing, doubled and dead letters.")


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
        standing = contest.hold(rounds, ENGINES, status.update)
    click.echo(msgspec.json.encode(standing).decode() if as_json else _comparison(standing))
    wrong = [name for name, result in standing.engines.items() if not result.is_right]
    if wrong:
        raise CommandFailed(f"The outputs of {', '.join(wrong)} are not what they should be: see missing and doubled.")


@command.command()
@click.option("--panels", type=click.IntRange(1000), default=60_000, show_default=True, help="For the cost.")
@click.option("--patients", type=click.IntRange(1), default=200, show_default=True, help="Who the panels are of.")
@click.option("--rounds", type=click.IntRange(1, 99), default=3, show_default=True, help="How often each scenario.")
@click.option("--quiet", type=click.IntRange(1), default=8, show_default=True, help="Simulated patients without one.")
@json_option
def detectors(panels: int, patients: int, rounds: int, quiet: int, as_json: bool) -> None:
    """Measure what each detector adds and what it costs, without Kafka.

    Simulated wards tell of which scenarios it speaks, and how often in a day where nothing happens; made-up panels tell
    the microseconds that a panel costs, and the bytes of a checkpoint that a patient costs.

    \b
    Example:
        vigil bench detectors --json
    """
    with Console(stderr=True).status("folding simulated wards and made-up panels"):
        report = measure_detectors(panels, patients, rounds, quiet)
    click.echo(msgspec.json.encode(report).decode() if as_json else report.told)


@command.command()
@click.option(
    "--data", type=click.Path(path_type=Path), help="Also judge on the 2012 challenge: its tar.gz, or a folder."
)
@click.option("--stays", type=click.IntRange(1), default=400, show_default=True, help="How many stays of it.")
@click.option("--cases", type=click.IntRange(1, 99), default=3, show_default=True, help="How often each scenario.")
@click.option("--quiet", type=click.IntRange(1), default=4, show_default=True, help="Simulated patients without one.")
@json_option
def forecasts(data: Path | None, stays: int, cases: int, quiet: int, as_json: bool) -> None:
    """Measure how often a limit that was foretold is crossed within the hour, against chance, without Kafka.

    Simulated illness tells which crossings were foretold and how long before; quiet patients and recordings tell how
    often a forecast comes true.

    \b
    Example:
        vigil bench forecasts --data set-a.tar.gz --json
    """
    try:
        with Console(stderr=True).status("folding recordings and simulated wards"):
            worth = {} if data is None else {"recorded stays": on_recording(data, stays)}
            worth |= {"quiet simulated patients": on_quiet_ward(quiet)}
            crossings = on_scenarios(cases)
    except UnreadableSource as error:
        raise CommandFailed(str(error)) from error
    if as_json:
        click.echo(msgspec.json.encode({"worth": worth, "crossings": crossings}).decode())
    else:
        click.echo(f"{as_table(worth)}\n\n{as_crossings(crossings)}")


@command.command()
@click.option("--patients", type=click.IntRange(1), default=200, show_default=True, help="Who send a panel a second.")
@click.option(
    "--seconds",
    type=click.IntRange(1, LONGEST_SECONDS - WARM_SECONDS),
    default=40,
    show_default=True,
    help="How long, until it is seen.",
)
@click.option(
    "--crowd", type=click.IntRange(1), default=1_000, show_default=True, help="Who are looked at, and had a past."
)
@click.option("--hours", type=click.IntRange(1, 24), default=6, show_default=True, help="Of a past to read back.")
@click.option(
    "--open-seconds", type=click.IntRange(1), default=90, show_default=True, help="How long a page is left open."
)
@json_option
def ward(patients: int, seconds: int, crowd: int, hours: int, open_seconds: int, as_json: bool) -> None:
    """Measure the ward page in a real Chromium: from a reading to the screen, a full ward, its past, a page left open.

    It takes Chromium, and playwright from requirements-dev.txt. A past of 24 hours of 1,000 patients takes some ten
    minutes to make and to read.

    Exit status 0 says: each reading of a row in view was shown, and a page whose line was cut missed no call.

    \b
    Example:
        vigil bench ward --json
    """
    chromium()
    with _kafka() as (connection, folder), Console(stderr=True).status("looking at the ward page"):
        sizes = WardSizes(patients=patients, crowd=crowd, seconds=seconds, hours=hours, open_seconds=open_seconds)
        report = measure_ward(connection, folder, sizes)
    click.echo(msgspec.json.encode(report).decode() if as_json else report.told)
    if not report.is_right:
        raise CommandFailed("Some reading was never shown, or some call missed: see unseen and missed.")


@contextmanager
def _kafka() -> Iterator[tuple[Connection, Path]]:
    """A broker whose data are forgotten at the end, and a folder that is as well."""
    with (
        terminated_as_by_ctrl_c(),
        tempfile.TemporaryDirectory(prefix="vigil-bench-") as folder,
        Broker(Path(folder) / "kafka") as broker,
    ):
        yield connect(broker.address), Path(folder)


def _comparison(standing: Standing) -> str:
    heads = (
        f"{'engine':<8} {'panels':>8} {'panels/s':>10} {'ours : theirs':>14} {'by CPU time':>12}  "
        "missing, doubled, different"
    )
    rows = [
        f"{name:<8} {result.panels:>8,} {result.panels_per_second:>10,.0f} {standing.ratio.get(name, 1):>14.2f} "
        f"{standing.ratio_by_cpu.get(name, 1):>12.2f}  {result.missing}, {result.doubled}, {result.different}"
        for name, result in standing.engines.items()
    ]
    return "\n".join([heads, *rows, standing.machine.told])


def _account(report: Report) -> str:
    drained, latency, alone = report.drained, report.latency, report.fold_alone
    is_short = drained.panels_per_cpu_second is None
    by_cpu = "" if is_short else f", {drained.panels_per_cpu_second:,.0f} a CPU second"
    doubt = "; of so few it means little" if is_short else ""
    lateness = f"p50 {latency.p50_ms:.0f} ms, p99 {latency.p99_ms:.0f} ms, longest {latency.max_ms:.0f} ms"
    memory, kept = alone.memory_bytes_per_patient / 1024, drained.checkpoint_bytes_per_patient / 1024
    rows = [
        ("drained", f"{drained.panels:,} panels of {report.patients:,} patients by {report.workers} worker(s)"),
        (
            "speed",
            f"{drained.panels_per_second:,.0f} panels/s, {drained.measurements_per_second:,.0f} measurements/s{doubt}",
        ),
        ("processor", f"{drained.cpu_seconds:.1f} s with the start{by_cpu}"),
        ("outputs", f"{drained.assessments:,} assessments, {drained.alerts:,} alert revisions"),
        ("missing, doubled", f"{drained.missing}, {drained.doubled}"),
        ("alert latency", f"{lateness}, {latency.alerts:,} alerts at {latency.panels_per_second:,.0f} panels/s"),
        ("take-over", f"{drained.take_over_seconds:.1f} s, of which {drained.restore_seconds:.1f} s to restore"),
        ("a patient", f"{memory:.1f} KiB of memory, {kept:.1f} KiB in a checkpoint"),
        ("an idle tick", f"{alone.idle_tick_microseconds:.1f} us for all patients"),
        ("the fold alone", f"{alone.panels_per_second:,.0f} panels/s"),
        ("machine", report.machine.told),
    ]
    return "\n".join(f"{what:<17} {told}" for what, told in rows)
