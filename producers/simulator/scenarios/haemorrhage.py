"""Haemorrhage: the pulse rises for most of an hour before the pressure falls, and death follows."""

from datetime import timedelta

from producers.simulator.curve import Curve, along
from producers.simulator.expectation import Expectation, Expected, Notice
from producers.simulator.scenario import Ending, Scenario
from producers.simulator.vitals import Disturbance

_LOST: Curve = ((0, 0), (20, 0.15), (50, 0.30), (75, 0.40), (105, 0.50), (108, 0.52))
_ARREST: Curve = ((108, 0), (108.1, 1))


def course(minutes: float) -> Disturbance:
    """What it does to the body."""
    return Disturbance(blood_loss=along(_LOST, minutes), arrest=along(_ARREST, minutes))


SCENARIO = Scenario(
    name="haemorrhage",
    summary="The pulse rises while the pressure is held, then the pressure falls; death after 110 minutes.",
    takes=timedelta(minutes=110),
    course=course,
    endings=(
        Ending(after=timedelta(minutes=80), kind="deterioration"),
        Ending(after=timedelta(minutes=110), kind="death"),
    ),
    expected=Expected(
        alerts=(
            Expectation(
                kinds=("limit",), code="8867-4", direction="high", priority="medium", within=timedelta(minutes=70)
            ),
            Expectation(kinds=("news2",), code="88330-6", priority="high", within=timedelta(minutes=80)),
            Expectation(
                kinds=("limit",), code="8480-6", direction="low", priority="medium", within=timedelta(minutes=90)
            ),
            Expectation(
                kinds=("zero",), code="8867-4", direction="low", priority="high", within=timedelta(minutes=110)
            ),
        ),
        findings=(Notice(detector="drift", category="physiological", code="8867-4", within=timedelta(minutes=60)),),
    ),
)
