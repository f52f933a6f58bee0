"""Models that learn all at once (scikit-learn), as peers: fitted on what is not judged, and never again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from models.evaluation.figures import Predicted
from models.evaluation.row import Row, sample_of_rows
from models.evaluation.sample import Flags, Floats
from models.evaluation.threshold import balanced_threshold

_SEED = 2012
_FIRST_PART = 0.7

Batch = Callable[[], Any]
"""Makes one that can be fitted; scikit-learn ships no types."""


def _logistic_regression() -> Any:
    return make_pipeline(_imputer(), StandardScaler(), LogisticRegression(C=0.03, max_iter=2_000))


def _gradient_boosting() -> Any:
    return HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=30,
        l2_regularization=5.0,
        random_state=_SEED,
    )


def _random_forest() -> Any:
    return make_pipeline(_imputer(), RandomForestClassifier(300, min_samples_leaf=5, random_state=_SEED))


def _support_vector_machine() -> Any:
    return make_pipeline(_imputer(), StandardScaler(), SVC(C=0.5, gamma="scale", class_weight="balanced"))


def _imputer() -> SimpleImputer:
    return SimpleImputer()


PEERS: Mapping[str, Batch] = {
    "logistic_regression": _logistic_regression,
    "gradient_boosting": _gradient_boosting,
    "random_forest": _random_forest,
    "svm": _support_vector_machine,
}
"""Every batch peer by its name."""


def fitted_prediction(begin: Batch, learned: Sequence[Row], judged: Sequence[Row]) -> Predicted | None:
    """What a peer says of the judged rows when fitted on the learned ones; None where only one outcome was learned.

    Its threshold is chosen on the last three tenths of the learned rows, by a fit on those before.
    """
    with threadpool_limits(1):  # Of several threads each waits for the others, and sums come in any order.
        return _prediction(begin, learned, judged)


def _prediction(begin: Batch, learned: Sequence[Row], judged: Sequence[Row]) -> Predicted | None:
    labels = np.array([row.label for row in learned], dtype=bool)
    if labels.all() or not labels.any():
        return None
    values, cut, threshold = _matrix(learned), round(len(learned) * _FIRST_PART), None
    if 0 < labels[:cut].sum() < cut:
        held = _Fitted(begin, values[:cut], labels[:cut]).foretell(values[cut:])
        threshold = balanced_threshold(held, sample_of_rows(learned[cut:]))
    fitted = _Fitted(begin, values, labels)
    return Predicted(values=fitted.foretell(_matrix(judged)), threshold=threshold, is_probability=fitted.is_probability)


class _Fitted:
    """A peer that has learned, by those features of which anything was known."""

    def __init__(self, begin: Batch, values: Floats, labels: Flags) -> None:
        self._used = ~np.isnan(values).all(axis=0)
        self._model = begin().fit(values[:, self._used], labels)
        self.is_probability = hasattr(self._model, "predict_proba")

    def foretell(self, values: Floats) -> Floats:
        """Probabilities or, where it has none, distances from its border."""
        used = values[:, self._used]
        told = self._model.predict_proba(used)[:, 1] if self.is_probability else self._model.decision_function(used)
        return np.asarray(told)


def _matrix(rows: Sequence[Row]) -> Floats:
    return np.stack([row.features for row in rows]).astype(float)
