"""A sensor hangs: a flat line that looks healthy."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expected, Notice
from producers.simulator.faults import is_stuck
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="stuck-sensor",
    summary="The monitor tells its last values again and again for half an hour: a flat line that looks healthy.",
    takes=timedelta(minutes=35),
    sensor=lambda _: is_stuck(until_minutes=30),
    expected=Expected(
        never=(Exclusion(category="physiological"),),
        findings=(
            Notice(detector="flat-line", category="technical", code="8867-4", within=timedelta(minutes=8)),
            Notice(detector="flat-line", category="technical", code="9279-1", within=timedelta(minutes=17)),
        ),
        unfound=("physiological",),
    ),
)
