"""Tachyarrhythmia: within seconds the heart races, unevenly; the pressure sags until it is converted."""

from datetime import timedelta

from producers.simulator.curve import Curve, along
from producers.simulator.expectation import Expectation, Expected
from producers.simulator.scenario import Ending, Scenario
from producers.simulator.vitals import Disturbance

_RATE: Curve = ((0, 0), (0.2, 82), (40, 88), (40.2, 0))


def course(minutes: float) -> Disturbance:
    """What it does to the body."""
    return Disturbance(arrhythmia=along(_RATE, minutes))


SCENARIO = Scenario(
    name="tachyarrhythmia",
    summary="The heart races from one minute to the next, for 40 minutes, until it is converted.",
    takes=timedelta(minutes=45),
    course=course,
    endings=(Ending(after=timedelta(minutes=20), kind="deterioration"),),
    expected=Expected(
        alerts=(
            Expectation(
                kinds=("limit",), code="8867-4", direction="high", priority="medium", within=timedelta(minutes=2)
            ),
            Expectation(kinds=("news2",), code="88330-6", priority="medium", within=timedelta(minutes=3)),
        ),
    ),
)
