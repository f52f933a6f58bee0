"""Serve the ward page: all patients live, and answers to what they need."""

import asyncio

import click

from consumers.ward.settings import WardSettings
from streams.stopping import stop_signal
from vigil.connection import connect
from vigil.errors import CommandFailed
from vigil.options import PREFIXES, FiniteRange, broker_option, is_known_prefix, known_prefix
from vigil.settings import load

_FIELDS = WardSettings.model_fields


@click.command()
@broker_option
@click.option(
    "--prefix", callback=known_prefix, help=f"Which topics: {PREFIXES}; {_FIELDS['prefix'].default} if unset."
)
@click.option("--host", help="Where to serve; 127.0.0.1 if unset, and beyond loopback only with a token.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"The port, 0 for a free one; {_FIELDS['port'].default} if unset."
)
@click.option(
    "--hours",
    type=FiniteRange(min=0),
    help=f"So many hours of the past to read and keep; {_FIELDS['history_hours'].default} if unset.",
)
def command(broker: str | None, prefix: str | None, host: str | None, port: int | None, hours: float | None) -> None:
    """Serve the ward page until Ctrl-C: every patient live, what each alert rests on, and answers to it.

    Open the URL that it prints in a browser. VIGIL_WARD_TOKEN or VIGIL_WARD_TOKEN_FILE asks whoever looks for a token,
    without which it is served on loopback only. While Kafka is away it waits, and the page says so; where a topic is
    not there it gives up.

    It assists clinicians and does not replace clinical judgement.

    \b
    Example:
        vigil ward --prefix live
    """
    from consumers.api.service import PortTaken
    from consumers.ward.follower import TopicMissing

    settings = load(WardSettings, prefix=prefix, host=host, port=port, history_hours=hours)
    if not is_known_prefix(settings.prefix):
        raise CommandFailed(f"The ward page's prefix {settings.prefix!r} is none of {PREFIXES}: set another.")
    try:
        asyncio.run(_serve(broker, settings))
    except TopicMissing as error:
        raise CommandFailed(f"{error}: see `vigil topics list`.") from error
    except PortTaken as error:
        raise CommandFailed(f"{error}: choose another with --port.") from error


async def _serve(broker: str | None, settings: WardSettings) -> None:
    from consumers.ward.service import serve
    from vigil.ward_topics import ward_topics

    client, topics = connect(broker).for_aiokafka(), ward_topics(settings.prefix)
    await serve(client, topics, settings, until=stop_signal(), on_start=_tell)


def _tell(url: str) -> None:
    click.echo(f"The ward page: {url}  (Ctrl-C ends it)")
