"""Some readings overtake others on their way."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expected
from producers.simulator.faults import overtakes
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="out-of-order",
    summary="For a quarter of an hour every fifth reading takes a detour of 25 seconds and is overtaken.",
    takes=timedelta(minutes=20),
    delivery=lambda chance: overtakes(share=0.2, by_seconds=25, until_minutes=15, chance=chance),
    expected=Expected(never=(Exclusion(category="physiological"),), marks=("amended",)),
)
