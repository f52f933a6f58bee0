"""Whether a record is of a time that can be used: never far ahead of the clock, nor too long behind it."""

from models.events import DeadLetterReason, PatientContext, Reading
from models.instants import DAY, MINUTE, instant_of, moment_of

_AFTER_BOTH = MINUTE
_AFTER_CLOCK = 10 * MINUTE
_LATEST = {"home": 7 * DAY}
_LATEST_ON_WARD = DAY


def untimely(
    event: Reading | PatientContext, clock: int | None, setting: str | None
) -> tuple[DeadLetterReason, str] | None:
    """Why a reading or context can't be used for its time, with the detail; None when it can (decisions, Time).

    `clock` is the last tick, in microseconds; before the first one nothing is future or late.
    """
    if clock is None:
        return None
    at = instant_of(event.effective_at)
    received = event.received_at if isinstance(event, Reading) else None
    is_after_both = received is not None and at > max(clock, instant_of(received)) + _AFTER_BOTH
    if is_after_both or at > clock + _AFTER_CLOCK:
        return "future", _detail(event, clock)
    if at < clock - _LATEST.get(setting or "", _LATEST_ON_WARD):
        return "too-late", _detail(event, clock)
    return None


def _detail(event: Reading | PatientContext, clock: int) -> str:
    return f"effective_at {event.effective_at.isoformat()}, clock {moment_of(clock).isoformat()}"
