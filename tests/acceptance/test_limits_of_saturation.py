"""Clinical decisions, Limits of saturation: urgent under 80, and lower on scale 2."""

import pytest

from tests.acceptance.scenes import stream_goes_out


def test_a_saturation_under_80_is_high_at_once(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)

    ward.tick("03:01:05")
    ward.reading("p1", "03:01:05", SPO2=79)

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.priority, alert.notify) == ("active", "high", True)
    assert alert.since == ward.time("03:01:05")


def test_a_saturation_of_80_waits_and_is_medium(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)

    ward.stream("p1", "03:01:05", "03:01:15", SPO2=80)
    assert ward.alert(kind="limit").state == "pending"
    ward.tick("03:01:20")

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.priority) == ("active", "medium")


def test_a_saturation_that_falls_on_under_80_rises_to_high_at_once(ward):
    stream_goes_out(ward, "SPO2", 97, 85)
    before = ward.alert(kind="limit")

    ward.reading("p1", "03:01:25", SPO2=79)

    alert = ward.alert(kind="limit")
    assert (before.priority, alert.priority, alert.notify) == ("medium", "high", True)
    assert alert.alert_id == before.alert_id


@pytest.mark.parametrize(("saturation", "is_alert"), [(89, False), (88, False), (87, True)])
def test_on_scale_2_the_low_limit_is_88(ward, saturation, is_alert):
    ward.adult("p1", spo2_scale=2)
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=91)

    ward.stream("p1", "03:01:05", "03:01:20", SPO2=saturation)

    assert bool(ward.standing(kind="limit")) is is_alert


@pytest.mark.parametrize(("saturation", "state"), [(89, "active"), (90, "closed")])
def test_on_scale_2_the_low_limit_clears_at_90(ward, saturation, state):
    ward.adult("p1", spo2_scale=2)
    stream_goes_out(ward, "SPO2", 91, 87)

    ward.stream("p1", "03:01:25", "03:02:30", SPO2=saturation)

    assert ward.alert(kind="limit").state == state
