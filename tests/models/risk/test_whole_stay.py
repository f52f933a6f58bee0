"""The learner of stays: examples wait for the end of their stay, are foretold first and learned then."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import codec
from models.events import ModelPublished, StayEnded, StayExample
from models.risk.gate import Standing
from models.risk.learner import Learner
from models.risk.registry import Registry
from models.risk.stay_features import known
from models.risk.stay_model import StayPredictor
from models.risk.whole_stay import WholeStay
from tests.stays import stay

START = datetime(2026, 11, 21, tzinfo=UTC)
STAYS = 300


def example(number: int, hour: int, features: dict[str, float], **changes: Any) -> StayExample:
    admitted = START + timedelta(hours=number)
    fields: dict[str, Any] = {
        "patient_id": f"p{number}",
        "admitted_at": admitted,
        "at": admitted + timedelta(hours=hour),
        "hour": hour,
        "known_points": 2,
        "features": known(features | {"hours": float(hour)}),
        "origin": "replay",
    }
    return StayExample(**fields | changes)


def ended(number: int, died: bool | None, **changes: Any) -> StayEnded:
    admitted = START + timedelta(hours=number)
    fields: dict[str, Any] = {"patient_id": f"p{number}", "admitted_at": admitted, "at": admitted + timedelta(hours=15)}
    return StayEnded(**fields | {"died": died, "origin": "replay"} | changes)


def hospital(stays: int = STAYS, *, misleading: range = range(0)) -> Iterator[bytes]:
    """One admission an hour, asked about at 6 and at 12 hours; of some stays the other ones die."""
    pick = random.Random(5)
    courses = [stay(pick) for _ in range(stays)]
    for now in range(stays + 15):
        for hour in (6, 12):
            if 0 <= now - hour < stays:
                yield codec.encode(example(now - hour, hour, courses[now - hour][0]))
        if 0 <= now - 15 < stays:
            yield codec.encode(ended(now - 15, courses[now - 15][1] != (now - 15 in misleading)))


def standing(learner: Learner) -> Standing:
    return learner.gates["stay"].standing


def taught(values: list[bytes], learner: Learner | None = None, first: int = 0) -> tuple[Learner, list[ModelPublished]]:
    learner, found = learner or Learner(origin="replay"), list[ModelPublished]()
    for offset, value in enumerate(values, first):
        learner.advance(value, offset=offset)
        found += [each for each in learner.published if each not in found]
    return learner, found


def test_stays_become_versions_that_workers_can_score_with() -> None:
    learner, found = taught(list(hospital()))

    assert (standing(learner).lesson.examples, learner.stay.stays, learner.stay.waiting) == (2 * STAYS, STAYS, 0)
    assert len(found) >= 2
    assert [each.version for each in found] == sorted({each.version for each in found})
    assert {each.model for each in found} == {"stay"}
    assert found[-1].quality.auroc is not None
    assert found[-1].quality.auroc > 0.6
    registry = Registry()
    for each in found:
        registry.publish(each)
    assert isinstance(registry.in_force, StayPredictor)
    assert len(codec.encode(found[-1])) < 2**20


def test_a_stay_teaches_nothing_before_it_has_ended_and_is_foretold_before_it_is_learned() -> None:
    values = list(hospital())
    learner, _ = taught(values)
    before = learner.stay.entries()
    number, features = STAYS + 20, stay(random.Random(1))[0]

    learner.advance(codec.encode(example(number, 6, features)), offset=5_000)
    learned, tried = standing(learner).lesson.examples, standing(learner).trial.examples
    assert (learned, learner.stay.waiting) == (2 * STAYS, 1)
    assert list(dict(learner.stay.entries())) == [f"stay/waiting/p{number}".encode()]
    learner.advance(codec.encode(ended(number, True)), offset=5_001)

    assert (standing(learner).lesson.examples, learner.stay.waiting) == (learned + 1, 0)
    assert standing(learner).trial.examples == tried + 1
    assert dict(learner.stay.entries())[b"stay/model"] != dict(before)[b"stay/model"]


def test_what_was_looked_at_before_the_candidate_knew_all_is_no_trial_of_it() -> None:
    learner, _ = taught(list(hospital()))
    tried, candidate = standing(learner).trial.examples, standing(learner).candidate
    assert candidate is not None

    learner.advance(codec.encode(example(0, 6, stay(random.Random(1))[0])), offset=5_000)
    learner.advance(codec.encode(ended(0, True, at=START + timedelta(hours=999))), offset=5_001)

    assert standing(learner).trial.examples == tried


def test_a_model_that_got_worse_is_held_back() -> None:
    sound, found_sound = taught(list(hospital(400)))

    astray, found = taught(list(hospital(400, misleading=range(200, 300))))

    assert (standing(sound).held_back, standing(astray).held_back) == (0, 1)
    assert [each.version for each in found] == [each.version for each in found_sound[:-1]]


def test_a_learner_that_comes_back_goes_on_as_if_nothing_had_been() -> None:
    values = list(hospital())
    whole, first, second = taught(values)[0], taught(values[:613])[0], Learner(origin="replay")
    kept = dict(first.changed())
    assert first.stay.waiting > 0
    for key, value in kept.items():
        if value is not None:
            second.restore(key, value)

    assert second.published == first.published
    taught(values[613:], second, first=613)

    kept |= dict(second.changed())
    assert {key: value for key, value in kept.items() if value is not None} == {
        key: value for key, value in whole.changed() if value is not None
    }


FEATURES = stay(random.Random(1))[0]


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        (example(2, 6, FEATURES), "too-many"),
        (example(0, 6, FEATURES, admitted_at=START + timedelta(hours=1)), "replaced"),
        (ended(0, None), "unknown-end"),
    ],
)
def test_a_stay_that_can_teach_nothing_is_dropped_and_counted(then: StayExample | StayEnded, reason: str) -> None:
    learner = WholeStay("learner", "replay", most_waiting=2)
    for number in (0, 1):
        learner.wait(example(number, 6, FEATURES))
    learner.entries()

    if isinstance(then, StayExample):
        learner.wait(then)
    else:
        learner.end(then, 9)

    assert {name: count for name, count in learner.dropped.by_reason().items() if count} == {reason: 1}
    assert learner.waiting <= 2
    kept = dict(learner.entries())[b"stay/waiting/p0"]
    assert (kept is None) == (reason != "replaced")
    assert learner.stays == 0


@pytest.mark.parametrize("value", [b"1e9", b"-1e300", b"null", b'"old"'])
def test_an_example_with_what_no_feature_can_be_is_counted_and_does_not_wait(value: bytes) -> None:
    learner, sound = Learner(), codec.encode(example(0, 6, FEATURES | {"age": 61.0}))
    spoilt = sound.replace(b'"age":61.0', b'"age":' + value)
    assert spoilt != sound

    learner.advance(spoilt, offset=0)

    assert (learner.unusable, learner.stay.waiting) == (1, 0)
