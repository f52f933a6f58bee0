"""The options that several commands share, so that they are called and explained the same everywhere."""

import re

import click

PREFIXES = "live, live-NAME, simulated or replay-RUN"
_PREFIX = re.compile(r"live(-[A-Za-z0-9_-]+)?|simulated|replay-[A-Za-z0-9_-]+")


def is_known_prefix(prefix: str) -> bool:
    """Whether topics of this prefix can be Vigil's."""
    return _PREFIX.fullmatch(prefix) is not None


def known_prefix(_context: click.Context, _parameter: click.Parameter, prefix: str | None) -> str | None:
    """Refuses a slip of the hand, which would watch topics that nobody writes to."""
    if prefix is not None and not is_known_prefix(prefix):
        raise click.BadParameter(f"{prefix!r} is none of {PREFIXES}.")
    return prefix


broker_option = click.option("--broker", metavar="HOST:PORT", help="Another Kafka; else VIGIL_KAFKA_BOOTSTRAP_SERVERS.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
prefix_option = click.option(
    "--prefix",
    default="live",
    show_default=True,
    callback=known_prefix,
    help=f"Which topics: {PREFIXES}.",
)
