"""One deterioration is told once, whatever it shows in, and is not lost."""

from tests.acceptance.scenes import GLUCOSE, HEART, MORNING, PRESSURE, glucose, pressure_alert


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
