"""Clinical decisions, One patient, one episode: who is told, when, and how often."""

from datetime import timedelta

import pytest

from models.events import AnswerResult

HIGH_PRESSURE = {"SBP": 165}


def pressure_alert(ward):
    """A medium limit alert, notified at 03:00:05, of a sign that gives no points."""
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", **HIGH_PRESSURE)
    ward.tick("03:00:05")
    return ward.alert(kind="limit")


def test_what_fires_together_is_one_episode_and_one_notification(ward):
    ward.adult("p1")
    ward.tick("03:00:00")

    ward.well("p1", "03:00:00", RR=31, HR=135, SBP=85, TEMP=39.5)
    ward.ticks("03:00:05", "03:02:00")

    standing = ward.standing()
    assert {alert.kind for alert in standing} == {"news2", "limit"}
    assert len({alert.episode_id for alert in standing}) == 1
    assert None not in {alert.episode_id for alert in standing}
    assert len(ward.notified()) == 1
    assert ward.notified()[0].priority == "high"


def test_two_patients_have_an_episode_each(ward):
    ward.tick("03:00:00")
    for patient in ("p1", "p2"):
        ward.observe(patient, "03:00:00", SBP=165)
    ward.tick("03:00:05")

    assert len({alert.episode_id for alert in ward.standing()}) == 2
    assert len(ward.notified()) == 2


def test_more_of_the_same_is_told_once(ward):
    pressure_alert(ward)

    for minute in range(5, 55, 5):
        ward.tick(f"03:{minute:02}:00")
        ward.observe("p1", f"03:{minute:02}:00", SBP=165 + minute)

    assert len(ward.notified()) == 1


def test_a_rise_in_priority_is_told(ward):
    pressure_alert(ward)

    ward.typed("fingerstick", "p1", "03:01:00", GLUCOSE=50)

    assert [alert.priority for alert in ward.notified()] == ["medium", "high"]


def test_a_new_sign_within_fifteen_minutes_hangs_on_the_episode_untold(ward):
    first = pressure_alert(ward)

    ward.tick("03:14:00")
    ward.typed("fingerstick", "p1", "03:14:00", GLUCOSE=260)
    ward.ticks("03:14:05", "03:15:00")

    second = ward.alert(code="2339-0")
    assert (second.state, second.notify, second.episode_id) == ("active", False, first.episode_id)
    assert len(ward.notified()) == 1


@pytest.mark.parametrize(("at", "times_told"), [("03:16:00", 2), ("03:14:00", 1)])
def test_consciousness_that_worsens_the_score_is_a_new_sign(ward, at, times_told):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    first = ward.alert(kind="news2", priority="medium")

    ward.tick(at)
    ward.observe("p1", at, ACVPU="V")
    ward.ticks(ward.time(at), "03:17:00", every=60)

    told = ward.notified()
    assert len(told) == times_told
    assert {alert.alert_id for alert in told} == {first.alert_id}
    assert "responds to voice" in ward.alert(kind="news2").reason
    assert "responds to voice" in told[-1].reason or times_told == 1


def test_an_acknowledged_score_stays_quiet_when_consciousness_joins_it(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    ward.acknowledge(ward.alert(kind="news2"), "03:01:00")

    ward.tick("03:20:00")
    ward.observe("p1", "03:20:00", ACVPU="V")
    ward.tick("03:20:05")

    assert ward.alert(kind="news2").state == "acknowledged"
    assert len(ward.notified()) == 1


def test_a_change_of_a_scores_points_is_a_revision_and_a_newer_value_is_none(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    first = ward.alert(kind="news2")

    ward.observe("p1", "03:01:00", RR=26)
    same = ward.alert(kind="news2")
    ward.observe("p1", "03:02:00", HR=95)
    more = ward.alert(kind="news2")

    assert same == first
    assert (more.revision, more.notify, more.priority) == (first.revision + 1, False, "medium")
    assert [(each.code, each.value, each.points) for each in more.explanation] == [("9279-1", 26, 3), ("8867-4", 95, 1)]


def test_a_new_sign_after_fifteen_minutes_is_told(ward):
    pressure_alert(ward)

    ward.tick("03:16:00")
    ward.typed("fingerstick", "p1", "03:16:00", GLUCOSE=260)
    ward.ticks("03:16:05", "03:17:00")

    assert len(ward.notified()) == 2


def test_a_sign_already_in_the_episode_is_not_told_again_after_fifteen_minutes(ward):
    pressure_alert(ward)
    ward.typed("fingerstick", "p1", "03:02:00", GLUCOSE=260)

    ward.tick("03:20:00")
    ward.typed("fingerstick", "p1", "03:20:00", GLUCOSE=300)
    ward.observe("p1", "03:20:00", SBP=180)
    ward.ticks("03:20:05", "03:21:00")

    assert len(ward.notified()) == 1


def test_the_fifteen_minutes_count_from_the_last_notification(ward):
    pressure_alert(ward)
    ward.tick("03:16:00")
    ward.typed("fingerstick", "p1", "03:16:00", GLUCOSE=260)

    ward.tick("03:20:00")
    ward.observe("p1", "03:20:00", TEMP=39.1)
    ward.ticks("03:20:05", "03:21:00")

    assert len(ward.notified()) == 2


@pytest.mark.parametrize(("at", "told"), [("03:10:00", 1), ("03:16:00", 2)])
def test_the_other_direction_of_a_sign_is_told_after_fifteen_minutes(ward, at, told):
    pressure_alert(ward)
    ward.typed("fingerstick", "p1", "03:00:10", GLUCOSE=260)

    ward.tick(at)
    ward.typed("fingerstick", "p1", at, GLUCOSE=65)

    assert len(ward.notified()) == told


def test_what_had_closed_and_came_back_is_told_again_as_a_new_alert(ward):
    first = pressure_alert(ward)
    ward.observe("p1", "03:01:00", SBP=120)
    assert ward.alert(kind="limit").state == "closed"

    ward.observe("p1", "03:02:00", SBP=165)
    ward.tick("03:02:05")

    [again] = ward.standing(kind="limit")
    assert again.alert_id != first.alert_id
    assert again.since == ward.time("03:02:00")
    assert len(ward.notified()) == 2


def test_what_had_latched_and_came_back_is_told_again(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:10", SPO2=78)
    ward.stream("p1", "03:01:15", "03:02:00", SPO2=97)
    assert ward.alert(kind="limit").state == "latched"
    told = len(ward.notified())

    ward.tick("03:02:05")
    ward.reading("p1", "03:02:05", SPO2=78)

    assert (told, len(ward.notified())) == (1, 2)


def test_of_what_comes_back_together_one_alert_is_told(ward):
    pressure_alert(ward)
    ward.tick("03:16:00")
    ward.typed("fingerstick", "p1", "03:16:00", GLUCOSE=260)
    ward.tick("03:32:00")
    ward.observe("p1", "03:32:00", TEMP=35.9)
    ward.tick("03:32:15")
    ward.typed("fingerstick", "p1", "03:40:00", GLUCOSE=120)
    ward.observe("p1", "03:40:00", TEMP=36.8)
    assert len(ward.notified()) == 3
    assert len(ward.standing()) == 1

    ward.observe("p1", "03:40:30", TEMP=35.9)
    ward.typed("fingerstick", "p1", "03:40:45", GLUCOSE=260)

    assert len(ward.standing(state="active")) == 3
    assert len(ward.notified()) == 4


# --- Identity ---------------------------------------------------------------------------------------------------------


def test_an_alert_keeps_its_id_from_pending_to_closed_and_its_revisions_count_up(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=125)
    ward.tick("03:00:15")
    ward.acknowledge(ward.alert(kind="limit"), "03:00:20")
    ward.observe("p1", "03:01:00", HR=72)
    ward.tick("03:01:30")

    history = ward.history(kind="limit")
    states = [alert.state for alert in history]
    assert len({alert.alert_id for alert in history}) == 1
    assert list(dict.fromkeys(states)) == ["pending", "active", "acknowledged", "closed"]
    assert [alert.revision for alert in history] == list(range(1, len(history) + 1))


def test_alerts_that_differ_in_kind_code_direction_since_or_patient_differ_in_id(ward):
    ward.tick("03:00:00")
    for patient in ("p1", "p2"):
        ward.observe(patient, "03:00:00", HR=135, SBP=165)
        ward.observe(patient, "03:00:30", SBP=120)
        ward.observe(patient, "03:01:00", SBP=85)
    ward.ticks("03:01:05", "03:02:00")

    alerts = ward.alerts()
    identity = {(a.patient_id, a.kind, a.code, a.direction, a.since) for a in alerts}
    assert len(identity) == len(alerts) == len({alert.alert_id for alert in alerts})
    assert len(alerts) >= 6


def test_every_alert_explains_itself(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=31, HR=0, SBP=85, TEMP=39.5, SPO2=75)
    ward.ticks("03:00:05", "03:02:00")

    assert {alert.kind for alert in ward.history()} == {"news2", "limit", "zero"}
    assert all(alert.reason and alert.clears_when and alert.explanation for alert in ward.history())


# --- Acknowledgement --------------------------------------------------------------------------------------------------


def test_an_acknowledged_alert_says_who_has_seen_it(ward):
    alert = pressure_alert(ward)

    ward.acknowledge(alert, "03:01:00", by="nurse Ada")

    acknowledged = ward.alert(kind="limit")
    assert (acknowledged.state, acknowledged.acknowledged_by) == ("acknowledged", "nurse Ada")
    assert (acknowledged.alert_id, acknowledged.notify) == (alert.alert_id, False)


def test_an_acknowledgement_quiets_its_revisions_priority(ward):
    ward.acknowledge(pressure_alert(ward), "03:01:00")

    ward.observe("p1", "03:02:00", SBP=180)
    ward.ticks("03:02:05", "03:03:00")

    assert ward.alert(kind="limit").state == "acknowledged"
    assert len(ward.notified()) == 1


def test_an_acknowledgement_does_not_quiet_a_higher_priority(ward):
    ward.tick("03:00:00")
    ward.typed("fingerstick", "p1", "03:00:00", GLUCOSE=65)
    before = ward.alert(kind="limit")
    ward.acknowledge(before, "03:00:10")

    ward.typed("fingerstick", "p1", "03:05:00", GLUCOSE=50)

    alert = ward.alert(kind="limit")
    assert (alert.alert_id, alert.state, alert.priority, alert.notify) == (before.alert_id, "active", "high", True)


def test_an_acknowledgement_of_an_older_revision_does_not_quiet_the_higher_one(ward):
    ward.tick("03:00:00")
    ward.typed("fingerstick", "p1", "03:00:00", GLUCOSE=65)
    medium = ward.alert(kind="limit")
    ward.typed("fingerstick", "p1", "03:05:00", GLUCOSE=50)

    ward.acknowledge(medium, "03:05:10")

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.priority) == ("active", "high")


def test_an_acknowledgement_lasts_until_it_expires(ward):
    ward.acknowledge(pressure_alert(ward), "03:01:00", expires_at="03:11:00")

    ward.tick("03:10:59")
    assert ward.alert(kind="limit").state == "acknowledged"
    ward.tick("03:11:00")

    assert ward.alert(kind="limit").state == "active"


def test_an_acknowledgement_that_has_expired_before_it_is_heard_quiets_nothing(ward):
    alert = pressure_alert(ward)
    ward.tick("03:20:00")

    ward.acknowledge(alert, "03:01:00", expires_at="03:11:00")

    assert ward.alert(kind="limit").state == "active"


def test_an_acknowledgement_with_no_expiry_lasts_until_it_is_cleared(ward):
    ward.acknowledge(pressure_alert(ward), "03:01:00")

    ward.ticks("03:02:00", "08:00:00", every=600)
    assert ward.alert(kind="limit").state == "acknowledged"
    ward.observe("p1", "08:00:00", SBP=120)

    assert ward.alert(kind="limit").state == "closed"


def test_a_technical_alert_can_be_acknowledged(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)
    ward.tick("03:02:30")

    ward.acknowledge(ward.alert(kind="no-data"), "03:02:35")

    assert ward.alert(kind="no-data").state == "acknowledged"


def test_an_acknowledgement_of_no_known_alert_changes_nothing(ward):
    alert = pressure_alert(ward)

    unknown = {"type": "Acknowledgement", "patient_id": "p1", "alert_id": "of nothing", "revision": 1}
    ward.send({**unknown, "at": "2026-11-21T03:01:00Z", "by": "nurse"})
    ward.send({**unknown, "patient_id": "p9", "alert_id": alert.alert_id, "at": "2026-11-21T03:01:00Z", "by": "nurse"})

    assert ward.alert(kind="limit").state == "active"
    assert ward.dead_letters() == []
    assert [result.accepted for result in ward.said(AnswerResult)] == [False, False]
    assert all(result.detail for result in ward.said(AnswerResult))


def test_an_answer_is_told_what_became_of_it_under_its_own_name(ward):
    alert = pressure_alert(ward)

    ward.acknowledge(alert, "03:01:00", by="nurse Ada", request_id="c7")

    result = ward.said(AnswerResult)[0]
    assert (result.answer, result.accepted, result.by) == ("Acknowledgement", True, "nurse Ada")
    assert (result.request_id, result.alert_id, result.patient_id) == ("c7", alert.alert_id, "p1")
    assert (result.partition, result.offset) == (ward.partition, len(ward.log) - 1)


def test_an_acknowledgement_stands_in_the_alert_with_who_when_why_and_until(ward):
    alert = pressure_alert(ward)

    ward.acknowledge(alert, "03:01:00", by="nurse Ada", expires_at="03:11:00", reason="known")

    answered = ward.alert(kind="limit").acknowledgement
    assert (answered.by, answered.reason, answered.priority) == ("nurse Ada", "known", alert.priority)
    assert (answered.at, answered.expires_at) == (ward.time("03:01:00"), ward.time("03:11:00"))
    ward.tick("03:11:00")
    assert ward.alert(kind="limit").acknowledgement is None


def test_an_alert_that_a_late_context_dates_back_is_not_taken_for_an_older_one(ward):
    ward.adult("p1")
    for at in ("03:00:00", "03:05:00"):
        ward.tick(at)
        ward.well("p1", at, HR=135)
        ward.ticks(ward.time(at), ward.time(at) + timedelta(seconds=30))
        ward.well("p1", ward.time(at) + timedelta(seconds=30))
    assert [alert.state for alert in ward.alerts(kind="news2")] == ["closed", "closed"]

    ward.context("p1", "03:00:00", consciousness="V")

    assert len({alert.alert_id for alert in ward.history(kind="news2")}) == 3
