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
from models.evaluation.sample import Floats
from models.evaluation.threshold import best_threshold

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
    return SimpleImputer(keep_empty_features=True)


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
    values, labels = _matrix(learned), np.array([row.label for row in learned])
    cut = round(len(learned) * _FIRST_PART)
    if labels.all() or not labels.any():
        return None
    threshold = None
    if 0 < labels[:cut].sum() < cut:
        held = _foretold(begin().fit(values[:cut], labels[:cut]), values[cut:])
        threshold = best_threshold(held, sample_of_rows(learned[cut:]))
    model = begin().fit(values, labels)
    foretold = _foretold(model, _matrix(judged))
    return Predicted(values=foretold, threshold=threshold, is_probability=hasattr(model, "predict_proba"))


def _matrix(rows: Sequence[Row]) -> Floats:
    return np.stack([row.features for row in rows]).astype(float)


def _foretold(model: Any, values: Floats) -> Floats:
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(values)[:, 1])
    return np.asarray(model.decision_function(values))
