"""Falling ill at home: the resting pulse rises some days before the symptoms, and variability falls."""

from datetime import timedelta

from producers.simulator.curve import Curve, along
from producers.simulator.scenario import Ending, Scenario
from producers.simulator.vitals import Disturbance

_DAY = 24 * 60
_TONE: Curve = ((0, 0), (3 * _DAY, 0.6), (5 * _DAY, 0.5), (10 * _DAY, 0))
_FEVER: Curve = ((2.5 * _DAY, 0), (3.5 * _DAY, 1.0), (5 * _DAY, 0.7), (7 * _DAY, 0))
_LETHARGY: Curve = ((2.5 * _DAY, 0), (3.5 * _DAY, 0.8), (6 * _DAY, 0.6), (10 * _DAY, 0))


def course(minutes: float) -> Disturbance:
    """What it does to the body."""
    return Disturbance(
        sympathetic_tone=along(_TONE, minutes), fever=along(_FEVER, minutes), lethargy=along(_LETHARGY, minutes)
    )


SCENARIO = Scenario(
    name="illness-at-home",
    summary="A wearer falls ill: the resting pulse rises for three days before the symptoms; well again after ten.",
    setting="home",
    takes=timedelta(days=10),
    course=course,
    endings=(Ending(after=timedelta(days=3), kind="deterioration"),),
)
