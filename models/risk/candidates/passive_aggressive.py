"""A linear classifier with a margin: passive while it is right by enough, and no more aggressive than it must be."""

from collections.abc import Mapping, MutableMapping
from typing import Any, ClassVar

from river import linear_model

from models.risk.linear import Linear

_AGGRESSIVENESS = 0.001


class PassiveAggressive(Linear):
    """PA-I (Crammer and others 2006; River), an online cousin of the linear support vector machine.

    Its margin is not a probability: it ranks patients, and is told through a logistic function.
    """

    name: ClassVar[str] = "passive_aggressive"

    def _begun(self) -> Any:  # River ships no types.
        return linear_model.PAClassifier(C=_AGGRESSIVENESS, mode=1)

    def predict(self, features: Mapping[str, float]) -> float:
        """The margin as a number between 0 and 1."""
        told: float = self._model.predict_proba_one(self._standardiser.named(features))[True]
        return told

    @property
    def _weights(self) -> MutableMapping[str, float]:
        weights: MutableMapping[str, float] = self._model.weights
        return weights

    @property
    def _steps(self) -> None:
        """It has no optimiser: each step is as long as it must be."""


CANDIDATES = (PassiveAggressive,)
