"""The last values of a code: in order, at most 64, and none twice."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.history import EMPTY, KEPT, History, is_continuous
from models.instants import SECOND

times = st.integers(-(2**60), 2**60) | st.integers(0, 20)
values = st.floats(allow_nan=False)
devices = st.integers(0, 255)
entries = st.lists(st.tuples(times, values, devices), max_size=200)


def history_of(rows: list[tuple[int, float, int]]) -> History:
    history = EMPTY
    for row in rows:
        history = history.adding(*row)
    return history


def rows_of(history: History) -> list[tuple[int, float, int]]:
    return list(zip(history.times, history.values, history.devices, strict=True))


@given(entries)
def test_it_holds_the_latest_in_order_and_at_most_64(rows: list[tuple[int, float, int]]) -> None:
    history = history_of(rows)

    wanted: list[tuple[int, float, int]] = []
    for row in rows:
        if len(wanted) < KEPT or row[0] >= wanted[0][0]:
            wanted = sorted([*wanted, row], key=lambda kept: kept[0])[-KEPT:]
    assert rows_of(history) == wanted


@given(entries, st.tuples(times, values, devices))
def test_it_holds_what_it_kept_and_nothing_else(
    rows: list[tuple[int, float, int]], other: tuple[int, float, int]
) -> None:
    history = history_of(rows)

    assert all(history.holds(*row) for row in rows_of(history))
    assert history.holds(*other) is (other in rows_of(history))


@given(entries, times)
def test_what_was_current_then_is_the_last_at_or_before(rows: list[tuple[int, float, int]], then: int) -> None:
    history = history_of(rows)

    index = history.index_at(then)

    assert all(time <= then for time in history.times[: index + 1])
    assert all(time > then for time in history.times[index + 1 :])


def test_two_values_of_one_instant_are_both_kept_and_the_later_in_the_log_is_current() -> None:
    history = history_of([(5, 80.0, 1), (9, 70.0, 1), (5, 90.0, 1)])

    assert rows_of(history) == [(5, 80.0, 1), (5, 90.0, 1), (9, 70.0, 1)]
    assert history.values[history.index_at(5)] == 90.0


def test_older_than_all_of_a_full_history_is_not_kept() -> None:
    history = history_of([(time, 1.0, 0) for time in range(KEPT)])

    assert history.adding(-1, 1.0, 0) is history
    assert history.adding(-1, 1.5, 0) is history
    assert history.adding(0, 2.0, 0) is not history
    assert len(history.adding(0, 2.0, 0)) == KEPT


@given(entries, st.tuples(times, values, devices))
def test_adding_leaves_the_history_that_it_adds_to_as_it_was(
    rows: list[tuple[int, float, int]], other: tuple[int, float, int]
) -> None:
    history = history_of(rows)
    before = rows_of(history)

    history.adding(*other)

    assert rows_of(history) == before


@given(entries)
def test_its_newest_is_its_last(rows: list[tuple[int, float, int]]) -> None:
    history = history_of([*rows, (2**60, 7.0, 3)])

    assert (history.at, history.value, history.devices[-1]) == rows_of(history)[-1]


# --- Streams ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spacings", "interval"),
    [
        ([5] * 3, None),
        ([5] * 4, 5),
        ([5, 5, 5, 600], 5),
        ([600, 600, 5, 5], 302.5),
        ([600] * 8 + [5] * 8, 5),
        ([5] * 8 + [600] * 4, 302.5),
    ],
)
def test_the_interval_is_the_median_of_the_last_8_spacings(spacings: list[int], interval: float | None) -> None:
    at, history = 0, history_of([(0, 1.0, 7)])
    for spacing in spacings:
        at += spacing * SECOND
        history = history.adding(at, 1.0, 7)
        history = history.adding(at, 1.0, 8)  # another device between

    expected = None if interval is None else int(interval * SECOND)
    assert history.expected_interval(7) == expected


@pytest.mark.parametrize(("interval", "answer"), [(None, False), (60 * SECOND, True), (60 * SECOND + 1, False)])
def test_a_minute_between_is_still_continuous(interval: int | None, answer: bool) -> None:
    assert is_continuous(interval) is answer


def test_the_median_is_of_one_device_and_of_a_minute_both_ends_included() -> None:
    rows = [(-1, 999.0, 1), (0, 10.0, 1), (SECOND, 40.0, 1), (30 * SECOND, 500.0, 2), (60 * SECOND, 20.0, 1)]

    history = history_of(rows)

    assert history.median_before(4) == 20.0
    assert history.median_before(3) == 500.0
    assert history.median_before(2) == 40.0
    assert history.median_before(1) == (999.0 + 10.0) / 2


@pytest.mark.parametrize("seed", range(20))
def test_the_median_of_the_newest_is_that_of_the_last_minute(seed: int) -> None:
    random, history, time = Random(seed), EMPTY, 0
    spacings = random.choice([[SECOND // 3], [SECOND], [0, SECOND, 7 * SECOND], [SECOND, SECOND, 61 * SECOND]])
    for _ in range(200):
        time += random.choice(spacings)
        late = random.choice([0, 0, 0, 0, 0, 0, 0, 0, 0, 5 * SECOND])
        device = random.choice([1] * 40 + [2])
        history = history.adding(time - late, float(random.randint(60, 80)), device)

        assert history.median == history.median_before(len(history) - 1)
