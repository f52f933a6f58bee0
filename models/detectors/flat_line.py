"""A continuous stream whose value has not changed for longer than that sign can stay the same: a sensor that hangs.

Nothing is published on how long whole numbers can stay the same at the bedside, so the table is our own proposal. A
pulse from a sinus rhythm never holds for minutes; saturation, averaged and told in whole per cent, may for most of an
hour, and at 100 % for days, so that a flat line there is none.
"""

from msgspec import Struct

from models.events import Finding
from models.instants import HOUR, MINUTE, moment_of
from models.stretch import Stretch
from models.wording import amount, capitalized, duration

_LEAST_VALUES = 20
_PLAUSIBLE = {
    "8867-4": 6 * MINUTE,
    "9279-1": 15 * MINUTE,
    "59408-5": 60 * MINUTE,
    "8480-6": 10 * MINUTE,
    "8462-4": 10 * MINUTE,
    "8478-0": 10 * MINUTE,
    "8310-5": 3 * HOUR,
    "2339-0": 3 * HOUR,
}
_CEILING = {"59408-5": 100.0}
_UNLESS = {"8867-4": ", unless the heart is paced", "9279-1": ", unless a ventilator sets the breaths"}


class FlatRun(Struct, gc=False, array_like=True):
    """One value that comes again and again: since when, how often, and whether that was told."""

    value: float
    since: int
    count: int
    is_told: bool = False


def look(run: FlatRun | None, stretch: Stretch) -> tuple[FlatRun | None, Finding | None]:
    """The run as it goes on, none when the value changed; and a finding where one begins or ends."""
    plausible = _PLAUSIBLE.get(stretch.sign.code)
    if plausible is None:
        return None, None
    value, new = stretch.values[-1], stretch.values[stretch.seen :]
    is_flat = new.count(value) == len(new) and stretch.is_continuous and not _may_last(stretch, value)
    if not is_flat or (run is not None and value != run.value):
        ended = run if run is not None and run.is_told else None
        begun = _begun(stretch) if is_flat else None
        return begun, None if ended is None else _finding(stretch, ended, "over")
    run = _begun(stretch) if run is None else FlatRun(value, run.since, run.count + len(new), run.is_told)
    if run.is_told or run.count < _LEAST_VALUES or stretch.history.at - run.since < plausible:
        return run, None
    run.is_told = True
    return run, _finding(stretch, run, "begun")


def _may_last(stretch: Stretch, value: float) -> bool:
    """Whether a value can stay for ever: a ceiling, and the 0 of an arrest, which is an alert's to tell."""
    return value == _CEILING.get(stretch.sign.code) or (value == 0 and stretch.sign.zero_is_urgent)


def _begun(stretch: Stretch) -> FlatRun:
    """The run that the newest value is the end of, as far back as is kept."""
    history, value = stretch.history, stretch.values[-1]
    count = 0
    for kept in reversed(history.values):
        if kept != value:
            break
        count += 1
    return FlatRun(value, history.times[-count], count)


def _finding(stretch: Stretch, run: FlatRun, state: str) -> Finding:
    sign, lasted = stretch.sign, stretch.history.at - run.since
    title, value = capitalized(sign.title), amount(sign, run.value)
    reason = (
        f"{title} has been exactly {value} for {duration(lasted)}, {run.count} values: the sensor may hang"
        f"{_UNLESS.get(sign.code, '')}."
        if state == "begun"
        else f"{title} changes again, after {duration(lasted)} of {value}."
    )
    return Finding(
        detector="flat-line",
        category="technical",
        codes=[sign.code],
        state="begun" if state == "begun" else "over",
        since=moment_of(run.since),
        size=round(lasted / MINUTE, 1),
        unit="min",
        reason=reason,
    )
