"""An acknowledgement quiets what somebody has seen, and nothing worse or later."""

from datetime import timedelta

from models.events import AnswerResult
from tests.acceptance.scenes import pressure_alert_of_an_adult


def test_an_acknowledged_alert_says_who_has_seen_it(ward):
    alert = pressure_alert_of_an_adult(ward)

    ward.acknowledge(alert, "03:01:00", by="nurse Ada")

    acknowledged = ward.alert(kind="limit")
    assert (acknowledged.state, acknowledged.acknowledged_by) == ("acknowledged", "nurse Ada")
    assert (acknowledged.alert_id, acknowledged.notify) == (alert.alert_id, False)


def test_an_acknowledgement_quiets_its_revisions_priority(ward):
    ward.acknowledge(pressure_alert_of_an_adult(ward), "03:01:00")

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
    ward.acknowledge(pressure_alert_of_an_adult(ward), "03:01:00", expires_at="03:11:00")

    ward.tick("03:10:59")
    assert ward.alert(kind="limit").state == "acknowledged"
    ward.tick("03:11:00")

    assert ward.alert(kind="limit").state == "active"


def test_an_acknowledgement_that_has_expired_before_it_is_heard_quiets_nothing(ward):
    alert = pressure_alert_of_an_adult(ward)
    ward.tick("03:20:00")

    ward.acknowledge(alert, "03:01:00", expires_at="03:11:00")

    assert ward.alert(kind="limit").state == "active"


def test_an_acknowledgement_with_no_expiry_lasts_until_it_is_cleared(ward):
    ward.acknowledge(pressure_alert_of_an_adult(ward), "03:01:00")

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
    alert = pressure_alert_of_an_adult(ward)

    unknown = {"type": "Acknowledgement", "patient_id": "p1", "alert_id": "of nothing", "revision": 1}
    ward.send({**unknown, "at": "2026-11-21T03:01:00Z", "by": "nurse"})
    ward.send({**unknown, "patient_id": "p9", "alert_id": alert.alert_id, "at": "2026-11-21T03:01:00Z", "by": "nurse"})

    assert ward.alert(kind="limit").state == "active"
    assert ward.dead_letters() == []
    assert [result.accepted for result in ward.said(AnswerResult)] == [False, False]
    assert all(result.detail for result in ward.said(AnswerResult))


def test_an_answer_is_told_what_became_of_it_under_its_own_name(ward):
    alert = pressure_alert_of_an_adult(ward)

    ward.acknowledge(alert, "03:01:00", by="nurse Ada", request_id="c7")

    result = ward.said(AnswerResult)[0]
    assert (result.answer, result.accepted, result.by) == ("Acknowledgement", True, "nurse Ada")
    assert (result.request_id, result.alert_id, result.patient_id) == ("c7", alert.alert_id, "p1")
    assert (result.partition, result.offset) == (ward.partition, len(ward.log) - 1)


def test_an_acknowledgement_stands_in_the_alert_with_who_when_why_and_until(ward):
    alert = pressure_alert_of_an_adult(ward)

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
