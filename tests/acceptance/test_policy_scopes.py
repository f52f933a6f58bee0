"""Limits and delays are the clinical decisions until site, ward or patient say otherwise, in that order."""

import json

import pytest

from models.alerting.policy_book import PolicyBook, Told
from models.events import AnswerResult, LimitPolicy, Policy
from models.partition import PartitionFold
from tests.acceptance.policies import LOW_SATURATION, observed, saturations, told


def test_a_site_tells_another_limit(ward):
    ward.adult("p1")
    ward.tick("03:00:00")

    assert told(ward, "03:00:00", saturations(93)).accepted

    assert observed(ward, "p1", "03:00:10", SPO2=92) == LOW_SATURATION
    alert = ward.alert(kind="limit")
    assert alert.policy == "site-03:00:00"
    assert "93" in alert.reason


@pytest.mark.parametrize(("ward_low", "patient_low", "expected"), [(88, None, []), (88, 93, LOW_SATURATION)])
def test_the_nearest_to_the_patient_stands(ward, ward_low, patient_low, expected):
    ward.adult("p1", ward="A1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", saturations(95))
    told(ward, "03:00:01", saturations(ward_low), scope="ward", ward="A1")
    if patient_low is not None:
        told(ward, "03:00:02", saturations(patient_low), scope="patient", patient_id="p1")

    assert observed(ward, "p1", "03:00:10", SPO2=92) == expected


def test_a_policy_for_one_ward_or_patient_touches_no_other(ward):
    for patient, place in (("p1", "A1"), ("p2", "A1"), ("p3", "B2")):
        ward.adult(patient, ward=place)
    ward.tick("03:00:00")
    told(ward, "03:00:00", saturations(80), scope="patient", patient_id="p1")
    told(ward, "03:00:01", saturations(99), scope="ward", ward="B2")

    for patient, value in (("p1", 85), ("p2", 85), ("p3", 97)):
        ward.observe(patient, "03:00:10", SPO2=value)
    ward.ticks("03:00:15", "03:01:00")

    assert {alert.patient_id for alert in ward.standing(kind="limit")} == {"p2", "p3"}


def test_a_patient_who_moves_is_under_the_other_wards_policy_at_once(ward):
    ward.adult("p1", ward="A1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", saturations(96), scope="ward", ward="B2")
    assert observed(ward, "p1", "03:00:10", SPO2=95) == []

    ward.context("p1", "03:59:01", ward="B2")
    ward.tick("03:59:30")

    assert ward.alert(kind="limit").code == "59408-5"


def test_a_change_is_looked_at_at_once_and_can_be_taken_back(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.stream("p1", "03:00:05", "03:01:00", HR=125)
    assert ward.alert(kind="limit").state == "active"

    told(ward, "03:01:00", {"limits": {"heart_rate": {"high": 140}}})
    ward.stream("p1", "03:01:05", "03:02:00", HR=125)
    assert ward.alert(kind="limit").state == "closed"

    assert told(ward, "03:02:00", None).accepted
    ward.stream("p1", "03:02:05", "03:03:00", HR=125)
    assert [alert.state for alert in ward.alerts(kind="limit")] == ["closed", "active"]


def test_adult_limits_of_a_site_are_not_for_a_child_but_a_policy_for_the_child_is(ward):
    ward.context("p1", "00:00:00", age=7)
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"limits": {"heart_rate": {"high": 100}}})
    assert observed(ward, "p1", "03:00:10", HR=118) == []

    told(ward, "03:59:01", {"limits": {"heart_rate": {"high": 110}}}, scope="patient", patient_id="p1")
    ward.tick("03:59:30")

    assert ward.alert(kind="limit").direction == "high"


def test_own_limits_of_a_context_stand_over_the_wards_and_under_those_of_a_policy_for_the_patient(ward):
    ward.adult("p1", ward="A1", limits={"59408-5": {"low": 85}})
    ward.tick("03:00:00")
    told(ward, "03:00:00", saturations(95), scope="ward", ward="A1")
    assert observed(ward, "p1", "03:00:10", SPO2=90) == []

    told(ward, "03:59:01", saturations(91), scope="patient", patient_id="p1")
    ward.tick("03:59:30")

    assert ward.alert(kind="limit").explanation[0].limit == 91


def test_a_site_can_not_turn_a_wards_limits_round(ward):
    told(ward, "03:00:00", {"limits": {"heart_rate": {"high": 90}}}, scope="ward", ward="A1")

    result = told(ward, "03:00:01", {"limits": {"heart_rate": {"low": 95}}})

    assert not result.accepted
    assert "ward.A1.limits.heart_rate.low" in result.detail


def test_a_policy_outlives_a_restart(ward):
    ward.adult("p1", ward="A1")
    told(ward, "03:00:00", saturations(93))
    told(ward, "03:00:01", saturations(95), scope="ward", ward="A1")
    again = PartitionFold(ward.partition)
    for key, value in ward.fold.changed():
        again.restore(key, value)
    ward.fold = again
    ward.tick("03:00:05")

    assert observed(ward, "p1", "03:00:10", SPO2=94) == LOW_SATURATION


def test_a_policy_that_is_tried_stands_against_what_the_log_tells(wards):
    low = Policy(limits={"59408-5": LimitPolicy(low=93)})
    ward = wards(policy=PolicyBook(site=Told(version="tried", policy=low)))
    ward.adult("p1")
    ward.tick("03:00:00")

    assert not told(ward, "03:00:00", saturations(80)).accepted

    assert observed(ward, "p1", "03:00:10", SPO2=92) == LOW_SATURATION
    assert ward.alert(kind="limit").policy == "tried"


def test_the_log_tells_who_changed_what_and_why(ward):
    told(ward, "03:00:00", saturations(93))

    result = ward.said(AnswerResult)[0]
    assert (result.answer, result.by, result.accepted) == ("PolicyChanged", "dr", True)
    assert json.loads(ward.log[-1])["reason"] == "trial"
