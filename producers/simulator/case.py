"""A scenario as it befalls one patient: the ground truth that alerts are held against."""

from datetime import datetime, timedelta

from msgspec import Struct

from producers.simulator.scenario import Scenario
from producers.simulator.scenarios import SCENARIOS


class UnknownScenario(Exception):
    """There is no scenario of that name; the message names those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no scenario {name}: give one of {', '.join(SCENARIOS)}.")


class UnfitPatient(Exception):
    """A scenario can't befall this patient; the message says why."""


class Plan(Struct, frozen=True, kw_only=True):
    """A scenario that is to befall a patient so long after the simulation began."""

    scenario: str
    patient_id: str
    after: timedelta = timedelta(minutes=10)


class Case(Struct, frozen=True, kw_only=True):
    """A scenario that befalls a patient from its onset on; its endings are when they should happen."""

    scenario: Scenario
    patient_id: str
    gateway_id: str
    onset: datetime


def scenario_named(name: str) -> Scenario:
    """The scenario of that name; raises UnknownScenario."""
    if name not in SCENARIOS:
        raise UnknownScenario(name)
    return SCENARIOS[name]
