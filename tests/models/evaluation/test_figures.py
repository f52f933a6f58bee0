"""Figures with their intervals: seeded, by patient, and null where nothing can be said."""

import numpy as np
import pytest

from models.evaluation import weighted
from models.evaluation.bootstrap import difference, estimate, resampled
from models.evaluation.calibration import calibration_of
from models.evaluation.figures import Predicted, figures_of
from models.evaluation.sample import Floats, Sample, sample_of
from models.evaluation.threshold import balanced_threshold


def foretold(rows: int = 400, seed: int = 3) -> tuple[Floats, Sample]:
    """Probabilities that are true: what is foretold at p comes with p."""
    random = np.random.default_rng(seed)
    chances = random.beta(0.6, 2.0, rows)
    labels = random.random(rows) < chances
    return chances, sample_of(labels.tolist(), [f"p{row}" for row in range(rows)])


def test_equal_rows_give_equal_intervals_that_hold_the_figure() -> None:
    chances, sample = foretold()

    one, other = (estimate(resampled({"a": weighted.auroc}, {"a": chances}, sample, 300)["a"]) for _ in range(2))

    assert one == other
    assert one.low is not None
    assert one.high is not None
    assert one.value is not None
    assert one.low < one.value < one.high


def test_rows_of_one_patient_come_together_so_more_of_them_say_no_more() -> None:
    chances, sample = foretold(rows=100)
    ten_each = Sample(np.repeat(sample.labels, 10), np.repeat(sample.patients, 10))

    single = estimate(resampled({"a": weighted.auroc}, {"a": chances}, sample, 300)["a"])
    repeated = estimate(resampled({"a": weighted.auroc}, {"a": np.repeat(chances, 10)}, ten_each, 300)["a"])

    assert repeated == single


def test_a_better_predictor_is_ahead_on_the_same_resamples() -> None:
    chances, sample = foretold()
    noisy = np.clip(chances + np.random.default_rng(5).normal(0, 0.4, len(chances)), 0, 1)
    found = resampled({"good": weighted.auroc, "bad": weighted.auroc}, {"good": chances, "bad": noisy}, sample, 300)

    ahead, behind = difference(found["good"], found["bad"]), difference(found["bad"], found["good"])

    assert ahead.value is not None
    assert ahead.value > 0
    assert ahead.share_greater is not None
    assert ahead.share_greater > 0.95
    assert behind.value == -ahead.value


def test_true_probabilities_have_a_slope_of_about_one_and_sure_ones_less() -> None:
    chances, sample = foretold(rows=4000)
    log_odds = np.log(chances / (1 - chances))
    too_sure = 1 / (1 + np.exp(-3 * log_odds))

    assert calibration_of(chances, sample).slope == pytest.approx(1, abs=0.12)
    assert calibration_of(too_sure, sample).slope == pytest.approx(1 / 3, abs=0.05)


def test_reliability_bins_hold_every_row_once_and_rise() -> None:
    chances, sample = foretold(rows=403)

    bins = calibration_of(chances, sample).bins

    assert sum(each.rows for each in bins) == 403
    assert [each.predicted for each in bins] == sorted(each.predicted for each in bins)


def test_at_the_threshold_as_many_are_called_as_turned_bad_so_both_shares_are_equal() -> None:
    chances, sample = foretold(rows=300)

    threshold = balanced_threshold(chances, sample)

    assert threshold is not None
    called = chances >= threshold
    assert called.sum() == sample.labels.sum()
    (reached,) = weighted.score1_at(threshold)(chances, sample.labels, np.ones((1, 300)))
    assert reached == pytest.approx((called & sample.labels).sum() / sample.labels.sum())


def test_a_score_of_few_values_calls_all_who_are_level_with_the_last() -> None:
    points, sample = np.array([3.0, 2, 2, 2, 1, 0]), sample_of([True, True, False, False, False, False], list("abcdef"))

    assert balanced_threshold(points, sample) == 2


def test_one_outcome_alone_has_no_threshold_no_rank_and_no_slope() -> None:
    sample = sample_of([False] * 4, list("abcd"))
    predicted = np.array([0.1, 0.2, 0.3, 0.4])

    figures = figures_of(
        {"m": Predicted(values=predicted, threshold=0.2, is_probability=True)}, "m", sample, resamples=20
    )["m"]

    assert balanced_threshold(predicted, sample) is None
    assert (figures.auroc, figures.interval["auroc"]) == (None, (None, None))
    assert figures.calibration is not None
    assert figures.calibration.slope is None
    assert figures.brier is not None


def test_what_a_rule_says_nothing_of_counts_as_no_alarm_and_is_told() -> None:
    sample = sample_of([True, False, True, False], list("abcd"))
    silent = Predicted(values=np.array([np.nan, 1.0, 3.0, 2.0]), threshold=2.0, is_probability=False)

    figures = figures_of({"rule": silent}, "rule", sample, resamples=20)["rule"]

    assert figures.silent == 1
    assert figures.auroc == 0.5
    assert figures.brier is None
