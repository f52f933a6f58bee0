"""Bayesian logistic regression with all covariances, straight and curved at once."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from models.risk.bayesian import BayesianLogisticRegression, Expected
from models.risk.stay_features import ASKED_AT, CURVED, ELAPSED

_MARKS = tuple(map(float, ASKED_AT))
_AFTER = 1_000
_SAYS_THAT_MISSING = (".missing", ".measured")


class BayesianRegression:
    """Every feature as a straight line, and the main ones together as likeness to patients; no step size to choose."""

    name: ClassVar[str] = "bayesian_regression"

    def __init__(self, names: Sequence[str]) -> None:
        is_of_stays = ELAPSED in names
        self._model = BayesianLogisticRegression(
            curved=_main(names),
            by=ELAPSED if is_of_stays else None,
            marks=_MARKS if is_of_stays else None,
            after=_AFTER,
            most_features=len(names),
        )

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""
        return self._model.predict_proba_one(features)[True]

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Takes one more example."""
        self._model.learn_one(features, label)

    def expected(self) -> Expected:
        """What is believed of each weight on average."""
        return self._model.expected()

    def encode(self) -> bytes:
        """All that was learned: equal bytes for equal models."""
        return self._model.encode()

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """The model again, as if nothing had been; raises msgspec.MsgspecError or ValueError on another form."""
        again = cls(())
        again._model = BayesianLogisticRegression.decode(encoded)
        return again


def _main(names: Sequence[str]) -> tuple[str, ...]:
    """The main features of a stay or, of another set of features, those that are measured."""
    if set(CURVED) <= set(names):
        return CURVED
    return tuple(name for name in names if not name.endswith(_SAYS_THAT_MISSING))


CANDIDATES = (BayesianRegression,)
