"""Nothing happens: a quiet day, then home."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expected
from producers.simulator.scenario import Ending, Scenario

SCENARIO = Scenario(
    name="stable",
    summary="Nothing happens, and the patient goes home after a day.",
    takes=timedelta(hours=24),
    endings=(Ending(after=timedelta(hours=24), kind="discharge"),),
    expected=Expected(never=(Exclusion(category="physiological", priority="medium"),)),
)
