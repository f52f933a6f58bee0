"""How rare a combination of distances from the usual is among all patients of a partition: one model for them all.

River's half-space trees (Tan, Ting and Liu, IJCAI 2011) look at the signs that NEWS2 measures, each as its distance
from the patient's own usual, from six spreads below as 0 to six above as 1. A sign that is missing, stale or hardly
known stands at its usual, 0.5: River would let it follow the more frequented branch, which right after a window began
is always the left one. So what is not known never makes a patient look strange.

A score counts against all scores so far: it is rare when at most one in five hundred was as high. Before the
first patient it learned from made-up, independent distances, so that the first look is of use; of old scores half are
forgotten from time to time.
"""

from array import array
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import blake2b
from random import Random
from struct import Struct as Layout
from typing import Any

import msgspec
from msgspec import Struct
from river.anomaly import HalfSpaceTrees

from models.events import Finding
from models.instants import MINUTE, moment_of
from models.picture import Patient
from models.vital_signs import SIGNS
from models.wording import capitalized

SIGNS_SEEN = ("8867-4", "9279-1", "59408-5", "8480-6", "8310-5")
EVERY = 5 * MINUTE
RARE = 0.002
_VERSION = 1
_TREES, _HEIGHT, _WINDOW, _SEED = 20, 8, 250, 7
_FURTHEST = 6.0
_USUAL = 0.5
_LEAST_SIGNS = 3
_LEAST_LEARNED = 20
_BINS = 200
_MOST_SCORES = 20_000
_PRIOR_WINDOWS = 5  # One to learn from, and scores enough for the first patient to be rare among them.
_PRIOR_SPREAD = 0.7  # Of what people at rest were seen to be from their own usual, in personal spreads.
_LEAST_EFFECT = 0.01
_NODES = _TREES * (2 ** (_HEIGHT + 1) - 1)
_MASSES, _SCORES = Layout(f"<{2 * _NODES}H"), Layout(f"<{_BINS}I")

Features = dict[str, float]
"""Each sign's place from 0 to 1; 0.5 is the patient's usual."""


class Packed(Struct, array_like=True):
    """The model in a checkpoint: what was counted; the splits come from the seed, and `structure` is their digest."""

    version: int
    structure: bytes
    counter: int
    masses: bytes
    scores: bytes


class PooledTrees:
    """The trees of one partition with what was scored so far; built when first needed, for that takes a while."""

    def __init__(self) -> None:
        self._packed: Packed | None = None
        self._trees: Any = None  # River ships no types.
        self._scores = array("I")

    def score(self, features: Features) -> tuple[float, float]:
        """The score from 0 to 1, and how many of all scores were as high; nothing is learned."""
        score = min(max(float(self._built.score_one(features)), 0.0), 1.0)
        return score, (sum(self._scores[_bin(score) :]) + 1) / (sum(self._scores) + 1)

    def learn(self, features: Features, score: float | None) -> None:
        """Counts one more look, and its score if that is to count."""
        self._built.learn_one(features)
        if score is None:
            return
        self._scores[_bin(score)] += 1
        if sum(self._scores) >= _MOST_SCORES:
            self._scores = array("I", (count // 2 for count in self._scores))

    def drivers(self, features: Features, score: float) -> list[str]:
        """The signs without which the score would be lower, the one that lowers it most first."""
        effects = [
            (score - float(self._built.score_one(features | {code: _USUAL})), code)
            for code, place in features.items()
            if place != _USUAL
        ]
        return [code for effect, code in sorted(effects, key=lambda each: -each[0]) if effect >= _LEAST_EFFECT]

    def pack(self) -> Packed:
        """What a checkpoint keeps: equal counts give equal bytes."""
        if self._trees is None:
            return self._packed or _prior()
        nodes = _nodes(self._trees)
        masses = [mass for node in nodes for mass in (node.l_mass, node.r_mass)]
        return Packed(_VERSION, _structure(), self._trees.counter, _MASSES.pack(*masses), _SCORES.pack(*self._scores))

    def restore(self, packed: Packed) -> None:
        """Goes on from there; raises ValueError on another version, other splits or counts that can't be."""
        if packed.version != _VERSION or packed.structure != _structure():
            raise ValueError("half-space trees of another version, or with other splits")
        if len(packed.masses) != _MASSES.size or len(packed.scores) != _SCORES.size:
            raise ValueError("half-space trees of another size")
        if not 0 <= packed.counter < _WINDOW:
            raise ValueError("half-space trees with a window that never ends")
        self._packed, self._trees = packed, None

    @property
    def _built(self) -> Any:
        if self._trees is None:
            packed = self._packed or _prior()
            self._trees = _empty()
            self._trees.counter = packed.counter
            self._trees._first_window = False
            masses = iter(_MASSES.unpack(packed.masses))
            for node in _nodes(self._trees):
                node.l_mass, node.r_mass = next(masses), next(masses)
            self._scores = array("I", _SCORES.unpack(packed.scores))
        return self._trees


def features_of(patient: Patient, now: int, rhythms: Mapping[str, tuple[float, float]] = {}) -> Features | None:
    """Where a patient's signs stand, seen from the usual; None when fewer than three are fresh and known.

    `rhythms` has what is usual at this hour and its spread, in place of the baseline's, for signs of which it is known.
    """
    found, known = dict.fromkeys(SIGNS_SEEN, _USUAL), 0
    for code in SIGNS_SEEN:
        seen, usual = patient.observe(code, now), SIGNS[code].baseline
        baseline = None if seen is None else patient.vitals[code].baseline
        if seen is None or not seen.is_fresh or usual is None or baseline is None or baseline.learned < _LEAST_LEARNED:
            continue
        mean, spread = rhythms.get(code) or (baseline.mean, baseline.spread(usual.floor))
        z = min(max((seen.value - mean) / spread, -_FURTHEST), _FURTHEST)
        found[code] = _USUAL + z / (2 * _FURTHEST)
        known += 1
    return found if known >= _LEAST_SIGNS else None


def begun(features: Features, drivers: list[str], since: int, score: float, share: float) -> Finding:
    """That a patient's signs stand together as they seldom do."""
    told = " and ".join(_said(code, features[code]) for code in drivers) or "The signs together"
    return Finding(
        detector="half-space-trees",
        category="physiological",
        codes=drivers,
        state="begun",
        since=moment_of(since),
        size=round(score, 3),
        unit="1",
        reason=f"{capitalized(told)} this patient's usual: at most one look in {int(1 / share)} was as rare.",
    )


def over(since: int, score: float) -> Finding:
    """That they do not any more."""
    return Finding(
        detector="half-space-trees",
        category="physiological",
        codes=[],
        state="over",
        since=moment_of(since),
        size=round(score, 3),
        unit="1",
        reason="The signs stand together as they often do again.",
    )


def _said(code: str, place: float) -> str:
    z = (place - _USUAL) * 2 * _FURTHEST
    return f"{SIGNS[code].title} {abs(z):.1f} spreads {'above' if z > 0 else 'below'}"


def _bin(score: float) -> int:
    return min(int(score * _BINS), _BINS - 1)


def prepare() -> None:
    """Makes what the trees of every partition begin from; the first look would else wait for a fifth of a second."""
    _prior()
    _structure()


def _empty() -> Any:
    """Trees that counted nothing; the splits depend on nothing but the seed and the names of the signs."""
    trees = HalfSpaceTrees(n_trees=_TREES, height=_HEIGHT, window_size=_WINDOW, seed=_SEED)
    trees.learn_one(dict.fromkeys(SIGNS_SEEN, _USUAL))
    for node in _nodes(trees):
        node.l_mass = node.r_mass = 0
    trees.counter = 0
    return trees


def _nodes(trees: Any) -> list[Any]:
    return [node for nodes in trees._tree_nodes for node in nodes]


@cache
def _structure() -> bytes:
    """A digest of every split in order: River, or Python's chance, may change under a checkpoint."""
    splits = [(getattr(node, "feature", ""), getattr(node, "threshold", 0.0)) for node in _nodes(_empty())]
    return blake2b(msgspec.msgpack.encode(splits), digest_size=8).digest()


@lru_cache(maxsize=1)
def _prior() -> Packed:
    """What is believed before the first patient: distances are independent, and normal."""
    chance, prior = Random(_SEED), PooledTrees()
    prior._trees, prior._scores = _empty(), array("I", bytes(_SCORES.size))
    for number in range(_PRIOR_WINDOWS * _WINDOW):
        features = {code: _USUAL + chance.gauss(0, _PRIOR_SPREAD) / (2 * _FURTHEST) for code in SIGNS_SEEN}
        if number < _WINDOW:
            prior._trees.learn_one(features)
        else:
            prior.learn(features, prior.score(features)[0])
    return prior.pack()
