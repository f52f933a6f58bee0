"""What forecasts are worth is counted against what befell, and against chance."""

from benchmarks.detectors.foresight import Course, as_table, foresight
from models.instants import HOUR, MINUTE

PULSE = ("p1", "8867-4")


def course(values: list[float], told: list[int]) -> Course:
    """A pulse told each ten minutes with a high limit of 120, and forecasts at some of these."""
    made = Course()
    made.values[PULSE] = [(step * 10 * MINUTE, value) for step, value in enumerate(values)]
    made.limits[(*PULSE, "high")] = 120
    made.told = [((*PULSE, "high"), step * 10 * MINUTE, values[step]) for step in told]
    return made


def test_a_forecast_came_true_if_the_limit_was_crossed_within_the_hour() -> None:
    worth = foresight(course([100, 110, 115, 125, *[90] * 10, 115, 90], told=[1, 14]))

    assert (worth.told, worth.came_true, worth.minutes_before) == (2, 0.5, 20)


def test_chance_is_how_often_a_value_as_near_is_followed_by_a_crossing() -> None:
    worth = foresight(course([110, 125, *[80] * 10, 110, 80, 80], told=[0]))

    assert (worth.came_true, worth.as_near) == (1.0, 0.5)
    assert worth.any_time == round(1 / 13, 3)


def test_what_was_not_measured_again_within_the_hour_is_not_judged() -> None:
    made = course([100, 110], told=[1])
    made.values[PULSE].append((10 * HOUR, 125))

    worth = foresight(made)

    assert (worth.told, worth.came_true) == (0, None)
    assert "| - | - | - | - |" in as_table({"nowhere": worth})
