"""Figures of alarms before an onset, on days made by hand."""

import random

import pytest

from models.evaluation.onset import BUDGET, Day, Person, as_raised, at_budget
from models.evaluation.proportion import share_of


def person(onset: int | None, raised: set[int], days: range = range(100), user: str = "a") -> Person:
    return Person(user, onset, [Day(day, 1.0 if day in raised else 0.0, day in raised) for day in days])


@pytest.mark.parametrize(
    ("alarm", "before", "around", "false"),
    [
        (42, 0, 0, 1),
        (43, 1, 1, 0),
        (50, 1, 1, 0),
        (51, 0, 1, 0),
        (57, 0, 1, 0),
        (58, 0, 0, 0),
        (71, 0, 0, 0),
        (72, 0, 0, 1),
    ],
)
def test_the_windows_are_inclusive_and_a_false_alarm_is_outside_of_the_illness(
    alarm: int, before: int, around: int, false: int
) -> None:
    found = as_raised([person(50, {alarm})])

    assert (found.before.hits, found.around.hits, found.false_alarm_days) == (before, around, false)
    assert found.days_outside == 100 - 29


def test_somebody_without_an_onset_costs_and_is_not_asked() -> None:
    found = as_raised([person(None, {3, 40}), person(50, {48}, user="b")])

    assert (found.false_alarm_days, found.days_outside, found.before.of) == (2, 100 + 71, 1)


def test_an_onset_without_a_day_judged_before_it_is_not_asked() -> None:
    found = as_raised([person(50, set(), range(60, 100))])

    assert found.before.of == 0
    assert found.before.share is None


def test_chance_is_the_share_of_windows_anywhere_outside_that_hold_an_alarm() -> None:
    found = as_raised([person(50, {10, 49})])

    assert found.chance_before == pytest.approx(8 / 71, abs=1e-4)
    assert found.chance_around == pytest.approx(15 / 71, abs=1e-4)


def test_alarms_at_random_do_no_better_than_chance() -> None:
    chance = random.Random(3)
    people = [
        Person(str(at), chance.randrange(20, 70), [Day(day, chance.random(), False) for day in range(90)])
        for at in range(400)
    ]

    found = at_budget(people)

    assert found.before.share == pytest.approx(found.chance_before, abs=0.06)
    assert found.false_alarm_rate == pytest.approx(BUDGET, abs=0.001)


def test_at_the_budget_false_alarm_days_are_at_most_one_in_thirty_and_a_day_less_evident_would_be_one_too_many() -> (
    None
):
    days = [Day(day, float(100 - day if day % 10 == 0 else 0), False) for day in range(100)]
    ill = Person("a", 55, [*days[:50], Day(50, 500.0, False), *days[51:]])

    found = at_budget([ill])

    assert (found.false_alarm_days, found.days_outside) == (2, 71)
    assert found.threshold == 90.0
    assert found.before.hits == 1


def test_an_alarm_that_goes_on_is_one_alarm_on_its_first_day() -> None:
    evidence = [Day(day, 9.0 if 44 <= day <= 49 else 0.01 * (day % 7), False) for day in range(100)]

    found = at_budget([Person("a", 55, evidence)])

    assert found.threshold is not None
    assert found.before.hits == 0  # it began on day 44, and was quiet for the week after


def test_nobody_at_all_gives_no_figure_and_no_error() -> None:
    found = at_budget([])

    assert (found.false_alarm_rate, found.chance_before, found.threshold) == (None, None, None)


def test_the_interval_of_a_share_is_wilsons() -> None:
    found = share_of(3, 4)

    assert (found.low, found.high) == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert (share_of(0, 4).low, share_of(4, 4).high) == (0, 1)
