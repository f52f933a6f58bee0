"""A sensor falls off: it reads 0, then nothing, then it is put back."""

from datetime import timedelta

from producers.simulator.expectation import Expectation, Expected
from producers.simulator.faults import falls_off
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="sensor-off",
    summary="The monitor reads 0 for 45 seconds, then nothing; after 6 minutes the sensor is put back.",
    takes=timedelta(minutes=10),
    sensor=lambda _: falls_off(zero_minutes=0.75, gone_minutes=6),
    expected=Expected(
        alerts=(
            Expectation(kinds=("zero",), code="8867-4", direction="low", priority="high", within=timedelta(minutes=1)),
            Expectation(kinds=("no-data",), priority="medium", within=timedelta(minutes=3)),
        ),
    ),
)
