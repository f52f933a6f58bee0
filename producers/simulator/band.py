"""What measures a wearer at home."""

from random import Random

from models.events import DeviceType, Measurement
from producers.simulator.body import Body
from producers.simulator.device import rate
from producers.simulator.person import Person
from producers.simulator.vitals import Vitals

_MINUTE = 60.0
_HALF_HOUR = 30 * _MINUTE


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
