"""Trust a measurement, or say why not: never clip, never guess, never impute."""

import math
import re

from msgspec import Struct

from models.events import Measurement, Refused, RefusedReason
from models.vital_signs import SIGNS, VitalSign

_ANNOTATION = re.compile(r"\{[^}]*\}")
_SENTINELS = frozenset({-100.0, -99.9, -999.0, -999.9, -9999.0, 32767.0, -32768.0, 65535.0, 8388607.0, 2147483647.0})
_NO_RESULT = frozenset({"cancelled", "entered-in-error", "X"})  # FHIR R4 Observation.status, HL7 v2 OBX-11
_DEVICES_WITH_SENTINELS = frozenset({None, "monitor", "wearable", "cgm"})
_GLUCOSE = "glucose"
_CGM_LOWEST = 39.0
_CGM_HIGHEST = 401.0
_CGM_WORDS = {"low": _CGM_LOWEST, "high": _CGM_HIGHEST}


class Trusted(Struct, frozen=True, gc=False):
    """A measurement in its sign's own unit; `is_suspect` when it lies between the usual and the hard range."""

    sign: VitalSign
    value: float
    is_suspect: bool


class _Refusal(Exception):
    def __init__(self, reason: RefusedReason) -> None:
        super().__init__(reason)
        self.reason = reason


def judge(measurement: Measurement, device_type: str | None) -> Trusted | Refused:
    """One measurement, trusted in canonical units or refused with its reason (clinical decisions, Readings)."""
    try:
        sign = SIGNS.get(measurement.code)
        if sign is None:
            raise _Refusal("unknown-code")
        if measurement.status in _NO_RESULT:
            raise _Refusal("sentinel")
        value = _letter(sign, measurement) if sign.letters else _number(sign, measurement, device_type)
        usual = sign.usual
        return Trusted(sign, value, usual is not None and not usual[0] <= value <= usual[1])
    except _Refusal as refusal:
        return _refused(measurement, refusal.reason)


def _letter(sign: VitalSign, measurement: Measurement) -> float:
    letter = measurement.value
    if isinstance(letter, str) and len(letter) == 1 and letter in sign.letters:
        return float(sign.letters.index(letter))
    raise _Refusal("implausible" if isinstance(letter, str) else "not-finite")


def _number(sign: VitalSign, measurement: Measurement, device_type: str | None) -> float:
    value = measurement.value
    if isinstance(value, str):
        return _cgm_word(sign, value, device_type)
    if value is None or isinstance(value, bool) or not math.isfinite(value):
        raise _Refusal("not-finite")
    if value in _SENTINELS and device_type in _DEVICES_WITH_SENTINELS:
        raise _Refusal("sentinel")
    value = float(value) if measurement.unit == sign.unit else _converted(sign, value, measurement.unit)
    if sign.name == _GLUCOSE and device_type == "cgm" and value < _CGM_LOWEST - 0.5:
        raise _Refusal("sentinel")
    low, high = sign.hard
    if not low <= value <= high:
        raise _Refusal("implausible")
    return value


def _cgm_word(sign: VitalSign, word: str, device_type: str | None) -> float:
    """A CGM says LOW and HIGH in words at the ends of its range."""
    if sign.name == _GLUCOSE and device_type == "cgm" and word.strip().lower() in _CGM_WORDS:
        return _CGM_WORDS[word.strip().lower()]
    raise _Refusal("not-finite")


def _converted(sign: VitalSign, value: float, unit: str | None) -> float:
    if unit is None:
        raise _Refusal("unknown-unit")
    bare = _bare(unit)
    if bare == _bare(sign.unit):
        return float(value)
    conversion = sign.units.get(bare)
    if conversion is None:
        raise _Refusal("unknown-unit")
    factor, offset = conversion
    return round(value * factor + offset, 6)


def _bare(unit: str) -> str:
    """A unit without its annotations, which mean nothing in UCUM: `{steps}/d` is `/d`, `{beats}/min` is `/min`."""
    bare = _ANNOTATION.sub("", unit) or "1"
    return "/min" if bare == "1/min" else bare


def _refused(measurement: Measurement, reason: RefusedReason) -> Refused:
    value = measurement.value
    if isinstance(value, float) and not math.isfinite(value):
        value = str(value)
    return Refused(code=measurement.code, value=value, unit=measurement.unit, reason=reason)
