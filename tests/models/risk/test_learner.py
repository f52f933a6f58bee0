"""The learner: foretell, count, learn; publish what is no worse; keep everything."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from models import codec
from models.checkpoints import BadCheckpoint
from models.events import Example, ModelPublished
from models.risk.gate import Standing
from models.risk.learner import Learner
from models.risk.progress import Progress

START = datetime(2026, 11, 21, tzinfo=UTC)


def example(number: int, pick: random.Random, **changes: Any) -> bytes:
    high = pick.gauss(0, 1)
    label = pick.random() < 1 / (1 + 2.718 ** (2 - 2 * high))
    fields = {
        "patient_id": f"p{number}",
        "at": START + timedelta(hours=number),
        "known_at": START + timedelta(hours=number + 6),
        "label": label,
        "reason": "news2" if label else "nothing",
        "known_points": min(6, max(0, round(high + 2))),
        "features": {"news2.known_points": 2.0, "heart_rate.high": round(high, 3)},
        "origin": "live",
    }
    return codec.encode(Example(**fields | changes))


def examples(number: int, seed: int = 1) -> list[bytes]:
    pick = random.Random(seed)
    return [example(each, pick) for each in range(number)]


def standing(learner: Learner) -> Standing:
    return learner.gates["deterioration"].standing


def publications(learner: Learner, values: list[bytes], first: int = 0) -> list[ModelPublished]:
    found: list[ModelPublished] = []
    for offset, value in enumerate(values, first):
        learner.advance(value, offset=offset)
        found += [each for each in learner.published if each not in found]
    return found


def test_a_version_is_the_offset_of_its_last_example_and_they_go_up() -> None:
    learner = Learner(by="me", origin="replay")

    found = publications(learner, examples(1500))

    versions = [each.version for each in found]
    assert len(versions) > 3
    assert versions == sorted(set(versions))
    assert all(0 < each.quality.examples < 1500 for each in found)
    assert (found[-1].by, found[-1].origin) == ("me", "replay")
    assert found[-1].at == START + timedelta(hours=found[-1].version + 6)
    assert standing(learner).lesson.examples == 1500


def test_what_is_published_is_small_and_can_be_read_as_input() -> None:
    found = publications(Learner(), examples(1200))[-1]

    value = codec.encode(found)

    assert codec.decode(value) == found
    assert len(value) < 20_000


def test_a_candidate_is_tried_only_on_what_was_looked_at_after_all_that_it_learned_was_known() -> None:
    learner = Learner()
    first = learner_with_a_candidate(learner)
    pick = random.Random(4)

    learner.advance(example(first + 5, pick), offset=first + 1)
    assert standing(learner).progress.examples == 0

    learner.advance(example(first + 6, pick, label=False, reason="nothing"), offset=first + 2)
    assert standing(learner).progress.examples == 1


def test_bad_news_counts_no_sooner_than_good_news() -> None:
    learner = Learner()
    first = learner_with_a_candidate(learner)
    pick, at = random.Random(4), START + timedelta(hours=first + 6)

    learner.advance(
        example(0, pick, at=at, known_at=at + timedelta(hours=1), label=True, reason="death"), offset=first + 1
    )
    assert standing(learner).progress.examples == 0

    learner.advance(example(first + 6, pick, label=False, reason="nothing"), offset=first + 2)
    assert (standing(learner).progress.examples, standing(learner).progress.positives) == (2, 1)


def test_before_enough_of_both_kinds_were_seen_nothing_is_published() -> None:
    pick = random.Random(1)
    good = [example(number, pick, label=False, reason="nothing") for number in range(300)]

    assert publications(Learner(), good) == []


def test_a_model_that_got_worse_than_the_version_in_force_is_held_back() -> None:
    learner, pick = Learner(), random.Random(2)
    publications(learner, [example(number, pick) for number in range(1200)])
    before = standing(learner).held_back
    assert len(learner.published) == 1
    astray = [
        example(number, pick, label=high < 0, features={"news2.known_points": 2.0, "heart_rate.high": high})
        for number in range(1200, 1325)
        for high in [pick.choice([-2.0, 2.0])]
    ]

    publications(learner, astray, first=1200)
    publications(learner, [example(number, pick) for number in range(1325, 1450)], first=1325)

    assert standing(learner).held_back > before
    assert learner.published[0].version < 1300  # Before more than a few examples led it astray.


def test_a_learner_that_comes_back_goes_on_as_if_nothing_had_been() -> None:
    values = examples(1000)
    whole, first, second = Learner(), Learner(), Learner()
    publications(whole, values)
    publications(first, values[:777])

    kept = dict(first.changed())
    for key, value in kept.items():
        second.restore(key, value or b"")

    assert second.published == first.published
    publications(second, values[777:], first=777)
    assert kept | dict(second.changed()) == dict(whole.changed())


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff",
        b"{}",
        b'{"type":"Tick","at":"2026-11-21T03:00:00Z"}',
        example(0, random.Random(1)).replace(b'"heart_rate.high":1.288', b'"heart_rate.high":1e999'),
        example(0, random.Random(1)).replace(b'"heart_rate.high":1.288', b'"heart_rate.high":1e99'),
        example(0, random.Random(1)).replace(b'"heart_rate.high":1.288', b'"heart_rate.high":null'),
    ],
)
def test_what_is_no_example_is_counted_and_teaches_nothing(value: bytes) -> None:
    learner, other = Learner(), Learner()

    learner.advance(value, offset=0)

    assert learner.unusable == 1
    assert standing(learner).lesson.examples == 0
    assert learner.near_term.entries() == other.near_term.entries()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"deterioration", b""),
        (b"deterioration", b"\x09"),
        (b"deterioration", b"\x03x"),
        (b"stay", b"\x03x"),
        (b"stay/model", b"\x03x"),
        (b"stay/waiting/p1", b"\x03\x92\x00\x91\x94\x00\x00\xc0\xc4\x01x"),
        (b"stay/other", b"\x03x"),
        (b"a", b"\x03"),
    ],
)
def test_what_is_no_state_of_a_learner_is_an_error(key: bytes, value: bytes) -> None:
    with pytest.raises(BadCheckpoint):
        Learner().restore(key, value)


def test_quality_is_what_scikit_learn_says_of_the_same_forecasts() -> None:
    pick, progress = random.Random(3), Progress()
    labels, foretold, points = [], [], []
    for _ in range(3000):
        probability = 1 / (1 + 2.718 ** (3 - pick.gauss(0, 1.5)))
        labels.append(pick.random() < probability)
        foretold.append(probability)
        points.append(min(6, round(20 * probability)))
        progress.count(probability, points[-1], labels[-1])

    quality = progress.quality()

    assert quality.auroc == pytest.approx(roc_auc_score(labels, foretold), abs=2e-3)
    assert quality.news2_auroc == pytest.approx(roc_auc_score(labels, points), abs=1e-4)
    assert quality.brier == pytest.approx(brier_score_loss(labels, foretold), abs=1e-4)
    assert quality.log_loss == pytest.approx(log_loss(labels, foretold), abs=1e-4)
    assert (quality.examples, quality.positives) == (3000, sum(labels))


def learner_with_a_candidate(learner: Learner) -> int:
    """Lets it learn until a candidate is frozen, and gives the number of the last example."""
    pick = random.Random(1)
    for number in itertools.count():
        learner.advance(example(number, pick), offset=number)
        if (
            min(
                standing(learner).lesson.positives,
                standing(learner).lesson.examples - standing(learner).lesson.positives,
            )
            >= 10
        ):
            return number
    raise AssertionError


def test_without_both_kinds_quality_is_not_made_up() -> None:
    progress = Progress()
    progress.count(0.1, 2, False)

    assert progress.quality().auroc is None
    assert Progress().quality().brier is None
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(progress), type=Progress) == progress
