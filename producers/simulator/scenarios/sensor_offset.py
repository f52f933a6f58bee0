"""A probe that was moved to another finger tells too little from one reading to the next: the sensor changed."""

from datetime import timedelta

from producers.simulator.faults import reads_off_by
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="sensor-offset",
    summary="The probe sits on another finger and tells 5 % of saturation too little for two hours.",
    takes=timedelta(minutes=120),
    sensor=lambda _: reads_off_by("59408-5", -5, until_minutes=120),
)
