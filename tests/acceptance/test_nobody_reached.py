"""An alert that reached nobody is an alert of its own."""

import pytest

from models.events import AnswerResult
from tests.acceptance.scenes import GLUCOSE, PRESSURE, back_to_normal, glucose, pressure_alert


def test_an_alert_that_reached_nobody_is_an_alert_of_its_own(ward):
    alert = pressure_alert(ward)

    ward.report(alert, "03:01:00")

    undelivered = ward.alert(kind="delivery")
    assert (undelivered.category, undelivered.priority, undelivered.notify) == ("technical", "medium", True)
    assert (undelivered.patient_id, undelivered.episode_id) == ("p1", None)
    assert ward.said(AnswerResult) == []


def test_a_high_alert_that_reached_nobody_is_high(ward):
    pressure_alert(ward)
    ward.report(ward.alert(), "03:00:30")
    glucose(ward, "03:01:00", 50)

    ward.report(ward.alert(code=GLUCOSE), "03:01:30")

    assert (ward.alert(kind="delivery").priority, ward.alert(kind="delivery").notify) == ("high", True)


@pytest.mark.parametrize("how", ["answered", "over", "delivered"])
def test_it_closes_when_somebody_answers_or_is_reached_or_the_alert_is_over(ward, how):
    alert = pressure_alert(ward)
    ward.report(alert, "03:01:00")

    if how == "answered":
        ward.acknowledge(alert, "03:02:00")
    elif how == "over":
        back_to_normal(ward, "03:02:00")
    else:
        ward.report(alert, "03:02:00", delivered=True)

    assert ward.alert(kind="delivery").state == "closed"


def test_one_that_is_about_two_alerts_stays_until_both_are_answered(ward):
    first = pressure_alert(ward)
    glucose(ward, "03:01:00", 50)
    second = ward.alert(code=GLUCOSE)
    for alert in (first, second):
        ward.report(alert, "03:02:00")

    ward.acknowledge(ward.alert(code=GLUCOSE), "03:03:00")
    assert ward.alert(kind="delivery").state == "active"
    ward.acknowledge(ward.alert(code=PRESSURE), "03:04:00")

    assert ward.alert(kind="delivery").state == "closed"


def test_a_report_about_a_report_or_about_nothing_open_is_passed_over(ward):
    alert = pressure_alert(ward)
    ward.report(alert, "03:01:00")

    assert ward.report(ward.alert(kind="delivery"), "03:01:10") == []
    ward.acknowledge(alert, "03:02:00")
    assert ward.report(alert, "03:02:10") == []
    assert ward.dead_letters() == []
