"""One simulated body: what is usual for the person, the hour, what happens by chance, and what disturbs it."""

from random import Random

from producers.simulator.day import Day
from producers.simulator.person import Person
from producers.simulator.physiology import respond
from producers.simulator.vitals import Disturbance, Vitals
from producers.simulator.wander import Wander

_MINUTE = 60.0
_EXERTION_BEATS = 30.0
_EXERTION_BREATHS = 5.0
_STEPS_AT_A_BRISK_WALK = 115.0
_STILL = 0.05  # The exertion under which nobody is walking.
_MEAL_RISE = {True: 45.0, False: 22.0}  # mg/dL, with diabetes and without
_HIGHEST_SATURATION = 100.0


class Body:
    """The true vital signs of one person; ask in the order of time."""

    def __init__(self, person: Person, chance: Random, midnight_offset_seconds: float) -> None:
        self._person = person
        self.day = Day(person, chance, midnight_offset_seconds)
        self._pulse = Wander(chance, spread=2.2, memory_seconds=10 * _MINUTE)
        self._breath = Wander(chance, spread=0.8, memory_seconds=4 * _MINUTE)
        self._saturation = Wander(chance, spread=0.4, memory_seconds=6 * _MINUTE)
        self._pressure = Wander(chance, spread=0.03, memory_seconds=25 * _MINUTE)
        self._warmth = Wander(chance, spread=0.06, memory_seconds=120 * _MINUTE)
        self._sugar = Wander(chance, spread=6.0, memory_seconds=90 * _MINUTE)
        self._tone = Wander(chance, spread=0.12, memory_seconds=60 * _MINUTE)

    def at(self, seconds: float, cause: Disturbance) -> Vitals:
        """What is true at a time, in seconds since the simulation began."""
        return respond(self._undisturbed(seconds, max(0.0, 1 - cause.lethargy)), cause)

    def _undisturbed(self, seconds: float, vigour: float) -> Vitals:
        person, day = self._person, self.day
        light, sleep = day.light(seconds), day.sleep(seconds)
        exertion = day.exertion(seconds) * vigour
        pressure = 1 + self._pressure.at(seconds) + 0.03 * light - 0.05 * sleep + 0.10 * exertion
        return Vitals(
            heart_rate=person.heart_rate
            + self._pulse.at(seconds)
            + 2.5 * light
            - 6 * sleep
            + _EXERTION_BEATS * exertion,
            respiratory_rate=person.respiratory_rate
            + self._breath.at(seconds)
            + 0.3 * light
            - sleep
            + _EXERTION_BREATHS * exertion,
            oxygen_saturation=min(
                _HIGHEST_SATURATION, person.oxygen_saturation + self._saturation.at(seconds) - 0.4 * sleep
            ),
            systolic=person.systolic * pressure,
            diastolic=person.diastolic * (1 + (pressure - 1) * 0.7),
            temperature=person.temperature + self._warmth.at(seconds) + 0.25 * light,
            glucose=person.glucose + self._sugar.at(seconds) + _MEAL_RISE[person.has_cgm] * day.meal(seconds),
            variability=person.variability * (1 + self._tone.at(seconds) + 0.15 * sleep) / (1 + 2 * exertion),
            oxygen_flow=person.oxygen_flow,
            steps=0.0 if exertion < _STILL else _STEPS_AT_A_BRISK_WALK * min(1.0, 0.35 + exertion),
        )
