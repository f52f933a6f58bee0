"""Sepsis: fever first, then the vessels give way; the pressure is held for hours before it falls."""

from datetime import timedelta

from producers.simulator.curve import Curve, along
from producers.simulator.expectation import Expectation, Expected, Notice
from producers.simulator.scenario import Ending, Scenario
from producers.simulator.vitals import Disturbance

_FEVER: Curve = ((0, 0), (120, 1.8), (240, 2.3))
_TONE: Curve = ((30, 0), (150, 0.35), (300, 0.75), (390, 0.95))
_LUNGS: Curve = ((60, 0), (300, 0.18), (390, 0.22))
_OXYGEN: Curve = ((299, 0), (300, 2))


def course(minutes: float) -> Disturbance:
    """What it does to the body."""
    return Disturbance(
        fever=along(_FEVER, minutes),
        vasodilation=along(_TONE, minutes),
        shunt=along(_LUNGS, minutes),
        oxygen_flow=along(_OXYGEN, minutes),
    )


SCENARIO = Scenario(
    name="sepsis",
    summary="Fever, a racing pulse and fast breathing, then the pressure falls; to intensive care after 6.5 hours.",
    takes=timedelta(hours=6.5),
    course=course,
    endings=(
        Ending(after=timedelta(hours=6), kind="deterioration"),
        Ending(after=timedelta(hours=6.5), kind="transfer"),
    ),
    expected=Expected(
        alerts=(
            Expectation(kinds=("news2",), code="88330-6", priority="medium", within=timedelta(hours=4)),
            Expectation(kinds=("news2",), code="88330-6", priority="high", within=timedelta(hours=6)),
        ),
        findings=(Notice(detector="drift", category="physiological", code="8867-4", within=timedelta(hours=4)),),
    ),
)
