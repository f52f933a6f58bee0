"""The resting heart rate detector: what it takes for rest, what it tells of a day, and how often it errs."""

import math
import random
from collections.abc import Callable, Iterator

import msgspec
import pytest

from models.detectors.resting_heart_rate import BUDGET, READY, RestingDay, RestingHeartRate
from models.instants import DAY, MINUTE, SECOND

Rate = Callable[[int, int], float | None]


def usual(_day: int, hour: int) -> float:
    return 58.0 if hour < 7 else 70.0


def worn(
    days: int, rate: Rate, seed: int = 1, state: RestingHeartRate | None = None, first: int = 0
) -> list[RestingDay]:
    """A watch worn for so many days: a rate each 5 minutes, steps for half an hour at noon; hours of None unworn."""
    state = RestingHeartRate() if state is None else state
    return [judged for judged in heard(state, days, rate, seed, first) if judged is not None]


def heard(state: RestingHeartRate, days: int, rate: Rate, seed: int, first: int) -> Iterator[RestingDay | None]:
    chance = random.Random(seed)
    for day in range(first, first + days):
        day_off = chance.gauss(0, 1.5)
        for minute in range(0, 1440, 5):
            at, hour = day * DAY + minute * MINUTE, minute // 60
            yield state.hear_steps(at, 90 if 720 <= minute < 750 else 0)
            level = rate(day, hour)
            if level is not None:
                yield state.hear_rate(at + 30 * SECOND, level + day_off + chance.gauss(0, 3))
    yield state.end()


def ill_from(day: int, by: float) -> Rate:
    return lambda now, hour: usual(now, hour) + (by if now >= day else 0)


def test_the_first_day_is_told_and_raises_nothing_however_high() -> None:
    days = worn(1 + READY, lambda day, hour: usual(day, hour) + 40 * (day >= 4))

    assert not any(day.raised for day in days)
    assert all(math.isfinite(day.evidence) for day in days)


def test_a_rise_that_lasts_raises_one_alarm_within_three_days_and_names_rate_and_usual() -> None:
    days = worn(45, ill_from(40, 6))

    raised = [day for day in days if day.raised and day.at >= 40 * DAY]
    assert [day.at // DAY in (40, 41, 42) for day in raised] == [True]
    assert raised[0].rate - raised[0].usual == pytest.approx(6, abs=2.5)


def test_half_of_what_stood_out_stays_so_a_small_rise_adds_up() -> None:
    days = worn(44, ill_from(40, 3.5))[-4:]

    assert days[-1].evidence > days[-1].excess > 0


def test_a_watch_that_was_not_worn_at_night_is_no_fever() -> None:
    days = worn(45, lambda day, hour: None if day >= 40 and hour < 8 else usual(day, hour))

    assert all(abs(day.excess) < 3 for day in days if day.at >= 40 * DAY)
    assert {day.hours for day in days if day.at >= 40 * DAY} == {15}


def test_a_heart_that_beats_faster_while_walking_is_not_at_rest() -> None:
    days = worn(30, lambda day, hour: 150.0 if hour == 12 else usual(day, hour))

    assert all(day.hours == 23 for day in days[5:])


def test_less_than_three_hours_of_rest_make_no_day() -> None:
    days = worn(20, lambda day, hour: usual(day, hour) if hour < 2 or day < 10 else None)

    assert max(day.at for day in days) == 9 * DAY


def test_without_steps_nothing_is_known_of_rest() -> None:
    state = RestingHeartRate()

    told = [state.hear_rate(minute * MINUTE, 60.0) for minute in range(20 * 1440)]

    assert not any(told)
    assert state.end() is None


def test_what_comes_late_changes_nothing() -> None:
    state, other = RestingHeartRate(), RestingHeartRate()
    worn(20, usual, state=state)
    worn(20, usual, state=other)

    state.hear_rate(18 * DAY, 200.0)
    state.hear_steps(18 * DAY, 300.0)

    assert state == other


def test_a_day_is_told_before_what_follows_is_known() -> None:
    short, long = worn(30, usual), worn(40, usual)

    assert short == long[: len(short)]


def test_judging_a_day_twice_from_one_state_gives_the_same() -> None:
    state = RestingHeartRate()
    worn(30, usual, state=state)
    kept = msgspec.msgpack.encode(state)

    first, again = (
        worn(12, ill_from(33, 5), seed=9, first=30, state=msgspec.msgpack.decode(kept, type=RestingHeartRate))
        for _ in range(2)
    )

    assert first == again
    assert any(day.raised for day in first)


def test_its_state_stays_small_for_a_year() -> None:
    state = RestingHeartRate()
    worn(7, usual, state=state)
    week = len(msgspec.msgpack.encode(state))
    worn(358, usual, state=state, first=7)

    assert len(msgspec.msgpack.encode(state)) <= week + 16 < 1024


def restless(chance: random.Random) -> list[float]:
    """A day that is high is followed by one that is low."""
    days = [0.0]
    for _ in range(900):
        days.append(chance.gauss(0, 3) - 0.6 * days[-1])
    return days


SWINGS: dict[str, Callable[[random.Random], list[float]]] = {
    "even": lambda chance: [chance.gauss(0, 2) for _ in range(900)],
    "with wild nights": lambda chance: [chance.gauss(0, 15 if chance.random() < 0.08 else 4) for _ in range(900)],
    "with every Saturday out": lambda chance: [8 * (day % 7 == 5) + chance.gauss(0, 1) for day in range(900)],
    "restless": restless,
}


@pytest.mark.parametrize("kind", SWINGS)
def test_a_person_who_is_well_has_about_one_alarm_day_in_thirty_whatever_the_days_are_like(kind: str) -> None:
    swing = SWINGS[kind](random.Random(4))

    days = worn(900, lambda day, hour: usual(day, hour) + swing[day])

    raised = sum(day.raised for day in days[READY:])
    assert 0.8 * BUDGET < raised / len(days[READY:]) < 1.2 * BUDGET


def test_a_very_high_rate_stays_finite() -> None:
    days = worn(60, lambda day, hour: 300.0 if day % 2 else 0.0)

    assert all(math.isfinite(value) for day in days for value in (day.excess, day.evidence, day.threshold))
