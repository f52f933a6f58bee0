"""The model that learns online (River): a scaler and a logistic regression, with an explicit form to keep."""

import math
from collections.abc import Mapping

from msgspec import Struct
from river import linear_model, optim, preprocessing

from models.events import Weight
from models.risk.features import NAMES, complete

# Small enough that 131 features of unit variance never overshoot; the intercept begins at a rare event, 5 %.
_LEARNING_RATE = 0.003
_INTERCEPT_RATE = 0.01
_FIRST_INTERCEPT = -3.0
_L2 = 1e-4
_LEAST_SPREAD = 1e-4
_DECIMALS = 6  # As published: far finer than what one example changes.


class Coefficient(Struct, array_like=True):
    """What is learned of one feature: how often it was measured, its mean and variance, its weight."""

    count: int = 0
    mean: float = 0.0
    variance: float = 0.0
    weight: float = 0.0


class ModelState(Struct, array_like=True):
    """All that the model has learned, by feature in their fixed order."""

    intercept: float
    coefficients: dict[str, Coefficient]


class OnlineModel:
    """Foretells from known features, then learns; equal examples in equal order give equal states.

    Only features that are measured teach the scaler; one that is missing counts as its mean, beside the feature that
    says that it is missing.
    """

    def __init__(self, state: ModelState | None = None) -> None:
        kept = state.coefficients if state is not None else {}
        # Every feature from the beginning, in order: a sum of floats depends on the order of its terms.
        known = {name: kept.get(name, Coefficient()) for name in NAMES}
        self._scaler = preprocessing.StandardScaler._from_state(
            {name: each.count for name, each in known.items()},
            {name: each.mean for name, each in known.items()},
            {name: each.variance for name, each in known.items()},
        )
        self._regression = linear_model.LogisticRegression(
            optim.SGD(_LEARNING_RATE),
            l2=_L2,
            intercept_init=_FIRST_INTERCEPT if state is None else state.intercept,
            intercept_lr=_INTERCEPT_RATE,
        )
        for name, each in known.items():
            self._regression._weights[name] = each.weight

    def predict(self, values: Mapping[str, float]) -> float:
        """The probability of a bad course, 0 to 1."""
        probability: float = self._regression.predict_proba_one(self._scaler.transform_one(complete(values)))[True]
        return probability

    def learn(self, values: Mapping[str, float], label: bool) -> None:
        """Takes one more example."""
        found = complete(values)
        self._scaler.learn_one(found)
        self._regression.learn_one(self._scaler.transform_one(found), label)

    def state(self) -> ModelState:
        """What to keep."""
        scaler, weights = self._scaler, self._regression.weights
        return ModelState(
            self._regression.intercept,
            {
                name: Coefficient(scaler.counts[name], scaler.means[name], scaler.vars[name], weights[name])
                for name in NAMES
            },
        )


def weights_of(state: ModelState) -> list[Weight]:
    """The same as it is published; what never varied weighs nothing and is left out."""
    return [
        Weight(
            feature=name,
            weight=round(each.weight, _DECIMALS),
            mean=round(each.mean, _DECIMALS),
            spread=round(math.sqrt(each.variance), _DECIMALS),
        )
        for name, each in state.coefficients.items()
        if math.sqrt(each.variance) > _LEAST_SPREAD
    ]
