"""A snooze: an alert is quiet until a time that somebody said, and no other is."""

import pytest

from tests.acceptance.scenes import GLUCOSE, MORNING, PRESSURE, back_to_normal, glucose, pressure_alert


def test_a_snoozed_alert_is_quiet_until_then_and_notifies_again_if_it_still_holds(ward):
    alert = pressure_alert(ward)

    assert ward.snooze(alert, "03:01:00", "03:31:00").accepted
    assert ward.alert().snoozed_until == ward.time("03:31:00")
    ward.ticks("03:01:05", "03:30:55")
    assert len(ward.notified()) == 1
    ward.tick("03:31:00")

    again = ward.notified()[1]
    assert (again.alert_id, again.state, again.at) == (alert.alert_id, "active", ward.time("03:31:00"))
    assert again.snoozed_until is None
    ward.ticks("03:31:05", "03:50:00")
    assert len(ward.notified()) == 2


def test_a_snooze_of_what_was_acknowledged_meanwhile_ends_in_silence(ward):
    alert = pressure_alert(ward)
    ward.snooze(alert, "03:01:00", "03:31:00")

    ward.acknowledge(ward.alert(), "03:10:00")
    ward.ticks("03:30:00", "03:32:00")

    assert len(ward.notified()) == 1
    assert ward.alert().snoozed_until is None


def test_a_snoozed_alert_notifies_again_though_another_was_told_meanwhile(ward):
    alert = pressure_alert(ward)
    ward.snooze(alert, "03:01:00", "03:31:00")
    glucose(ward, "03:02:00", 60)

    ward.tick("03:31:00")

    assert [told.code for told in ward.notified()] == [PRESSURE, GLUCOSE, PRESSURE]


def test_worse_than_what_was_snoozed_sounds_at_once(ward):
    glucose(ward, MORNING, 65)
    ward.snooze(ward.alert(), "03:01:00", "04:00:00")

    glucose(ward, "03:05:00", 50)

    alert = ward.alert()
    assert (alert.priority, alert.notify, alert.snoozed_until) == ("high", True, None)


def test_cleared_and_bad_again_is_a_new_alert_that_is_not_snoozed(ward):
    first = pressure_alert(ward)
    ward.snooze(first, "03:01:00", "04:00:00")

    back_to_normal(ward, "03:10:00")
    second = pressure_alert(ward, "03:20:00")

    assert second.alert_id != first.alert_id
    assert (second.notify, second.snoozed_until) == (True, None)


def test_a_snoozed_high_never_mutes_a_low_of_the_same_sign(ward):
    glucose(ward, MORNING, 300)
    ward.snooze(ward.alert(), "03:01:00", "04:00:00")

    glucose(ward, "03:02:00", 60)

    low = ward.alert(direction="low")
    assert (low.state, low.notify, low.inhibited_by) == ("active", True, None)


def test_a_snoozed_alert_never_mutes_another_sign(ward):
    alert = pressure_alert(ward)
    ward.snooze(alert, "03:01:00", "04:00:00")

    glucose(ward, "03:02:00", 60)

    assert [told.code for told in ward.notified()] == [PRESSURE, GLUCOSE]


def test_a_sign_that_was_over_when_somebody_snoozed_is_told_when_it_is_back(ward):
    pressure_alert(ward)
    glucose(ward, "03:01:00", 60)
    glucose(ward, "03:02:00", 100)
    ward.snooze(ward.alert(code=PRESSURE), "03:03:00", "04:00:00")

    glucose(ward, "03:04:00", 60)

    assert [told.code for told in ward.notified()] == [PRESSURE, GLUCOSE]


def test_consciousness_lost_under_a_snoozed_score_is_told_at_once(ward):
    ward.adult("p1")
    ward.tick(MORNING)
    ward.well("p1", MORNING, RR=26)
    ward.tick("03:00:05")
    ward.snooze(ward.alert(kind="news2"), "03:01:00", "04:00:00")

    ward.context("p1", "03:02:00", consciousness="V")
    ward.tick("03:02:05")

    assert len(ward.notified(kind="news2")) == 2


@pytest.mark.parametrize(
    ("at", "until", "why"),
    [
        ("03:01:00", "03:01:00", "is not after now"),
        ("02:00:00", "02:30:00", "is not after now"),
        ("03:01:00", "07:01:01", "over 4 h"),
        ("12:00:00", "15:00:00", "over 4 h"),
    ],
)
def test_a_snooze_that_is_over_or_too_long_is_refused_and_changes_nothing(ward, at, until, why):
    alert = pressure_alert(ward)

    result = ward.snooze(alert, at, until)

    assert not result.accepted
    assert why in result.detail
    assert ward.alert().revision == alert.revision


def test_four_hours_is_not_too_long(ward):
    assert ward.snooze(pressure_alert(ward), "03:01:00", "07:01:00").accepted


def test_a_snooze_of_a_revision_before_it_got_worse_is_refused(ward):
    glucose(ward, MORNING, 65)
    medium = ward.alert()
    glucose(ward, "03:05:00", 50)

    result = ward.snooze(medium, "03:05:10", "04:00:00")

    assert not result.accepted
    assert "has become high" in result.detail


def test_what_somebody_acknowledged_or_what_has_cleared_is_not_to_be_snoozed(ward):
    glucose(ward, MORNING, 50)
    ward.acknowledge(ward.alert(), "03:00:10")
    assert "has acknowledged it" in ward.snooze(ward.alert(), "03:00:20", "04:00:00").detail
    glucose(ward, "03:10:00", 100)
    glucose(ward, "03:20:00", 50)
    glucose(ward, "03:30:00", 100)

    result = ward.snooze(ward.alert(state="latched"), "03:31:00", "04:00:00")

    assert not result.accepted
    assert "acknowledge it" in result.detail
