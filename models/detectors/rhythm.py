"""What is usual for a patient at this hour of the day: a level, a wave of 24 hours, and how far values stray from both.

Recursive least squares on [1, sine, cosine] of the time of day, one value each quarter of an hour. What is believed
beforehand draws the wave to nothing and the level to the first value; all three may wander, so that the level follows
a slow trend within days: a slope of its own would only be carried on where it ends. A value counts only as far as 3
spreads out, and at home only at rest, where steps tell.

It says nothing before it was fed at 20 hours of the day, over a day or more: until then whoever asks keeps to the
baseline.
"""

import math
from functools import lru_cache
from struct import Struct as Layout
from typing import NamedTuple

from models.instants import DAY, HOUR, MINUTE
from models.picture import Patient
from models.vital_signs.sign import Usual

EVERY = 15 * MINUTE
_STEPS = "55423-8"
_REST = 10 * MINUTE
_HOME = "home"
_SLOTS_A_DAY = DAY // EVERY
_LEAST_HOURS = 20
_FURTHEST = 3.0
_WAVE_PRIOR = 0.5  # Variance of the sine and the cosine beforehand, in squares of the spread.
_FIRST_WEIGHT = 4.0  # Of the level once there is a value: that value is worth a quarter of a later one in doubt.
_LEVEL_WANDERS, _WAVE_WANDERS = 1e-4, 5e-6
_LONGEST_GAP = 7 * _SLOTS_A_DAY
_SPREAD_MEMORY = 192.0
_LEAST_SPREAD_WEIGHT = 8.0
_LAYOUT = Layout("<3ff6eIHHI")
_WHEN, _WHEN_AT = Layout("<IH"), 28
_MOST = 0xFFFF

Wave = tuple[float, float]


class Rhythm(NamedTuple):
    """One sign of one patient: the three coefficients, the variance of what strays, and what is known of them.

    `covariance` is its upper triangle, by the variance of a value. `begun` is the first quarter of an hour since 1970,
    `last` how many later the newest one is, `taken` how many there were, `hours` one bit for each hour of the day.
    """

    level: float
    sine: float
    cosine: float
    variance: float
    covariance: tuple[float, ...]
    begun: int
    last: int
    taken: int
    hours: int

    @property
    def is_known(self) -> bool:
        """Whether it saw a day."""
        return self.last >= _SLOTS_A_DAY and self.hours.bit_count() >= _LEAST_HOURS

    def at(self, wave: Wave) -> float:
        """What is usual at a time of the day."""
        return self.level + self.sine * wave[0] + self.cosine * wave[1]


def usual_at(packed: bytes, at: int, usual: Usual | None) -> tuple[float, float] | None:
    """What is usual at an instant, and its spread, never under the sign's floor; None until a day was seen."""
    rhythm = unpack(packed)
    if usual is None or not rhythm.is_known:
        return None
    return rhythm.at(wave_of(at)), max(math.sqrt(rhythm.variance), usual.floor)


def is_due(packed: bytes | None, at: int) -> bool:
    """Whether a quarter of an hour has begun of which there is no value."""
    if packed is None:
        return True
    begun, last = _WHEN.unpack_from(packed, _WHEN_AT)
    return at // EVERY > int(begun) + int(last)


def learning(packed: bytes | None, value: float, at: int, usual: Usual) -> bytes:
    """The rhythm with one more value, which is due."""
    slot = at // EVERY
    if packed is None:
        return pack(_first(value, slot, usual))
    rhythm = unpack(packed)
    return pack(_learned(rhythm, value, at, slot - rhythm.begun - rhythm.last, usual))


def is_at_rest(patient: Patient, at: int) -> bool | None:
    """Whether somebody at home took no step for ten minutes; None where no steps are told of, as of those on a ward."""
    vital = patient.vitals.get(_STEPS)
    if patient.known.setting != _HOME or vital is None or vital.history.at < at - _REST:
        return None
    history = vital.history
    return not any(history.values[max(0, history.index_at(at - _REST)) :])


@lru_cache(maxsize=256)
def wave_of(at: int) -> Wave:
    """Sine and cosine of the time of the day, in UTC: whatever the clock of the place, a day is a day."""
    angle = 2 * math.pi * (at % DAY) / DAY
    return math.sin(angle), math.cos(angle)


def pack(rhythm: Rhythm) -> bytes:
    """As few bytes as keep it: coefficients in four, the covariance in two each."""
    return _LAYOUT.pack(*rhythm[:4], *rhythm.covariance, *rhythm[5:])


def unpack(packed: bytes) -> Rhythm:
    """The rhythm again; raises struct.error on anything else."""
    fields = _LAYOUT.unpack(packed)
    return Rhythm(fields[0], fields[1], fields[2], fields[3], fields[4:10], *fields[10:])


def _first(value: float, slot: int, usual: Usual) -> Rhythm:
    covariance = (_FIRST_WEIGHT, 0.0, 0.0, _WAVE_PRIOR, 0.0, _WAVE_PRIOR)
    hour = 1 << slot * EVERY % DAY // HOUR
    return Rhythm(value, 0.0, 0.0, usual.floor**2, covariance, slot, 0, 1, hour)


def _learned(rhythm: Rhythm, value: float, at: int, gap: int, usual: Usual) -> Rhythm:
    sine, cosine = wave_of(at)
    passed = min(gap, _LONGEST_GAP)
    aa, ab, ac, bb, bc, cc = rhythm.covariance
    aa = min(aa + passed * _LEVEL_WANDERS, _FIRST_WEIGHT)
    bb, cc = (min(each + passed * _WAVE_WANDERS, _WAVE_PRIOR) for each in (bb, cc))
    to_level, to_sine, to_cosine = (
        aa + ab * sine + ac * cosine,
        ab + bb * sine + bc * cosine,
        ac + bc * sine + cc * cosine,
    )
    doubt = 1.0 + max(to_level + to_sine * sine + to_cosine * cosine, 0.0)
    reach = _FURTHEST * max(math.sqrt(rhythm.variance), usual.floor)
    error = min(max(value - rhythm.at((sine, cosine)), -reach), reach)
    weight = min(rhythm.taken + _LEAST_SPREAD_WEIGHT, _SPREAD_MEMORY)
    return Rhythm(
        rhythm.level + to_level / doubt * error,
        rhythm.sine + to_sine / doubt * error,
        rhythm.cosine + to_cosine / doubt * error,
        rhythm.variance + (error * error / doubt - rhythm.variance) / weight,
        (
            aa - to_level * to_level / doubt,
            ab - to_level * to_sine / doubt,
            ac - to_level * to_cosine / doubt,
            bb - to_sine * to_sine / doubt,
            bc - to_sine * to_cosine / doubt,
            cc - to_cosine * to_cosine / doubt,
        ),
        rhythm.begun,
        min(rhythm.last + gap, _MOST),
        min(rhythm.taken + 1, _MOST),
        rhythm.hours | 1 << at % DAY // HOUR,
    )
