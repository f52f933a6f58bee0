"""A published model as the monitor uses it: it foretells and explains, and never learns."""

import math
from collections.abc import Sequence
from operator import mul

from models.events import Driver, Risk, Weight
from models.picture import Patient
from models.risk.features import LAYOUT, MEASURED, MISSING, NAMES, Row

_DRIVERS = 3
_LEAST_EFFECT = 0.01
_FURTHEST_LOGIT = 30.0
_WEIGHTLESS = Weight(feature="any", weight=0.0, mean=0.0, spread=1.0)
_CODES = {group.name: group.code for group in MEASURED}


class UnusableModel(Exception):
    """A published model that this version can't score with; the message says why."""


_Group = tuple[float, float, tuple[float, ...]]
"""One group's part of the log-odds: that when it is not known, and else a base and a slope for each value."""


class Predictor:
    """Log-odds as a sum over groups, so that the greatest parts of the sum are the explanation."""

    def __init__(self, version: int, intercept: float, weights: Sequence[Weight]) -> None:
        by_name = {weight.feature: weight for weight in weights}
        unknown = by_name.keys() - set(NAMES)
        if unknown:
            raise UnusableModel(f"version {version} weighs {min(unknown)!r}, which is no feature that is known here")
        if not all(weight.spread > 0 for weight in weights):
            raise UnusableModel(f"version {version} has a feature without spread")
        self.version = version
        self._intercept = intercept
        self._groups = [_group(name, fields, missing, by_name) for (name, fields), missing in _PLAN]

    def foretell(self, rows: Sequence[Row], patient: Patient) -> Risk:
        """The probability, to four decimals, and what moves it most."""
        effects = [
            absent if row is None else sum(map(mul, slopes, row), base)
            for (absent, base, slopes), row in zip(self._groups, rows, strict=True)
        ]
        logit = math.fsum(effects) + self._intercept
        logit = min(max(logit, -_FURTHEST_LOGIT), _FURTHEST_LOGIT)
        return Risk(
            version=self.version,
            probability=round(1 / (1 + math.exp(-logit)), 4),
            drivers=_drivers(effects, rows, patient),
        )


def _group(name: str, fields: Sequence[str], missing: str, by_name: dict[str, Weight]) -> _Group:
    flag = by_name.get(missing, _WEIGHTLESS)
    measured = [by_name.get(f"{name}.{field}", _WEIGHTLESS) for field in fields]
    slopes = [each.weight / each.spread for each in measured]
    known = -flag.weight * flag.mean / flag.spread
    absent = flag.weight * (1 - flag.mean) / flag.spread
    base = known - math.fsum(slope * each.mean for slope, each in zip(slopes, measured, strict=True))
    return absent, base, tuple(slopes)


def _drivers(effects: list[float], rows: Sequence[Row], patient: Patient) -> list[Driver]:
    """The groups with the greatest effects either way, the greatest first; of equals the first of the layout."""
    sizes = list(map(abs, effects))
    found = []
    for _ in range(_DRIVERS):
        size = max(sizes)
        if size < _LEAST_EFFECT:
            break
        at = sizes.index(size)
        sizes[at] = 0.0
        name = LAYOUT[at][0]
        found.append(Driver(sign=name, value=_value(name, rows[at], patient), effect=round(effects[at], 2)))
    return found


def _value(name: str, row: Row, patient: Patient) -> float | None:
    """A group's value as people know it: the newest one, the points, the years."""
    if row is None:
        return None
    code = _CODES.get(name)
    if code is not None:
        return patient.vitals[code].history.values[-1]
    return patient.known.age if name == "age" else row[0]


_PLAN = list(zip(LAYOUT, MISSING, strict=True))
