"""Drift of the learned risk: nought where nothing changed, a warning where who is measured, or what, did."""

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from models import codec
from models.events import Example
from models.risk.features import LAYOUT
from models.risk.gate import Gate
from models.risk.learner import Learner
from models.risk.shift import LEAST, WARN_AT, Shift, Spectrum, index
from streams.learner.metrics import LearnerMetrics

START = datetime(2026, 11, 21, tzinfo=UTC)


def spectrum(mean: float, number: int = 1500, unknown: float = 0.2, seed: int = 1) -> Spectrum:
    pick, found = random.Random(seed), Spectrum()
    for _ in range(number):
        found.count(None if pick.random() < unknown else pick.gauss(mean, 1))
    return found


def test_the_same_patients_give_next_to_nothing_and_other_ones_a_warning() -> None:
    then = spectrum(0)

    assert index(then, then) == 0
    assert (index(then, spectrum(0, seed=2)) or 0) < 0.05
    assert (index(then, spectrum(1.5)) or 0) > WARN_AT
    assert (index(then, spectrum(0, unknown=0.7)) or 0) > WARN_AT


def test_of_a_few_there_is_no_index() -> None:
    assert index(spectrum(0), spectrum(3, LEAST - 1)) is None
    assert index(spectrum(0, LEAST - 1), spectrum(3)) is None


def test_the_past_is_forgotten_and_the_state_bounded() -> None:
    found = spectrum(-3, 20_000)
    for _ in range(10_000):
        found.count(3.0)

    assert found.total < 2000
    assert (index(spectrum(3, unknown=0), found) or 0) > 0
    assert found.bins.get(0, 0) <= 1
    assert len(found.bins) <= 54


def test_a_level_of_a_sided_sign_is_above_less_below() -> None:
    shift = Shift()

    shift.learn({"heart_rate.low": 2.0, "heart_rate.high": 0.0, "lactate.log": 1.0})

    assert shift.now["heart_rate"].bins == {8: 1}
    assert shift.now["lactate"].bins == {14: 1}
    assert set(shift.now) == {group for group, _ in LAYOUT}
    assert set(shift.now["temperature"].bins) == {53}


def learn(learner: Learner, numbers: range, fast: float, seed: int) -> None:
    """Hours of people whose hearts beat so much faster than usual."""
    pick = random.Random(seed)
    for number in numbers:
        high, at = pick.gauss(fast, 1), START + timedelta(hours=number)
        label = high > 0.5 if fast == 0 else pick.random() < 0.3
        features = {"heart_rate.high": round(max(high, 0), 3), "heart_rate.low": round(max(-high, 0), 3)}
        example = Example(
            patient_id="p",
            at=at,
            known_at=at + timedelta(hours=6),
            label=label,
            reason="news2" if label else "nothing",
            known_points=2,
            features=features,
            origin="live",
        )
        learner.advance(codec.encode(example), offset=number)


@pytest.fixture(scope="module")
def learners() -> tuple[Learner, Learner]:
    """One to whom the same people came all the time, and one to whom others came at last."""
    steady, moved = Learner(), Learner()
    for learner, fast in ((steady, 0.0), (moved, 3.0)):
        learn(learner, range(1000), 0.0, 1)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Gate, "is_due", False)  # The version stays, as where new ones do worse.
            learn(learner, range(1000, 2000), fast, 2)
    return steady, moved


def figures(learner: Learner) -> dict[str, float]:
    metrics = LearnerMetrics()
    metrics.learner = learner
    samples = [sample for family in metrics.registry.collect() for sample in family.samples]
    return {sample.labels.get("sign", sample.name): sample.value for sample in samples if "shift" in sample.name}


def test_where_others_come_the_sign_and_the_forecasts_shift_and_it_warns(learners: tuple[Learner, Learner]) -> None:
    steady, moved = map(figures, learners)

    assert steady["vigil_learner_shift_warnings"] == 0
    assert steady["heart_rate"] < 0.1
    assert moved["heart_rate"] > WARN_AT
    assert moved["temperature"] == 0
    assert moved["vigil_learner_score_shift_psi"] > WARN_AT
    assert moved["vigil_learner_shift_warnings"] == 2
    assert steady["vigil_learner_score_shift_psi"] < 0.1


def test_a_learner_that_comes_back_tells_the_same_shift(learners: tuple[Learner, Learner]) -> None:
    back = Learner()
    for entry in learners[1].changed():
        back.restore(*entry)

    assert figures(back) == figures(learners[1])
    assert dict(back.changed())[b"deterioration"] == dict(learners[1].changed())[b"deterioration"]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(back.near_term.shift), type=Shift) == back.near_term.shift
