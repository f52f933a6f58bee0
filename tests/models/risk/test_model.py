"""The online model: it learns, keeps exactly, and its published form says what it says."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from models.events import ModelPublished, ModelWithdrawn, Quality, Weight
from models.picture import Patient
from models.risk.features import LAYOUT, MEASURED, NAMES, VALUES, Known, named
from models.risk.labels import pack, unpack
from models.risk.model import ModelState, OnlineModel, weights_of
from models.risk.prediction import Predictor, UnusableModel
from models.risk.registry import Registry

AT = datetime(2026, 11, 21, tzinfo=UTC)
QUALITY = Quality(examples=0, positives=0, auroc=None, news2_auroc=None, brier=None, log_loss=None)

Example = tuple[dict[str, float], bool]


def examples(number: int, seed: int = 1) -> list[Example]:
    """Features with some groups missing; a high heart rate is bad, and so is a missing lactate."""
    pick, found = random.Random(seed), []
    for _ in range(number):
        known: Known = {
            at: tuple(pick.gauss(0, 1) for _ in fields) for at, (_, fields) in enumerate(LAYOUT) if pick.random() > 0.3
        }
        values = named(unpack(pack(known | {0: (2.0, 1.0)})))
        odds = 2 * values.get("heart_rate.high", 0) + 2 * ("lactate.log" not in values) - 2
        found.append((values, pick.random() < 1 / (1 + 2.718**-odds)))
    return found


def taught(some: list[Example], model: OnlineModel | None = None) -> OnlineModel:
    model = model or OnlineModel()
    for values, label in some:
        model.learn(values, label)
    return model


def kept(model: OnlineModel) -> bytes:
    return msgspec.msgpack.encode(model.state())


def published(version: int, **changes: Any) -> ModelPublished:
    weights = weights_of(taught(examples(50)).state())
    fields = {"version": version, "at": AT, "by": "x", "intercept": 0.0, "weights": weights, "quality": QUALITY}
    return ModelPublished(**fields | changes)


def test_before_the_first_example_a_bad_course_is_rare() -> None:
    assert OnlineModel().predict({}) == pytest.approx(0.047, abs=0.001)


def test_it_learns_what_is_bad_and_that_missing_can_be_bad() -> None:
    model = taught(examples(3000))

    usual = dict.fromkeys(VALUES, 0.0)
    without = {name: value for name, value in usual.items() if not name.startswith("lactate")}
    assert model.predict({**usual, "heart_rate.high": 3.0}) > model.predict(usual) + 0.3
    assert model.predict(without) > model.predict(usual) + 0.1


def test_foretelling_changes_nothing() -> None:
    model = taught(examples(50))
    before = kept(model)

    model.predict({"heart_rate.high": 5.0, "unheard of": 1.0})

    assert kept(model) == before


def test_a_model_that_comes_back_from_its_bytes_goes_on_as_if_nothing_had_been() -> None:
    some = examples(400)
    first = taught(some[:150])

    second = OnlineModel(msgspec.msgpack.decode(kept(first), type=ModelState))

    assert kept(taught(some[150:], second)) == kept(taught(some))


def test_the_order_of_features_and_of_hashes_changes_no_bit() -> None:
    backward = [(dict(reversed(values.items())), label) for values, label in examples(60)]
    script = "import sys, json, msgspec; sys.path.insert(0, '.'); from models.risk.model import *; m = OnlineModel()\n"
    script += "for v, y in json.load(sys.stdin): m.learn(v, y)\nprint(msgspec.msgpack.encode(m.state()).hex())"

    found = {
        subprocess.run(
            [sys.executable, "-c", script], input=json.dumps(backward), env={"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip

    assert found == {kept(taught(examples(60))).hex()}


def test_what_is_published_foretells_as_the_model_does() -> None:
    model = taught(examples(500))
    predictor = Predictor(7, model.state().intercept, weights_of(model.state()))
    pick = random.Random(5)

    for number in range(30):
        known: Known = {
            at: tuple(pick.gauss(0, 1) for _ in fields) for at, (_, fields) in enumerate(LAYOUT) if (number + at) % 4
        }
        risk = predictor.foretell(known, patient_with_everything())
        assert risk.version == 7
        assert risk.probability == pytest.approx(model.predict(named(known)), abs=2e-4)


def test_the_greatest_effects_are_told_first_with_the_value_behind_them() -> None:
    weights = {"heart_rate.high": 2.0, "temperature.low": -3.0, "age.decades": 0.5, "lactate.missing": 1.0}
    predictor = Predictor(1, 0.0, plain(weights))
    known = {at: (1.0,) * len(fields) for at, (name, fields) in enumerate(LAYOUT) if name != "lactate"}

    drivers = predictor.foretell(known, patient_with_everything()).drivers

    assert [(each.sign, each.value, each.effect) for each in drivers] == [
        ("temperature", 1.0, -3.0),
        ("heart_rate", 1.0, 2.0),
        ("lactate", None, 1.0),
    ]


def test_what_moves_nothing_is_no_driver() -> None:
    known = {at: (1.0,) * len(fields) for at, (_, fields) in enumerate(LAYOUT)}

    assert Predictor(1, 0.0, plain({})).foretell(known, Patient("p", "live")).drivers == []


@pytest.mark.parametrize(
    "weights",
    [
        [Weight(feature="what", weight=0, mean=0, spread=1)],
        [Weight(feature=name, weight=0, mean=0, spread=0) for name in NAMES],
    ],
)
def test_a_model_of_other_features_is_not_used(weights: list[Weight]) -> None:
    registry = Registry()

    with pytest.raises(UnusableModel):
        registry.publish(published(1, weights=weights))

    assert registry == Registry()


def test_only_a_version_above_all_before_comes_into_force() -> None:
    registry = Registry()

    for version in (5, 5, 4, 9, 6):
        registry.publish(published(version))

    assert registry.in_force is not None
    assert registry.in_force.version == 9
    assert [each.version for each in registry.kept] == [5, 9]
    assert registry.ignored == 3


def test_three_versions_are_kept_and_one_that_is_withdrawn_never_returns() -> None:
    registry = Registry()
    for version in (1, 2, 3, 4):
        registry.publish(published(version))

    registry.withdraw(ModelWithdrawn(version=4, at=AT, by="x", reason="y"))
    registry.publish(published(4))

    assert [each.version for each in registry.kept] == [2, 3]
    registry.publish(published(5))
    assert [each.version for each in registry.kept] == [2, 3, 5]


def test_with_all_versions_withdrawn_nothing_is_foretold() -> None:
    registry = Registry()
    registry.publish(published(1))

    registry.withdraw(ModelWithdrawn(version=0, at=AT, by="x", reason="y"))

    assert registry.in_force is None


def plain(weights: dict[str, float]) -> list[Weight]:
    """Weights of features that are not scaled."""
    return [Weight(feature=name, weight=weights.get(name, 0.0), mean=0.0, spread=1.0) for name in NAMES]


def patient_with_everything() -> Patient:
    patient = Patient("p", "live")
    for group in MEASURED:
        vital = patient.vital(group.code)
        vital.history = vital.history.adding(0, 1.0, 0)
    patient.known.age = 60
    return patient
