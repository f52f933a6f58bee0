"""Clinical decisions, Time: the clock is the last tick; early, late and too late."""

from datetime import timedelta

import pytest

# --- Ticks ------------------------------------------------------------------------------------------------------------


def test_a_tick_not_above_the_clock_is_ignored(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", SBP=165)

    assert ward.tick("03:00:00") == []
    assert ward.tick("02:00:00") == []
    assert ward.standing(kind="limit") == []
    ward.tick("03:00:05")
    assert ward.alert(kind="limit").state == "active"


def test_a_tick_that_goes_back_does_not_turn_the_clock_back(ward):
    ward.tick("03:00:00")
    ward.tick("01:00:00")

    ward.reading("p1", "03:00:00", HR=72)

    assert ward.dead_letters() == []


def test_a_device_with_a_wrong_clock_does_not_age_the_other_patients(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "02:05:00")

    ward.reading("p2", "03:09:00", HR=72)
    assessment = ward.observe("p1", "03:00:00", DBP=80)

    assert assessment.news2.completeness == "7/7"


def test_a_reading_speaks_of_its_own_patient_only(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=125)
    before = len(ward.outputs)

    ward.observe("p2", "03:01:00", HR=72)

    assert {output.patient_id for output in ward.outputs[before:]} == {"p2"}


def test_fresh_readings_count_at_once_between_ticks(ward):
    ward.tick("03:00:00")

    assessment = ward.observe("p1", "03:00:03", HR=135)

    assert assessment.news2.known_points == 3
    assert assessment.at == ward.time("03:00:03")


def test_a_patients_own_device_ahead_of_the_clock_makes_nothing_stale(ward):
    ward.stream("p1", "03:00:00", "03:00:50", HR=72)
    ward.tick("03:01:00")

    assessment = ward.observe("p1", "03:10:59", TEMP=36.8)

    assert assessment.news2.stale == []
    assert ward.history(kind="no-data") == []


# --- Delays -----------------------------------------------------------------------------------------------------------


def test_a_delay_has_passed_at_the_first_tick_at_or_after_it(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=125)

    ward.tick("03:00:14")
    assert ward.alert(kind="limit").state == "pending"
    ward.tick("03:00:15")

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.since, alert.at) == ("active", ward.time("03:00:00"), ward.time("03:00:15"))


def test_with_ticks_a_minute_apart_a_delay_passes_at_the_next_one_and_the_alert_bears_its_time(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:10", HR=125)

    ward.tick("03:01:00")

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.since, alert.at) == ("active", ward.time("03:00:10"), ward.time("03:01:00"))


def test_a_delay_passes_at_the_patients_own_reading_too(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=125)

    ward.observe("p1", "03:00:14", RR=16)
    assert ward.alert(kind="limit").state == "pending"
    ward.observe("p1", "03:00:15", RR=16)

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.at) == ("active", ward.time("03:00:15"))


def test_a_delay_does_not_pass_at_the_reading_of_another_patient(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=125)

    ward.observe("p2", "03:00:30", HR=72)

    assert ward.alert(patient_id="p1", kind="limit").state == "pending"


def test_a_delay_does_not_pass_at_a_record_that_is_no_reading(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=125)

    ward.context("p1", "03:00:20", bed="8")
    ward.outcome("p1", "03:00:21", "deterioration")

    assert ward.alert(kind="limit").state == "pending"


# --- Future -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effective_at", "received_at", "is_future"),
    [
        ("03:01:00", "02:59:00", False),
        ("03:01:01", "02:59:00", True),
        ("03:01:01", "03:00:01", False),
        ("03:01:02", "03:00:01", True),
        ("03:09:00", "03:08:00", False),
        ("03:10:00", "03:10:00", False),
        ("03:10:01", "03:10:01", True),
    ],
)
def test_future_is_over_a_minute_after_clock_and_receipt_or_over_ten_after_the_clock(
    ward, effective_at, received_at, is_future
):
    ward.tick("03:00:00")

    ward.reading("p1", effective_at, received_at=received_at, HR=72)

    assert [letter.reason for letter in ward.dead_letters()] == ["future"] * is_future


@pytest.mark.parametrize(("effective_at", "is_future"), [("03:10:00", False), ("03:10:01", True)])
def test_a_context_which_has_no_receipt_is_future_over_ten_minutes_after_the_clock(ward, effective_at, is_future):
    ward.tick("03:00:00")

    ward.context("p1", effective_at, age=60)

    assert [letter.reason for letter in ward.dead_letters()] == ["future"] * is_future


def test_before_the_first_tick_nothing_is_future_or_late(ward):
    ward.reading("p1", "2031-01-01T00:00:00", received_at="03:00:00", HR=72)
    ward.reading("p2", "2011-01-01T00:00:00", received_at="03:00:00", HR=72)

    assert ward.dead_letters() == []


# --- Late -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "late", "is_too_late"),
    [
        ("ward", timedelta(hours=24), False),
        ("ward", timedelta(hours=24, seconds=1), True),
        (None, timedelta(hours=24, seconds=1), True),
        ("home", timedelta(hours=24, seconds=1), False),
        ("home", timedelta(days=7), False),
        ("home", timedelta(days=7, seconds=1), True),
    ],
)
def test_late_is_accepted_for_a_day_and_at_home_for_a_week(ward, setting, late, is_too_late):
    ward.context("p1", "2026-11-01T00:00:00", age=60, setting=setting)
    ward.tick("03:00:00")

    ward.reading("p1", ward.time("03:00:00") - late, received_at="03:00:00", HR=72)

    assert [letter.reason for letter in ward.dead_letters()] == ["too-late"] * is_too_late


def test_a_late_value_gives_an_amended_assessment_at_its_own_time(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "02:50:00", HR=72)
    ward.observe("p1", "03:00:00", HR=72)

    assessment = ward.observe("p1", "02:55:00", HR=135)

    assert assessment.amended
    assert assessment.at == ward.time("02:55:00")
    assert assessment.news2.parts["heart_rate"].points == 3


def test_a_value_in_order_amends_nothing(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "02:59:00", HR=72)

    assert not ward.observe("p1", "03:00:00", HR=72).amended


def test_a_late_value_never_becomes_current(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72)
    ward.observe("p1", "02:58:00", HR=135)

    assessment = ward.observe("p1", "03:00:05", RR=16)

    assert assessment.news2.parts["heart_rate"].points == 0
    assert assessment.news2.parts["heart_rate"].at == ward.time("03:00:00")


def test_a_value_older_than_the_current_one_raises_nothing(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72, SPO2=97)
    ward.observe("p1", "02:58:00", HR=150, SPO2=75)

    ward.ticks("03:00:05", "03:02:00")

    assert ward.history() == []


def test_a_late_value_older_than_the_last_64_still_has_its_one_assessment_and_changes_nothing(ward):
    ward.tick("03:00:00")
    for minute in range(65):
        ward.observe("p1", ward.time("01:30:00") + timedelta(minutes=minute), HR=72 + minute % 2)

    ward.observe("p1", "01:00:00", HR=150)
    ward.ticks("03:00:05", "03:01:00")

    assert ward.history() == []
    assert ward.dead_letters() == []
    assert ward.observe("p1", "03:01:00", RR=16).news2.parts["heart_rate"].points == 0


def test_a_continuous_value_over_a_minute_behind_the_clock_raises_nothing(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)
    ward.ticks("03:01:05", "03:02:40")

    for second in (15, 20, 25, 30, 35):
        ward.reading("p1", f"03:01:{second}", HR=150)
    ward.ticks("03:02:45", "03:04:00")
    ward.observe("p1", "03:04:00", RR=16)
    ward.ticks("03:04:05", "03:05:00")

    assert ward.ever_stood(category="physiological") == []


def test_a_continuous_value_within_a_minute_of_the_clock_raises(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)
    ward.ticks("03:01:05", "03:02:00")

    for second in (5, 10, 15, 20, 25):
        ward.reading("p1", f"03:01:{second:02}", HR=150)
    ward.tick("03:02:05")

    assert ward.alert(kind="limit").state == "active"


def test_a_value_that_is_already_stale_raises_nothing(ward):
    ward.tick("03:00:00")

    ward.observe("p1", "01:59:59", HR=150, SPO2=75)
    ward.ticks("03:00:05", "03:01:00")

    assert ward.history() == []


def test_a_spot_value_that_is_late_but_fresh_raises(ward):
    ward.tick("03:00:00")

    ward.observe("p1", "02:30:00", HR=135)
    ward.tick("03:00:05")

    for kind in ("limit", "news2"):
        alert = ward.alert(kind=kind)
        assert (alert.state, alert.since, alert.at) == ("active", ward.time("02:30:00"), ward.time("03:00:05"))


def test_a_stale_value_that_raised_nothing_raises_nothing_when_another_sign_is_measured(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "01:30:00", RR=40, HR=150, SPO2=75)

    ward.observe("p1", "03:00:00", TEMP=36.8)
    ward.ticks("03:00:05", "03:01:00")

    assert ward.history() == []
