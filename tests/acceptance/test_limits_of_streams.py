"""Clinical decisions, Limits of continuous streams: each row of the table, its delay and its clearing."""

from datetime import timedelta

import pytest

from tests.acceptance.limits import ROWS
from tests.acceptance.scenes import stream_goes_out

row = pytest.mark.parametrize(("sign", "direction", "limit", "outside", "clear", "unclear", "usual"), ROWS)


@row
def test_a_value_at_its_limit_is_inside(ward, sign, direction, limit, outside, clear, unclear, usual):
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: usual})

    ward.stream("p1", "03:01:05", "03:03:00", **{sign: limit})

    assert ward.history(kind="limit") == []


@row
def test_a_continuous_value_outside_is_active_after_fifteen_seconds(
    ward, sign, direction, limit, outside, clear, unclear, usual
):
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: usual})

    ward.stream("p1", "03:01:05", "03:01:15", **{sign: outside})
    pending = ward.alert(kind="limit")
    ward.tick("03:01:20")

    active = ward.alert(kind="limit")
    assert (pending.state, pending.revision, pending.notify) == ("pending", 1, False)
    assert (active.state, active.direction, active.priority) == ("active", direction, "medium")
    assert (active.since, active.at) == (ward.time("03:01:05"), ward.time("03:01:20"))
    assert (active.category, active.alert_id) == ("physiological", pending.alert_id)


@row
def test_a_continuous_value_inside_its_clear_limit_closes_after_thirty_seconds(
    ward, sign, direction, limit, outside, clear, unclear, usual
):
    stream_goes_out(ward, sign, usual, outside)

    ward.stream("p1", "03:01:25", "03:01:50", **{sign: clear})
    assert ward.alert(kind="limit").state == "active"
    ward.stream("p1", "03:01:55", "03:01:55", **{sign: clear})

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.at) == ("closed", ward.time("03:01:55"))


@row
def test_a_value_short_of_its_clear_limit_never_closes(ward, sign, direction, limit, outside, clear, unclear, usual):
    stream_goes_out(ward, sign, usual, outside)

    ward.stream("p1", "03:01:25", "03:05:00", **{sign: unclear})

    assert ward.alert(kind="limit").state == "active"


def test_a_stream_that_comes_back_inside_before_its_delay_is_never_active(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)

    ward.stream("p1", "03:01:05", "03:01:10", HR=125)
    ward.stream("p1", "03:01:15", "03:03:00", HR=72)

    assert ward.ever_stood(kind="limit") == []


def test_a_delay_starts_again_after_a_value_inside(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)

    ward.stream("p1", "03:01:05", "03:01:10", HR=125)
    ward.stream("p1", "03:01:15", "03:01:15", HR=72)
    ward.stream("p1", "03:01:20", "03:01:30", HR=125)
    assert ward.ever_stood(kind="limit") == []
    ward.tick("03:01:35")

    [alert] = ward.standing(kind="limit")
    assert (alert.state, alert.since) == ("active", ward.time("03:01:20"))


def test_clearing_starts_again_after_a_value_outside(ward):
    stream_goes_out(ward, "HR", 72, 125)

    ward.stream("p1", "03:01:25", "03:01:45", HR=72)
    ward.stream("p1", "03:01:50", "03:01:50", HR=125)
    ward.stream("p1", "03:01:55", "03:02:20", HR=72)
    assert ward.alert(kind="limit").state == "active"
    ward.tick("03:02:25")

    assert ward.alert(kind="limit").state == "closed"


def test_thirty_seconds_are_counted_inside_the_clear_limit_not_from_a_first_improvement(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:20", SPO2=78)

    ward.stream("p1", "03:01:25", "03:01:50", SPO2=85)
    ward.stream("p1", "03:01:55", "03:02:20", SPO2=97)
    assert ward.alert(kind="limit").state == "active"
    ward.tick("03:02:25")

    assert ward.alert(kind="limit").state in {"latched", "closed"}


def test_an_alert_of_a_stream_that_falls_silent_does_not_clear(ward):
    stream_goes_out(ward, "HR", 72, 125)

    ward.ticks("03:01:25", "03:20:00", every=5)

    assert ward.alert(kind="limit").state == "active"


def test_delays_are_not_over_a_minute_for_any_sign(ward):
    ward.tick("03:00:00")
    outside = {"SPO2": 89, "HR": 125, "RR": 31, "SBP": 165, "TEMP": 39.1, "GLUCOSE": 260}
    for sign, value in outside.items():
        ward.observe(f"of {sign}", "03:00:00", **{sign: value})

    ward.tick(ward.time("03:00:00") + timedelta(seconds=60))

    assert {alert.patient_id for alert in ward.standing(kind="limit")} == {f"of {sign}" for sign in outside}
