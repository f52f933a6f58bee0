"""A gateway sends again what had arrived."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expected
from producers.simulator.faults import comes_again
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="duplicate-delivery",
    summary="For a quarter of an hour every third reading is sent again, half of them under a new id.",
    takes=timedelta(minutes=20),
    delivery=lambda chance: comes_again(share=0.33, until_minutes=15, chance=chance),
    expected=Expected(never=(Exclusion(category="physiological"),), marks=("duplicate",)),
)
