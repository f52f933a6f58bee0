"""Fold a recorded log again without Kafka: the bytes that the workers gave, or what other policies would have done."""

import time
from contextlib import ExitStack, nullcontext
from datetime import datetime
from pathlib import Path
from typing import get_args

import click
import msgspec
import rich.progress
from rich.console import Console

from models.events import Origin
from vigil.backtesting import Backtest, BacktestReport
from vigil.errors import CommandFailed
from vigil.options import broker_option, json_option, known_prefix
from vigil.placement import PartitionsError
from vigil.recording import SOURCES
from vigil.when import Moment
from vigil.whole_file import whole_file

_MOST_POLICIES = 2


@click.command()
@click.argument("events", type=click.Path(path_type=Path), required=False)
@click.option("--outputs", type=click.Path(dir_okay=False, path_type=Path), help="Write every output here, one a line.")
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="Write the state at the end here, as JSON."
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Try this policy (TOML); give it twice to hold two against each other.",
)
@click.option(
    "--report",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Of --policy: write a page (HTML) with a timeline for each patient here.",
)
@click.option(
    "--source", type=click.Choice([*SOURCES]), default="events", show_default=True, help="Of --policy: what EVENTS is."
)
@click.option("--outcomes", type=click.Path(path_type=Path), help="Of a --source: default: beside the recording.")
@click.option("--limit", type=click.IntRange(min=1), help="Of a --source: only the first so many patients.")
@click.option("--prefix", callback=known_prefix, help="Of --policy: try it on the log of these topics, not on EVENTS.")
@click.option("--from", "since", metavar="TIME", type=Moment(), help="Of --prefix: what the broker got from then on.")
@click.option("--to", "until", metavar="TIME", type=Moment(), help="Of --prefix: what the broker got before then.")
@broker_option
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
@click.pass_context
def command(
    context: click.Context,
    events: Path | None,
    outputs: Path | None,
    state: Path | None,
    policies: tuple[Path, ...],
    page: Path | None,
    source: str,
    outcomes: Path | None,
    limit: int | None,
    prefix: str | None,
    since: datetime | None,
    until: datetime | None,
    broker: str | None,
    partitions: int,
    origin: Origin,
    as_json: bool,
) -> None:
    """Fold EVENTS (an events.jsonl, or what `vigil topics export` wrote) and tell what comes out.

    Lines that name their partition and offset keep them; others go by their patient, ticks and models to every
    partition. Outputs are sorted by partition, then by the order of the log, each as the bytes that stand on its topic.

    With --policy it tells what other policies would have done: fixed limits, the policy that the log itself tells, and
    one or two others side by side, with what alarms cost and what they were worth against deaths and NEWS2 of 7 or
    more; then what would have alarmed, what not, what earlier or later. Policies that the log tells change nothing for
    those that are tried. The same log and policies give the same bytes.

    \b
    Example:
        vigil backtest events.jsonl --outputs out.jsonl --state state.json
        vigil backtest events.jsonl --policy site.toml --report site.html
        vigil backtest set-a.tar.gz --source physionet2012 --policy a.toml --policy b.toml --json
        vigil backtest --prefix live --from 2026-11-01T00:00:00Z --policy site.toml
    """
    _insist_on_different_files(events, outputs, state, page, *dict.fromkeys(policies))
    if not policies:
        _fold_outputs(context, events, outputs, state, partitions, origin, as_json=as_json)
        return
    _insist_on_policies(context, events, policies, outputs or state)
    from vigil.policy_backtest.running import Wanted, backtest_policies
    from vigil.policy_backtest.summary import as_text

    wanted = Wanted(
        source=source,
        events=events,
        outcomes=outcomes,
        limit=limit,
        prefix=prefix,
        broker=broker,
        since=since,
        until=until,
        policies=policies,
        partitions=partitions,
        origin=origin,
    )
    with nullcontext() if page is None else whole_file(page) as out:
        found = backtest_policies(wanted)
        if out is not None:
            from vigil.policy_backtest.page import policy_page

            out.write(policy_page(found).encode())
    click.echo(msgspec.json.encode(found.report).decode() if as_json else as_text(found.report))


def _insist_on_policies(
    context: click.Context, events: Path | None, policies: tuple[Path, ...], written: Path | None
) -> None:
    """Refuses options that can't be meant together."""
    if len(policies) > _MOST_POLICIES:
        raise click.UsageError("Two policies at most can be held against each other: give --policy once or twice.")
    if written is not None:
        raise click.UsageError("--outputs and --state are of the recorded policy alone: leave out --policy.")
    if (context.params["prefix"] is not None) == (events is not None) and context.params["source"] != "sample":
        raise click.UsageError("Give either EVENTS or --prefix.")
    if context.params["prefix"] is None and (context.params["since"] or context.params["until"]):
        raise click.UsageError("--from and --to are of --prefix: give it.")


def _fold_outputs(
    context: click.Context,
    events: Path | None,
    outputs: Path | None,
    state: Path | None,
    partitions: int,
    origin: Origin,
    *,
    as_json: bool,
) -> None:
    """The backtest of what is in force, to the byte."""
    given = [
        f"--{parameter.opts[0].lstrip('-')}"
        for parameter in context.command.params
        if parameter.name in ("page", "source", "outcomes", "limit", "prefix", "since", "until", "broker")
        and context.get_parameter_source(parameter.name) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"{', '.join(given)} is for trying a policy: give --policy too.")
    if events is None:
        raise click.UsageError("Missing argument 'EVENTS'.")
    began = time.monotonic()
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
