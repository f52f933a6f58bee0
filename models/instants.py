"""Instants inside the fold: whole microseconds since 1970 UTC, so that bounds are exact and compact to keep."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_OF_DAY = 86_400


def instant_of(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    since = moment - _EPOCH
    return (since.days * _SECONDS_OF_DAY + since.seconds) * SECOND + since.microseconds


@lru_cache(maxsize=4096)
def moment_of(instant: int) -> datetime:
    """The aware UTC datetime of an instant; one event tells of the same few instants many times."""
    return _EPOCH + timedelta(microseconds=instant)
