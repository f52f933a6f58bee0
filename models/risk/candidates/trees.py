"""Trees that grow online (River): one that adapts to drift, and a small forest of such."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from river import forest, tree

from models.risk.candidate import UNLEARNED
from models.risk.standardising import Standardiser

_SEED = 2012
_TREES = 10
_GRACE = 100


class _Grown:
    """What both share: scaled features in, the share of bad courses in the leaf out."""

    def __init__(self, names: Sequence[str], begin: Callable[[], Any]) -> None:  # River ships no types.
        self._standardiser = Standardiser(names)
        self._model = begin()

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""
        told: Mapping[bool, float] = self._model.predict_proba_one(self._standardiser.named(features))
        return float(told.get(True, 0.0)) if told else UNLEARNED

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Takes one more example."""
        self._standardiser.learn(features)
        self._model.learn_one(self._standardiser.named(features), label)


class HoeffdingTree(_Grown):
    """One Hoeffding adaptive tree with naive Bayes in its leaves."""

    name: ClassVar[str] = "hoeffding_tree"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names, lambda: tree.HoeffdingAdaptiveTreeClassifier(grace_period=_GRACE, seed=_SEED))


class AdaptiveRandomForest(_Grown):
    """Ten Hoeffding trees on seeded resamples, each replaced when it drifts (ARF)."""

    name: ClassVar[str] = "adaptive_random_forest"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names, lambda: forest.ARFClassifier(n_models=_TREES, seed=_SEED))


CANDIDATES = (HoeffdingTree, AdaptiveRandomForest)
