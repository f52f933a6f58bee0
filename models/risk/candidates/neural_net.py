"""A small neural net, learned in the stream in small batches (scikit-learn's partial_fit)."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

from models.risk.candidate import UNLEARNED
from models.risk.standardising import Standardiser

_SEED = 2012
_HIDDEN = (24,)
_RATE = 0.002
_L2 = 0.01
_TOGETHER = 16


class NeuralNet:
    """One hidden layer of 24; sixteen examples make a step, so up to fifteen of the latest have taught nothing yet."""

    name: ClassVar[str] = "neural_net"

    def __init__(self, names: Sequence[str]) -> None:
        self._standardiser = Standardiser(names)
        self._model = MLPClassifier(_HIDDEN, alpha=_L2, learning_rate_init=_RATE, random_state=_SEED)
        self._waiting: list[tuple[NDArray[np.float64], bool]] = []
        self._has_learned = False

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""
        if not self._has_learned:
            return UNLEARNED
        return float(self._model.predict_proba(self._standardiser.standardised(features).reshape(1, -1))[0, 1])

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Takes one more example, and makes a step when there are enough."""
        self._standardiser.learn(features)
        self._waiting.append((self._standardiser.standardised(features), label))
        if len(self._waiting) == _TOGETHER:
            values, labels = zip(*self._waiting, strict=True)
            self._model.partial_fit(np.stack(values), np.array(labels), classes=[False, True])
            self._waiting, self._has_learned = [], True


CANDIDATES = (NeuralNet,)
