"""Clinical decisions, Limits of spot values: each row of the table, its delay and its clearing."""

import pytest

from tests.acceptance.limits import GLUCOSE_ROWS, PRESSURE_ROWS, RATE_ROWS, TEMPERATURE_ROWS


@pytest.mark.parametrize(
    ("sign", "direction", "limit", "outside", "clear", "unclear", "usual"), RATE_ROWS + TEMPERATURE_ROWS
)
def test_a_spot_value_outside_becomes_active_by_tick_since_its_own_time(
    ward, sign, direction, limit, outside, clear, unclear, usual
):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:01", **{sign: outside})

    ward.ticks("03:00:05", "03:00:15")
    assert ward.alert(kind="limit").state == "pending"
    ward.tick("03:00:20")

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.direction, alert.priority) == ("active", direction, "medium")
    assert (alert.since, alert.at) == (ward.time("03:00:01"), ward.time("03:00:20"))


@pytest.mark.parametrize(("sign", "direction", "limit", "outside", "clear", "unclear", "usual"), PRESSURE_ROWS)
def test_a_spot_pressure_outside_becomes_active_at_the_next_tick(
    ward, sign, direction, limit, outside, clear, unclear, usual
):
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:01", SBP=outside)
    assert ward.alert(kind="limit").state == "pending"
    ward.tick("03:00:05")

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.direction, alert.priority) == ("active", direction, "medium")
    assert alert.since == ward.time("03:00:01")


def test_a_pressure_that_turns_out_to_be_continuous_waits_15_seconds(ward):
    ward.tick("03:00:00")
    for second in range(16):
        ward.reading("p1", f"03:00:{second:02}", SBP=170)

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.since, alert.at) == ("active", ward.time("03:00:00"), ward.time("03:00:15"))


@pytest.mark.parametrize(("direction", "limit", "outside", "clear", "unclear"), GLUCOSE_ROWS)
def test_a_glucose_outside_is_active_at_once(ward, direction, limit, outside, clear, unclear):
    ward.tick("03:00:00")
    ward.typed("fingerstick", "p1", "03:00:01", GLUCOSE=limit)
    assert ward.history() == []

    ward.typed("fingerstick", "p1", "03:00:02", GLUCOSE=outside)

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.direction, alert.priority) == ("active", direction, "medium")
    assert (alert.since, alert.notify) == (ward.time("03:00:02"), True)


@pytest.mark.parametrize(("direction", "limit", "outside", "clear", "unclear"), GLUCOSE_ROWS)
def test_a_glucose_alert_closes_at_the_first_value_inside_its_clear_limit(
    ward, direction, limit, outside, clear, unclear
):
    ward.tick("03:00:00")
    ward.typed("fingerstick", "p1", "03:00:00", GLUCOSE=outside)

    ward.typed("fingerstick", "p1", "03:05:00", GLUCOSE=unclear)
    assert ward.alert(kind="limit").state == "active"
    ward.typed("fingerstick", "p1", "03:06:00", GLUCOSE=clear)

    assert ward.alert(kind="limit").state == "closed"


@pytest.mark.parametrize(("value", "priority"), [(55, "medium"), (54, "medium"), (53, "high"), (20, "high")])
def test_a_glucose_under_54_is_of_high_priority(ward, value, priority):
    ward.tick("03:00:00")

    ward.typed("fingerstick", "p1", "03:00:00", GLUCOSE=value)

    assert ward.alert(kind="limit").priority == priority


@pytest.mark.parametrize(
    ("sign", "direction", "limit", "outside", "clear", "unclear", "usual"), PRESSURE_ROWS + TEMPERATURE_ROWS
)
def test_a_spot_pressure_or_temperature_closes_at_the_first_value_inside_its_clear_limit(
    ward, sign, direction, limit, outside, clear, unclear, usual
):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", **{sign: outside})
    ward.tick("03:00:15")

    ward.tick("03:10:00")
    ward.observe("p1", "03:10:00", **{sign: unclear})
    ward.ticks("03:10:05", "03:11:00")
    assert ward.alert(kind="limit").state == "active"
    ward.observe("p1", "03:11:00", **{sign: clear})

    assert ward.alert(kind="limit").state == "closed"


@pytest.mark.parametrize(("sign", "direction", "limit", "outside", "clear", "unclear", "usual"), RATE_ROWS)
def test_a_spot_rate_or_saturation_closes_thirty_seconds_after_a_value_inside_its_clear_limit(
    ward, sign, direction, limit, outside, clear, unclear, usual
):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", **{sign: outside})
    ward.tick("03:00:15")

    ward.tick("03:10:00")
    ward.observe("p1", "03:10:00", **{sign: clear})
    ward.tick("03:10:29")
    assert ward.alert(kind="limit").state == "active"
    ward.tick("03:10:30")

    assert ward.alert(kind="limit").state == "closed"


def test_since_is_the_time_of_the_first_value_outside(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:01", HR=125)
    ward.observe("p1", "03:00:08", HR=128)

    ward.tick("03:00:16")

    alert = ward.alert(kind="limit")
    assert (alert.state, alert.since) == ("active", ward.time("03:00:01"))


@pytest.mark.parametrize(("sign", "outside"), [("HR", 125), ("SBP", 165), ("TEMP", 39.1), ("GLUCOSE", 260)])
def test_an_alert_of_a_spot_value_never_clears_because_the_value_went_stale(ward, sign, outside):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", **{sign: outside})
    ward.tick("03:00:15")

    ward.ticks("04:00:00", "09:00:00", every=1800)

    assert ward.alert(kind="limit").state == "active"
