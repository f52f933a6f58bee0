"""One simulated patient: a body, the devices on it, and what befalls it."""

from collections.abc import Iterable
from random import Random

from models.events import Measurement
from producers.simulator.bedside import Monitor
from producers.simulator.body import Body
from producers.simulator.device import Device
from producers.simulator.devices import DEVICES, devices_of
from producers.simulator.faults import Delivery, DeliveryFault, SensorFault
from producers.simulator.person import Person
from producers.simulator.scenario import Course, Scenario
from producers.simulator.vitals import NOTHING, Disturbance, Vitals

_MINUTE = 60.0


class Faults:
    """The delivery faults of one patient or one gateway, each with its onset in seconds."""

    def __init__(self) -> None:
        self._begun: list[tuple[float, DeliveryFault]] = []

    def begin(self, fault: DeliveryFault, seconds: float) -> None:
        """Lets one more fault act from now on."""
        self._begun.append((seconds, fault))

    def deliver(self, deliveries: Iterable[Delivery], seconds: float) -> Iterable[Delivery]:
        """What becomes of readings that leave at that time, fault after fault."""
        for onset, fault in self._begun:
            minutes = (seconds - onset) / _MINUTE
            deliveries = [after for before in deliveries for after in fault(minutes, before)]
        return deliveries


class Resident:
    """A patient who is simulated; every random choice is drawn from seeds of the patient's own.

    So nothing that befalls one patient changes a byte of another's records.
    """

    def __init__(self, person: Person, seed: str, midnight_offset_seconds: float, bed: int | None = None) -> None:
        self.person = person
        self.bed = bed
        self.body = Body(person, Random(f"{seed}/body"), midnight_offset_seconds)
        self.network = Random(f"{seed}/network")
        self.faults = Faults()
        self.devices: dict[str, Device] = {}
        self.readings = 0
        self.has_left = False
        self.is_ill_until = 0.0
        self._seed = seed
        self._courses: list[tuple[float, Course]] = []
        self._sensors: list[tuple[float, SensorFault]] = []
        for name in devices_of(person):
            self.attach(name)

    def attach(self, name: str) -> Device | None:
        """Puts a device on, unless there is one already."""
        if name in self.devices:
            return None
        device = self.devices[name] = DEVICES[name](self.person, self.body, Random(f"{self._seed}/{name}"))
        return device

    def befall(self, scenario: Scenario, seconds: float, gateway: Faults) -> None:
        """Lets a scenario take its course from now on."""
        chance = Random(f"{self._seed}/{scenario.name}/{len(self._courses)}")
        self._courses.append((seconds, scenario.course))
        self.is_ill_until = max(self.is_ill_until, seconds + scenario.takes.total_seconds())
        if scenario.sensor is not None:
            self._sensors.append((seconds, scenario.sensor(chance)))
        if scenario.delivery is not None:
            faults = gateway if scenario.is_of_gateway else self.faults
            faults.begin(scenario.delivery(chance), seconds)

    def vitals(self, seconds: float) -> Vitals:
        """What is true of the body at that time."""
        return self.body.at(seconds, self._cause(seconds))

    def measure(self, device: Device, seconds: float, vitals: Vitals) -> list[Measurement]:
        """What a device tells of it, true or not."""
        found = device.measure(seconds, vitals)
        if device.name == Monitor.name:
            for onset, fault in self._sensors:
                found = fault((seconds - onset) / _MINUTE, found)
        return found

    def _cause(self, seconds: float) -> Disturbance:
        cause = NOTHING
        for onset, course in self._courses:
            cause = cause + course((seconds - onset) / _MINUTE)
        return cause
