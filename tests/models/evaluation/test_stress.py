"""AUROC within a person, its mean over people, and weights that are learned from those before."""

import numpy as np
import pytest

from models.evaluation.stress import Person, Weighing, mean_over, within_person


def auroc(scores: list[float], stressed: list[int]) -> float:
    return within_person(Person("a", np.array(stressed, dtype=bool), {"score": np.array(scores)}))["score"]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5), ([1, 3, 2, 4], 0.75), ([1, 2, 2, 3], 0.875)],
)
def test_auroc_is_the_share_of_pairs_in_order_with_ties_half(scores: list[float], expected: float) -> None:
    assert auroc(scores, [0, 0, 1, 1]) == expected


def test_the_mean_has_an_interval_that_holds_it_and_is_the_same_each_time() -> None:
    found = mean_over([0.5, 0.6, 0.7, 0.9])

    assert found.low < found.value == 0.675 < found.high
    assert mean_over([0.5, 0.6, 0.7, 0.9]) == found
    assert mean_over([0.7]).low == mean_over([0.7]).high == 0.7


def test_weights_are_as_given_until_labels_say_otherwise() -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(4000, 2))
    stressed = rows[:, 1] + random.normal(scale=0.5, size=4000) > 0
    weighing = Weighing([1.0, 0.0], certainty=100)

    before = weighing.score(rows)
    weighing.learn(rows, stressed)
    after = weighing.score(rows)

    assert np.array_equal(before, rows[:, 0])
    assert np.corrcoef(after, rows[:, 1])[0, 1] > 0.9
