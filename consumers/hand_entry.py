"""What a person types for a vital sign, as measurements: judged before they go anywhere, and never clipped."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from consumers.refusals import why
from models import codec
from models.events import DeviceType, Measurement, Reading, Refused
from models.quality import judge
from models.vital_signs import SIGNS
from models.wording import amount

BY_HAND: DeviceType = "manual"
CLOCKS_DIFFER = timedelta(seconds=60)
"""So far ahead of this clock a time may be that somebody says."""
_UNIT = r"\s*((?:[^\d\s.,]\S*)?)"
_NUMBER = re.compile(rf"([+-]?\d+(?:\.\d+)?){_UNIT}")
_PRESSURES = re.compile(rf"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?){_UNIT}")
_SPOKEN = {"mmHg": "mm[Hg]", "C": "Cel", "°C": "Cel", "F": "[degF]", "°F": "[degF]", "l/min": "L/min"}
_SYSTOLIC, _DIASTOLIC, _ACVPU, _FLOW = "8480-6", "8462-4", "67775-7", "3151-8"


class NotBelievedError(Exception):
    """What was typed can't be published; the message says why, in one clause."""


class Vital(NamedTuple):
    """One thing that a person can enter: what it is called, how its value is written, and what becomes of that."""

    title: str
    form: str
    read: Callable[[str], list[Measurement]]


def _number(code: str, unit: str | None) -> Callable[[str], list[Measurement]]:
    """Reads a number; without a usual unit the person must say one."""

    def read(text: str) -> list[Measurement]:
        found = _NUMBER.fullmatch(text.strip())
        if found is None:
            raise NotBelievedError(f"{text!r} is not a number, with or without a unit")
        given = _SPOKEN.get(found[2], found[2]) or unit
        if given is None:
            sign = SIGNS[code]
            raise NotBelievedError(f"{text} could be {' or '.join((sign.unit, *sign.units))}: say the unit")
        return [_judged(Measurement(code=code, value=float(found[1]), unit=given))]

    return read


def _pressure(text: str) -> list[Measurement]:
    found = _PRESSURES.fullmatch(text.strip())
    if found is None:
        raise NotBelievedError(f"{text!r} is not systolic/diastolic, as in 120/80")
    systolic, diastolic = float(found[1]), float(found[2])
    if diastolic >= systolic:
        raise NotBelievedError(f"{text}: the systolic pressure comes first, and is the higher one")
    unit = _SPOKEN.get(found[3], found[3]) or "mm[Hg]"
    return [
        _judged(Measurement(code=code, value=value, unit=unit))
        for code, value in ((_SYSTOLIC, systolic), (_DIASTOLIC, diastolic))
    ]


def _acvpu(text: str) -> list[Measurement]:
    return [_judged(Measurement(code=_ACVPU, value=text.strip().upper()))]


def _judged(measurement: Measurement) -> Measurement:
    found = judge(measurement, BY_HAND)
    if isinstance(found, Refused):
        value = f"{found.value:g}" if isinstance(found.value, float) else found.value
        raise NotBelievedError(f"{value} {found.unit or ''}".rstrip() + f" is {found.reason}: {why(found)}")
    return measurement


VITALS = {
    "respiratory_rate": Vital("Respiratory rate", "/min", _number("9279-1", "/min")),
    "spo2": Vital("Oxygen saturation", "%", _number("59408-5", "%")),
    "oxygen_flow": Vital("Oxygen flow", "L/min, 0 is air", _number(_FLOW, "L/min")),
    "pressure": Vital("Blood pressure", "systolic/diastolic, mmHg", _pressure),
    "pulse": Vital("Pulse", "/min", _number("8867-4", "/min")),
    "acvpu": Vital("Consciousness", "one of A, C, V, P, U", _acvpu),
    "temperature": Vital("Temperature", "Cel", _number("8310-5", "Cel")),
    "glucose": Vital("Glucose", "with its unit, as in 5.4mmol/L or 97mg/dL", _number("2339-0", None)),
}
"""By the name of the option, in the order in which they are asked for."""

AIR = Measurement(code=_FLOW, value=0.0, unit="L/min")


def said(measurement: Measurement) -> str:
    """A measurement as it will count, and as it was entered where that is in another unit."""
    found = judge(measurement, BY_HAND)
    if isinstance(found, Refused):
        raise NotBelievedError(found.reason)
    sign = found.sign
    told = f"{sign.title} {amount(sign, found.value)}"
    if measurement.unit not in (None, sign.unit):
        told += f" (from {measurement.value:g} {measurement.unit})"
    return f"{told}, suspect: not what is usual" if found.is_suspect else told


def reading_of(
    patient_id: str, by: str, measurements: list[Measurement], at: datetime, received_at: datetime
) -> Reading:
    """What somebody measured, as one reading; raises `codec.Undecodable` for what no worker could read."""
    device_id = f"hand-{'-'.join(by.lower().split())}"
    reading = Reading(
        reading_id=f"{device_id}-{uuid.uuid4().hex}",
        patient_id=patient_id,
        device_id=device_id,
        device_type=BY_HAND,
        effective_at=at,
        received_at=received_at,
        measurements=measurements,
    )
    codec.decode(codec.encode(reading))
    return reading
