"""Times and durations as a person types them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_PART = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|m|h|d)")
_WHOLE = re.compile(rf"(?:{_PART.pattern} ?)+")


class Duration(click.ParamType):
    """How long, as in 90s, 30m, 1h30m or 2 h; longer than nothing, and at most `longest`."""

    name = "duration"

    def __init__(self, longest: timedelta) -> None:
        self._longest = longest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration; anything else is refused."""
        text = str(value).strip().lower()
        if not _WHOLE.fullmatch(text):
            self.fail(f"{value!r} is no duration such as 90s, 30m or 1h30m.", param, ctx)
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
        if not 0 < seconds <= self._longest.total_seconds():
            self.fail(f"{value} is not between 0 and {self._longest.total_seconds() / 3600:g}h.", param, ctx)
        return timedelta(seconds=seconds)


class Moment(click.ParamType):
    """A time with its time zone, as in 2026-11-21T03:00:00Z; it leaves in UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The time; anything else is refused."""
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail("give a time as in 2026-11-21T03:00:00Z.", param, ctx)
        if at.tzinfo is None:
            self.fail("say the time zone, as in 2026-11-21T03:00:00Z.", param, ctx)
        return at.astimezone(UTC)
