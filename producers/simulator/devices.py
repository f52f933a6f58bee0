"""What measures a simulated body: how often, how exactly, and under which codes (clinical reference, section 5)."""

from collections.abc import Callable
from random import Random
from typing import Protocol

from models.events import DeviceType, Measurement
from producers.simulator.artefacts import Artefacts
from producers.simulator.body import Body
from producers.simulator.interval import Interval
from producers.simulator.person import Person
from producers.simulator.vitals import Vitals

_MINUTE = 60.0
_HALF_HOUR = 30 * _MINUTE
_LEAST_PRESSURE = 30.0  # A cuff finds no pulse under this, in mmHg, and tells nothing.
_CGM_LOWEST, _CGM_HIGHEST = 40, 400


class Device(Protocol):
    """One device of one patient; `name` goes into its id, after the patient's."""

    name: str
    type: DeviceType
    first_after_seconds: float

    def measure(self, seconds: float, vitals: Vitals) -> list[Measurement]:
        """What it says of a body at that time; nothing when it found no signal."""

    def pause_seconds(self, vitals: Vitals) -> float:
        """How long until it measures again."""


class Monitor:
    """A bedside monitor: heart rate, respiratory rate and saturation every ten seconds, with artefacts."""

    name = "monitor"
    type: DeviceType = "monitor"

    def __init__(self, _person: Person, body: Body, chance: Random) -> None:
        self._body = body
        self._chance = chance
        self._artefacts = Artefacts(chance)
        self.first_after_seconds = chance.uniform(1, 10)

    def measure(self, seconds: float, vitals: Vitals) -> list[Measurement]:
        """Three signs, fewer while a probe is off."""
        gauss, beats = self._chance.gauss, vitals.heart_rate > 0
        found = [
            rate("8867-4", vitals.heart_rate + beats * gauss(0, 0.8 + vitals.beat_spread)),
            rate("9279-1", vitals.respiratory_rate + beats * gauss(0, 0.6)),
            Measurement(code="59408-5", value=_percent(vitals.oxygen_saturation + beats * gauss(0, 0.25)), unit="%"),
        ]
        return self._artefacts.spoil(found, seconds, self._body.day.exertion(seconds)) if beats else found

    def pause_seconds(self, vitals: Vitals) -> float:
        """Ten seconds, whatever happens."""
        return 10.0


class Cuff:
    """An inflating cuff: systolic, diastolic and mean pressure every 15 to 45 minutes, of an ill patient every ten."""

    name = "cuff"
    type: DeviceType = "monitor"

    def __init__(self, _person: Person, _body: Body, chance: Random) -> None:
        self._chance = chance
        self._interval = Interval(chance.choice((15, 20, 30, 45)), 10, chance)
        self.first_after_seconds = chance.uniform(30, 5 * _MINUTE)

    def measure(self, seconds: float, vitals: Vitals) -> list[Measurement]:
        """Three pressures when it is time, or nothing where there is no pulse to feel."""
        if not self._interval.is_over(seconds, vitals) or vitals.systolic < _LEAST_PRESSURE:
            return []
        systolic, diastolic = vitals.systolic + self._chance.gauss(0, 2), vitals.diastolic + self._chance.gauss(0, 1.5)
        pressures = {"8480-6": systolic, "8462-4": diastolic, "8478-0": diastolic + (systolic - diastolic) / 3}
        return [Measurement(code=code, value=round(value), unit="mm[Hg]") for code, value in pressures.items()]

    def pause_seconds(self, vitals: Vitals) -> float:
        """How long until it looks at its interval again."""
        return self._interval.look_again_seconds()


class Round:
    """A nurse's round, about every three and a half hours: temperature, consciousness, oxygen; half-hourly if ill."""

    name = "round"
    type: DeviceType = "manual"

    def __init__(self, _person: Person, _body: Body, chance: Random) -> None:
        self._chance = chance
        self._interval = Interval(chance.uniform(195, 225), 30, chance)
        self.first_after_seconds = chance.uniform(1, 20) * _MINUTE

    def measure(self, seconds: float, vitals: Vitals) -> list[Measurement]:
        """What a person sees and a thermometer says, when it is time."""
        if not self._interval.is_over(seconds, vitals):
            return []
        warmth = round(vitals.temperature + self._chance.gauss(0, 0.05), 1)
        return [
            Measurement(code="8310-5", value=warmth, unit="Cel"),
            Measurement(code="67775-7", value=vitals.consciousness),
            Measurement(code="3151-8", value=vitals.oxygen_flow, unit="L/min"),
        ]

    def pause_seconds(self, vitals: Vitals) -> float:
        """How long until someone passes by again."""
        return self._interval.look_again_seconds()


class GlucoseSensor:
    """A continuous glucose monitor under the skin: every five minutes, some ten minutes behind the blood."""

    name = "cgm"
    type: DeviceType = "cgm"

    def __init__(self, _person: Person, _body: Body, chance: Random) -> None:
        self._chance = chance
        self._under_the_skin: float | None = None
        self.first_after_seconds = chance.uniform(10, 5 * _MINUTE)

    def measure(self, seconds: float, vitals: Vitals) -> list[Measurement]:
        """Interstitial glucose within the sensor's range."""
        before = self._under_the_skin if self._under_the_skin is not None else vitals.glucose
        self._under_the_skin = before + 0.4 * (vitals.glucose - before)
        told = round(self._under_the_skin + self._chance.gauss(0, 2))
        return [Measurement(code="99504-3", value=min(max(told, _CGM_LOWEST), _CGM_HIGHEST), unit="mg/dL")]

    def pause_seconds(self, vitals: Vitals) -> float:
        """Five minutes, whatever happens."""
        return 5 * _MINUTE


class Band:
    """A band on the wrist at home: heart rate and steps each minute; variability at rest; the night's sleep.

    It is taken off to charge for an hour a day.
    """

    name = "band"
    type: DeviceType = "wearable"

    def __init__(self, _person: Person, body: Body, chance: Random) -> None:
        self._day = body.day
        self._chance = chance
        self._charges_at = chance.uniform(19, 21)
        self._was_asleep = False
        self._variability_due = 0.0
        self.first_after_seconds = chance.uniform(1, 60)

    def measure(self, seconds: float, vitals: Vitals) -> list[Measurement]:
        """One minute; nothing while it charges."""
        if 0 <= self._day.hour(seconds) - self._charges_at < 1:
            return []
        steps = max(0, round(vitals.steps * self._chance.uniform(0.85, 1.1)))
        told = [
            rate("8867-4", vitals.heart_rate + self._chance.gauss(0, 1.2)),
            Measurement(code="55423-8", value=steps, unit="{steps}"),
        ]
        if seconds >= self._variability_due and not steps:
            self._variability_due = seconds + _HALF_HOUR
            told.append(Measurement(code="80404-7", value=max(5, round(vitals.variability)), unit="ms"))
        return told + self._night(seconds)

    def pause_seconds(self, vitals: Vitals) -> float:
        """A minute, whatever happens."""
        return _MINUTE

    def _night(self, seconds: float) -> list[Measurement]:
        """How long the person slept, told once, on waking."""
        was_asleep, self._was_asleep = self._was_asleep, self._day.sleep(seconds) > 0
        if self._was_asleep or not was_asleep:
            return []
        slept = self._day.night_hours * self._chance.uniform(0.84, 0.97)
        return [Measurement(code="93832-4", value=round(slept, 2), unit="h")]


DEVICES: dict[str, Callable[[Person, Body, Random], Device]] = {
    device.name: device for device in (Monitor, Cuff, Round, GlucoseSensor, Band)
}
"""Every kind of device, by the name that goes into its id."""


def devices_of(person: Person) -> list[str]:
    """What a person is measured with from the start."""
    if person.setting == "home":
        return [Band.name]
    return [Monitor.name, Cuff.name, Round.name] + [GlucoseSensor.name] * person.has_cgm


def rate(code: str, value: float) -> Measurement:
    """A rate as a device tells it: whole, per minute, never negative."""
    return Measurement(code=code, value=max(0, round(value)), unit="/min")


def _percent(value: float) -> int:
    return min(100, max(0, round(value)))
