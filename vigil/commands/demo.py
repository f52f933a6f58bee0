"""Watch Vigil at work: a simulated ward through a real Kafka, live or scripted, or recorded stays."""

import io
import sys
import time
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime

import click
import msgspec
from rich.console import Console

from streams.settings import WorkerSettings
from vigil.broker.ports import NoPortFree, free_from
from vigil.demo.keyboard import Keyboard
from vigil.demo.remarks import Remarks
from vigil.demo.report import Report
from vigil.demo.scenarios import Scenarios
from vigil.demo.session import Session
from vigil.demo.source import Source, live_ward, recorded, scripted_shift
from vigil.demo.summary import summary
from vigil.demo.views import BarView, LiveView, NoView, PlainView, View
from vigil.demo.ward_page import WardPage
from vigil.errors import CommandFailed
from vigil.options import FiniteRange, broker_option, json_option
from vigil.run import Run, running

_SPEED, _RECORDED_SPEED = 60, 900
_SEED = 1
_STOPPED = 130
_FIRST_PORT: int = WorkerSettings.model_fields["metrics_port"].default


@click.command()
@click.option("--recorded", "is_recorded", is_flag=True, help="Twenty real, de-identified stays, 51 hours long.")
@click.option("--scripted", "is_scripted", is_flag=True, help="Each scenario in one shift; fails unless all hold.")
@click.option(
    "--speed",
    type=click.IntRange(1, 1_000_000),
    help=f"How many times real time; 1 is real time.  [default: {_SPEED}; {_RECORDED_SPEED} with --recorded]",
)
@click.option("--duration", type=FiniteRange(min=1), metavar="SECONDS", help="End after so many seconds of playing.")
@click.option("--seed", type=int, help=f"The same seed gives the same patients.  [default: {_SEED}]")
@click.option(
    "--workers", type=click.IntRange(1, 8), default=2, show_default=True, help="Processes that share the work."
)
@broker_option
@json_option
@click.pass_context
def command(
    context: click.Context,
    is_recorded: bool,
    is_scripted: bool,
    speed: int | None,
    duration: float | None,
    seed: int | None,
    workers: int,
    broker: str | None,
    as_json: bool,
) -> None:
    """Watch Vigil at work: a simulated ward of sixteen, through a real Kafka and workers, an hour a minute.

    Three patients fall ill soon. The ward page, at the address that is told, shows them in a browser: there another one
    can be let fall ill, and alerts be answered; in a terminal the keys s and a do so. It goes on until Ctrl-C or
    --duration and ends with a summary. A learner runs too: its model, once there is one, foretells in the shadow.
    Everything is started for it and forgotten afterwards; with --broker its topics stay. Without a terminal it prints
    lines.

    --scripted lets every scenario befall somebody in a shift of seven hours, as fast as it goes, reads back what stands
    on the topics and tells what was promised and what came. --recorded plays real stays, in some four minutes.

    Exit status 0 says that every record that was published was processed, each reading with exactly one output; so it
    is after Ctrl-C too; with --scripted also that every promise was held. Ctrl-C during the start, or a second one,
    ends at once with 130.

    \b
    Examples:
        vigil demo --speed 30
        vigil demo --scripted --json
    """
    began_at = time.monotonic()
    _insist_on_one_way(context, is_recorded=is_recorded, is_scripted=is_scripted)
    source = _source(speed, _SEED if seed is None else seed, is_recorded=is_recorded, is_scripted=is_scripted)
    is_watched = not is_scripted and not as_json
    view = _view(source, workers, is_scripted=is_scripted, as_json=as_json)
    port = _metrics_port(workers) if is_watched else 0
    keyboard = Keyboard(is_wanted=isinstance(view, LiveView) and source.ward is not None)
    with (
        Remarks() as remarks,
        view.opened(),
        _run(source, broker, workers, port, learner=not is_scripted) as run,
        keyboard,
        ExitStack() as stack,
    ):
        view.stepped()
        scenarios = None if source.ward is None else Scenarios(source.ward)
        page = stack.enter_context(WardPage(run, scenarios)) if is_watched else None
        session = Session(
            run,
            source,
            view=view,
            keyboard=keyboard,
            began_at=began_at,
            metrics=", ".join([f"http://127.0.0.1:{port}/metrics", *(f":{port + n}" for n in range(1, workers))]),
            remarks=remarks,
            page=page,
        )
        report = session.play(duration)
    click.echo(msgspec.json.encode(report).decode() if as_json else summary(report, source.closing))
    _insist(context, report, is_scripted=is_scripted)


def _insist_on_one_way(context: click.Context, *, is_recorded: bool, is_scripted: bool) -> None:
    """Refuses options that can't both mean something."""
    if is_recorded and is_scripted:
        raise click.UsageError("--recorded and --scripted are two demos: give one of them.")
    meaningless = [("scripted", name) for name in ("speed", "duration") if is_scripted]
    meaningless += [("recorded", "seed")] if is_recorded else []
    for option, name in meaningless:
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} means nothing with --{option}: leave it out.")


def _source(speed: int | None, seed: int, *, is_recorded: bool, is_scripted: bool) -> Source:
    if is_recorded:
        return recorded(speed or _RECORDED_SPEED)
    if is_scripted:
        return scripted_shift(seed)
    return live_ward(speed or _SPEED, seed, datetime.now(UTC))


def _run(source: Source, broker: str | None, workers: int, port: int, *, learner: bool) -> AbstractContextManager[Run]:
    prefix = f"{source.prefix}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    return running(prefix, broker=broker, folder=None, workers=workers, fresh=False, metrics_port=port, learner=learner)


def _view(source: Source, workers: int, *, is_scripted: bool, as_json: bool) -> View:
    if is_scripted:
        return BarView(None if as_json else click.echo, source.title, source.credit)
    if as_json:
        return NoView()
    told = f"Kafka, its topics, {workers} supervised worker{'s' if workers > 1 else ''} and a learner"
    steps = (told, "the first assessment")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # A degree sign must not end the demo where it can't be shown.
    console = Console()
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveView(console, source.title, source.credit, steps)
    return PlainView(click.echo, source.title, source.credit, steps)


def _insist(context: click.Context, report: Report, *, is_scripted: bool) -> None:
    """Ends the command where something did not happen that should have."""
    if report.failure is not None:
        raise CommandFailed(report.failure)
    if is_scripted and report.ended == "stopped":
        context.exit(_STOPPED)
    if is_scripted and report.unkept is not None:
        raise CommandFailed(report.unkept)


def _metrics_port(workers: int) -> int:
    """The first of as many consecutive free ports as there are workers, from the usual one on."""
    try:
        return free_from(_FIRST_PORT, workers)
    except NoPortFree as error:
        raise CommandFailed(f"No port for metrics: {error}; stop what holds them.") from error
