"""A device whose clock is ahead: nobody can use what it tells, and nobody else may be disturbed by it."""

from datetime import timedelta

from producers.simulator.expectation import Exclusion, Expectation, Expected
from producers.simulator.faults import runs_ahead
from producers.simulator.scenario import Scenario

SCENARIO = Scenario(
    name="wrong-clock",
    summary="The clock of the patient's devices is 45 minutes ahead for a quarter of an hour.",
    takes=timedelta(minutes=20),
    delivery=lambda _: runs_ahead(timedelta(minutes=45), until_minutes=15),
    expected=Expected(
        alerts=(Expectation(kinds=("no-data",), priority="medium", within=timedelta(minutes=3)),),
        never=(Exclusion(category="physiological"),),
        dead_letters=("future",),
    ),
)
