"""The benchmark's rule, at places that its paper gives in numbers."""

import math

import numpy as np
import pytest

from models.evaluation.nab import PROFILES, Series, standing

STANDARD = PROFILES["standard"]


def series(detected: dict[int, float], windows: list[tuple[int, int]], rows: int = 1000) -> Series:
    scores = np.zeros(rows)
    for row, score in detected.items():
        scores[row] = score
    return Series(scores, windows)


def sigmoid(place: float) -> float:
    return 2 / (1 + math.exp(5 * place)) - 1


def test_every_window_at_its_first_row_and_nothing_else_is_100() -> None:
    found = standing([series({300: 1.0, 700: 0.9}, [(300, 349), (700, 749)])], STANDARD)

    assert (found.score, found.threshold, found.windows_found, found.false_detections) == (100.0, 0.9, 2, 0)


def test_nothing_detected_is_0_and_no_threshold_is_worse_than_none() -> None:
    found = standing([series({}, [(300, 349)])], STANDARD)

    assert (found.score, found.threshold, found.windows_found) == (0.0, None, 0)


def test_a_late_detection_is_worth_less() -> None:
    found = standing([series({325: 1.0}, [(300, 349)])], STANDARD)

    worth = sigmoid(-25 / 50) / sigmoid(-1)
    assert found.score == pytest.approx(100 * (worth + 1) / 2, abs=0.01)


def test_a_false_detection_costs_more_the_farther_it_is_after_a_window() -> None:
    near, far = (standing([series({300: 0.5, at: 1.0}, [(300, 349)])], STANDARD).score for at in (354, 900))

    assert near == pytest.approx(100 * (1 + 0.11 * sigmoid(5 / 49) + 1) / 2, abs=0.01)
    assert far == pytest.approx(100 * (1 - 0.11 + 1) / 2, abs=0.01)


def test_what_is_detected_on_probation_counts_for_nothing() -> None:
    found = standing([series({10: 1.0, 149: 1.0, 300: 0.5}, [(300, 349)])], STANDARD)

    assert (found.score, found.false_detections) == (100.0, 0)


def test_one_threshold_holds_for_all_files() -> None:
    files = [series({300: 0.3}, [(300, 349)]), series(dict.fromkeys(range(400, 900, 2), 0.4), [(950, 999)])]

    found = standing(files, STANDARD)

    assert found.score == 0.0


def test_a_profile_weighs_what_is_false_and_what_is_missed() -> None:
    files = [series({300: 0.5, 600: 0.9}, [(300, 349), (900, 949)])]

    scores = {name: standing(files, profile).score for name, profile in PROFILES.items()}

    assert scores["standard"] == pytest.approx(100 * (1 - 0.11 - 1 + 2) / 4, abs=0.01)
    assert scores["reward_low_FP_rate"] == pytest.approx(100 * (1 - 0.22 - 1 + 2) / 4, abs=0.01)
    assert scores["reward_low_FN_rate"] == pytest.approx(100 * (1 - 0.11 - 2 + 4) / 6, abs=0.01)


def test_files_without_a_window_have_no_standing() -> None:
    assert standing([series({5: 1.0}, [])], STANDARD).score is None
