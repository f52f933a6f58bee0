"""Synthetic panels: six vital signs of made-up patients, plausible, and the same on every machine."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

EVERY_SECONDS = 5
_SEED = 7
_ONE_SICK_IN = 20


class Sign(NamedTuple):
    """How one vital sign is in these patients: their mean, its spread from one to the next and within one."""

    name: str
    code: str
    unit: str
    usual: float
    between: float
    within: float
    digits: int | None
    when_sick: float


SIGNS = (
    Sign("heart_rate", "8867-4", "/min", 78, 9, 4, None, 35),
    Sign("resp_rate", "9279-1", "/min", 15, 1.5, 1.2, None, 9),
    Sign("spo2", "59408-5", "%", 97, 0.8, 0.8, None, -5),
    Sign("temperature", "8310-5", "Cel", 36.8, 0.2, 0.15, 1, 1.8),
    Sign("systolic_bp", "8480-6", "mm[Hg]", 124, 10, 5, None, -25),
    Sign("diastolic_bp", "8462-4", "mm[Hg]", 74, 6, 4, None, -12),
)


class Panel(NamedTuple):
    """Six values of one patient at one instant, `seconds` after the first; they are in the order of SIGNS."""

    number: int
    patient_id: str
    seconds: int
    values: tuple[float, ...]


def patient_name(number: int) -> str:
    """The id of one made-up patient."""
    return f"p{number:06d}"


def is_sick(number: int) -> bool:
    """Whether this patient is the sick one among twenty."""
    return number % _ONE_SICK_IN == 0


def panels(count: int, patients: int) -> Iterator[Panel]:
    """So many panels, one patient after the other and round again every five seconds; one patient in twenty is sick."""
    chance = Random(_SEED)
    usual = [_usual(chance, is_sick=is_sick(number)) for number in range(patients)]
    names = [patient_name(number) for number in range(patients)]
    for number in range(count):
        patient = number % patients
        values = tuple(map(_measured, SIGNS, usual[patient], [chance.gauss(0, sign.within) for sign in SIGNS]))
        yield Panel(number, names[patient], number // patients * EVERY_SECONDS, values)


def _usual(chance: Random, *, is_sick: bool) -> list[float]:
    return [sign.usual + chance.gauss(0, sign.between) + is_sick * sign.when_sick for sign in SIGNS]


def _measured(sign: Sign, usual: float, deviation: float) -> float:
    value = round(usual + deviation, sign.digits)
    return min(value, 100) if sign.unit == "%" else value
