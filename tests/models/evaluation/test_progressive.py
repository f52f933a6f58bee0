"""Progressive validation: asked before taught, nothing known before its time."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import pytest
from msgspec import structs

from models.evaluation.contest import ONLINE, Contest
from models.evaluation.progressive import progressive
from models.evaluation.row import Row, packed, unpacked
from models.risk.candidates import CANDIDATES

NAMES = ("heart_rate", "lactate")


class Remembering:
    """Foretells how many labels it was taught, and of whom."""

    name: ClassVar[str] = "remembering"

    def __init__(self, names: Sequence[str]) -> None:
        self.taught: list[tuple[float, bool]] = []

    def predict(self, features: Mapping[str, float]) -> float:
        return float(len(self.taught))

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        self.taught.append((features["heart_rate"], label))


def row(patient: int, asked_at: int, known_at: int, *, label: bool = False, heart_rate: float = 80.0) -> Row:
    features = packed({"heart_rate": heart_rate}, NAMES)
    return Row(
        patient_id=f"p{patient}", asked_at=asked_at, known_at=known_at, label=label, features=features,
        scores={"news2": float(patient), "never": None}, groups={},
    )  # fmt: skip


def still() -> int:
    return 0


def test_a_label_teaches_once_it_is_known_and_not_at_that_very_instant() -> None:
    rows = [row(1, 0, 10), row(2, 5, 20), row(3, 10, 30), row(4, 11, 40)]

    told, _ = progressive(Remembering(NAMES), rows, NAMES, still)

    assert told.tolist() == [0, 0, 0, 1]


def test_a_label_that_nobody_could_know_yet_changes_nothing_that_is_told_before() -> None:
    def told_with(label: bool) -> list[float]:
        rows = [row(at, at, at + 50, label=at % 2 == 0, heart_rate=60 + at) for at in range(120)]
        rows[60] = row(60, 60, 110, label=label, heart_rate=190)
        told, _ = progressive(CANDIDATES["logistic_regression"](NAMES), rows, NAMES, still)
        return told.tolist()

    good, bad = told_with(False), told_with(True)

    assert good[:111] == bad[:111]
    assert good[111:] != bad[111:]


def test_every_label_is_taught_once_with_what_was_known_when_it_was_asked() -> None:
    model = Remembering(NAMES)

    progressive(model, [row(1, 0, 9, label=True, heart_rate=120), row(2, 1, 5)], NAMES, still)

    assert model.taught == [(80.0, False), (120.0, True)]


def test_features_that_are_not_known_stay_so_when_they_are_packed() -> None:
    assert unpacked(packed({"lactate": 2.5, "unheard": 1.0}, NAMES), NAMES) == {"lactate": 2.5}


def contest(judged_labels: Sequence[bool] = (True, False) * 10) -> Contest:
    random = np.random.default_rng(1)
    learned = [
        row(at, at, at + 1, label=at % 3 == 0, heart_rate=float(random.normal(120 if at % 3 == 0 else 80, 10)))
        for at in range(120)
    ]
    judged = [
        row(200 + at, 200 + at, 201 + at, label=label, heart_rate=float(random.normal(120 if label else 80, 10)))
        for at, label in enumerate(judged_labels)
    ]
    return Contest(learned=learned, judged=judged, names=NAMES)


def test_thresholds_are_chosen_before_what_is_judged() -> None:
    one, other = contest(), contest(judged_labels=(False, False, True, True) * 5)

    for found in (one, other):
        assert found.rules()["news2"].threshold == one.rules()["news2"].threshold
        assert found.fitted(["logistic_regression"])["logistic_regression"].threshold == pytest.approx(
            one.fitted(["logistic_regression"])["logistic_regression"].threshold
        )
        predicted, _, _ = found.online(CANDIDATES["logistic_regression"], still)
        assert predicted.threshold == one.online(CANDIDATES["logistic_regression"], still)[0].threshold


def test_a_peer_is_fitted_on_what_is_learned_from_alone() -> None:
    one = contest()
    turned = [structs.replace(found, label=not found.label) for found in one.judged]
    other = Contest(learned=one.learned, judged=turned, names=NAMES)

    for name, predicted in one.fitted().items():
        assert predicted.values.tolist() == other.fitted([name])[name].values.tolist()


def test_a_contest_tells_of_each_how_far_the_judged_one_is_ahead() -> None:
    held = contest()
    predicted, _, _ = held.online(CANDIDATES["logistic_regression"], still)

    figures = held.figures({ONLINE + "mine": predicted} | held.rules(), ONLINE + "mine")

    assert figures[ONLINE + "mine"].ahead is None
    ahead = figures["never"].ahead
    assert ahead is not None
    assert ahead["auroc"].value is not None
    assert ahead["auroc"].value > 0.3
    assert figures["never"].silent == 20
