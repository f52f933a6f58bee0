"""The detector for series of any kind: what stands out, from what, and once."""

import math
import random
from collections.abc import Callable

import msgspec
import pytest

from models.detectors.time_series import Judged, TimeSeries
from models.instants import DAY, MINUTE

STEP = 5 * MINUTE
A_DAY = DAY // STEP


def judged(values: list[float], state: TimeSeries | None = None, first: int = 0) -> list[Judged]:
    state = TimeSeries() if state is None else state
    return [state.judge((first + number) * STEP, value) for number, value in enumerate(values)]


def noise(count: int, seed: int = 1, center: Callable[[int], float] = lambda _: 50.0) -> list[float]:
    chance = random.Random(seed)
    return [center(number) + chance.gauss(0, 2) for number in range(count)]


def by_day(number: int) -> float:
    return 90.0 if 90 <= number % A_DAY < 220 else 20.0


def test_a_spike_stands_out_at_once_and_names_what_it_is_far_from() -> None:
    values = noise(2000)
    values[1500] += 60

    found = judged(values)

    assert max(range(300, 2000), key=lambda at: found[at].score) == 1500
    assert found[1500].usual == pytest.approx(50, abs=4)


def changed(how: Callable[[float], float], rows: int = 60) -> list[float]:
    """Noise that changes from row 1500 on."""
    values = noise(1500 + rows)
    return [*values[:1500], *map(how, values[1500:])]


@pytest.mark.parametrize(
    ("how", "driver"),
    [
        (lambda value: value + 4, "the level"),
        (lambda value: 50 + 4 * (value - 50), "more variation"),
        (lambda _: 50.0, "less variation"),
    ],
)
def test_what_no_single_value_tells_stands_out_within_two_dozen(how: Callable[[float], float], driver: str) -> None:
    found = judged(changed(how))[1500:1524]

    most = max(found, key=lambda each: each.surprise)
    assert most.surprise > 3
    assert driver in {each.driver for each in found if each.surprise > 3}


def test_taking_the_spike_away_lowers_the_score() -> None:
    values = noise(2000)
    with_spike = [*values[:1500], values[1500] + 60]

    assert judged(with_spike)[-1].surprise > judged(values[:1501])[-1].surprise + 3


def test_a_day_that_does_not_rise_as_days_do_stands_out_against_the_time_of_day() -> None:
    values = noise(14 * A_DAY, center=lambda number: 20.0 if number // A_DAY == 12 else by_day(number))

    found = judged(values)

    most = max(range(5 * A_DAY, 14 * A_DAY), key=lambda at: found[at].score)
    assert 12 * A_DAY + 88 <= most < 12 * A_DAY + 120
    assert found[most].driver == "this time of day"
    assert found[most].usual == pytest.approx(90, abs=8)


def test_what_days_do_is_no_anomaly_once_a_few_days_are_known() -> None:
    found = judged(noise(14 * A_DAY, center=by_day))

    assert max(each.surprise for each in found[6 * A_DAY :]) < 5


def test_what_goes_on_has_one_score_and_a_surprise_throughout() -> None:
    values = noise(1600)
    values[1500:1520] = [200.0] * 20

    found = judged(values)[1500:1520]

    assert found[0].score > 0.5
    assert sum(each.score > 0 for each in found) <= 4
    assert all(each.surprise > 1.3 for each in found[:4])


def test_the_rarity_it_claims_is_about_the_rarity_there_is() -> None:
    found = judged(noise(20_000, seed=7))[2000:]

    share = sum(each.surprise > 3 for each in found) / len(found)
    assert share < 0.01


def test_the_scale_of_a_series_does_not_matter() -> None:
    values = noise(1000)
    values[700] += 40

    plain, large = judged(values), judged([value * 1000 for value in values])

    assert [each.score for each in large] == pytest.approx([each.score for each in plain], abs=1e-6)


@pytest.mark.parametrize("values", [[5.0] * 500, [0.0, 1e12] * 250, [1e-300] * 500, [-1e9, 1e9, 0.0] * 100])
def test_whatever_finite_comes_the_score_is_from_0_to_1(values: list[float]) -> None:
    found = judged(values)

    assert all(0 <= each.score <= 1 and math.isfinite(each.surprise) and math.isfinite(each.usual) for each in found)
    assert found[0].score == 0


def test_a_value_is_scored_before_what_follows_is_known_and_the_same_state_gives_the_same() -> None:
    values, state = noise(900), TimeSeries()
    judged(values[:600], state)
    kept = msgspec.msgpack.encode(state)

    first, again = (judged(values[600:], msgspec.msgpack.decode(kept, type=TimeSeries), 600) for _ in range(2))

    assert first == again == judged(values)[600:]


def test_its_state_does_not_grow() -> None:
    state = TimeSeries()
    judged(noise(3000), state)
    size = len(msgspec.msgpack.encode(state))
    judged(noise(20_000, seed=3), state, 3000)

    assert len(msgspec.msgpack.encode(state)) <= size + 64 < 4096
