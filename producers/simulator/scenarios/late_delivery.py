"""A link is down, and what was measured meanwhile comes in one go."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expectation, Expected
from producers.simulator.faults import is_held_back
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="late-delivery",
    summary="The link of one patient's devices is down for 5 minutes; all comes in one go when it is up again.",
    takes=timedelta(minutes=10),
    delivery=lambda _: is_held_back(until_minutes=5),
    expected=Expected(
        alerts=(Expectation(kinds=("no-data",), priority="medium", within=timedelta(minutes=3)),),
        never=(Exclusion(category="physiological"),),
        marks=("amended",),
    ),
)
