"""Watch Vigil at work: twenty recorded stays played through a real Kafka."""

import io
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager

import click
import msgspec
from rich.console import Console

from producers.entry import Entry
from streams.settings import WorkerSettings
from streams.topics import PARTITIONS
from vigil.broker.ports import is_free
from vigil.demo.remarks import Remarks
from vigil.demo.session import Session
from vigil.demo.summary import summary
from vigil.demo.views import LiveView, NoView, PlainView, View
from vigil.errors import CommandFailed
from vigil.options import broker_option, json_option
from vigil.recording import open_recording
from vigil.run import Run, running

_SPEED = 900
_FIRST_PORT: int = WorkerSettings.model_fields["metrics_port"].default
_TITLE = "VIGIL plays twenty recorded stays in intensive care."


@click.command()
@click.option(
    "--speed",
    type=click.IntRange(1, 1_000_000),
    default=_SPEED,
    show_default=True,
    help="How many times as fast as it happened; the recording is 51 hours long.",
)
@click.option(
    "--duration", type=click.FloatRange(min=1), metavar="SECONDS", help="End after so many seconds of playing."
)
@click.option(
    "--workers", type=click.IntRange(1, 8), default=2, show_default=True, help="Processes that share the work."
)
@broker_option
@json_option
def command(speed: int, duration: float | None, workers: int, broker: str | None, as_json: bool) -> None:
    """Watch Vigil at work: twenty real, de-identified stays in intensive care, through a real Kafka and workers.

    It ends by itself after some four minutes, or at once on Ctrl-C, both with a summary. Everything is started for it
    and forgotten afterwards; with --broker its topics stay. Without a terminal it prints lines.

    Exit status 0 says that every record that was published was processed, each reading with exactly one output; so it
    is after Ctrl-C too. Ctrl-C during the start, or a second one, ends at once with 130.

    \b
    Example:
        vigil demo --speed 300
    """
    began_at = time.monotonic()
    view = _view(as_json, workers)
    port = 0 if as_json else _metrics_port(workers)
    with Remarks() as remarks, view.opened(), _run(broker, workers, port) as run:
        view.stepped()
        session = Session(
            run,
            _entries(),
            speed=speed,
            view=view,
            began_at=began_at,
            metrics=", ".join([f"http://127.0.0.1:{port}/metrics", *(f":{port + n}" for n in range(1, workers))]),
            remarks=remarks,
        )
        report = session.play(duration)
    click.echo(msgspec.json.encode(report).decode() if as_json else summary(report))
    if report.failure is not None:
        raise CommandFailed(report.failure)


def _run(broker: str | None, workers: int, port: int) -> AbstractContextManager[Run]:
    prefix = f"replay-demo-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    return running(prefix, broker=broker, folder=None, workers=workers, fresh=False, metrics_port=port)


def _entries() -> list[Entry]:
    return [*open_recording("sample").entries(PARTITIONS, Counter())]


def _view(as_json: bool, workers: int) -> View:
    if as_json:
        return NoView()
    steps = (f"Kafka, its topics, {workers} supervised worker{'s' if workers > 1 else ''}", "the first assessment")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # A degree sign must not end the demo where it can't be shown.
    console = Console()
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveView(console, _TITLE, steps)
    return PlainView(click.echo, _TITLE, steps)


def _metrics_port(workers: int) -> int:
    """The first of as many consecutive free ports as there are workers, from the usual one on."""
    for port in range(_FIRST_PORT, _FIRST_PORT + 1_000):
        if all(is_free(port + number) for number in range(workers)):
            return port
    raise CommandFailed(f"No port from {_FIRST_PORT} on is free for metrics: stop what holds them.")
