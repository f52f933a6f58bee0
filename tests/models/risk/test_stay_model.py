"""A published model of stays says nearly what the learner believes, explains it, and is not taken on trust."""

import math
import random
from typing import Any

import msgspec
import pytest

from models.risk.prediction import UnusableModel
from models.risk.stay_features import ELAPSED, complete, known, sign_of
from models.risk.stay_model import Curve, StayPredictor
from tests.stays import MARKS, form, stay, taught

STAYS = [stay(random.Random(seed))[0] for seed in range(40)]


@pytest.fixture(scope="module")
def predictor() -> StayPredictor:
    return StayPredictor(1, form())


def log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def without(features: dict[str, float], sign: str) -> dict[str, float]:
    """The same, had that sign never been measured, or told."""
    return complete({name: value for name, value in features.items() if sign_of(name) != sign})


def test_it_says_what_the_learner_believes_but_for_its_doubts(predictor: StayPredictor) -> None:
    for features in STAYS:
        believed, told = taught().predict_proba_one(features)[True], predictor.predict(features)
        assert (believed > 0.5) == (told > 0.5)
        assert abs(log_odds(told)) >= abs(log_odds(believed))  # Who knows no doubt is surer.
        assert told == pytest.approx(believed, abs=0.06)


def test_effects_and_rest_add_up_to_the_log_odds(predictor: StayPredictor) -> None:
    for features in STAYS:
        found = predictor.foretell(features)
        effects = [driver.effect for driver in found.drivers]
        assert sum(effects) + found.rest == pytest.approx(log_odds(predictor.predict(features)), abs=0.02)
        assert effects == sorted(effects, key=lambda effect: -abs(effect))


def test_without_the_sign_that_is_named_first_the_risk_is_lower(predictor: StayPredictor) -> None:
    named = set()
    for features in STAYS:
        found = predictor.foretell(features)
        first = next((driver for driver in found.drivers if driver.effect > 0.3), None)
        if first is not None:
            named.add(first.sign)
            assert predictor.predict(without(features, first.sign)) < found.probability
    assert {"heart_rate", "lactate"} <= named


def test_an_effect_is_what_would_be_missing_were_the_sign_at_its_mean(predictor: StayPredictor) -> None:
    compared = 0
    for features in STAYS:
        whole = log_odds(predictor.predict(features))
        scale = taught().expected().scales[MARKS.index(features[ELAPSED])]
        means = dict(zip(scale.names, scale.mean.tolist(), strict=True))
        for driver in predictor.foretell(features).drivers:
            at_mean = features | {name: mean for name, mean in means.items() if sign_of(name) == driver.sign}
            assert driver.effect == pytest.approx(whole - log_odds(predictor.predict(at_mean)), abs=0.006)
            compared += 1
    assert compared > 40


def test_drivers_tell_the_newest_values_and_on_how_much_it_rests(predictor: StayPredictor) -> None:
    features = complete({ELAPSED: 24.0, "age": 70.0, "lactate.last": math.log1p(8), "lactate.age_hours": math.log1p(2)})

    found = predictor.foretell(features)

    assert {driver.sign: driver.value for driver in found.drivers}["lactate"] == pytest.approx(8)
    assert (found.known, found.of, found.newest_hours, found.hours) == (1, 39, 2, 24)


def test_what_is_written_down_is_made_whole_again() -> None:
    for features in STAYS:
        written = known(features)
        assert len(written) < len(features)
        assert complete(written) == pytest.approx(features, abs=1e-5)


def changed(**fields: Any) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.replace(msgspec.msgpack.decode(form().curve, type=Curve), **fields))


@pytest.mark.parametrize(
    "curve",
    [
        b"",
        changed(form=2),
        changed(heights=b"abc"),
        changed(places=b""),
        changed(marks=()),
        changed(scales=[(b"", b"")] * 5),
        changed(width=0.0),
        changed(curved=10_000),
        changed(heights=b"\x00\x00\xc0\x7f" * 30),
        changed(heights=b"\xff\xff\x7f\x7f" * 30),
    ],
)
def test_a_curve_that_can_not_be_is_an_error_of_one_kind(curve: bytes) -> None:
    with pytest.raises(UnusableModel, match="version 3 has a curve"):
        StayPredictor(3, msgspec.structs.replace(form(), curve=curve))


def test_a_feature_that_is_not_known_here_is_an_error() -> None:
    weights = [msgspec.structs.replace(form().weights[0], feature="mood"), *form().weights[1:]]

    with pytest.raises(UnusableModel, match="'mood'"):
        StayPredictor(3, msgspec.structs.replace(form(), weights=weights))
