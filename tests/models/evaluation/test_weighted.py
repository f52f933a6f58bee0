"""Figures of many weightings at once: equal to scikit-learn's where all weights are 1, and to repeated rows."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from models.evaluation import weighted
from models.evaluation.weighted import Figure

# Few distinct values, so that ties are the rule.
ROWS = st.lists(st.tuples(st.integers(0, 8).map(lambda n: n / 8), st.booleans(), st.integers(0, 3)), min_size=2)


def arrays(rows: list[tuple[float, bool, int]]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    predicted, labels, weights = zip(*rows, strict=True)
    return np.array(predicted), np.array(labels), np.array([weights], dtype=float)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (weighted.auroc, roc_auc_score),
        (weighted.average_precision, average_precision_score),
        (weighted.brier, brier_score_loss),
    ],
    ids=["auroc", "average-precision", "brier"],
)
@given(rows=ROWS)
def test_a_figure_is_scikit_learns_on_rows_repeated_as_often_as_they_weigh(
    ours: Figure, theirs: Callable[..., float], rows: list[tuple[float, bool, int]]
) -> None:
    predicted, labels, weights = arrays(rows)
    often = weights[0].astype(int)
    repeated, came = predicted.repeat(often), labels.repeat(often)
    if not (came.any() and not came.all()):
        return

    (told,) = ours(predicted, labels, weights)

    assert told == pytest.approx(theirs(came, repeated))


def test_each_resample_has_a_figure_of_its_own() -> None:
    predicted, labels = np.array([0.1, 0.9, 0.5]), np.array([False, True, True])

    told = weighted.auroc(predicted, labels, np.array([[1.0, 1, 1], [1, 0, 0], [2, 1, 0]]))

    assert told[0] == 1
    assert np.isnan(told[1])
    assert told[2] == 1


def test_score1_is_the_lesser_of_sensitivity_and_positive_predictive_value() -> None:
    predicted = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    labels = np.array([True, False, False, True, True])

    (told,) = weighted.score1_at(0.7)(predicted, labels, np.ones((1, 5)))
    (nothing_called,) = weighted.score1_at(1.0)(predicted, labels, np.ones((1, 5)))

    assert told == pytest.approx(1 / 3)
    assert nothing_called == 0
