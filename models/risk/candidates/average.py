"""An average of unlike models: what one gets wrong, another may not.

A neural net among them did not help on half of the records that it was tried on.
"""

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

from models.risk.candidate import Candidate
from models.risk.candidates.linear_regression import LinearRegression
from models.risk.candidates.logistic_regression import LogisticRegression
from models.risk.candidates.passive_aggressive import PassiveAggressive

_SURE = 1e-6


class Average:
    """The mean of the log-odds of three linear models that err in different ways."""

    name: ClassVar[str] = "average"

    def __init__(self, names: Sequence[str]) -> None:
        self._members: tuple[Candidate, ...] = tuple(
            member(names) for member in (LinearRegression, LogisticRegression, PassiveAggressive)
        )

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""
        mean = math.fsum(_log_odds(member.predict(features)) for member in self._members) / len(self._members)
        return 1 / (1 + math.exp(-mean))

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Lets every member take one more example."""
        for member in self._members:
            member.learn(features, label)


def _log_odds(probability: float) -> float:
    sure = min(max(probability, _SURE), 1 - _SURE)
    return math.log(sure / (1 - sure))


CANDIDATES = (Average,)
