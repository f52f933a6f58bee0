"""An average of unlike models: what one gets wrong, another may not.

A neural net among them did not help on half of the records that it was tried on.
"""

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

import msgspec

from models.risk.candidates.linear_regression import LinearRegression
from models.risk.candidates.logistic_regression import LogisticRegression
from models.risk.candidates.passive_aggressive import PassiveAggressive
from models.risk.linear import Linear

_MEMBERS: tuple[type[Linear], ...] = (LinearRegression, LogisticRegression, PassiveAggressive)
_SURE = 1e-6


class Average:
    """The mean of the log-odds of three linear models that err in different ways."""

    name: ClassVar[str] = "average"

    def __init__(self, names: Sequence[str]) -> None:
        self._members = tuple(member(names) for member in _MEMBERS)

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""
        mean = math.fsum(_log_odds(member.predict(features)) for member in self._members) / len(self._members)
        return 1 / (1 + math.exp(-mean))

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Lets every member take one more example."""
        for member in self._members:
            member.learn(features, label)

    def encode(self) -> bytes:
        """All that was learned: equal bytes for equal models."""
        return msgspec.msgpack.encode([member.encode() for member in self._members])

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """The model again, as if nothing had been; raises msgspec.MsgspecError or ValueError on another form."""
        kept = msgspec.msgpack.decode(encoded, type=list[bytes])
        again = cls(())
        again._members = tuple(member.decode(each) for member, each in zip(_MEMBERS, kept, strict=True))
        return again


def _log_odds(probability: float) -> float:
    sure = min(max(probability, _SURE), 1 - _SURE)
    return math.log(sure / (1 - sure))


CANDIDATES = (Average,)
