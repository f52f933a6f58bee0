"""A pause: a patient's limits and silence are not told until a time that somebody said, and what is urgent is."""

import pytest

from tests.acceptance.scenes import MORNING, PRESSURE, back_to_normal, pressure_alert


def test_a_pause_silences_limits_but_they_are_raised_and_say_why(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    assert ward.pause("p1", MORNING, "04:00:00").accepted

    alert = pressure_alert(ward, "03:10:00")

    assert (alert.state, alert.notify, alert.inhibited_by) == ("active", False, "pause")
    assert ward.notified() == []


def test_at_the_end_of_a_pause_what_still_holds_notifies(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    ward.pause("p1", MORNING, "03:30:00")
    alert = pressure_alert(ward, "03:10:00")

    ward.tick("03:29:59")
    assert ward.notified() == []
    ward.tick("03:30:00")

    told = ward.notified()
    assert [(each.alert_id, each.inhibited_by) for each in told] == [(alert.alert_id, None)]


def test_what_cleared_during_a_pause_is_not_told_after_it(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    ward.pause("p1", MORNING, "03:30:00")
    pressure_alert(ward, "03:10:00")

    back_to_normal(ward, "03:20:00")
    ward.ticks("03:29:00", "03:40:00")

    assert ward.notified() == []


def test_what_was_snoozed_during_a_pause_stays_snoozed_after_it(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    ward.pause("p1", MORNING, "03:30:00")
    ward.snooze(pressure_alert(ward, "03:10:00"), "03:11:00", "03:40:00")

    ward.ticks("03:29:00", "03:39:55")
    assert (ward.notified(), ward.alert().inhibited_by) == ([], "snooze")
    ward.tick("03:40:00")

    assert len(ward.notified()) == 1


def test_what_was_acknowledged_during_a_pause_is_not_told_after_it(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    ward.pause("p1", MORNING, "03:30:00")
    ward.acknowledge(pressure_alert(ward, "03:10:00"), "03:11:00")
    assert ward.alert().inhibited_by is None

    ward.ticks("03:29:00", "03:31:00")

    assert ward.notified() == []


def test_a_pause_ends_with_the_stay(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    ward.pause("p1", MORNING, "04:00:00")
    ward.outcome("p1", "03:01:00", "transfer")
    ward.context("p1", "03:05:00", setting="ward")

    assert pressure_alert(ward, "03:10:00").notify


def test_a_pause_silences_no_data(ward):
    ward.stream("p1", MORNING, "03:01:00", HR=72)
    ward.pause("p1", "03:01:00", "03:10:00")

    ward.ticks("03:01:05", "03:09:55")
    alert = ward.alert(kind="no-data")
    assert (alert.state, alert.inhibited_by) == ("active", "pause")
    assert ward.notified() == []
    ward.tick("03:10:00")

    assert [each.kind for each in ward.notified()] == ["no-data"]


def test_a_pause_never_silences_arrest_or_sensor_off(ward):
    ward.stream("p1", MORNING, "03:01:00", HR=72)
    ward.pause("p1", "03:01:00", "04:00:00")

    ward.stream("p1", "03:01:05", "03:01:40", HR=0)

    assert [(each.kind, each.priority) for each in ward.notified()] == [("zero", "high")]


def test_a_pause_never_silences_a_score(ward):
    ward.adult("p1")
    ward.tick(MORNING)
    ward.pause("p1", MORNING, "04:00:00")

    ward.well("p1", "03:10:00", RR=31, HR=135, SBP=85)
    ward.ticks("03:10:05", "03:11:00")

    assert [(each.kind, each.priority) for each in ward.notified()] == [("news2", "high")]
    assert ward.alerts(kind="limit", inhibited_by=None) == []


def test_a_pause_can_be_ended_early_and_then_tells_what_holds(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    ward.pause("p1", MORNING, "04:00:00")
    pressure_alert(ward, "03:10:00")

    assert ward.pause("p1", "03:15:00", "03:15:00").accepted

    assert [each.code for each in ward.notified()] == [PRESSURE]


@pytest.mark.parametrize(
    ("at", "until", "why"),
    [
        ("03:00:10", "07:00:11", "over 4 h"),
        ("03:00:10", "03:00:10", "no pause to end"),
        ("02:00:00", "02:30:00", "over before it was heard"),
    ],
)
def test_a_pause_too_long_or_over_is_refused(ward, at, until, why):
    ward.tick("03:00:05")
    ward.observe("p1", "03:00:05", SBP=120)

    result = ward.pause("p1", at, until)

    assert not result.accepted
    assert why in result.detail


def test_nobody_who_has_left_or_is_not_known_is_paused(ward):
    ward.tick(MORNING)
    ward.observe("p1", MORNING, SBP=120)
    ward.outcome("p1", "03:01:00", "discharge")

    results = [ward.pause(patient, "03:02:00", "03:10:00") for patient in ("p1", "p9")]

    assert [(result.accepted, result.detail) for result in results] == [
        (False, "The patient is not monitored any more."),
        (False, "No such patient is known here."),
    ]
