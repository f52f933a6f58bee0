"""The hours of a person's day: light and dark, sleep, meals, and getting up to walk."""

import math
from random import Random

from msgspec import Struct

from producers.simulator.curve import Curve, along
from producers.simulator.person import Person

_HOUR_SECONDS = 3600.0
_DAY_SECONDS = 24 * _HOUR_SECONDS
_WARMEST_HOUR = 17.0
_FALLING_ASLEEP_HOURS = 0.5
_MEAL_HOURS = (8.0, 12.5, 18.5)
_MEAL_RISE: Curve = ((0, 0), (1, 1), (1.5, 0.9), (4, 0))  # by hours since the meal
_LAG_SECONDS = 75.0  # How slowly a pulse follows effort.


class Effort(Struct, frozen=True):
    """How often and how hard a person moves while awake: the mean pause and the longest bout in seconds; 0 to 1."""

    pause_seconds: float
    longest_seconds: float
    hardest: float


EFFORTS = {"ward": Effort(5400, 420, 0.35), "home": Effort(2700, 1800, 1.0)}


class Day:
    """One person's days; `midnight_offset_seconds` is how long after midnight UTC the simulation began."""

    def __init__(self, person: Person, chance: Random, midnight_offset_seconds: float) -> None:
        self._person = person
        self._chance = chance
        self._offset = midnight_offset_seconds
        self._effort = EFFORTS[person.setting]
        self._bout = (0.0, 0.0, 0.0)
        self._exertion, self._asked_at = 0.0, 0.0
        self._plan_bout(0.0)

    def hour(self, seconds: float) -> float:
        """The hour of the day, 0 to 24."""
        return (self._offset + seconds) % _DAY_SECONDS / _HOUR_SECONDS

    def light(self, seconds: float) -> float:
        """Where the body clock stands, from -1 (early morning) to 1 (late afternoon)."""
        return math.cos(2 * math.pi * (self.hour(seconds) - _WARMEST_HOUR) / 24)

    def sleep(self, seconds: float) -> float:
        """How fast asleep, from 0 to 1; falling asleep takes half an hour, as does waking."""
        since_asleep = (self.hour(seconds) - self._person.asleep_at) % 24
        until_awake = (self._person.awake_at - self.hour(seconds)) % 24
        if since_asleep + until_awake >= 24:  # They add up to the length of the night, or to that and a day.
            return 0.0
        return min(1.0, since_asleep / _FALLING_ASLEEP_HOURS, until_awake / _FALLING_ASLEEP_HOURS)

    @property
    def night_hours(self) -> float:
        """How long the person lies in bed."""
        return (self._person.awake_at - self._person.asleep_at) % 24

    def meal(self, seconds: float) -> float:
        """How much of a meal is in the blood, from 0 to 1."""
        hour = self.hour(seconds)
        return max(along(_MEAL_RISE, hour - meal) for meal in _MEAL_HOURS)

    def exertion(self, seconds: float) -> float:
        """How hard the body works, from 0 to 1, as the pulse follows it; asked for in the order of time."""
        begins, ends, strength = self._bout
        if seconds >= ends:
            self._plan_bout(seconds)
        is_moving = begins <= seconds < ends and self.sleep(seconds) == 0
        kept = math.exp(-(seconds - self._asked_at) / _LAG_SECONDS)
        self._exertion = self._exertion * kept + (strength if is_moving else 0.0) * (1 - kept)
        self._asked_at = seconds
        return self._exertion

    def _plan_bout(self, seconds: float) -> None:
        begins = seconds + self._chance.expovariate(1 / self._effort.pause_seconds)
        lasts = self._chance.uniform(120, self._effort.longest_seconds)
        self._bout = begins, begins + lasts, self._effort.hardest * self._chance.uniform(0.4, 1)
