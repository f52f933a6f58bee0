"""Tell the time to a live log, so that silence and delays are noticed."""

import signal
import threading

import click

from producers.ticker import Ticker
from streams.logs import configure_logs
from streams.settings import origin_of
from streams.topics import existing_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.options import FiniteRange, broker_option, prefix_option
from vigil.supervisor import stop_with_supervisor


@click.command()
@broker_option
@prefix_option
@click.option("--every", type=FiniteRange(min=0.1), default=5.0, show_default=True, help="Seconds between ticks.")
def command(broker: str | None, prefix: str, every: float) -> None:
    """Tell the time to every partition of a live log until Ctrl-C.

    `vigil worker` does the same by default; two tickers are harmless. Replays and simulations bring their own time.
    It gives up where at its start no broker answers or the topic is not there; later it waits for a broker that goes.

    \b
    Example:
        vigil ticker --broker 127.0.0.1:9092
    """
    if origin_of(prefix) != "live":
        raise CommandFailed(f"The topics of {prefix} have a time of their own: tick only to live ones.")
    stop_with_supervisor()
    client = connect(broker).for_kafka_python()
    log = topic_name(prefix, "patient-events")
    with told_in_one_line():
        if log not in existing_topics(client, prefix):
            raise CommandFailed(f"There is no topic {log}: make it with `vigil topics create`.")
    configure_logs()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Ticker(log, client, every_seconds=every).run(stop)
