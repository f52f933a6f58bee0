"""How well examples were foretold: AUROC, Brier score and log loss, kept up as they come.

River's own AUROC looks at evenly spaced probabilities, which are all alike where the event is rare, and can't be kept;
this one counts by log-odds.
"""

import math

from msgspec import Struct, field

from models.events import Quality

_WIDTH = 0.05
_FURTHEST = 8.0
_BINS = int(2 * _FURTHEST / _WIDTH) + 1
_POINTS = 21
_SURE = 1e-6
_DECIMALS = 4


class Ranks(Struct, array_like=True):
    """How often each rank came with a good and with a bad course."""

    good: list[int]
    bad: list[int]

    @classmethod
    def of(cls, ranks: int) -> "Ranks":
        """No example yet."""
        return cls([0] * ranks, [0] * ranks)

    def count(self, rank: int, label: bool) -> None:
        """Takes one example."""
        (self.bad if label else self.good)[rank] += 1

    @property
    def auroc(self) -> float | None:
        """How often a bad course ranks above a good one, equal ranks half; None while either is missing."""
        pairs = sum(self.good) * sum(self.bad)
        if not pairs:
            return None
        below = twice_won = 0
        for good, bad in zip(self.good, self.bad, strict=True):
            twice_won += bad * (2 * below + good)
            below += good
        return twice_won / (2 * pairs)


class Progress(Struct, array_like=True):
    """A score sheet."""

    examples: int = 0
    positives: int = 0
    square_error: float = 0.0
    log_loss: float = 0.0
    by_log_odds: Ranks = field(default_factory=lambda: Ranks.of(_BINS))
    by_points: Ranks = field(default_factory=lambda: Ranks.of(_POINTS))
    expected: float = 0.0

    def count(self, probability: float, known_points: int, label: bool) -> None:
        """Takes what was foretold of one example, beside its known points of NEWS2, and what came."""
        self.examples += 1
        self.positives += label
        self.expected += probability
        self.square_error += (probability - label) ** 2
        self.log_loss += loss(probability, label)
        self.by_log_odds.count(_rank(probability), label)
        self.by_points.count(min(max(known_points, 0), _POINTS - 1), label)

    def quality(self) -> Quality:
        """What to tell of it."""
        return Quality(
            examples=self.examples,
            positives=self.positives,
            auroc=_told(self.by_log_odds.auroc),
            news2_auroc=_told(self.by_points.auroc),
            brier=_told(self.square_error / self.examples) if self.examples else None,
            log_loss=_told(self.log_loss / self.examples) if self.examples else None,
            expected=_told(self.expected) if self.examples else None,
        )


def loss(probability: float, label: bool) -> float:
    """Log loss of one forecast, in nats; nothing is so sure that one mistake costs everything."""
    sure = min(max(probability, _SURE), 1 - _SURE)
    return -math.log(sure if label else 1 - sure)


def _rank(probability: float) -> int:
    sure = min(max(probability, _SURE), 1 - _SURE)
    log_odds = min(max(math.log(sure / (1 - sure)), -_FURTHEST), _FURTHEST)
    return round((log_odds + _FURTHEST) / _WIDTH)


def _told(figure: float | None) -> float | None:
    return None if figure is None else round(figure, _DECIMALS)
