"""What wearables tell beside the vital signs: kept and checked, and nothing is raised unless someone asks for it."""

from datetime import timedelta

import pytest

STEPS, STEPS_IN_A_DAY, SLEEP, VARIABILITY = "55423-8", "41950-7", "93832-4", "80404-7"


def minutes_of_steps(ward, counts, start="03:00:00"):
    """A watch tells its steps each minute, after a tick of it; gives the last minute."""
    first = ward.time(start)
    for number, count in enumerate(counts):
        ward.tick(first + timedelta(minutes=number))
        ward.typed("wearable", "p1", first + timedelta(minutes=number), **{STEPS: (count, "{steps}")})
    return first + timedelta(minutes=len(counts) - 1)


def test_a_night_without_steps_and_a_sudden_run_are_nothing_unusual(ward):
    minutes_of_steps(ward, [0] * 300 + [150, 170, 180] + [0] * 10)

    assert ward.history() == []
    assert ward.assessment().anomaly is None


def test_nobody_misses_steps(ward):
    last = minutes_of_steps(ward, [30] * 20)

    ward.ticks(last, last + timedelta(hours=2), every=60)

    assert ward.history() == []


@pytest.mark.parametrize("device_type", ["wearable", "cgm"])
def test_a_device_whose_heart_rate_stops_is_missed_for_that_alone(ward, device_type):
    for second in range(0, 600, 10):
        at = ward.time("03:00:00") + timedelta(seconds=second)
        ward.tick(at)
        ward.typed(device_type, "p1", at, **{"HR": 72, STEPS: (0, "{steps}"), VARIABILITY: (40, "ms")})

    ward.ticks("03:10:00", "03:15:00", every=10)

    assert [evidence.code for evidence in ward.alert(kind="no-data").explanation] == ["8867-4"]


def test_steps_of_0_are_no_arrest(ward):
    minutes_of_steps(ward, [0] * 5)

    assert ward.history(kind="zero") == []


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [(STEPS, 250, "{steps}"), (STEPS_IN_A_DAY, 50_000, "{steps}/d"), (SLEEP, 90, "min"), (VARIABILITY, 2, "ms")],
)
def test_an_odd_value_is_flagged_and_raises_nothing(ward, code, value, unit):
    told = ward.typed("wearable", "p1", "03:00:00", **{code: (value, unit)})

    ward.ticks("03:00:05", "03:10:00")

    assert [(flag.code, flag.flag) for flag in told.flags] == [(code, "suspect")]
    assert ward.history() == []


def test_a_patient_s_own_limit_is_held_in_the_sign_s_own_unit(ward):
    ward.adult("p1", limits={SLEEP: {"low": 4}, STEPS_IN_A_DAY: {"low": 500}})

    ward.typed("wearable", "p1", "08:00:00", **{SLEEP: (200, "min"), STEPS_IN_A_DAY: (900, "{steps}/d")})
    ward.ticks("08:00:05", "08:01:00")

    alert = ward.alert(kind="limit")
    assert (alert.code, alert.priority) == (SLEEP, "medium")
    assert alert.reason == "Sleep 3.3 h is below its low limit of 4 h."
