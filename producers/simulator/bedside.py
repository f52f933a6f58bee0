"""What measures a patient in a bed: how often, how exactly, under which codes (clinical reference, section 5)."""

from random import Random

from models.events import DeviceType, Measurement
from producers.simulator.artefacts import Artefacts
from producers.simulator.body import Body
from producers.simulator.device import rate
from producers.simulator.interval import Interval
from producers.simulator.person import Person
from producers.simulator.vitals import Vitals

_MINUTE = 60.0
_LEAST_PRESSURE = 30.0  # A cuff finds no pulse under this, in mmHg, and tells nothing.
_CGM_LOWEST, _CGM_HIGHEST = 40, 400


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


def _percent(value: float) -> int:
    return min(100, max(0, round(value)))
