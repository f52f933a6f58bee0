"""How far a rate that a wearable tells stands above this person's own rest, as it does in stress.

Rest is where the lowest tenth of what was seen lies (an expectile, followed as it drifts), not the mean, which stress
lifts along. Little known is little said: a person seen for ten minutes has half the say, for whoever has just sat down
or put the watch on is not at rest yet.
"""

import math

from msgspec import Struct

from models.instants import MINUTE, SECOND

_HALF_LIFE = 30.0
_LOWEST_SHARE = 0.1
_MEMORY, _LEAD = 3600.0, 60.0
_SPREAD_LEAD = 300.0
_LONGEST_STEP = MINUTE / SECOND
_TRUSTED_FROM = 600.0
_FURTHEST = 4.0
_MOST = 10.0


class Excess(Struct, frozen=True, kw_only=True, gc=False):
    """Of the newest value: `score` in spreads of the person, `level` over half a minute and `resting` in its own unit.

    `known_for` is how many seconds it rests on.
    """

    score: float
    level: float
    resting: float
    known_for: float


class Arousal(Struct, gc=False):
    """One rate of one person; `least_spread`, in the rate's unit, is the least that is believed. Six numbers."""

    least_spread: float
    level: float = 0.0
    resting: float = 0.0
    variance: float = 0.0
    known_for: float = 0.0
    last: int | None = None

    def weigh(self, at: int, value: float) -> Excess:
        """Scores a value against what was learned before it, then learns it; one not after the last changes nothing.

        `at` is in microseconds; a silence of over a minute counts as a minute. Scores are within -10 and 10.
        """
        if self.last is None:
            self.level = self.resting = value
            self.variance = (2.5 * self.least_spread) ** 2
            self.last = at
            return self._excess()
        if at <= self.last:
            return self._excess()
        passed = min((at - self.last) / SECOND, _LONGEST_STEP)
        self.last = at
        self._follow(value, passed)
        told = self._excess()
        self._learn(passed)
        return told

    def _follow(self, value: float, passed: float) -> None:
        share = 1 - 0.5 ** (passed / _HALF_LIFE)
        self.level += max(share, min(passed / (self.known_for + passed + 1), 1.0)) * (value - self.level)

    def _excess(self) -> Excess:
        spread = max(math.sqrt(self.variance), self.least_spread)
        trust = self.known_for / (self.known_for + _TRUSTED_FROM)
        score = trust * (self.level - self.resting) / spread
        score = min(max(score, -_MOST), _MOST)
        return Excess(score=score, level=self.level, resting=self.resting, known_for=self.known_for)

    def _learn(self, passed: float) -> None:
        off = self.level - self.resting
        pull = 2 * (_LOWEST_SHARE if off > 0 else 1 - _LOWEST_SHARE)
        self.resting += min(pull * passed * max(1 / _MEMORY, 1 / (self.known_for + _LEAD)), 1.0) * off
        share = min(passed * max(1 / _MEMORY, 1 / (self.known_for + _SPREAD_LEAD)), 1.0)
        self.variance += share * (
            min(off * off, _FURTHEST**2 * max(self.variance, self.least_spread**2)) - self.variance
        )
        self.known_for += passed
