"""One value far from a minute of others, which agree: no body jumps so far and is back at once.

How far and how fast is our own proposal: well over what ectopic beats, a sigh or a held breath can do to a value that
a device has averaged, so that only what nobody can have done is told.
"""

from msgspec import Struct

from models.events import Finding
from models.instants import HOUR, MINUTE, SECOND, moment_of
from models.stretch import Stretch
from models.wording import amount, capitalized

_TOLD_AGAIN_AFTER = HOUR


class Jump(Struct, frozen=True, kw_only=True):
    """How far a sign can't jump, in its unit, when its neighbours are at most so far away in time."""

    height: float
    within: int


_IMPOSSIBLE = {
    "8867-4": Jump(height=30, within=15 * SECOND),
    "9279-1": Jump(height=12, within=15 * SECOND),
    "59408-5": Jump(height=10, within=15 * SECOND),
    "8480-6": Jump(height=50, within=MINUTE),
    "8462-4": Jump(height=40, within=MINUTE),
    "8478-0": Jump(height=40, within=MINUTE),
    "8310-5": Jump(height=1.0, within=MINUTE),
}


def look(told_at: int | None, stretch: Stretch) -> tuple[int | None, Finding | None]:
    """When a spike of this sign was last told, and the first one now, at most one an hour."""
    jump, values = _IMPOSSIBLE.get(stretch.sign.code), stretch.values
    if jump is None or len(values) < 3 or max(values) - min(values) < jump.height or not stretch.is_continuous:
        return told_at, None
    times = stretch.history.times[-len(values) :]
    if not stretch.is_of_one_device or (told_at is not None and times[-1] < told_at + _TOLD_AGAIN_AFTER):
        return told_at, None
    for at in range(max(1, stretch.seen - 1), len(values) - 1):
        before, value, after = values[at - 1 : at + 2]
        height = min((value - before, value - after), key=abs)
        is_near = times[at] - times[at - 1] <= jump.within and times[at + 1] - times[at] <= jump.within
        if is_near and abs(height) >= jump.height and _is_steady(values[:at] + values[at + 1 :], jump.height / 2):
            return times[at], _finding(stretch, before, value, height, times[at])
    return told_at, None


def _is_steady(others: list[float], within: float) -> bool:
    """Whether all else stays where it was: where it does not, as in an uneven pulse, nobody can tell."""
    return max(others) - min(others) <= within


def _finding(stretch: Stretch, before: float, value: float, height: float, at: int) -> Finding:
    sign = stretch.sign
    return Finding(
        detector="spike",
        category="technical",
        codes=[sign.code],
        state="over",
        since=moment_of(at),
        size=round(height, 1),
        unit=sign.unit,
        reason=f"{capitalized(sign.title)} jumped from {amount(sign, before)} to {amount(sign, value)} and was back "
        "with the next value: the sensor, not the body.",
    )
