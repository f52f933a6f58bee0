"""Clinical decisions, One patient, one episode: discharge, transfer and death end monitoring."""

import pytest

ENDS = pytest.mark.parametrize("kind", ["discharge", "transfer", "death"])


def ill(ward):
    """A patient with physiological alerts, a high one among them, and one who is silent too."""
    ward.adult("p1")
    ward.stream("p1", "03:00:00", "03:01:30", SPO2=78, HR=135)
    ward.observe("p1", "03:01:30", RR=31, SBP=165)
    ward.ticks("03:01:35", "03:03:00")
    assert {"limit", "news2", "no-data"} <= {alert.kind for alert in ward.standing()}


@ENDS
def test_the_end_closes_all_of_a_patients_alerts(ward, kind):
    ill(ward)

    ward.outcome("p1", "03:03:00", kind)

    assert {alert.state for alert in ward.alerts()} == {"closed"}


@ENDS
def test_the_end_closes_no_alert_of_another_patient(ward, kind):
    ill(ward)
    ward.observe("p2", "03:03:00", SBP=165)
    ward.tick("03:03:05")

    ward.outcome("p1", "03:03:06", kind)

    assert ward.alert(patient_id="p2").state == "active"


@ENDS
def test_a_reading_after_the_end_is_reported_with_no_score_and_raises_nothing(ward, kind):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72)
    ward.outcome("p1", "03:01:00", kind)

    assessment = ward.observe("p1", "03:02:00", HR=150, SPO2=75)
    ward.ticks("03:02:05", "03:05:00")

    assert not assessment.monitored
    assert assessment.news2 is None
    assert ward.history() == []


@ENDS
def test_after_the_end_ticks_say_nothing_of_the_patient(ward, kind):
    ill(ward)
    ward.outcome("p1", "03:03:00", kind)
    before = len(ward.outputs)

    ward.ticks("03:03:05", "03:10:00")
    ward.ticks("04:00:00", "16:00:00", every=600)

    assert ward.outputs[before:] == []


def test_a_deterioration_does_not_end_monitoring(ward):
    ill(ward)

    ward.outcome("p1", "03:03:00", "deterioration")

    assert ward.standing(kind="news2")
    assert ward.observe("p1", "03:03:05", RR=16).monitored


def test_an_outcome_of_an_unknown_patient_is_taken_as_it_is(ward):
    ward.outcome("p1", "03:00:00", "death")

    assert ward.dead_letters() == []
    assert not ward.observe("p1", "03:01:00", HR=150).monitored


def test_a_patient_who_comes_back_does_not_miss_the_devices_of_the_stay_before(ward):
    ward.adult("p1")
    ward.stream("p1", "03:00:00", "03:02:00", HR=72)
    ward.outcome("p1", "03:02:05", "discharge")

    ward.tick("05:00:00")
    back = ward.context("p1", "05:00:00", setting="ward")
    ward.ticks("05:00:05", "05:03:00")

    assert back.monitored
    assert ward.history() == []
