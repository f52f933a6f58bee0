"""A sensor without a signal sends numbers that mean "no value"."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expectation, Expected
from producers.simulator.faults import tells_sentinels
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="sentinel-values",
    summary='The monitor sends -100, -999 or 32767, which mean "no value", for ten minutes.',
    takes=timedelta(minutes=15),
    sensor=lambda chance: tells_sentinels(until_minutes=10, chance=chance),
    expected=Expected(
        alerts=(Expectation(kinds=("no-data",), priority="medium", within=timedelta(minutes=3)),),
        never=(Exclusion(category="physiological"),),
        refused=("sentinel",),
    ),
)
