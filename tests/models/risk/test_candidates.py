"""The contract of every candidate: bounded, deterministic, useful before the first example, score first."""

import math
import random
from collections.abc import Mapping

import msgspec
import pytest

from models.risk.candidate import Encodable
from models.risk.candidates import CANDIDATES, Candidate

NAMES = ("heart_rate", "lactate", "age", "lactate.missing")
ENCODABLE = {name: kind for name, kind in CANDIDATES.items() if isinstance(kind(NAMES), Encodable)}
Examples = list[tuple[Mapping[str, float], bool]]


@pytest.fixture(params=sorted(CANDIDATES))
def kind(request: pytest.FixtureRequest) -> type[Candidate]:
    return CANDIDATES[request.param]


@pytest.fixture(params=sorted(ENCODABLE))
def encodable(request: pytest.FixtureRequest) -> type[Encodable]:
    return ENCODABLE[request.param]


def examples(count: int, seed: int = 1) -> Examples:
    """Courses of which a high heart rate is bad; lactate is often not known."""
    chance = random.Random(seed)
    made: Examples = []
    for _ in range(count):
        label = chance.random() < 0.3
        features = {"heart_rate": chance.gauss(110 if label else 80, 12), "age": chance.uniform(2, 9)}
        is_known = chance.random() < 0.5
        features |= {"lactate": chance.uniform(0, 3)} if is_known else {}
        made.append(({**features, "lactate.missing": float(not is_known)}, label))
    return made


def taught(kind: type[Candidate], made: Examples) -> Candidate:
    candidate = kind(NAMES)
    for features, label in made:
        candidate.learn(features, label)
    return candidate


def test_it_foretells_something_sensible_before_the_first_example(kind: type[Candidate]) -> None:
    assert 0 < kind(NAMES).predict({"heart_rate": 80.0}) <= 0.5


def test_it_learns_what_is_bad(kind: type[Candidate]) -> None:
    candidate = taught(kind, examples(1200))

    told = [(candidate.predict(features), label) for features, label in examples(300, seed=2)]

    bad, good = [p for p, label in told if label], [p for p, label in told if not label]
    won = sum((b > g) + (b == g) / 2 for b in bad for g in good)
    assert won / (len(bad) * len(good)) > 0.85


def test_equal_examples_in_equal_order_give_equal_predictions(kind: type[Candidate]) -> None:
    one, other = taught(kind, examples(200)), taught(kind, examples(200))

    assert [one.predict(f) for f, _ in examples(20, seed=3)] == [other.predict(f) for f, _ in examples(20, seed=3)]


def test_foretelling_teaches_nothing(kind: type[Candidate]) -> None:
    asked, quiet = taught(kind, examples(100)), taught(kind, examples(100))

    for features, _ in examples(50, seed=4):
        asked.predict(features)
    for features, label in examples(50, seed=5):
        asked.learn(features, label)
        quiet.learn(features, label)

    assert asked.predict({"heart_rate": 100.0}) == quiet.predict({"heart_rate": 100.0})


@pytest.mark.parametrize(
    "features",
    [{}, {"heart_rate": 1e9}, {"heart_rate": -1e9, "age": 1e6}, {"unheard_of": 3.0}, dict.fromkeys(NAMES, 0.0)],
    ids=["nothing-known", "huge", "far-below", "no-feature", "zeros"],
)
def test_it_is_finite_and_bounded_whatever_comes(kind: type[Candidate], features: dict[str, float]) -> None:
    candidate = taught(kind, [*examples(150), (features, True), *examples(20, seed=6)])

    told = [candidate.predict(each) for each in ({}, features, {"heart_rate": 80.0})]

    assert all(math.isfinite(each) and 0 <= each <= 1 for each in told)


def test_one_that_can_be_encoded_goes_on_from_its_bytes_as_if_nothing_had_been(encodable: type[Encodable]) -> None:
    candidate = taught(encodable, examples(200))

    again = encodable.decode(candidate.encode())

    for features, label in examples(50, seed=7):
        assert again.predict(features) == candidate.predict(features)
        again.learn(features, label)
        candidate.learn(features, label)
    assert again.encode() == candidate.encode()


def test_equal_models_have_equal_bytes_and_one_more_example_changes_them(encodable: type[Encodable]) -> None:
    one, other = taught(encodable, examples(150)), taught(encodable, examples(150))

    other.predict({"heart_rate": 100.0})

    assert one.encode() == other.encode()
    other.learn({"heart_rate": 80.0}, True)
    assert one.encode() != other.encode()


def test_bytes_of_another_form_are_refused(encodable: type[Encodable]) -> None:
    encoded = taught(encodable, examples(10)).encode()

    for foreign in (b"", b"\x90", encoded[:-1], encoded + b"\x00", msgspec.msgpack.encode([99])):
        with pytest.raises((msgspec.MsgspecError, ValueError)):
            encodable.decode(foreign)


def test_those_that_may_be_published_can_be_encoded() -> None:
    assert {"average", "bayesian_regression", "linear_regression", "logistic_regression"} <= set(ENCODABLE)


def test_one_class_alone_does_not_break_it(kind: type[Candidate]) -> None:
    candidate = taught(kind, [(features, False) for features, _ in examples(100)])

    assert 0 <= candidate.predict({"heart_rate": 80.0}) <= 0.5


def test_names_are_unique_and_found() -> None:
    assert {"logistic_regression", "passive_aggressive", "hoeffding_tree", "adaptive_random_forest"} <= set(CANDIDATES)
    assert all(name == kind.name for name, kind in CANDIDATES.items())
