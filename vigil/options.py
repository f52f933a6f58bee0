"""The options that several commands share, so that they are called and explained the same everywhere."""

import re

import click

_PREFIX = re.compile(r"live(-[A-Za-z0-9_-]+)?|simulated|replay-[A-Za-z0-9_-]+")


def _known_prefix(_context: click.Context, _parameter: click.Parameter, prefix: str) -> str:
    """Refuses a slip of the hand, which would watch topics that nobody writes to."""
    if not _PREFIX.fullmatch(prefix):
        raise click.BadParameter(f"{prefix!r} is none of live, live-NAME, simulated, replay-RUN.")
    return prefix


broker_option = click.option("--broker", metavar="HOST:PORT", help="Another Kafka; else VIGIL_KAFKA_BOOTSTRAP_SERVERS.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
prefix_option = click.option(
    "--prefix",
    default="live",
    show_default=True,
    callback=_known_prefix,
    help="Which topics: live, live-NAME, simulated or replay-RUN.",
)
