"""What a scenario is: a course that a body or its data take, how it ends, and what must come of it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Literal

from msgspec import Struct

from models.events import OutcomeKind
from producers.simulator.expectation import Expected
from producers.simulator.faults import DeliveryFault, SensorFault
from producers.simulator.vitals import NOTHING, Disturbance

Setting = Literal["ward", "home"]
Course = Callable[[float], Disturbance]
"""What disturbs the body so many minutes after the onset."""


class Ending(Struct, frozen=True, kw_only=True):
    """What really happens to the patient, and how long after the onset."""

    after: timedelta
    kind: OutcomeKind


def undisturbed(_minutes: float) -> Disturbance:
    """The course of a body that nothing happens to."""
    return NOTHING


class Scenario(Struct, frozen=True, kw_only=True):
    """One named scenario; what it leaves out goes on as it was.

    `takes` is how long after the onset all that is promised has happened. `devices` are what the patient gets who has
    none of them yet. `sensor` spoils what the monitor tells, `delivery` what is on its way, for every patient of the
    same gateway if `is_of_gateway`; both begin anew for each patient.
    """

    name: str
    summary: str
    setting: Setting = "ward"
    takes: timedelta
    course: Course = undisturbed
    devices: tuple[str, ...] = ()
    sensor: Callable[[Random], SensorFault] | None = None
    delivery: Callable[[Random], DeliveryFault] | None = None
    is_of_gateway: bool = False
    endings: tuple[Ending, ...] = ()
    expected: Expected = Expected()
