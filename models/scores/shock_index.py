"""Shock index, heart rate by systolic pressure, as an interval of what it could be.

Adults: 0.5 to 0.7 is usual, over 0.9 raised, over 1.0 tied to shock. Beta-blockers, pacemakers and long-standing high
blood pressure mislead it.
"""

from collections.abc import Mapping

from models.events import ShockIndex
from models.instants import MINUTE
from models.points import NOT_FOR_THIS_AGE, Seen

PARTS = ("heart_rate", "systolic_blood_pressure")
_APART = 5 * MINUTE
_PLAUSIBLE = {"heart_rate": (0.0, 300.0), "systolic_blood_pressure": (20.0, 375.0)}
_DECIMALS = 2


def score(inputs: Mapping[str, Seen | None], *, is_adult: bool = True) -> ShockIndex:
    """The index of the two inputs; what is not known could be anything plausible."""
    if not is_adult:
        return ShockIndex(not_applicable=NOT_FOR_THIS_AGE)
    seen = {name: inputs.get(name) for name in PARTS}
    stale = _stale(seen)
    (lowest, highest), (low_pressure, high_pressure) = (_range(name, seen[name], stale) for name in PARTS)
    least, most = round(lowest / high_pressure, _DECIMALS), round(highest / low_pressure, _DECIMALS)
    missing = [name for name, each in seen.items() if each is None]
    return ShockIndex(
        value=None if missing or stale else least,
        least=least,
        most=most,
        completeness=f"{len(PARTS) - len(missing) - len(stale)}/{len(PARTS)}",
        missing=missing,
        stale=stale,
    )


def _stale(seen: Mapping[str, Seen | None]) -> list[str]:
    """What is too old by itself, or too old beside the other."""
    stale = [name for name, each in seen.items() if each is not None and not each.is_fresh]
    rate, pressure = (seen[name] for name in PARTS)
    if stale or rate is None or pressure is None or abs(rate.at - pressure.at) <= _APART:
        return stale
    return [PARTS[rate.at > pressure.at]]


def _range(name: str, seen: Seen | None, stale: list[str]) -> tuple[float, float]:
    low, high = _PLAUSIBLE[name]
    if seen is None or name in stale:
        return low, high
    return max(seen.value, low), max(seen.value, low)
