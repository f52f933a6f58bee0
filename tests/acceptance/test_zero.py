"""Clinical decisions, Readings: a zero is "arrest or sensor off", high, and no technical matter."""

import pytest

ZEROS = ["HR", "RR", "SPO2"]
USUAL = {"HR": 72, "RR": 16, "SPO2": 97}


@pytest.mark.parametrize("sign", ZEROS)
def test_a_stream_of_zeros_is_a_high_physiological_alert_after_fifteen_seconds(ward, sign):
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: USUAL[sign]})

    ward.stream("p1", "03:01:05", "03:01:15", **{sign: 0})
    assert ward.ever_stood(kind="zero") == []
    ward.stream("p1", "03:01:20", "03:01:20", **{sign: 0})

    alert = ward.alert(kind="zero")
    assert (alert.state, alert.priority, alert.category) == ("active", "high", "physiological")
    assert (alert.since, alert.at) == (ward.time("03:01:05"), ward.time("03:01:20"))
    assert "arrest or sensor off" in alert.reason


@pytest.mark.parametrize("sign", ZEROS)
def test_a_single_spot_zero_becomes_active_by_tick(ward, sign):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", **{sign: 0})

    ward.tick("03:00:14")
    assert ward.ever_stood(kind="zero") == []
    ward.tick("03:00:15")

    assert ward.alert(kind="zero").state == "active"


@pytest.mark.parametrize("sign", ZEROS)
def test_a_zero_takes_the_place_of_that_signs_limit_alert(ward, sign):
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: USUAL[sign]})

    ward.stream("p1", "03:01:05", "03:03:00", **{sign: 0})

    assert ward.alert(kind="zero").state == "active"
    assert ward.standing(kind="limit") == []


def test_a_zero_takes_the_place_of_a_limit_alert_that_was_active_before(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)
    ward.stream("p1", "03:01:05", "03:01:30", HR=40)
    assert ward.alert(kind="limit").state == "active"

    ward.stream("p1", "03:01:35", "03:02:00", HR=0)

    assert ward.alert(kind="zero").state == "active"
    assert ward.standing(kind="limit") == []


def test_a_value_above_zero_that_is_still_out_is_a_limit_alert_of_its_own(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)
    ward.stream("p1", "03:01:05", "03:01:30", HR=0)

    ward.stream("p1", "03:01:35", "03:02:30", HR=45)

    limit = ward.alert(kind="limit")
    assert (limit.state, limit.since) == ("active", ward.time("03:01:35"))
    assert ward.alert(kind="zero").state == "latched"
    assert [alert.kind for alert in ward.notified()] == ["zero"]


def test_a_zero_that_is_back_takes_the_place_of_the_limit_alert_again(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)
    ward.stream("p1", "03:01:05", "03:01:30", HR=0)
    ward.stream("p1", "03:01:35", "03:01:55", HR=45)

    ward.stream("p1", "03:02:00", "03:02:00", HR=0)

    assert ward.alert(kind="zero").state == "active"
    assert ward.standing(kind="limit") == []


def test_a_zero_of_one_sign_leaves_the_limit_alert_of_another(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72, RR=16)

    ward.stream("p1", "03:01:05", "03:01:30", HR=0, RR=35)

    assert ward.alert(kind="zero").code == "8867-4"
    assert ward.alert(kind="limit").code == "9279-1"


def test_zeros_for_less_than_fifteen_seconds_are_no_alert(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)

    ward.stream("p1", "03:01:05", "03:01:10", HR=0)
    ward.stream("p1", "03:01:15", "03:02:00", HR=72)

    assert ward.ever_stood(kind="zero") == []


@pytest.mark.parametrize("sign", ZEROS)
def test_a_zero_is_data_that_counts_and_is_not_refused(ward, sign):
    assessment = ward.observe("p1", "03:00:00", **{sign: 0})

    assert assessment.refused == []
    assert [flag.flag for flag in assessment.flags] == ["suspect"]
    assert assessment.news2.known_points == 3


def test_a_zero_alert_is_told_even_while_another_alert_of_lower_priority_was(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", SBP=165)
    ward.tick("03:00:05")

    ward.observe("p1", "03:00:10", HR=0)
    ward.ticks("03:00:15", "03:00:25")

    assert [alert.kind for alert in ward.notified(priority="high")] == ["zero"]
