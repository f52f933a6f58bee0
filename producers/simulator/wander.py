"""How a healthy value wanders: it strays, and is drawn back to where it belongs."""

import math
from random import Random


class Wander:
    """A deviation of mean 0 that forgets itself with a time constant (an Ornstein-Uhlenbeck process).

    `spread` is its standard deviation, in the value's unit; `memory_seconds` its time constant.
    """

    __slots__ = ("_asked_at", "_chance", "_memory_seconds", "_spread", "_value")

    def __init__(self, chance: Random, *, spread: float, memory_seconds: float) -> None:
        self._chance = chance
        self._spread = spread
        self._memory_seconds = memory_seconds
        self._asked_at = 0.0
        self._value = chance.gauss(0, spread)

    def at(self, seconds: float) -> float:
        """The deviation at a time that is not before the last one asked for; exact for any step."""
        passed = seconds - self._asked_at
        if passed > 0:
            kept = math.exp(-passed / self._memory_seconds)
            strayed = self._spread * math.sqrt(1 - kept * kept)
            self._value = self._value * kept + self._chance.gauss(0, strayed)
            self._asked_at = seconds
        return self._value
