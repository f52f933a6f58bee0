"""Linear regression of the label itself (River), cut to what a probability can be."""

from collections.abc import Mapping
from typing import Any, ClassVar

from river import linear_model, optim

from models.risk.candidate import UNLEARNED
from models.risk.linear import Linear

_RATE = 0.005
_INTERCEPT_RATE = 0.01
_L2 = 1e-4
_SURE = 1e-3


class LinearRegression(Linear):
    """Least squares by stochastic gradient descent; the plainest thing that could work."""

    name: ClassVar[str] = "linear_regression"

    def _begun(self) -> Any:  # River ships no types.
        return linear_model.LinearRegression(
            optim.AdaGrad(_RATE), l2=_L2, intercept_init=UNLEARNED, intercept_lr=_INTERCEPT_RATE
        )

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""
        return float(min(max(self._model.predict_one(self._standardiser.named(features)), _SURE), 1 - _SURE))


CANDIDATES = (LinearRegression,)
