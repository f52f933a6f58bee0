"""The options that several commands share, so that they are called and explained the same everywhere."""

import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., object])

PREFIXES = "live, live-NAME, simulated, simulated-NAME or replay-RUN"
_PREFIX = re.compile(r"(live|simulated)(-[A-Za-z0-9_-]+)?|replay-[A-Za-z0-9_-]+")


class FiniteRange(click.FloatRange):
    """A range of numbers, of which "nan" is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; anything else is refused."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is no number.", param, ctx)
        return number


def is_known_prefix(prefix: str) -> bool:
    """Whether topics of this prefix can be Vigil's."""
    return _PREFIX.fullmatch(prefix) is not None


def known_prefix(_context: click.Context, _parameter: click.Parameter, prefix: str | None) -> str | None:
    """Refuses a slip of the hand, which would watch topics that nobody writes to."""
    if prefix is not None and not is_known_prefix(prefix):
        raise click.BadParameter(f"{prefix!r} is none of {PREFIXES}.")
    return prefix


def _speed(_context: click.Context, _parameter: click.Parameter, value: str) -> float | None:
    """How many times as fast as it happens; none: as fast as it goes."""
    if value == "max":
        return None
    try:
        speed = float(value)
    except ValueError:
        speed = 0
    if not 0 < speed < float("inf"):
        raise click.BadParameter("give max, 1 for real time, or how many times faster.")
    return speed


def speed_option(default: str) -> Callable[[_Command], _Command]:
    """How fast a recording or a simulation goes."""
    return click.option(
        "--speed", default=default, show_default=True, callback=_speed, help="max, 1 (real time), 100 (times) ..."
    )


broker_option = click.option("--broker", metavar="HOST:PORT", help="Another Kafka; else VIGIL_KAFKA_BOOTSTRAP_SERVERS.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
prefix_option = click.option(
    "--prefix",
    default="live",
    show_default=True,
    callback=known_prefix,
    help=f"Which topics: {PREFIXES}.",
)
