"""What a stay has been so far: for each sign its newest value, extremes, course and gaps, in all and by 12 h.

Only what was measured since admission counts. A value that is not known is absent; that it is, is a feature of its own
(`measured`, 0 or 1), as is how often it was measured. Amounts that spread over orders of magnitude are told as
logarithms (of 1 + the amount). All values are finite.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from models.history import History
from models.instants import HOUR
from models.picture import Patient
from models.summary import WINDOWS, Span, Windows, course_of, window_at, windows_of
from models.vital_signs import SIGNS

_PLAIN = (
    *("8867-4", "9279-1", "59408-5", "8480-6", "8462-4", "8478-0", "8310-5", "9269-2", "3150-0"),
    *("vigil:mechanical-ventilation", "29463-7", "8302-2", "1751-7", "2093-3", "1963-8", "20570-8", "2823-3"),
    *("19123-9", "2951-2", "2019-8", "2744-1"),
)
_LOGARITHMS = (
    *("6768-6", "1742-6", "1920-8", "1975-2", "3094-0", "2160-0", "2339-0", "32693-4", "2703-7", "777-3"),
    *("10839-9", "6598-7", "6690-2", "9187-6"),
)
CARE_UNITS = ("CCU", "CSRU", "MICU", "SICU")
"""How many hospitals abbreviate coronary, cardiac surgery, medical and surgical intensive care."""

ASKED_AT = (6, 12, 24, 36, 48)
"""At which hours after admission a stay is asked about."""

ELAPSED = "hours"
"""The feature that tells how long the patient has been here."""
_ABOUT = (ELAPSED, "age", "female", *(f"unit.{unit}" for unit in CARE_UNITS))
_OTHERWISE = {"female": "sex", "unit": "care_unit", ELAPSED: "hours_of_stay"}
_DECIMALS = 5
_OVERALL = ("last", "first", "lowest", "highest", "mean", "spread", "slope", "count", "age_hours", "measured")
BY_WINDOW = tuple(f"mean_{12 * window}_to_{12 * window + 12}_h_ago" for window in range(WINDOWS))
"""The features of a sign by window of 12 h, the newest first."""

Course = tuple[float, int, float, Windows]
"""The newest value and its time, the first value, the windows."""


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0 else None


def _inspired(pressure: float, percent: float) -> float | None:
    return pressure * 100 / percent if percent > 0 else None


_Derived = tuple[str, str, str, Callable[[float, float], float | None], bool]
"""A name, the code at whose values it is derived, the code whose value then goes with it, how, and if logarithmic."""

_DERIVED: tuple[_Derived, ...] = (
    ("shock_index", "8480-6", "8867-4", lambda pressure, rate: _ratio(rate, pressure), True),
    ("pulse_pressure", "8480-6", "8462-4", lambda systolic, diastolic: max(systolic - diastolic, 0.0), False),
    ("oxygen_ratio", "2703-7", "3150-0", _inspired, True),
    ("urea_to_creatinine", "3094-0", "2160-0", _ratio, True),
)

_SIGNS = {
    **{SIGNS[code].name: False for code in _PLAIN},
    **{SIGNS[code].name: True for code in _LOGARITHMS},
    **{name: is_logarithm for name, _, _, _, is_logarithm in _DERIVED},
}
_CODES = {SIGNS[code].name: code for code in (*_PLAIN, *_LOGARITHMS)}

NAMES = (*_ABOUT, *(f"{sign}.{field}" for sign in _SIGNS for field in (*_OVERALL, *BY_WINDOW)))
"""Every feature, in order."""

CURVED = (*_ABOUT, *(f"{sign}.{field}" for sign in _SIGNS for field in ("last", "mean")))
"""Those features, in order, of which the risk is least a straight line: what is usual lies between two bads."""


MEASURED = tuple(_SIGNS)
"""The signs that are measured, or follow from what is, in order."""


def sign_of(name: str) -> str:
    """To which sign a feature belongs, as people call it; what is not measured is a sign too."""
    sign = name.partition(".")[0]
    return _OTHERWISE.get(sign, sign)


def newest(features: Mapping[str, float], sign: str) -> float | None:
    """The newest value of a sign in its own unit, or the age in years; None where that is not known, or no number."""
    value = features.get(f"{sign}.last")
    if value is None:
        return features.get(sign)
    return round(math.copysign(math.expm1(abs(value)), value) if _SIGNS[sign] else value, _DECIMALS)


def known(features: Mapping[str, float]) -> dict[str, float]:
    """Only what was measured, in few digits: to be written down, and made whole again by `complete`."""
    without = {f"{sign}.count" for sign in _SIGNS if not features[f"{sign}.measured"]}
    return {
        name: round(value, _DECIMALS)
        for name, value in features.items()
        if not name.endswith(".measured") and name not in without
    }


def complete(found: Mapping[str, float]) -> dict[str, float]:
    """What was written down, and whether each sign was measured at all; what is no feature is left out."""
    features = {name: found[name] for name in NAMES if name in found}
    for sign in _SIGNS:
        features[f"{sign}.measured"] = float(f"{sign}.last" in features)
        features.setdefault(f"{sign}.count", 0.0)
    return features


def read(patient: Patient, since: int, now: int) -> Mapping[str, float]:
    """The features that are known at `now` of a patient who is here `since` then (microseconds since 1970)."""
    features = {ELAPSED: (now - since) / HOUR, **_about(patient)}
    for sign, is_logarithm in _SIGNS.items():
        code = _CODES.get(sign)
        course = _derived(patient, sign, since) if code is None else _measured(patient, code, since)
        features[f"{sign}.measured"] = float(course is not None)
        features[f"{sign}.count"] = 0.0
        if course is not None:
            change = _logarithm if is_logarithm else _unchanged
            features |= {f"{sign}.{name}": value for name, value in _told(course, change, since, now).items()}
    return features


def _about(patient: Patient) -> dict[str, float]:
    known = patient.known
    features = {f"unit.{unit}": float(known.ward == unit) for unit in CARE_UNITS}
    if known.age is not None:
        features["age"] = known.age
    if known.sex is not None:
        features["female"] = float(known.sex == "female")
    return features


def _measured(patient: Patient, code: str, since: int) -> Course | None:
    """What was measured of a code."""
    vital = patient.vitals.get(code)
    course = None if vital is None else course_of(vital.summary, vital.history, since)
    if vital is None or course is None:
        return None
    return vital.history.value, vital.history.at, *course


def _derived(patient: Patient, name: str, since: int) -> Course | None:
    """What follows from two codes, at the values of the first of them that are kept."""
    _, code, other, derive, _ = next(row for row in _DERIVED if row[0] == name)
    own, with_it = patient.vitals.get(code), patient.vitals.get(other)
    if own is None or with_it is None:
        return None
    times: list[int] = []
    values: list[float] = []
    for time, value in zip(*own.history.after(since - 1), strict=True):
        found = _paired(with_it.history, time, value, derive)
        if found is not None:
            times.append(time)
            values.append(found)
    return (values[-1], times[-1], values[0], windows_of(times, values, since)) if times else None


def _paired(other: History, time: int, value: float, derive: Callable[[float, float], float | None]) -> float | None:
    at = other.index_at(time)
    return None if at < 0 else derive(value, other.values[at])


def _told(course: Course, change: Callable[[float], float], since: int, now: int) -> dict[str, float]:
    """The features of one sign that is known."""
    last, at, first, windows = course
    whole = _joined(list(windows.values()))
    features = {
        "last": change(last),
        "first": change(first),
        "lowest": change(whole.lowest),
        "highest": change(whole.highest),
        "mean": change(whole.mean),
        "count": math.log1p(whole.count),
        "age_hours": math.log1p(max(now - at, 0) / HOUR),
    }
    if whole.count > 1:
        features["spread"] = change(math.sqrt(whole.squares / whole.count))
    if whole.slope is not None:
        features["slope"] = change(whole.slope)
    newest = window_at(now, since)
    for back, name in enumerate(BY_WINDOW):
        if newest - back in windows:
            features[name] = change(windows[newest - back].mean)
    return features


def _joined(spans: Sequence[Span]) -> Span:
    whole = spans[0]
    for span in spans[1:]:
        whole = whole.joined(span)
    return whole


def _logarithm(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _unchanged(value: float) -> float:
    return value
