"""A monitor that takes the pulse from another lead, and tells too much from one reading to the next."""

from datetime import timedelta

from producers.simulator.expectation import Expected, Notice
from producers.simulator.faults import reads_off_by
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="sensor-offset",
    summary="The pulse is taken from another lead, which tells 22 beats a minute too much for two hours.",
    takes=timedelta(minutes=120),
    sensor=lambda _: reads_off_by("8867-4", 22, until_minutes=120),
    expected=Expected(
        findings=(Notice(detector="drift", category="technical", code="8867-4", within=timedelta(minutes=60)),),
    ),
)
