"""What every simulated device has in common."""

from typing import Protocol

from models.events import DeviceType, Measurement
from producers.simulator.vitals import Vitals


class Device(Protocol):
    """One device of one patient; `name` goes into its id, after the patient's."""

    name: str
    type: DeviceType
    first_after_seconds: float

    def measure(self, seconds: float, vitals: Vitals) -> list[Measurement]:
        """What it says of a body at that time; nothing when it found no signal."""

    def pause_seconds(self, vitals: Vitals) -> float:
        """How long until it measures again."""


def rate(code: str, value: float) -> Measurement:
    """A rate as a device tells it: whole, per minute, never negative."""
    return Measurement(code=code, value=max(0, round(value)), unit="/min")
