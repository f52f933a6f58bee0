"""A sensor hangs: a flat line that looks healthy."""

from datetime import timedelta

from producers.simulator.faults import is_stuck
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="stuck-sensor",
    summary="The monitor tells its last values again and again for half an hour: a flat line that looks healthy.",
    takes=timedelta(minutes=35),
    sensor=lambda _: is_stuck(until_minutes=30),
)
