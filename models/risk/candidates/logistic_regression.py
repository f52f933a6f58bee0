"""Logistic regression by stochastic gradient descent (River)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from river import linear_model, optim

from models.risk.linear import Linear

_FIRST_INTERCEPT = -3.0  # 5 %
_RATE = 0.02
_INTERCEPT_RATE = 0.01
_L2 = 1e-4


class LogisticRegression(Linear):
    """Scaled features, a step size for each that shrinks as it is used (AdaGrad)."""

    name: ClassVar[str] = "logistic_regression"

    def _begun(self) -> Any:  # River ships no types.
        return linear_model.LogisticRegression(
            optim.AdaGrad(_RATE), l2=_L2, intercept_init=_FIRST_INTERCEPT, intercept_lr=_INTERCEPT_RATE
        )

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""
        probability: float = self._model.predict_proba_one(self._standardiser.named(features))[True]
        return probability


CANDIDATES = (LogisticRegression,)
