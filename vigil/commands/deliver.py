"""Get alerts to people: phones, mail, chat, webhooks, until somebody answers."""

import asyncio
import json
from functools import partial
from pathlib import Path

import click

from consumers.delivery.configuration import Configuration
from consumers.delivery.settings import DeliverySettings
from streams.settings import Connection
from streams.topics import create_topics
from vigil.connection import connect, told_in_one_line
from vigil.delivery_file import load_configuration
from vigil.errors import CommandFailed
from vigil.options import PREFIXES, broker_option, is_known_prefix, known_prefix
from vigil.settings import load
from vigil.supervisor import stop_with_supervisor

_DEFAULT_PORT = DeliverySettings.model_fields["metrics_port"].default
_DEFAULT_PREFIX = DeliverySettings.model_fields["prefix"].default
_DEFAULT_FILE = DeliverySettings.model_fields["config"].default


@click.command()
@broker_option
@click.option("--prefix", callback=known_prefix, help=f"Which topics: {PREFIXES}; {_DEFAULT_PREFIX} if unset.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The file of receivers and routes; {_DEFAULT_FILE} if unset.",
)
@click.option("--check", is_flag=True, help="Send a marked test to each receiver instead, and tell how it went.")
@click.option("--json", "as_json", is_flag=True, help="With --check: print one JSON object and nothing else.")
@click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help=f"Port of metrics and health; {_DEFAULT_PORT} if unset."
)
@click.option("--instance-id", help="A name that outlives a restart; unique among deliverers.")
def command(
    broker: str | None,
    prefix: str | None,
    config: Path | None,
    check: bool,
    as_json: bool,
    metrics_port: int | None,
    instance_id: str | None,
) -> None:
    """Deliver the alerts of a prefix until Ctrl-C; several deliverers share the work.

    The file says who is called for what, and who next when nobody answers: docs/delivery.md shows one. Every alert is
    delivered at least once, with the same key whenever it is repeated. Simulated and replayed patients reach nobody
    unless a route says so. A webhook's secret is `whsec_` and base64, as `echo whsec_$(openssl rand -base64 32)` makes.

    \b
    Example:
        vigil deliver --config deploy/delivery/example.toml --check
        vigil deliver --config deploy/delivery/example.toml --broker 127.0.0.1:9092
    """
    if as_json and not check:
        raise click.UsageError("--json goes with --check.")
    stop_with_supervisor()
    settings = load(DeliverySettings, prefix=prefix, config=config, metrics_port=metrics_port, instance_id=instance_id)
    if not is_known_prefix(settings.prefix):
        raise CommandFailed(f"The deliverer's prefix {settings.prefix!r} is none of {PREFIXES}: set another.")
    configuration = load_configuration(settings.config)
    connection = connect(broker)
    if check:
        _check(connection, configuration, as_json=as_json)
    else:
        _run(settings, connection, configuration)


def _run(settings: DeliverySettings, connection: Connection, configuration: Configuration) -> None:
    from streams.logs import configure_logs
    from streams.server import PortTakenError
    from vigil.delivering import run_deliverer

    with told_in_one_line():
        create_topics(connection.for_kafka_python(), settings.prefix)
    configure_logs()
    try:
        run_deliverer(settings, connection, configuration)
    except PortTakenError as error:
        raise CommandFailed(f"{error}, with --metrics-port.") from error


def _check(connection: Connection, configuration: Configuration, *, as_json: bool) -> None:
    """Tests every receiver; the command fails if one of them did."""
    from consumers.delivery.checking import Checked
    from vigil.delivering import check_receivers

    results: list[Checked] = []

    def tell(checked: Checked) -> None:
        results.append(checked)
        if not as_json:
            word = "ok" if checked.is_ok else "FAILED"
            click.echo(f"{checked.receiver:<24} {checked.kind:<10} {word:<7} {checked.told}")

    asyncio.run(check_receivers(connection, configuration, tell=tell, echo=partial(click.echo, err=as_json)))
    failed = [checked.receiver for checked in results if not checked.is_ok]
    if as_json:
        told = [{"receiver": each.receiver, "kind": each.kind, "ok": each.is_ok, "told": each.told} for each in results]
        click.echo(json.dumps({"ok": not failed, "receivers": told}))
    if failed:
        raise CommandFailed(f"{len(failed)} of {len(results)} tests failed: {', '.join(sorted(failed))}.")
