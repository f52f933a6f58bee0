"""Hypoglycaemia: too much insulin; glucose falls within the hour, the pulse answers, until sugar is given."""

from datetime import timedelta

from producers.simulator.curve import Curve, along
from producers.simulator.expectation import Expectation, Expected
from producers.simulator.scenario import Ending, Scenario
from producers.simulator.vitals import Disturbance

_EXCESS: Curve = ((0, 0), (55, 1), (75, 1), (90, 0.1), (120, 0))


def course(minutes: float) -> Disturbance:
    """What it does to the body."""
    return Disturbance(insulin_excess=along(_EXCESS, minutes))


SCENARIO = Scenario(
    name="hypoglycaemia",
    summary="Too much insulin: glucose falls under 54 mg/dL within the hour, until sugar is given after 75 minutes.",
    takes=timedelta(minutes=120),
    course=course,
    devices=("cgm",),
    endings=(Ending(after=timedelta(minutes=75), kind="deterioration"),),
    expected=Expected(
        alerts=(
            Expectation(
                kinds=("limit",), code="2339-0", direction="low", priority="medium", within=timedelta(minutes=70)
            ),
            Expectation(
                kinds=("limit",), code="2339-0", direction="low", priority="high", within=timedelta(minutes=75)
            ),
        ),
    ),
)
