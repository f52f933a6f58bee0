"""The devices there are, and who has which."""

from collections.abc import Callable
from random import Random

from producers.simulator.band import Band
from producers.simulator.bedside import Cuff, GlucoseSensor, Monitor, Round
from producers.simulator.body import Body
from producers.simulator.device import Device
from producers.simulator.person import Person

DEVICES: dict[str, Callable[[Person, Body, Random], Device]] = {
    device.name: device for device in (Monitor, Cuff, Round, GlucoseSensor, Band)
}
"""Every kind of device, by the name that goes into its id."""


def devices_of(person: Person) -> list[str]:
    """What a person is measured with from the start."""
    if person.setting == "home":
        return [Band.name]
    return [Monitor.name, Cuff.name, Round.name] + [GlucoseSensor.name] * person.has_cgm
