"""Fold a recorded log again without Kafka: the same bytes as the workers gave."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import click
import msgspec
import rich.progress
from rich.console import Console

from models.events import Origin
from vigil.backtesting import Backtest, BacktestReport, PartitionsError
from vigil.errors import CommandFailed
from vigil.options import json_option
from vigil.whole_file import whole_file


@click.command()
@click.argument("events", type=click.Path(path_type=Path))
@click.option("--outputs", type=click.Path(dir_okay=False, path_type=Path), help="Write every output here, one a line.")
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="Write the state at the end here, as JSON."
)
@click.option(
    "--partitions",
    type=click.IntRange(1, 1024),
    default=8,
    show_default=True,
    help="Among how many partitions records without one are shared out.",
)
@click.option(
    "--origin",
    type=click.Choice(get_args(Origin)),
    default="replay",
    show_default=True,
    help="Of records that name none; live for the log of a live deployment.",
)
@json_option
def command(
    events: Path, outputs: Path | None, state: Path | None, partitions: int, origin: Origin, as_json: bool
) -> None:
    """Fold EVENTS (an events.jsonl, or what `vigil topics export` wrote) and tell what comes out.

    Lines that name their partition and offset keep them; others go by their patient, ticks and models to every
    partition. Outputs are sorted by partition, then by the order of the log, each as the bytes that stand on its topic.

    \b
    Example:
        vigil backtest events.jsonl --outputs out.jsonl --state state.json
    """
    began = time.monotonic()
    _insist_on_different_files(events, outputs, state)
    with ExitStack() as spooled:
        backtest = Backtest(partitions, origin, spooled)
        _fold(backtest, events)
        if not backtest.found_records:
            click.echo(f"vigil: {events} holds no record that is known: is it an events.jsonl?", err=True)
        for file, write in ((outputs, backtest.write_outputs), (state, backtest.write_state)):
            if file is not None:
                with whole_file(file) as out:
                    write(out)
    report = _report(backtest, time.monotonic() - began)
    click.echo(msgspec.json.encode(report).decode() if as_json else _summary(report))


def _insist_on_different_files(*files: Path | None) -> None:
    """Ends the command before one file would take the place of another, such as the recording itself."""
    given = [file.resolve() for file in files if file is not None]
    for file in given:
        if given.count(file) > 1:
            raise CommandFailed(f"{file} is named twice: what is read and what is written must be different files.")


def _fold(backtest: Backtest, events: Path) -> None:
    console = Console(stderr=True)
    try:
        with rich.progress.open(
            events, "rb", console=console, transient=True, disable=not console.is_terminal, description="folded"
        ) as file:
            backtest.fold(file)
    except OSError as error:
        raise CommandFailed(f"{events} can't be read ({error.strerror}): give an events.jsonl.") from error
    except PartitionsError as error:
        raise CommandFailed(f"{events}: {error}") from error


def _report(backtest: Backtest, seconds: float) -> BacktestReport:
    counts = backtest.counts
    return BacktestReport(
        records=counts["records"],
        ticks=counts["ticks"],
        readings=counts["readings"],
        assessments=counts["assessments"],
        alerts=counts["alerts"],
        notified=counts["notified"],
        recommendations=counts["recommendations"],
        examples=counts["examples"],
        dead_letters=dict(sorted(backtest.dead_letters.items())),
        seconds=round(seconds, 3),
        panels_per_second=round(counts["readings"] / seconds, 1) if seconds else 0.0,
    )


def _summary(report: BacktestReport) -> str:
    dead = ", ".join(f"{reason} {count:,}" for reason, count in report.dead_letters.items()) or "none"
    return (
        f"folded           {report.records:,} records, {report.ticks:,} ticks in {report.seconds:.1f} s: "
        f"{report.panels_per_second:,.0f} readings/s\n"
        f"assessments      {report.assessments:,}\n"
        f"alerts           {report.alerts:,} revisions, {report.notified:,} notified\n"
        f"recommendations  {report.recommendations:,}\n"
        f"examples         {report.examples:,}\n"
        f"dead letters     {dead}"
    )
