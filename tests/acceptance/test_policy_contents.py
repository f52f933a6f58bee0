"""What a site, a ward or a patient may have otherwise: limits, delays, and how often it is told."""

import pytest

from tests.acceptance.policies import observed, saturations, told


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
