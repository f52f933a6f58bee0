"""The Bayesian regression: a River classifier that learns each example once, bounded, deterministic, encodable."""

import math
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from river import checks
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from models.risk.bayesian import BayesianLogisticRegression
from models.risk.landmarks import Landmarks
from models.risk.posterior import Posterior

Example = tuple[dict[str, float], bool]
NAMES = tuple("abcdef")


def examples(count: int, seed: int = 1, *, is_curved: bool = False) -> list[Example]:
    """Six features, one in five missing; `a` is bad and `b` good or, when curved, either extreme of `a` is bad."""
    draw, found = random.Random(seed), []
    for _ in range(count):
        known = {name: draw.gauss(10, 3) for name in NAMES}
        log_odds = (abs(known["a"] - 10) - 2.4) if is_curved else (known["a"] - known["b"]) / 3
        features = {name: value for name, value in known.items() if draw.random() > 0.2}
        found.append((features, draw.random() < 1 / (1 + math.exp(-2 * log_odds))))
    return found


def taught(some: list[Example], **parameters: Any) -> BayesianLogisticRegression:
    model = BayesianLogisticRegression(**parameters)
    for features, label in some:
        model.learn_one(features, label)
    return model


def auroc(model: BayesianLogisticRegression, judged: list[Example]) -> float:
    foretold = [model.predict_proba_one(features)[True] for features, _ in judged]
    return float(roc_auc_score([label for _, label in judged], foretold))


def rivers_checks() -> list[Any]:
    found = []
    for number, parameters in enumerate(BayesianLogisticRegression._unit_test_params()):
        model = BayesianLogisticRegression(**parameters)
        found += [pytest.param(model, check, id=f"{number}-{check.__name__}") for check in checks.yield_checks(model)]
    return found


@pytest.mark.parametrize(("model", "check"), rivers_checks())
def test_it_is_a_river_classifier(model: BayesianLogisticRegression, check: Callable[[object], None]) -> None:
    check(model.clone())


def test_one_pass_comes_near_to_what_is_fitted_at_once() -> None:
    draw = np.random.default_rng(1)
    features, weights = draw.normal(size=(1000, 8)), draw.normal(size=8)
    labels = draw.random(1000) < 1 / (1 + np.exp(-features @ weights))
    posterior = Posterior.prior(8)

    for row, label in zip(features, labels, strict=True):
        posterior.learn(row, bool(label))

    fitted = LogisticRegression(C=1.0, fit_intercept=False).fit(features, labels)
    assert posterior.mean == pytest.approx(fitted.coef_[0], abs=0.1)


def test_what_is_learned_makes_the_belief_narrower_and_keeps_it_a_covariance() -> None:
    draw, posterior = np.random.default_rng(1), Posterior.prior(5)
    feature = np.ones(5)

    for _ in range(500):
        before = posterior.believe(feature).variance
        posterior.learn(draw.normal(size=5) + 1, bool(draw.random() < 0.1))
        assert posterior.believe(feature).variance <= before

    assert np.linalg.eigvalsh(posterior.covariance).min() > 0
    assert np.array_equal(posterior.covariance, posterior.covariance.T)


def test_before_the_first_example_it_says_something_and_after_one_it_leans_to_it() -> None:
    model = BayesianLogisticRegression(curved=NAMES)
    (features, _), *_ = examples(1)
    before = model.predict_proba_one(features)[True]

    model.learn_one(features, True)

    assert 0 < before < 0.5
    assert model.predict_proba_one(features)[True] > before


def test_landmarks_follow_what_no_straight_line_does() -> None:
    learned, judged = examples(1500, is_curved=True), examples(500, seed=2, is_curved=True)

    assert auroc(taught(learned), judged) < 0.6
    assert auroc(taught(learned, curved=NAMES, landmarks=100), judged) > 0.75


def test_among_patients_like_those_seen_landmarks_come_near_to_their_kernel() -> None:
    draw = np.random.default_rng(1)
    seen = draw.normal(size=(200, 3))
    landmarks = Landmarks.drawn(seen, 150, width=1.0, seed=1)

    for one, other in draw.normal(size=(20, 2, 3)):
        distance = float(np.sum((one - other) ** 2)) / 3
        assert landmarks.over(one) @ landmarks.over(other) == pytest.approx(1 / (1 + distance), abs=0.05)


def test_landmarks_vary_as_those_seen_do_and_are_none_of_them() -> None:
    draw = np.random.default_rng(1)
    seen = draw.normal(size=(500, 1)) * [1.0, 0.9] + draw.normal(size=(500, 2)) * [0.0, 0.1]

    landmarks = Landmarks.drawn(seen, 400, width=1.0, seed=1)

    assert np.cov(landmarks.places.T) == pytest.approx(np.cov(seen.T), abs=0.15)
    assert min(np.abs(seen - place).sum(axis=1).min() for place in landmarks.places) > 0


def test_the_first_examples_are_kept_until_there_are_landmarks_and_no_longer() -> None:
    model = taught(examples(29), curved=NAMES, landmarks=10, after=30)
    assert len(model._waiting) == 29

    model.learn_one(*examples(1)[0])

    assert model._waiting == []
    assert len(model._posterior.mean) == 1 + 10 + len(NAMES)


def test_what_was_learned_before_the_landmarks_is_not_lost() -> None:
    model = taught(examples(60), curved=NAMES, landmarks=10, after=60, straight=1.0)

    assert model.predict_proba_one({"a": 16.0})[True] > model.predict_proba_one({"a": 4.0})[True] + 0.3


def test_each_kind_has_a_scale_of_its_own_and_the_weights_are_common() -> None:
    draw, learned = random.Random(1), []
    for _ in range(600):
        late, far = draw.random() < 0.5, draw.gauss(0, 1)
        learned.append(
            (
                {"hour": 40.0 if late else 6.0, "a": far + (100 if late else 0)},
                draw.random() < 1 / (1 + math.exp(-2 * far)),
            )
        )
    model = taught(learned, by="hour", marks=(6.0, 48.0), straight=1.0)

    told = [model.predict_proba_one({"hour": hour, "a": a})[True] for hour, a in [(6, -2), (6, 2), (48, 98), (48, 102)]]

    assert told[0] == pytest.approx(told[2], abs=0.05)
    assert told[1] == pytest.approx(told[3], abs=0.05)
    assert told[1] > told[0] + 0.5


def test_foretelling_changes_nothing() -> None:
    model = taught(examples(50))
    before = model.encode()

    model.predict_proba_one({"a": 1e300, "unheard of": 1.0, "b": math.nan})

    assert model.encode() == before


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -1e300])
def test_whatever_a_feature_is_it_stays_finite(value: float) -> None:
    model = taught(
        [*examples(50), ({"a": value, "b": 1.0}, True), *examples(50, seed=2)], curved=NAMES, landmarks=20, after=60
    )

    assert 0 < model.predict_proba_one({"a": value})[True] < 1
    assert np.isfinite(model._posterior.covariance).all()


def test_its_memory_is_bounded_by_the_most_features() -> None:
    model = taught([({str(number): 1.0}, number % 2 == 0) for number in range(50)], most_features=10)

    assert len(model._posterior.mean) == 11


@pytest.mark.parametrize("after", [40, 90], ids=["with-landmarks", "before-them"])
def test_it_goes_on_from_its_bytes_as_if_nothing_had_been(after: int) -> None:
    first, later = examples(60), examples(60, seed=2)
    model = taught(first, curved=NAMES[:3], by="a", marks=(8.0, 12.0), landmarks=20, after=after)

    again = BayesianLogisticRegression.decode(model.encode())

    assert again.encode() == model.encode()
    for features, label in later:
        assert again.predict_proba_one(features) == model.predict_proba_one(features)
        model.learn_one(features, label)
        again.learn_one(features, label)
    assert again.encode() == model.encode()


@pytest.mark.parametrize(
    "spoil", [lambda kept: kept[:-9], lambda kept: b"", lambda kept: kept[:1] + b"\x07" + kept[2:]]
)
def test_bytes_that_are_no_model_are_refused(spoil: Callable[[bytes], bytes]) -> None:
    kept = taught(examples(10)).encode()

    with pytest.raises((msgspec.MsgspecError, ValueError)):
        BayesianLogisticRegression.decode(spoil(kept))


def test_it_depends_on_no_hash_seed_and_no_number_of_threads() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests/models/risk', '.']; from test_bayesian import NAMES, examples, taught;"
        "print(taught(examples(80), curved=NAMES, landmarks=300, after=40).encode().hex())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": str(number), "OPENBLAS_NUM_THREADS": str(number)},
            check=True,
            capture_output=True,
        ).stdout
        for number in (1, 2)
    }

    assert len(told) == 1
