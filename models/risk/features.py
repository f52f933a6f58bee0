"""What the learned risk looks at: a fixed, ordered, named set of features of one patient at one instant.

Features come in groups, one a sign. A group that is not known has no values at all and raises its `missing` feature
instead; nothing stands in for a value. All values are finite and bounded.
"""

import math
from collections.abc import Callable, Mapping

from msgspec import Struct

from models.events import Score
from models.instants import HOUR
from models.picture import CONSCIOUSNESS, OXYGEN, Patient, Vital
from models.vital_signs import SIGNS
from models.vital_signs.sign import VitalSign

Values = tuple[float, ...]
Known = dict[int, Values]
"""The values of each group that is known, by its place in the layout."""

_OLDEST = 48 * HOUR
_FURTHEST = 6.0  # Spreads: further out says no more, and one artefact must not rule a linear model.
_AIR = 21.0
_FULLY_AWAKE = 15.0
_MISSING = "missing"


class Group(Struct, frozen=True):
    """One sign's features: `read` makes its values of the newest value, its age in hours, and what is remembered."""

    name: str
    code: str
    fields: tuple[str, ...]
    read: Callable[[float, float, Vital], Values]


def _deviations(sign: VitalSign) -> Group:
    """How far below and above the adult's usual, and how far from the patient's own, in spreads."""
    usual = sign.baseline
    if usual is None:
        raise ValueError(f"{sign.name} has no usual")
    mean, spread = usual.mean, usual.spread

    def read(value: float, age_hours: float, vital: Vital) -> Values:
        out = (value - mean) / spread
        own = (value - vital.baseline.mean) / spread if vital.baseline is not None else 0.0
        low, high = (-out, 0.0) if out < 0 else (0.0, out)
        return min(low, _FURTHEST), min(high, _FURTHEST), min(max(own, -_FURTHEST), _FURTHEST), age_hours

    return Group(sign.name, sign.code, ("low", "high", "change", "age_hours"), read)


def _sided(code: str, usual: float, spread: float) -> Group:
    """A laboratory value of which both too little and too much is bad."""

    def read(value: float, age_hours: float, _: Vital) -> Values:
        out = (value - usual) / spread
        low, high = (-out, 0.0) if out < 0 else (0.0, out)
        return min(low, _FURTHEST), min(high, _FURTHEST), age_hours

    return Group(SIGNS[code].name, code, ("low", "high", "age_hours"), read)


def _logarithm(code: str) -> Group:
    """A value that is never negative and spreads over orders of magnitude."""
    return Group(
        SIGNS[code].name, code, ("log", "age_hours"), lambda value, age_hours, _: (math.log1p(value), age_hours)
    )


def _plain(name: str, code: str, field: str, change: Callable[[float], float]) -> Group:
    return Group(name, code, (field, "age_hours"), lambda value, age_hours, _: (change(value), age_hours))


_VITAL_SIGNS = ("8867-4", "9279-1", "59408-5", "8480-6", "8462-4", "8478-0", "8310-5", "2339-0")

# What is usual in adults, with about the width of the reference interval as the spread; our own proposal.
_SIDED = (
    ("2951-2", 140.0, 5.0),
    ("2823-3", 4.2, 0.7),
    ("1963-8", 25.0, 4.0),
    ("2744-1", 7.4, 0.05),
    ("2019-8", 40.0, 6.0),
    ("19123-9", 2.0, 0.3),
    ("6690-2", 7.5, 3.5),
    ("20570-8", 40.0, 6.0),
)
_LOGARITHMS = (
    *("1751-7", "6768-6", "1742-6", "1920-8", "1975-2", "3094-0", "2160-0", "32693-4", "2703-7", "777-3"),
    *("10839-9", "6598-7", "9187-6"),
)

MEASURED: tuple[Group, ...] = (
    *(_deviations(SIGNS[code]) for code in _VITAL_SIGNS),
    _plain("supplemental_oxygen", OXYGEN, "on", lambda value: value),
    _plain("consciousness", CONSCIOUSNESS, "not_alert", lambda value: float(value > 0)),
    _plain("glasgow_coma_scale", "9269-2", "deficit", lambda value: _FULLY_AWAKE - value),
    _plain("inspired_oxygen", "3150-0", "above_air", lambda value: (value - _AIR) / 10),
    _plain("mechanical_ventilation", "vigil:mechanical-ventilation", "on", lambda value: value),
    *(_sided(*row) for row in _SIDED),
    *(_logarithm(code) for code in _LOGARITHMS),
)
_AGE = ("age", ("decades",))
_SCORE = ("news2", ("known_points", "unknown_points"))

LAYOUT: tuple[tuple[str, tuple[str, ...]], ...] = (
    _SCORE,
    _AGE,
    *((group.name, group.fields) for group in MEASURED),
)
"""Every group with its fields, in order."""

VALUES = tuple(f"{group}.{field}" for group, fields in LAYOUT for field in fields)
"""The features that are measured, in order."""

MISSING = tuple(f"{group}.{_MISSING}" for group, _ in LAYOUT)
"""The features that say that a group is not known, in order."""

NAMES = VALUES + MISSING
"""Every feature, in order."""

_AGE_AT = 1
_PLACES = {group.code: (at, group.read) for at, group in enumerate(MEASURED, start=2)}


def known_of(patient: Patient, score: Score, now: int) -> Known:
    """The groups that are known at `now` (microseconds); the score must apply. What is not known costs nothing."""
    points, most = score.known_points or 0, score.max_possible or 0
    known: Known = {0: (float(points), float(most - points))}
    if patient.known.age is not None:
        known[_AGE_AT] = (patient.known.age / 10,)
    earliest = now - _OLDEST
    for code, vital in patient.vitals.items():
        place = _PLACES.get(code)
        history = vital.history
        if place is None or not history:
            continue
        value, at = history.values[-1], history.times[-1]
        if value == value and at >= earliest:  # neither told to be unknown, nor too long ago to say anything
            known[place[0]] = place[1](value, (now - at) / HOUR if at < now else 0.0, vital)
    return known


def named(known: Mapping[int, Values]) -> dict[str, float]:
    """The values that are known, by name and in order; four decimals are more than any device measures."""
    return {
        f"{name}.{field}": round(value, 4)
        for at, (name, fields) in enumerate(LAYOUT)
        if at in known
        for field, value in zip(fields, known[at], strict=True)
    }


def complete(values: Mapping[str, float]) -> dict[str, float]:
    """Known values in their order, and for each group whether it is missing; what is no feature is left out."""
    found = {name: values[name] for name in VALUES if name in values}
    for (group, fields), name in zip(LAYOUT, MISSING, strict=True):
        found[name] = float(f"{group}.{fields[0]}" not in found)
    return found
