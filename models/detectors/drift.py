"""A sign that moved away from the patient's usual and stays there: a changed patient, or a changed sensor.

Page and Hinkley's test on the distance from the personal baseline, in spreads: what exceeds 1.25 spreads is summed over
time, one side at a time, until it is over 30 spread-minutes; it is over when the sum is back at 0. A value that was
long in coming counts for five minutes at most. For its first 20 minutes a drift is held against the usual as it was
when it began; then against the usual of now, which follows a patient who changes, and so ends it. What is usual is the
rhythm of the patient's days where that is known, else the baseline.

What changed is told by our own proposal. It is a sensor only if all of this holds, and the patient in any doubt:
- The sign moved at once: by 2.5 spreads from one minute to the next, or at a pause or a change of device.
- Every sign that physiology couples to it, as far as it is known, stays; at least one is known.
- Its value is within the limits: what would alert is never put down to a sensor.
A sensor that another sign follows later is told again as a change of the patient.
"""

from collections.abc import Mapping

from msgspec import Struct

from models.alerting.policy import Rules
from models.events import Category, Finding
from models.instants import MINUTE, moment_of
from models.picture import Patient
from models.stretch import Stretch
from models.vital_signs import SIGNS
from models.wording import amount, capitalized

_SLACK = 1.25
_TOLD_AT = 30.0
_HIGHEST = 45.0
_FURTHEST = 4.0
_AT_ONCE = 2.5
_JUMP = 1.75
_HELD = 20 * MINUTE
_LONGEST = 5.0
_LEAST_LEARNED = 20
_FOLLOWS = 10.0
_PRESSURES = ("8480-6", "8462-4", "8478-0")
_COUPLED = {
    "8867-4": ("9279-1", "59408-5", *_PRESSURES),
    "9279-1": ("8867-4", "59408-5"),
    "59408-5": ("8867-4", "9279-1"),
    **dict.fromkeys(_PRESSURES, ("8867-4",)),
    "8310-5": ("8867-4", "9279-1"),
}


class Drift(Struct, gc=False, array_like=True):
    """One sign on its way: the sum, above 0 for a rise, since when, whether it moved at once, and what was told.

    `mean` and `spread` are the usual when it began, `z` the last distance.
    """

    total: float
    since: int
    is_at_once: bool
    mean: float
    spread: float
    z: float
    told: Category | None = None

    @property
    def is_to_be_told(self) -> bool:
        """Whether it is far enough to be told, and may not have been told for what it is."""
        return abs(self.total) >= _TOLD_AT and self.told != "physiological"


def look(
    drift: Drift | None, stretch: Stretch, rhythm: tuple[float, float] | None = None, *, share: float = 1.0
) -> Drift | None:
    """The drift as it goes on with a sign's newest value; none while the sign is near the usual.

    `rhythm` is what is usual at this hour and its spread, in place of the baseline's, where that is known. Of each
    minute only a `share` counts, from 0 to 1: how much more patient it is to be.
    """
    baseline, usual = stretch.vital.baseline, stretch.sign.baseline
    if baseline is None or usual is None or baseline.learned < _LEAST_LEARNED or stretch.sign.code not in _COUPLED:
        return None
    value = stretch.history.median if stretch.is_continuous else stretch.values[-1]
    if value == 0 and stretch.sign.zero_is_urgent:
        return drift
    mean, spread = rhythm or (baseline.mean, float(baseline.spread(usual.floor)))
    if drift is not None and stretch.history.at - drift.since <= _HELD:
        mean, spread = drift.mean, drift.spread
    z = min(max((value - mean) / spread, -_FURTHEST), _FURTHEST)
    if drift is None:
        return _begun(z, mean, spread, stretch, share)
    side, weight = (1.0 if drift.total > 0 else -1.0), min(stretch.minutes, _LONGEST) * share
    total = min(drift.total * side + (z * side - _SLACK) * weight, _HIGHEST)
    if total <= 0:
        return None
    is_jump = (z - drift.z) * side >= _JUMP and z * side >= _AT_ONCE and stretch.is_quick
    return Drift(
        round(total, 3) * side,
        drift.since,
        drift.is_at_once or is_jump,
        drift.mean,
        drift.spread,
        round(z, 3),
        drift.told,
    )


def tell(
    drifts: Mapping[str, Drift], code: str, patient: Patient, fresh: frozenset[str], usual: float, rules: Rules
) -> Finding | None:
    """What a drift is to be told as, if it is new, beside the `usual` of now; of `fresh` signs those not on it stay."""
    drift = drifts.get(code)
    if drift is None or not drift.is_to_be_told:
        return None
    coupled = [each for each in _COUPLED[code] if each in fresh]
    following = [each for each in coupled if each in drifts and abs(drifts[each].total) >= _FOLLOWS]
    is_sensor = drift.is_at_once and coupled and not following and _is_within_limits(patient, code, rules)
    category: Category = "technical" if is_sensor else "physiological"
    if category == drift.told:
        return None
    drift.told = category
    why = _why(drift, following, is_sensor=bool(is_sensor), is_alone=not coupled)
    return _finding(drift, [code, *following], patient, category, why, usual)


def end(drift: Drift, code: str) -> Finding | None:
    """That a drift is over, if it was told."""
    if drift.told is None:
        return None
    title = capitalized(SIGNS[code].title)
    return Finding(
        detector="drift",
        category=drift.told,
        codes=[code],
        state="over",
        since=moment_of(drift.since),
        size=0.0,
        unit="min",
        reason=f"{title} is near this patient's usual again, or became the usual.",
    )


def _begun(z: float, mean: float, spread: float, stretch: Stretch, share: float) -> Drift | None:
    beyond = (abs(z) - _SLACK) * min(stretch.minutes, _LONGEST) * share
    if beyond <= 0:
        return None
    is_at_once = (abs(z) >= _AT_ONCE and stretch.is_quick) or stretch.is_after_gap
    total = round(beyond, 3) * (1.0 if z > 0 else -1.0)
    return Drift(total, stretch.history.at, is_at_once, round(mean, 3), round(spread, 3), round(z, 3))


def _is_within_limits(patient: Patient, code: str, rules: Rules) -> bool:
    low, high = rules.limits_of(patient, SIGNS[code])
    value = patient.vitals[code].history.value
    return (low is None or value >= low) and (high is None or value <= high)


def _why(drift: Drift, following: list[str], *, is_sensor: bool, is_alone: bool) -> str:
    if is_sensor:
        return "at once and alone, while the signs coupled to it stay: the sensor may have changed"
    if following:
        return f"and {' and '.join(SIGNS[each].title for each in following)} with it: the patient may have changed"
    if is_alone:
        return "with no other sign to compare with: the patient may have changed"
    how = "at once, and is outside its limits" if drift.is_at_once else "by degrees"
    return f"{how}: the patient may have changed"


def _finding(drift: Drift, codes: list[str], patient: Patient, category: Category, why: str, usual: float) -> Finding:
    sign, vital = SIGNS[codes[0]], patient.vitals[codes[0]]
    side = "above" if drift.total > 0 else "below"
    where = f"{amount(sign, vital.history.value)} stays {side} this patient's usual {amount(sign, usual)}"
    return Finding(
        detector="drift",
        category=category,
        codes=codes,
        state="begun",
        since=moment_of(drift.since),
        size=round(abs(drift.total), 1),
        unit="min",
        reason=f"{capitalized(sign.title)} {where}, {why}.",
    )
