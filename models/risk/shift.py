"""How far the patients of now are from those that the version in force learned from: population stability indices.

An index compares two distributions over the same bins (Siddiqi 2006): the sum of (now - then) times the logarithm of
now over then. By custom, under 0.1 is no shift, 0.1 to 0.25 is one to look at, and from 0.25 on a model is suspect.
What chance alone would make of so few examples, were each of another patient, is taken off.
"""

import math
from collections.abc import Mapping

from msgspec import Struct, field

from models.risk.features import LAYOUT

WARN_AT = 0.25
LEAST = 100
_MOST = 2_000
_WIDTH = 0.5
_LOWEST, _HIGHEST = -6.0, 20.0
_BINS = int((_HIGHEST - _LOWEST) / _WIDTH) + 1
_UNKNOWN = _BINS
_POOLED = 10
_HALF = 0.5
_DECIMALS = 4

Level = tuple[str, ...]
"""The features of a group that say where it stands: one, or what is above the usual and then what is below it."""


def _level(group: str, fields: tuple[str, ...]) -> Level:
    return (f"{group}.high", f"{group}.low") if "high" in fields else (f"{group}.{fields[0]}",)


LEVELS: dict[str, Level] = {group: _level(group, fields) for group, fields in LAYOUT}
"""Every group of features, in order."""


class Spectrum(Struct, array_like=True):
    """How often each level came: bins of half a unit, and one for not known. The past is halved as it grows old."""

    total: int = 0
    bins: dict[int, int] = field(default_factory=dict)

    def count(self, value: float | None) -> None:
        """Takes one more level; with two thousand of them, half of each is forgotten."""
        bin_ = _UNKNOWN if value is None else _bin(value)
        self.bins[bin_] = self.bins.get(bin_, 0) + 1
        self.total += 1
        if self.total >= _MOST:
            self.bins = {each: count // 2 for each, count in self.bins.items() if count > 1}
            self.total = sum(self.bins.values())

    def copy(self) -> "Spectrum":
        """The same, to keep."""
        return Spectrum(self.total, dict(self.bins))


class Shift(Struct, array_like=True):
    """Levels of each group and of the score, as they are now, as they were for the candidate and the one in force.

    The scores of a version begin with its trial; those of now go on from there while it is in force.
    """

    now: dict[str, Spectrum] = field(default_factory=lambda: {group: Spectrum() for group in LEVELS})
    candidate: dict[str, Spectrum] = field(default_factory=dict)
    in_force: dict[str, Spectrum] = field(default_factory=dict)
    trial_scores: Spectrum = field(default_factory=Spectrum)
    scores_then: Spectrum = field(default_factory=Spectrum)
    scores_now: Spectrum = field(default_factory=Spectrum)

    def learn(self, features: Mapping[str, float]) -> None:
        """Takes one more example."""
        for group, level in LEVELS.items():
            self.now[group].count(_value(features, level))

    def score(self, of_candidate: float, in_force: float) -> None:
        """Takes what both foretold of an example that neither had learned."""
        self.trial_scores.count(_log_odds(of_candidate))
        self.scores_now.count(_log_odds(in_force))

    def freeze(self) -> None:
        """A candidate begins: what it learned from is as it is now."""
        self.candidate = {group: spectrum.copy() for group, spectrum in self.now.items()}
        self.trial_scores = Spectrum()

    def publish(self) -> None:
        """The candidate comes into force with what it learned from, and the scores of its trial."""
        self.in_force = self.candidate
        self.scores_then, self.scores_now = self.trial_scores, self.trial_scores.copy()

    def of_features(self) -> dict[str, float]:
        """The index of each group; nothing while there is too little to compare."""
        found = {group: index(then, self.now[group]) for group, then in self.in_force.items()}
        return {group: value for group, value in found.items() if value is not None}

    def of_score(self) -> float | None:
        """The index of the score of the version in force; None while there is too little to compare."""
        return index(self.scores_then, self.scores_now)


def index(then: Spectrum, now: Spectrum) -> float | None:
    """The population stability index over at most ten bins of about equal share then, and one for not known."""
    if min(then.total, now.total) < LEAST:
        return None
    terms, pools = [], _pools(then)
    for pool in pools:
        before, after = _share(then, pool), _share(now, pool)
        terms.append((after - before) * math.log(after / before))
    by_chance = (len(pools) - 1) * (1 / then.total + 1 / now.total)
    return round(max(math.fsum(terms) - by_chance, 0.0), _DECIMALS)


def _pools(then: Spectrum) -> list[list[int]]:
    """Neighbouring bins together until each pool holds a tenth; what is not known is a pool of its own."""
    pools: list[list[int]] = [[]]
    held, known = 0, then.total - then.bins.get(_UNKNOWN, 0)
    for bin_ in range(_BINS):
        pools[-1].append(bin_)
        held += then.bins.get(bin_, 0)
        if held * _POOLED >= known > 0:
            pools.append([])
            held = 0
    return [*(pool for pool in pools if pool), [_UNKNOWN]]


def _share(spectrum: Spectrum, pool: list[int]) -> float:
    """The share of a pool; an empty one counts as half an example, so that the logarithm is finite."""
    return max(sum(spectrum.bins.get(bin_, 0) for bin_ in pool), _HALF) / spectrum.total


def _value(features: Mapping[str, float], level: Level) -> float | None:
    if level[0] not in features:
        return None
    below = features.get(level[1], 0.0) if len(level) > 1 else 0.0
    return features[level[0]] - below


def _bin(value: float) -> int:
    return round((min(max(value, _LOWEST), _HIGHEST) - _LOWEST) / _WIDTH)


def _log_odds(probability: float) -> float:
    sure = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(sure / (1 - sure))
