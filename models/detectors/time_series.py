"""Whether a value of any one series stands out: from the last few, from what is usual at that time of day, in its level
over twenty values, or in how much it varies, more or less than it does.

Each distance has a tail of its own, learned on the way: above the level that one in twenty exceeds, its logarithm falls
off exponentially, so that the tail may be as heavy as a power's (peaks over threshold in a stream: Siffer et al., KDD
2017). A distance is as surprising as it is rare; the most surprising one is the score, and names what drove it.
What goes on is told once: until the rest is over, only what is still more surprising has a score.
"""

import math
from typing import Literal

from msgspec import Struct, field

from models.instants import DAY

Driver = Literal["the last values", "this time of day", "the level", "more variation", "less variation"]
DRIVERS: tuple[Driver, ...] = ("the last values", "this time of day", "the level", "more variation", "less variation")

_BINS = 48
_SHARE, _BASE = 0.05, 1.301
_TAIL_MEMORY, _EXCESS_MEMORY = 3000, 200
_FIRST_EXCESS, _PRIOR = 0.5, 5
_LEAST_EXCESS, _FURTHEST_EXCESS = 0.02, 6.0
_MOST = 30.0
_FEW, _SMOOTHED, _RECENT = 4, 3, 20
_LONG, _SETTLED, _REACH = 1000, 30, 4.0
_BIN_MEMORY, _BIN_LEAST = 60, 2
_REST = 150
_HALF = 3.0
_TINY = 1e-9


class Tail(Struct, array_like=True, gc=False):
    """How large a distance is now and then: the level that one in twenty exceeds, and by how much on average."""

    level: float = 0.0
    excess: float = 0.0
    learned: int = 0
    exceeded: int = 0

    def surprise(self, distance: float) -> float:
        """How rare so large a distance is, as -log10 of its share; 0 at the first, at most 30."""
        if not self.learned:
            return 0.0
        beyond = (distance - self.level) / max(self.excess, _LEAST_EXCESS * abs(self.level), _TINY)
        if beyond <= 0:
            return max(0.0, _BASE * (1 + beyond / 3))
        return min(_BASE + beyond * math.log10(math.e), _MOST)

    def learn(self, distance: float) -> None:
        """Takes one more distance in."""
        self.learned += 1
        if self.learned == 1:
            self.level, self.excess = distance, _FIRST_EXCESS
            return
        step = 3 * max(self.excess, _TINY) * max(self.learned**-0.7, _TAIL_MEMORY**-0.7)
        self.level += step * (1 - _SHARE) if distance > self.level else -step * _SHARE
        if distance > self.level:
            self.exceeded += 1
            beyond = min(distance - self.level, _FURTHEST_EXCESS * self.excess)
            self.excess += (beyond - self.excess) * max(1 / (self.exceeded + _PRIOR), 1 / _EXCESS_MEMORY)


class Judged(Struct, frozen=True, kw_only=True, gc=False):
    """One value: its `score` from 0 to 1, its `surprise` as -log10 of how rare it is, and what it was held against.

    While something goes on the score is 0 unless the surprise is the greatest yet; the surprise is told throughout.
    """

    score: float
    surprise: float
    driver: Driver
    usual: float


class TimeSeries(Struct, gc=False):
    """What is known of one series; some 2 KB, whatever comes."""

    seen: int = 0
    few: float = 0.0
    center: float = 0.0
    spread: float = 0.0
    off_day: float = 0.0
    recent: float = 0.0
    variation: float = 0.0
    usual_variation: float = 0.0
    day: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)] * _BINS)
    tails: list[Tail] = field(default_factory=lambda: [Tail() for _ in DRIVERS])
    said: list[float] = field(default_factory=list)

    def judge(self, at: int, value: float) -> Judged:
        """Scores a finite value against what was learned before it, then learns it; `at` is in microseconds."""
        if not self.seen:
            self.few = self.center = self.recent = value
        scale = max(self.spread, _TINY * max(1.0, abs(self.center)))
        place = at % DAY * _BINS // DAY
        usual = self._usual_at(place, value)
        self._follow(value, usual)
        distances = self._distances(value, scale, is_day_known=self.day[place][1] >= _BIN_LEAST)
        surprise, driver = max(
            (0.0 if distance is None else tail.surprise(distance), -number)
            for number, (tail, distance) in enumerate(zip(self.tails, distances, strict=True))
        )
        for tail, distance in zip(self.tails, distances, strict=True):
            if distance is not None:
                tail.learn(distance)
        held_against = (self.few, usual, self.center, self.few, self.few)[-driver]
        self._learn(place, value, scale)
        return Judged(score=self._say(surprise), surprise=surprise, driver=DRIVERS[-driver], usual=held_against)

    def _follow(self, value: float, usual: float) -> None:
        """Takes a value into what is smoothed over the last few."""
        share = 1 / min(self.seen + 1, _RECENT)
        off = abs(value - self.few)
        furthest = _FURTHEST_EXCESS * max(self.variation, self.usual_variation)
        self.off_day += (value - usual - self.off_day) / _SMOOTHED
        self.recent += share * (value - self.recent)
        self.variation += share * ((min(off, furthest) if self.seen >= _SETTLED else off) - self.variation)

    def _distances(self, value: float, scale: float, *, is_day_known: bool) -> tuple[float | None, ...]:
        """How far it is from each thing that it is held against, in logarithms; None where that is not known yet."""
        if self.seen < _SETTLED:
            return (None,) * len(DRIVERS)
        off_day = math.log1p(abs(self.off_day) / scale) if is_day_known else None
        few, level = math.log1p(abs(value - self.few) / scale), math.log1p(abs(self.recent - self.center) / scale)
        if self.seen < 2 * _SETTLED:
            return few, off_day, None, None, None
        least = _TINY * scale
        more = math.log((self.variation + least) / (self.usual_variation + least))
        return few, off_day, level, max(more, 0.0), max(-more, 0.0)

    def _usual_at(self, place: int, value: float) -> float:
        """What is usual then, or half an hour before or after if that is nearer: no day is like a clock."""
        near = [self.day[(place + step) % _BINS] for step in (0, -1, 1)]
        known = [mean for mean, learned in near if learned >= _BIN_LEAST]
        return min(known, key=lambda mean: abs(value - mean), default=self.center)

    def _learn(self, place: int, value: float, scale: float) -> None:
        """Learns a value, and an odd one only so far that it does not hide the next."""
        self.seen += 1
        reach = _REACH * scale if self.seen > _SETTLED else math.inf
        share = 1 / min(self.seen, _LONG)
        self.few += (value - self.few) / min(self.seen, _FEW)
        self.center += share * min(max(value - self.center, -reach), reach)
        furthest = _FURTHEST_EXCESS * self.spread if self.seen > _SETTLED else math.inf
        self.spread += share * (min(abs(value - self.center), furthest) - self.spread)
        self.usual_variation += share * (self.variation - self.usual_variation)
        mean, learned = self.day[place]
        learned = min(learned + 1, _BIN_MEMORY)
        off = value - mean if learned == 1 else min(max(value - mean, -reach), reach)
        self.day[place] = mean + off / learned, learned

    def _say(self, surprise: float) -> float:
        """The score of a surprise, 0 where as great a one was there within the rest."""
        is_new = all(surprise > before for before in self.said)
        self.said = [*self.said[1 - _REST :], surprise]
        return surprise / (surprise + _HALF) if is_new else 0.0
