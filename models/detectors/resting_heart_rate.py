"""The day's resting heart rate of someone who wears a watch, against what is usual for that person at those hours.

Resting: no step for 12 minutes (Mishra et al., Nature Biomedical Engineering 2020). Each hour is held against the same
hour of the last four weeks, as in their online CuSum, so that a watch that was not worn at night does not look like a
fever. The day is the mean over its hours, in the person's own day-to-day spreads; half of what stood out the day before
stays, so that a small rise that lasts counts as much as one bad night.
"""

import math

from msgspec import Struct, field

from models.instants import DAY, HOUR, MINUTE

BUDGET = 1 / 30
"""Alarm days a day that a person who is well is meant to have."""

READY = 7
"""Days that must be judged before one can raise an alarm."""

_STILL = 12 * MINUTE
_LEAST_MINUTES = 10
_LEAST_HOURS = 3
_MEMORY = 28
_HOUR_SPREAD, _LEAST_SPREAD, _FURTHEST_HOUR, _FURTHEST_HOUR_LEARNED = 7.0, 2.0, 4.0, 2.0
_DAY_SPREAD, _LEAST_DAY_SPREAD, _DAY_WEIGHT, _FURTHEST_DAY_LEARNED = 0.6, 0.1, 5.0, 2.0
_KEPT, _LOWEST_DAY, _HIGHEST_DAY = 0.5, -4.0, 6.0
_THRESHOLD, _LEAST_THRESHOLD, _STEP = 2.3, 1.5, 0.5
_QUIET_DAYS = 7
_NEVER = -(2**62)


class UsualHour(Struct, array_like=True, gc=False):
    """Mean (/min) and variance of one hour of the day over the last four weeks; `learned` counts its days."""

    mean: float = 0.0
    variance: float = _HOUR_SPREAD**2
    learned: int = 0

    def z(self, rate: float) -> float:
        """Signed distance from the usual in spreads, at most 4."""
        z = (rate - self.mean) / max(math.sqrt(self.variance), _LEAST_SPREAD)
        return min(max(z, -_FURTHEST_HOUR), _FURTHEST_HOUR)

    def learn(self, rate: float) -> None:
        """Takes one more day in; after the third, only as far as 2 spreads out, so that a fever is not the usual."""
        if self.learned == 0:
            self.mean, self.learned = rate, 1
            return
        if self.learned >= _LEAST_HOURS:
            reach = _FURTHEST_HOUR_LEARNED * math.sqrt(self.variance)
            rate = min(max(rate, self.mean - reach), self.mean + reach)
        self.learned = min(self.learned + 1, _MEMORY)
        share, off = 1 / self.learned, rate - self.mean
        self.mean += share * off
        self.variance += (off * off * (1 - share) - self.variance) / (self.learned + 1)


class RestingDay(Struct, frozen=True, kw_only=True, gc=False):
    """One day judged: `at` is its start (microseconds), `rate` and `usual` its means over the same hours, /min.

    `excess` is how far the day is from the usual in the person's day-to-day spreads; `evidence` is that with half of
    the evidence of the day before; `raised` says that a new alarm begins. `learned_from` counts the days before.
    """

    at: int
    rate: float
    usual: float
    excess: float
    evidence: float
    threshold: float
    raised: bool
    hours: int
    learned_from: int


class RestingHeartRate(Struct, gc=False):
    """What is known of one person's heart at rest; some 700 bytes, whatever comes.

    Rates and steps are to come in order of time; what is of an hour already closed is left out. Hours and days are UTC.
    """

    moved: int | None = None
    hour: int = _NEVER
    minute: int = _NEVER
    minutes: int = 0
    readings: int = 0
    total: float = 0.0
    hours: list[UsualHour] = field(default_factory=lambda: [UsualHour() for _ in range(24)])
    judged_hours: int = 0
    sums: tuple[float, float, float] = (0.0, 0.0, 0.0)
    center: float = 0.0
    variance: float = _DAY_SPREAD**2
    weight: float = _DAY_WEIGHT
    days: int = 0
    last_day: int = _NEVER
    evidence: float = 0.0
    threshold: float = _THRESHOLD
    quiet_until: int = _NEVER

    def hear_steps(self, at: int, steps: float) -> RestingDay | None:
        """Takes the steps of the minute that begins at `at`; the day before, once this is of another."""
        ended = self._pass_to(at)
        if self.moved is None or (steps > 0 and at > self.moved):
            self.moved = at
        return ended

    def hear_rate(self, at: int, rate: float) -> RestingDay | None:
        """Takes a heart rate, /min, if it is one at rest; the day before, once this is of another."""
        ended = self._pass_to(at)
        if self.moved is None or at - self.moved < _STILL or at // HOUR != self.hour:
            return ended
        minute = at // MINUTE
        self.minutes += minute != self.minute
        self.minute = minute
        self.readings += 1
        self.total += rate
        return ended

    def end(self) -> RestingDay | None:
        """Judges the day that was going on, when nothing more comes."""
        self._close_hour()
        return self._close_day()

    def _pass_to(self, at: int) -> RestingDay | None:
        hour = at // HOUR
        if hour <= self.hour:
            return None
        self._close_hour()
        ended = self._close_day() if at // DAY != self.hour * HOUR // DAY else None
        self.hour = hour
        return ended

    def _close_hour(self) -> None:
        """Scores the hour that ended against its usual, then learns it."""
        if self.minutes >= _LEAST_MINUTES:
            rate, usual = self.total / self.readings, self.hours[self.hour % 24]
            if usual.learned >= _LEAST_HOURS:
                z, rates, usuals = self.sums
                self.sums = (z + usual.z(rate), rates + rate, usuals + usual.mean)
                self.judged_hours += 1
            usual.learn(rate)
        self.minutes, self.readings, self.total = 0, 0, 0.0

    def _close_day(self) -> RestingDay | None:
        """Scores the day that ended, then learns how far days lie apart; None when too little of it is known."""
        count, (z, rates, usuals) = self.judged_hours, self.sums
        self.judged_hours, self.sums = 0, (0.0, 0.0, 0.0)
        if count < _LEAST_HOURS:
            return None
        day, mean = self.hour * HOUR // DAY, z / count
        excess = self._weigh(mean)
        kept: float = _KEPT ** min(day - self.last_day, 64) if self.days else 0.0
        self.evidence = max(0.0, self.evidence) * kept + min(max(excess, _LOWEST_DAY), _HIGHEST_DAY)
        is_raised = self.days >= READY and self.evidence > self.threshold and day >= self.quiet_until
        judged = RestingDay(
            at=day * DAY,
            rate=round(rates / count, 2),
            usual=round(usuals / count, 2),
            excess=excess,
            evidence=self.evidence,
            threshold=self.threshold,
            raised=is_raised,
            hours=count,
            learned_from=self.days,
        )
        self._learn(day, mean, is_raised=is_raised)
        return judged

    def _weigh(self, mean: float) -> float:
        return (mean - self.center) / self._day_spread

    @property
    def _day_spread(self) -> float:
        return max(math.sqrt(self.variance), _LEAST_DAY_SPREAD)

    def _learn(self, day: int, mean: float, *, is_raised: bool) -> None:
        """Learns the day, and moves the threshold to where this person has one alarm day in 30.

        A step up at an alarm and a thirtieth of it down on each other day keep that rate whatever the days are like
        (adaptive conformal inference, Gibbs and Candes 2021).
        """
        off = min(max(self._weigh(mean), -_FURTHEST_DAY_LEARNED), _FURTHEST_DAY_LEARNED) * self._day_spread
        self.weight = min(self.weight + 1, _MEMORY)
        self.center += off / self.weight
        self.variance += (off * off - self.variance) / self.weight
        if self.days >= READY:
            self.threshold = max(_LEAST_THRESHOLD, self.threshold + _STEP * (is_raised - BUDGET))
        if is_raised:
            self.quiet_until = day + _QUIET_DAYS + 1
        self.days += 1
        self.last_day = day
