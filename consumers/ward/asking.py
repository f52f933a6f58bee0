"""Which part of the past the page asks for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from consumers.api.problems import invalid

_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2300, 1, 1, tzinfo=UTC).timestamp()
_USUAL = timedelta(hours=6)

Moment = Annotated[float, Meta(ge=_EARLIEST, le=_LATEST)] | None


class _Asked(Struct, frozen=True, rename={"since": "from"}, forbid_unknown_fields=True):
    since: Moment = None
    until: Moment = None
    spans: Annotated[int, Meta(ge=1, le=2_000)] = 600

    def __post_init__(self) -> None:
        """Refuses an end before the beginning."""
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("Give `from` before `until`")


def course_asked(query: Mapping[str, str], now: datetime | None) -> tuple[datetime, datetime, int]:
    """From when to when, in how many spans; the last 6 hours where it is not said. Raises Refused."""
    try:
        asked = msgspec.convert(dict(query), _Asked, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    until = _moment(asked.until) or now or datetime.now(UTC)
    return _moment(asked.since) or until - _USUAL, until, asked.spans


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
