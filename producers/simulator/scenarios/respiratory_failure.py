"""Respiratory failure: saturation falls while breathing speeds up, until the muscles tire."""

from datetime import timedelta

from producers.simulator.curve import Curve, along
from producers.simulator.expectation import Expectation, Expected, Notice
from producers.simulator.scenario import Ending, Scenario
from producers.simulator.vitals import Disturbance

_LUNGS: Curve = ((0, 0), (30, 0.2), (60, 0.36), (110, 0.46))
_MUSCLES: Curve = ((75, 0), (110, 0.55), (130, 0.8))
_OXYGEN: Curve = ((39, 0), (40, 2), (69, 2), (70, 10))


def course(minutes: float) -> Disturbance:
    """What it does to the body."""
    return Disturbance(
        shunt=along(_LUNGS, minutes), fatigue=along(_MUSCLES, minutes), oxygen_flow=along(_OXYGEN, minutes)
    )


SCENARIO = Scenario(
    name="respiratory-failure",
    summary="Saturation falls while breathing speeds up; oxygen helps for a while; to intensive care after 2 hours.",
    takes=timedelta(minutes=120),
    course=course,
    endings=(
        Ending(after=timedelta(minutes=100), kind="deterioration"),
        Ending(after=timedelta(minutes=120), kind="transfer"),
    ),
    expected=Expected(
        alerts=(
            Expectation(
                kinds=("limit",), code="59408-5", direction="low", priority="medium", within=timedelta(minutes=60)
            ),
            Expectation(kinds=("news2",), code="88330-6", priority="high", within=timedelta(minutes=100)),
        ),
        findings=(Notice(detector="drift", category="physiological", code="9279-1", within=timedelta(minutes=90)),),
    ),
)
