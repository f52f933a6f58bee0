"""Run workers, which turn readings into assessments, alerts and recommendations."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

import click

from streams.fold import Fold
from streams.settings import Connection, WorkerSettings, origin_of
from streams.topics import PARTITIONS, create_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.learner_command import learner_command
from vigil.options import PREFIXES, broker_option, is_known_prefix, known_prefix
from vigil.settings import load
from vigil.supervisor import Supervisor, stop_with_supervisor

_DEFAULT_PORT = WorkerSettings.model_fields["metrics_port"].default
_DEFAULT_PREFIX = WorkerSettings.model_fields["prefix"].default


@click.command()
@broker_option
@click.option("--prefix", callback=known_prefix, help=f"Which topics: {PREFIXES}; {_DEFAULT_PREFIX} if unset.")
@click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help=f"Port of the first worker; {_DEFAULT_PORT} if unset."
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="More than one: supervised.")
@click.option("--supervise", is_flag=True, help="Start a worker that died again, even a single one.")
@click.option("--instance-id", help="A name that outlives a restart; unique in the group.")
@click.option("--learner", is_flag=True, help="Also run the learner beside them, supervised.")
@click.option("--ticker/--no-ticker", default=True, help="Also tell the time to the log, if it is a live one.")
def command(
    broker: str | None,
    prefix: str | None,
    metrics_port: int | None,
    workers: int,
    supervise: bool,
    instance_id: str | None,
    learner: bool,
    ticker: bool,
) -> None:
    """Run one worker, or several under a supervisor, until Ctrl-C.

    Workers on any number of machines share the work. Metrics are at /metrics, health at /readyz and /healthz.

    \b
    Example:
        vigil worker --broker 127.0.0.1:9092 --workers 2
    """
    stop_with_supervisor()
    settings = load(WorkerSettings, prefix=prefix, metrics_port=metrics_port, instance_id=instance_id)
    if not is_known_prefix(settings.prefix):
        raise CommandFailed(f"The worker's prefix {settings.prefix!r} is none of {PREFIXES}: set another.")
    connection = connect(broker)
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), settings.prefix)
    is_ticking = ticker and settings.origin == "live"
    if workers == 1 and not supervise and not learner:
        _run_one(settings, connection, is_ticking)
    commands = worker_commands(
        connection.bootstrap_servers, settings.prefix, workers, metrics_port=settings.metrics_port
    )
    commands += [learner_command(connection.bootstrap_servers, settings.prefix)] if learner else []
    commands += [_ticker_command(connection, settings.prefix)] if is_ticking else []
    _run_supervised(commands)


def worker_commands(broker: str, prefix: str, workers: int, *, metrics_port: int) -> list[list[str]]:
    """The command lines of supervised workers, without a ticker, metrics on consecutive ports (0: free ones)."""
    machine = f"{socket.gethostname()}-{os.getpid()}"
    return [
        [
            *(sys.executable, "-m", "vigil", "worker", "--no-ticker", "--broker", broker, "--prefix", prefix),
            *("--metrics-port", str(metrics_port + number if metrics_port else 0)),
            *("--instance-id", f"{machine}-{number}"),
        ]
        for number in range(workers)
    ]


def fold_factory(prefix: str) -> Callable[[int], Fold]:
    """Makes the fold of one partition of a prefix's log."""
    from models.detectors import half_space_trees
    from models.partition import PartitionFold

    half_space_trees.prepare()
    log, origin = topic_name(prefix, "patient-events"), origin_of(prefix)
    return lambda partition: PartitionFold(partition, partitions=PARTITIONS, topic=log, origin=origin)


def _run_one(settings: WorkerSettings, connection: Connection, is_ticking: bool) -> NoReturn:
    from streams.logs import configure_logs
    from streams.server import PortTakenError
    from streams.worker import run_worker

    configure_logs()
    if is_ticking:
        _start_ticking(settings, connection)
    try:
        run_worker(settings, connection, fold_factory(settings.prefix))
    except PortTakenError as error:
        raise CommandFailed(f"{error}, with --metrics-port.") from error


def _start_ticking(settings: WorkerSettings, connection: Connection) -> None:
    """Tells the time from a thread that ends with the process."""
    from producers.ticker import Ticker

    ticker = Ticker(topic_name(settings.prefix, "patient-events"), connection.for_kafka_python())
    threading.Thread(target=ticker.run, args=[threading.Event()], name="ticker", daemon=True).start()


def _ticker_command(connection: Connection, prefix: str) -> list[str]:
    return [sys.executable, "-m", "vigil", "ticker", "--broker", connection.bootstrap_servers, "--prefix", prefix]


def _run_supervised(commands: list[list[str]]) -> None:
    from streams.logs import configure_logs

    configure_logs()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Supervisor(commands) as supervisor:
        logging.getLogger(__name__).info("%d processes started: %s", len(commands), supervisor.pids)
        stop.wait()
