"""A linear classifier with a margin: passive while it is right by enough, and no more aggressive than it must be."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from river import linear_model

from models.risk.standardising import Standardiser

_AGGRESSIVENESS = 0.001


class PassiveAggressive:
    """PA-I (Crammer and others 2006; River), an online cousin of the linear support vector machine.

    Its margin is not a probability: it ranks patients, and is told through a logistic function.
    """

    name: ClassVar[str] = "passive_aggressive"

    def __init__(self, names: Sequence[str]) -> None:
        self._standardiser = Standardiser(names)
        self._model = linear_model.PAClassifier(C=_AGGRESSIVENESS, mode=1)

    def predict(self, features: Mapping[str, float]) -> float:
        """The margin as a number between 0 and 1."""
        told: float = self._model.predict_proba_one(self._standardiser.named(features))[True]
        return told

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Takes one more example."""
        self._standardiser.learn(features)
        self._model.learn_one(self._standardiser.named(features), label)


CANDIDATES = (PassiveAggressive,)
