"""What people say of an alert stands in it, and what they have seen is not told again until it is worse."""

from datetime import timedelta

from models.events import AnswerResult
from tests.acceptance.scenes import MORNING, back_to_normal, glucose, pressure_alert


def test_feedback_stands_in_an_open_alert_and_changes_nothing_else(ward):
    alert = pressure_alert(ward)

    result = ward.feedback(alert, "03:01:00", "actionable")

    told = ward.alert()
    assert (result.accepted, result.usefulness) == (True, "actionable")
    assert (told.feedback, told.state, told.notify, told.revision) == (
        "actionable",
        "active",
        False,
        alert.revision + 1,
    )


def test_feedback_on_an_alert_that_closed_of_late_is_taken_and_opens_nothing(ward):
    pressure_alert(ward)
    back_to_normal(ward, "03:10:00")
    closed = ward.alert(state="closed")

    result = ward.feedback(closed, "03:11:00")

    assert (result.accepted, result.usefulness) == (True, "not-actionable")
    assert ward.alert() == closed


def test_feedback_on_what_closed_long_ago_or_never_was_is_refused(ward):
    first = pressure_alert(ward)
    for minute in range(1, 18):
        back_to_normal(ward, f"03:{minute:02}:00")
        pressure_alert(ward, f"03:{minute:02}:20")

    assert not ward.feedback(first, "03:59:00").accepted
    assert "closed" in ward.said(AnswerResult)[-1].detail


def test_worse_after_an_acknowledgement_alerts_again(ward):
    glucose(ward, MORNING, 65)
    ward.acknowledge(ward.alert(), "03:00:10")

    glucose(ward, "03:05:00", 50)

    assert [(each.priority, each.state) for each in ward.notified()] == [("medium", "active"), ("high", "active")]


def test_back_to_normal_and_bad_again_alerts_again(ward):
    first = pressure_alert(ward)
    ward.acknowledge(first, "03:01:00")
    back_to_normal(ward, "03:10:00")

    second = pressure_alert(ward, "03:20:00")

    assert second.notify
    assert second.alert_id != first.alert_id


def test_an_acknowledged_urgent_alert_also_quiets_its_warning(ward):
    ward.adult("p1")
    ward.tick(MORNING)
    ward.well("p1", MORNING, RR=26, HR=115, SPO2=92)
    ward.tick("03:00:05")
    urgent = ward.alert(kind="news2")
    assert urgent.priority == "high"
    ward.acknowledge(urgent, "03:01:00")

    ward.well("p1", "03:10:00", RR=22, HR=115, SPO2=94)
    ward.ticks("03:10:05", "03:12:00")

    warning = ward.alert(kind="news2")
    assert (warning.priority, warning.state) == ("medium", "acknowledged")
    assert len(ward.notified()) == 1


def test_an_answer_says_how_long_it_was_waited_for(ward):
    ward.acknowledge(pressure_alert(ward), "03:02:05")

    result = ward.said(AnswerResult)[0]
    assert result.at - result.notified_at == timedelta(minutes=2)
