"""How often someone measures by hand or cuff."""

from random import Random

from producers.simulator.vitals import Vitals

_MINUTE = 60.0


class Interval:
    """When to measure again by hand or cuff: after so many minutes, or after fewer when the patient looks ill."""

    def __init__(self, usual_minutes: float, ill_minutes: float, chance: Random) -> None:
        self._usual_seconds = usual_minutes * _MINUTE
        self._ill_seconds = ill_minutes * _MINUTE
        self._chance = chance
        self._last: float | None = None

    def is_over(self, seconds: float, vitals: Vitals) -> bool:
        """Whether it is time; if so, the next interval begins."""
        least = min(self._ill_seconds, self._usual_seconds) if vitals.looks_ill else self._usual_seconds
        if self._last is not None and seconds < self._last + least:
            return False
        self._last = seconds
        return True

    def look_again_seconds(self) -> float:
        """How long until someone looks whether it is time: about two minutes."""
        return self._chance.uniform(100, 140)
