"""Serve the alerts that stand, and take answers to them, over HTTP."""

import asyncio
import logging

import click

from consumers.api.settings import ApiSettings
from streams.logs import configure_logs
from vigil.alerts.reading import answer_topics, check_topics
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.options import PREFIXES, broker_option, is_known_prefix, known_prefix
from vigil.settings import load

_DEFAULT_PORT = ApiSettings.model_fields["port"].default
_DEFAULT_PREFIX = ApiSettings.model_fields["prefix"].default


@click.command()
@broker_option
@click.option("--prefix", callback=known_prefix, help=f"Which topics: {PREFIXES}; {_DEFAULT_PREFIX} if unset.")
@click.option("--host", help="Where to serve; 127.0.0.1 if unset, and beyond loopback only with a token.")
@click.option("--port", type=click.IntRange(0, 65535), help=f"The port, 0 for a free one; {_DEFAULT_PORT} if unset.")
def command(broker: str | None, prefix: str | None, host: str | None, port: int | None) -> None:
    """Serve the alerts that stand, and take answers to them, over HTTP until Ctrl-C.

    /openapi.json describes it; /healthz says whether what stands can be told now. VIGIL_API_TOKEN or
    VIGIL_API_TOKEN_FILE asks callers for a token, without which it is served on loopback only.
    It gives up where at its start no broker answers or a topic is not there; later it waits for a broker that goes, and
    tells nothing meanwhile that may be old.

    \b
    Example:
        vigil api --prefix live --port 9160
    """
    from consumers.api.service import PortTaken, serve

    settings = load(ApiSettings, prefix=prefix, host=host, port=port)
    if not is_known_prefix(settings.prefix):
        raise CommandFailed(f"The API's prefix {settings.prefix!r} is none of {PREFIXES}: set another.")
    connection = connect(broker)
    check_topics(connection, settings.prefix)
    configure_logs()
    log = logging.getLogger(__name__)
    try:
        with told_in_one_line():
            topics = answer_topics(settings.prefix)
            asyncio.run(serve(connection.for_aiokafka(), topics, settings, lambda url: log.info("serving %s", url)))
    except PortTaken as error:
        raise CommandFailed(f"{error}: choose another with --port.") from error
