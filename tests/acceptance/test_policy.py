"""Limits and delays are the clinical decisions until site, ward or patient say otherwise, in that order."""

import json
from typing import Any

import pytest

from models.alerting.policy_book import PolicyBook, Told
from models.events import AnswerResult, LimitPolicy, Policy
from models.partition import PartitionFold


def told(room: Any, at: str, policy: dict[str, Any] | None, scope: str = "site", **whom: str) -> AnswerResult:
    """A policy is told; gives what became of it."""
    record = {"type": "PolicyChanged", "scope": scope, "version": f"{scope}-{at}", "at": f"2026-11-21T{at}Z"}
    outputs = room.send({**record, "by": "dr", "reason": "trial", "policy": policy, **whom})
    results = [output for output in outputs if isinstance(output, AnswerResult)]
    assert len(results) == 1
    return results[0]


def saturations(high: float) -> dict[str, Any]:
    return {"limits": {"oxygen_saturation": {"low": high}}}


def observed(ward: Any, patient: str, at: str, **signs: float) -> list[tuple[str | None, str | None]]:
    """What alerts stand of limits a minute after a hand measured these."""
    ward.observe(patient, at, **signs)
    ward.ticks(ward.time(at), ward.time("03:59:00"), every=60)
    return [(alert.code, alert.direction) for alert in ward.standing(kind="limit", patient_id=patient)]


LOW_SATURATION = [("59408-5", "low")]


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


def test_a_limit_of_null_is_none(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"limits": {"8867-4": {"high": None}}})

    assert observed(ward, "p1", "03:00:10", HR=128) == []


@pytest.mark.parametrize(("saturation", "seconds"), [(89, 14), (87, 11), (85, 8), (82, 3), (80, 0)])
def test_the_deeper_the_value_the_shorter_the_delay_up_to_none_at_the_urgent_bound(ward, saturation, seconds):
    """delay x (limit - value) / (limit - urgent bound), taken from 1: 15 s x (value - 80) / (90 - 80)."""
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"limits": {"oxygen_saturation": {"delay_by_depth": "linear"}}})

    ward.stream("p1", "03:00:05", "03:00:25", every=1, SPO2=saturation)

    since, active = (ward.history(kind="limit", state=state)[0].at for state in ("pending", "active"))
    assert (active - since).total_seconds() == pytest.approx(seconds, abs=1)


def test_a_value_that_deepens_waits_less(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"limits": {"oxygen_saturation": {"delay_by_depth": "linear"}}})

    for second, value in enumerate([89, 89, 89, 89, 83, 83, 89, 89]):
        ward.observe("p1", ward.time("03:00:05").replace(second=5 + second), SPO2=value)

    since, active = (ward.history(kind="limit", state=state)[0].at for state in ("pending", "active"))
    assert (active - since).total_seconds() == 5


def test_a_delay_by_depth_never_lasts_longer_than_the_delay(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"limits": {"oxygen_saturation": {"delay_by_depth": "linear", "delay_seconds": 30}}})

    for second, value in enumerate([84] * 3 + [89] * 40):
        ward.observe("p1", ward.time("03:00:05").replace(second=5 + second), SPO2=value)

    since, active = (ward.history(kind="limit", state=state)[0].at for state in ("pending", "active"))
    assert (active - since).total_seconds() <= 30


def test_an_urgent_bound_above_is_high_and_at_once(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"limits": {"heart_rate": {"urgent_above": 150}}})

    ward.observe("p1", "03:00:05", HR=160)

    assert (ward.alert(kind="limit").state, ward.alert(kind="limit").priority) == ("active", "high")


def test_news2_can_be_told_from_when_it_alerts(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"news2": {"high_from": 9, "medium_from": 6, "single_three": False, "rise": False}})

    ward.well("p1", "03:00:10", RR=26, HR=115)  # 3 + 2
    ward.ticks("03:00:15", "03:01:00")

    assert ward.alerts(kind="news2") == []


def test_silence_and_anomalies_can_be_told_apart_from_the_decisions(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"no_data": {"at_least_seconds": 300}, "anomaly": {"enabled": False}})
    ward.stream("p1", "03:00:05", "03:03:00", HR=72)
    ward.stream("p1", "03:03:05", "03:03:30", HR=115)

    ward.ticks("03:03:35", "03:07:00")
    assert ward.alerts(kind="no-data") == ward.alerts(kind="anomaly") == []
    ward.ticks("03:07:00", "03:09:00")

    assert ward.alert(kind="no-data").state == "active"


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ({"limits": {"pulse": {"high": 120}}}, "limits.pulse"),
        ({"limits": {"heart_rate": {"low": 130}}}, "limits.heart_rate.low"),
        ({"limits": {"heart_rate": {"low": 118}}}, "limits.heart_rate.low"),
        ({"limits": {"oxygen_saturation": {"low": 130}}}, "limits.oxygen_saturation.low"),
        ({"limits": {"oxygen_saturation": {"urgent_below": 95}}}, "limits.oxygen_saturation.urgent_below"),
        ({"limits": {"heart_rate": {"urgent_above": 110}}}, "limits.heart_rate.urgent_above"),
        ({"news2": {"medium_from": 8}}, "news2.medium_from"),
    ],
)
def test_what_can_not_be_meant_is_refused_and_nothing_changes(ward, policy, names):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", saturations(93))
    before = dict(ward.fold.entries())

    result = told(ward, "03:00:01", policy, scope="ward", ward="A1")

    assert not result.accepted
    assert f"ward.A1.{names}: " in result.detail
    assert dict(ward.fold.entries()) == before
    assert ward.dead_letters() == []


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


def test_how_often_a_condition_is_told_can_be_told(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"notification": {"flapping_after": 1, "flapping_seconds": 600}})

    for minute in (1, 3, 5, 30):
        ward.tick(f"03:{minute:02}:00")
        ward.observe("p1", f"03:{minute:02}:00", SBP=170)
        ward.ticks(f"03:{minute:02}:05", f"03:{minute:02}:30")
        ward.observe("p1", f"03:{minute:02}:40", SBP=120)

    assert [alert.at.minute for alert in ward.notified(kind="limit")] == [1, 30]
    assert {alert.inhibited_by for alert in ward.history(kind="limit", state="active", notify=False)} == {"flapping"}


def test_a_policy_says_how_long_spot_values_must_be_well_before_an_alert_is_over(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    told(ward, "03:00:00", {"news2": {"clear_after_seconds": 3600}})
    ward.observe("p1", "03:00:10", RR=26, SPO2=91)
    ward.ticks("03:01:00", "03:04:00", every=60)
    assert ward.alert(kind="news2").state == "active"

    ward.observe("p1", "03:05:00", RR=16, SPO2=97)
    ward.ticks("03:06:00", "04:04:00", every=60)
    assert ward.alert(kind="news2").state == "active"
    ward.tick("04:05:00")

    assert not ward.standing(kind="news2", patient_id="p1")
