"""What people miss in other systems: alerts that are fewer, are not lost, and say why nobody is called."""

from datetime import timedelta

import pytest

from models.events import AnswerResult

PRESSURE = "8480-6"
HEART = "8867-4"
GLUCOSE = "2339-0"
MORNING = "03:00:00"


def pressure_alert(ward, at=MORNING, **signs):
    """A medium limit alert, notified 5 s later, of a sign that gives no points."""
    at = ward.time(at)
    ward.tick(at)
    ward.observe("p1", at, **{"SBP": 165, **signs})
    ward.tick(at + timedelta(seconds=5))
    return ward.alert(kind="limit", code=PRESSURE, state="active")


def back_to_normal(ward, at):
    ward.observe("p1", at, SBP=120)


def glucose(ward, at, value):
    ward.tick(at)
    ward.typed("fingerstick", "p1", at, GLUCOSE=value)


# --- Snooze -----------------------------------------------------------------------------------------------------------


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


# --- Pause ------------------------------------------------------------------------------------------------------------


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


# --- Feedback ---------------------------------------------------------------------------------------------------------


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


# --- Answers ----------------------------------------------------------------------------------------------------------


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


# --- One deterioration, once ------------------------------------------------------------------------------------------


def test_one_deterioration_notifies_once_with_all_that_fired_as_evidence(ward):
    ward.adult("p1")
    ward.tick(MORNING)

    ward.well("p1", MORNING, RR=31, HR=135, SBP=85, TEMP=39.5)
    ward.ticks("03:00:05", "03:05:00")

    [told] = ward.notified()
    lead = ward.alert(alert_id=told.alert_id)
    assert {evidence.code for evidence in lead.explanation} == {"9279-1", HEART, PRESSURE, "8310-5"}
    others = [alert for alert in ward.standing() if alert.alert_id != told.alert_id]
    assert others
    assert {alert.inhibited_by for alert in others} == {"episode"}


def test_what_is_told_after_all_is_no_longer_inhibited_by_its_episode(ward):
    pressure_alert(ward)
    glucose(ward, "03:01:00", 60)
    assert ward.alert(code=GLUCOSE).inhibited_by == "episode"

    glucose(ward, "03:02:00", 50)

    assert (ward.alert(code=GLUCOSE).notify, ward.alert(code=GLUCOSE).inhibited_by) == (True, None)


def test_late_data_amends_an_alert_instead_of_adding_one(ward):
    ward.adult("p1")
    ward.tick(MORNING)
    ward.well("p1", MORNING, RR=26, HR=115, SPO2=92)
    ward.ticks("03:00:05", "03:01:00")
    before = ward.alerts()

    answer = ward.well("p1", "02:59:30", RR=31, HR=140, SPO2=85)
    ward.ticks("03:01:05", "03:02:00")

    assert answer.amended
    assert [alert.alert_id for alert in ward.alerts()] == [alert.alert_id for alert in before]
    assert len(ward.notified()) == 1


def test_nothing_clears_because_a_value_went_stale(ward):
    alert = pressure_alert(ward)

    ward.ticks("03:10:00", "12:00:00", every=600)

    assert (ward.alert().alert_id, ward.alert().state, ward.alert().stale) == (alert.alert_id, "active", True)


def test_a_snooze_of_what_went_stale_ends_all_the_same(ward):
    ward.snooze(pressure_alert(ward), "03:01:00", "06:00:00")

    ward.ticks("03:10:00", "06:00:00", every=600)

    assert len(ward.notified()) == 2


def test_limits_of_one_patient_never_touch_another(ward):
    ward.context("p1", limits={PRESSURE: {"high": 200}})
    ward.context("p2")
    ward.tick(MORNING)
    for patient in ("p1", "p2"):
        ward.observe(patient, MORNING, SBP=180)
    ward.tick("03:00:05")

    assert {alert.patient_id for alert in ward.history()} == {"p2"}


def test_an_alert_that_outlives_a_restart_keeps_its_id_its_age_and_what_silences_it(ward, wards):
    alert = pressure_alert(ward)
    ward.snooze(alert, "03:01:00", "03:31:00")
    restarted = wards()
    for key, value in ward.fold.entries():
        restarted.fold.restore(key, value)

    restarted.ticks("03:05:00", "03:31:00")

    again = restarted.alert()
    assert (again.alert_id, again.since, again.notify) == (alert.alert_id, alert.since, True)
    assert again.revision == alert.revision + 2


def test_a_learned_model_never_quiets_a_scores_alert(ward, wards):
    model = {
        "type": "ModelPublished",
        "version": 1,
        "at": "2026-11-21T00:00:00Z",
        "by": "learner",
        "intercept": -30,
        "weights": [],
        "quality": {"examples": 9, "positives": 1, "auroc": 0.9, "news2_auroc": 0.5, "brier": 0.1, "log_loss": None},
    }
    other = wards()
    other.send(model)
    for each in (ward, other):
        each.adult("p1")
        each.tick(MORNING)
        each.well("p1", MORNING, RR=26, HR=115, SPO2=92)
        each.ticks("03:00:05", "03:05:00")

    assert any(assessment.risk for assessment in other.assessments())
    assert other.history() == ward.history()
    assert ward.notified()


# --- Flapping ---------------------------------------------------------------------------------------------------------


def flap(ward, minutes):
    """The pressure is bad at each of those minutes after three, and well half a minute later."""
    for minute in minutes:
        at = ward.time(MORNING) + timedelta(minutes=minute)
        pressure_alert(ward, at)
        back_to_normal(ward, at + timedelta(seconds=30))


def test_what_comes_and_goes_is_damped_after_four_notifications_in_half_an_hour(ward):
    flap(ward, [0, 5, 10, 15, 20, 25])

    assert len(ward.notified()) == 4
    assert {alert.inhibited_by for alert in ward.history(state="active", notify=False)} == {"flapping"}
    assert len({alert.alert_id for alert in ward.history(inhibited_by="flapping")}) == 2


def test_what_was_damped_is_told_again_once_it_was_quiet_for_half_an_hour(ward):
    flap(ward, [0, 5, 10, 15, 20, 45])
    assert len(ward.notified()) == 4

    flap(ward, [75.5])

    assert len(ward.notified()) == 5


def test_what_was_damped_and_stays_bad_for_half_an_hour_is_told(ward):
    flap(ward, [0, 5, 10, 15])
    damped = pressure_alert(ward, "03:20:00")
    assert damped.inhibited_by == "flapping"

    ward.ticks("03:20:10", "03:50:00")
    assert len(ward.notified()) == 4
    ward.tick("03:50:05")

    assert ward.notified()[-1].alert_id == damped.alert_id


def test_what_comes_back_seldom_is_never_damped(ward):
    flap(ward, range(0, 55, 11))

    assert len(ward.notified()) == 5


def test_a_high_alert_is_never_damped(ward):
    for minute in range(0, 24, 4):
        glucose(ward, f"03:{minute:02}:00", 50)
        glucose(ward, f"03:{minute + 2:02}:00", 100)

    assert len(ward.notified()) == 6
    glucose(ward, "03:24:00", 50)
    ward.ticks("03:25:00", "04:25:00", every=60)
    assert len(ward.notified()) == 7


def test_one_condition_that_comes_and_goes_does_not_damp_another(ward):
    flap(ward, [0, 5, 10, 15, 20])

    glucose(ward, "03:21:00", 60)

    assert ward.notified()[-1].code == GLUCOSE


# --- Nobody could be reached ------------------------------------------------------------------------------------------


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
