"""What makes a healthy signal look ill: movement, a probe that slips, a patient who walks away from the cable."""

from random import Random

from msgspec import structs

from models.events import Measurement

_MOVEMENT = 1 / 1500  # for each reading at rest
_MOVEMENT_OF_EFFORT = 1 / 60  # for each reading and unit of exertion
_PROBE_OFF = 1 / 2500
_CABLE_OFF = 1 / 6000
_PULSE, _BREATH, _SATURATION = range(3)


class Artefacts:
    """Spoils readings of heart rate, respiratory rate and saturation, in that order, now and then.

    After a reading that lies comes one that does not: what is longer than ten seconds is lost, not wrong.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._is_settling = False
        self._off: tuple[int | None, float] = (None, 0.0)

    def spoil(self, measurements: list[Measurement], seconds: float, exertion: float) -> list[Measurement]:
        """The reading as the device tells it: as it is, with one false value, with one sign less, or not at all."""
        sign, until = self._off
        if seconds < until:
            return [] if sign is None else [each for number, each in enumerate(measurements) if number != sign]
        if self._is_settling:
            self._is_settling = False
            return measurements
        drawn = self._chance.random()
        if drawn < _MOVEMENT + _MOVEMENT_OF_EFFORT * exertion:
            self._is_settling = True
            return self._moved(measurements)
        if drawn > 1 - _CABLE_OFF:
            self._off = None, seconds + self._chance.uniform(90, 420)
        elif drawn > 1 - _CABLE_OFF - _PROBE_OFF:
            self._off = self._chance.choice((_BREATH, _SATURATION)), seconds + self._chance.uniform(15, 50)
        return measurements

    def _moved(self, measurements: list[Measurement]) -> list[Measurement]:
        sign = self._chance.choice((_PULSE, _BREATH, _SATURATION))
        change = {
            _PULSE: self._chance.choice((-1, 1)) * self._chance.uniform(15, 35),
            _BREATH: self._chance.uniform(-5, 12),
            _SATURATION: -self._chance.uniform(4, 12),
        }[sign]
        false = measurements[sign]
        assert isinstance(false.value, int | float)
        least = 81 if sign == _SATURATION else 1  # A desaturation that deep is never let pass for a movement.
        value = max(round(false.value + change), min(round(false.value), least))
        return [structs.replace(false, value=value) if each is false else each for each in measurements]
