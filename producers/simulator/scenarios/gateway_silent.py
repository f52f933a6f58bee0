"""A gateway is off: all of its patients fall silent together."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expectation, Expected
from producers.simulator.faults import is_lost
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="gateway-silent",
    summary="The patient's gateway is off for 5 minutes: nothing comes of any of its patients, and nothing later.",
    takes=timedelta(minutes=10),
    delivery=lambda _: is_lost(until_minutes=5),
    is_of_gateway=True,
    expected=Expected(
        alerts=(Expectation(kinds=("gateway",), priority="medium", within=timedelta(minutes=2)),),
        never=(Exclusion(category="physiological"),),
        unnotified=("no-data",),
    ),
)
