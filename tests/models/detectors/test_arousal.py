"""The arousal detector: above one's own rest, as far as that is known."""

import math
import random

import msgspec
import pytest

from models.detectors.arousal import Arousal, Excess
from models.instants import MINUTE, SECOND


def played(levels: list[tuple[int, float]], state: Arousal | None = None, seed: int = 2) -> list[Excess]:
    """A rate each second: so many seconds at each level, with noise."""
    state, chance = Arousal(least_spread=2.0) if state is None else state, random.Random(seed)
    values = [level + chance.gauss(0, 2) for seconds, level in levels for _ in range(seconds)]
    return [state.weigh(at * SECOND, value) for at, value in enumerate(values, start=1)]


def mean(found: list[Excess]) -> float:
    return sum(each.score for each in found) / len(found)


def test_stress_scores_above_the_rest_before_and_after_it() -> None:
    found = played([(900, 70), (300, 82), (600, 70)])

    assert mean(found[960:1200]) > mean(found[1320:]) + 1
    assert mean(found[960:1200]) > mean(found[:900]) + 1


def test_stress_does_not_become_the_usual() -> None:
    found = played([(900, 70), (1800, 82)])

    assert found[-1].resting < 76
    assert found[-1].score > 0.5


def test_the_first_value_scores_nothing_and_ten_minutes_have_half_the_say() -> None:
    fresh, known = (
        Arousal(2.0, level=80, resting=70, variance=25, known_for=0.0, last=0),
        Arousal(2.0, level=80, resting=70, variance=25, known_for=600.0, last=0),
    )

    assert played([(1, 70)])[0].score == 0
    assert fresh.weigh(1, 80.0).score == pytest.approx(0.0)
    assert known.weigh(1, 80.0).score == pytest.approx(0.5 * 10 / 5)


def test_taking_the_rise_away_lowers_the_score() -> None:
    high, low = played([(900, 70), (120, 82)]), played([(900, 70), (120, 70)])

    assert high[-1].score > low[-1].score + 0.5


def test_a_value_that_is_not_after_the_last_changes_nothing() -> None:
    state = Arousal(least_spread=2.0)
    played([(600, 70)], state)
    before = msgspec.msgpack.encode(state)

    state.weigh(600 * SECOND, 150.0)
    state.weigh(10 * SECOND, 150.0)

    assert msgspec.msgpack.encode(state) == before


def test_a_silence_counts_as_a_minute() -> None:
    one, other = Arousal(least_spread=2.0), Arousal(least_spread=2.0)
    for state in (one, other):
        played([(1200, 70)], state)
    before = one.known_for

    assert one.weigh(1200 * SECOND + MINUTE, 90.0) == other.weigh(1200 * SECOND + 60 * MINUTE, 90.0)
    assert one.known_for == before + 60


def test_a_value_is_scored_before_it_is_learned_and_the_same_state_gives_the_same() -> None:
    state = Arousal(least_spread=2.0)
    played([(900, 70)], state)
    kept = msgspec.msgpack.encode(state)

    first, again = (played([(60, 85)], msgspec.msgpack.decode(kept, type=Arousal)) for _ in range(2))

    assert first == again
    assert len(kept) < 128


@pytest.mark.parametrize("value", [0.0, 1e-9, 300.0, 1e6])
def test_whatever_comes_the_score_is_finite_and_bounded(value: float) -> None:
    state = Arousal(least_spread=2.0)
    found = [state.weigh(at * at * SECOND, value if at % 3 else 60.0) for at in range(1, 400)]

    assert all(math.isfinite(each.score) and abs(each.score) <= 10 for each in found)
    assert 0 <= state.variance < 1e13
