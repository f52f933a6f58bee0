"""A published model as the monitor uses it: it foretells and explains, and never learns."""

import math
from collections.abc import Mapping, Sequence
from operator import mul

from models.events import Driver, Risk, Weight
from models.picture import Patient
from models.risk.features import LAYOUT, MEASURED, MISSING, NAMES, Values

_DRIVERS = 3
_LEAST_EFFECT = 0.01
_LEAST_SPREAD = 1e-6  # With it, whatever the schema lets in stays finite.
_FURTHEST_LOGIT = 30.0
_WEIGHTLESS = Weight(feature="any", weight=0.0, mean=0.0, spread=1.0)
_CODES = {group.name: group.code for group in MEASURED}
_SIGNS = len(LAYOUT) - 1  # NEWS2 is made of the others, and always known.
_FIRST_MEASURED = len(LAYOUT) - len(MEASURED)


class UnusableModel(ValueError):
    """A published model that this version can't score with; the message says why."""


_Group = tuple[float, float, tuple[float, ...]]
"""One group's part of the log-odds: that when it is not known, and else a base and a slope for each value."""


_Effect = tuple[float, int, float]
"""How great an effect is, negated, its place in the layout, and the effect: in the order in which they are told."""


class Predictor:
    """Log-odds as a sum over groups, so that the greatest parts of the sum are the explanation.

    A group that is not known has an effect too, always the same one, so that only what is known must be looked at.
    """

    def __init__(self, version: int, intercept: float, weights: Sequence[Weight]) -> None:
        by_name = {weight.feature: weight for weight in weights}
        unknown = by_name.keys() - set(NAMES)
        if unknown:
            raise UnusableModel(f"version {version} weighs {min(unknown)!r}, which is no feature that is known here")
        if not all(weight.spread >= _LEAST_SPREAD for weight in weights):
            raise UnusableModel(f"version {version} has a feature with a spread under {_LEAST_SPREAD:g}")
        self.version = version
        self._groups = [_group(name, fields, missing, by_name) for (name, fields), missing in _PLAN]
        absent = [absent for absent, _, _ in self._groups]
        self._of_nobody = math.fsum(absent) + intercept
        self._absent: list[_Effect] = sorted((-abs(effect), at, effect) for at, effect in enumerate(absent))

    def foretell(self, known: Mapping[int, Values], patient: Patient) -> Risk:
        """The probability, to four decimals, what moves it most, and how much is known."""
        groups, terms = self._groups, [self._of_nobody]
        effects: list[_Effect] = []
        ages: list[float] = []
        for at, values in known.items():
            absent, base, slopes = groups[at]
            effect = sum(map(mul, slopes, values), base)
            terms.append(effect - absent)
            effects.append((-abs(effect), at, effect))
            if at >= _FIRST_MEASURED:
                ages.append(values[-1])
        logit = min(max(math.fsum(terms), -_FURTHEST_LOGIT), _FURTHEST_LOGIT)
        drivers = self._drivers(effects, known, patient)
        return Risk(
            version=self.version,
            probability=round(1 / (1 + math.exp(-logit)), 4),
            known=len(known) - 1,
            of=_SIGNS,
            newest_hours=round(min(ages), 2) if ages else None,
            oldest_hours=round(max(ages), 2) if ages else None,
            drivers=drivers,
            rest=round(logit - sum([driver.effect for driver in drivers]), 2),
        )

    def _drivers(self, effects: list[_Effect], known: Mapping[int, Values], patient: Patient) -> list[Driver]:
        """The groups with the greatest effects either way, the greatest first; of equals the first of the layout."""
        missing = [each for each in self._absent[: len(known) + _DRIVERS] if each[1] not in known]
        greatest = sorted(effects + missing[:_DRIVERS])[:_DRIVERS]
        return [
            Driver(sign=LAYOUT[at][0], value=_value(at, known, patient), effect=round(effect, 2))
            for size, at, effect in greatest
            if -size >= _LEAST_EFFECT
        ]


def _group(name: str, fields: Sequence[str], missing: str, by_name: Mapping[str, Weight]) -> _Group:
    flag = by_name.get(missing, _WEIGHTLESS)
    measured = [by_name.get(f"{name}.{field}", _WEIGHTLESS) for field in fields]
    slopes = [each.weight / each.spread for each in measured]
    known = -flag.weight * flag.mean / flag.spread
    absent = flag.weight * (1 - flag.mean) / flag.spread
    base = known - math.fsum(slope * each.mean for slope, each in zip(slopes, measured, strict=True))
    return absent, base, tuple(slopes)


def _value(at: int, known: Mapping[int, Values], patient: Patient) -> float | None:
    """A group's value as people know it: the newest one, the points, the years."""
    if at not in known:
        return None
    name = LAYOUT[at][0]
    code = _CODES.get(name)
    if code is not None:
        return patient.vitals[code].history.values[-1]
    return patient.known.age if name == "age" else known[at][0]


_PLAN = list(zip(LAYOUT, MISSING, strict=True))
