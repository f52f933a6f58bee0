"""Clinical decisions, Limits: each row of the table, its delay and its clearing."""

from datetime import timedelta

import pytest

ROWS = [
    # sign, direction, its limit, the first value outside, the first that clears, the last that does not, usual
    ("SPO2", "low", 90, 89, 92, 91, 97),
    ("HR", "low", 50, 49, 55, 54, 72),
    ("HR", "high", 120, 121, 115, 116, 72),
    ("RR", "low", 8, 7, 10, 9, 16),
    ("RR", "high", 30, 31, 28, 29, 16),
    ("SBP", "low", 90, 89, 95, 94, 125),
    ("SBP", "high", 160, 161, 155, 156, 125),
    ("TEMP", "low", 36.0, 35.9, 36.3, 36.2, 36.8),
    ("TEMP", "high", 39.0, 39.1, 38.7, 38.8, 36.8),
]
GLUCOSE_ROWS = [("low", 70, 69, 80, 79), ("high", 250, 251, 240, 241)]
PRESSURE_ROWS = [row for row in ROWS if row[0] == "SBP"]
TEMPERATURE_ROWS = [row for row in ROWS if row[0] == "TEMP"]
RATE_ROWS = [row for row in ROWS if row[0] in {"SPO2", "HR", "RR"}]

row = pytest.mark.parametrize(("sign", "direction", "limit", "outside", "clear", "unclear", "usual"), ROWS)


def stream_goes_out(ward, sign, usual, outside):
    """A stream that was out of its limit for 15 s from 03:01:05 on."""
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: usual})
    ward.stream("p1", "03:01:05", "03:01:20", **{sign: outside})


# --- Continuous streams -----------------------------------------------------------------------------------------------


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


# --- Spot values ------------------------------------------------------------------------------------------------------


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


# --- Saturation -------------------------------------------------------------------------------------------------------


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


# --- The patient's own limits -----------------------------------------------------------------------------------------

OWN = {"8867-4": {"low": 45, "high": 130}}


@pytest.mark.parametrize(
    ("heart_rate", "direction"), [(44, "low"), (45, None), (49, None), (125, None), (130, None), (131, "high")]
)
def test_a_patients_own_limits_take_the_place_of_the_adult_ones(ward, heart_rate, direction):
    ward.adult("p1", limits=OWN)
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", HR=heart_rate)
    ward.ticks("03:00:05", "03:00:30")

    assert [alert.direction for alert in ward.standing(kind="limit")] == [direction] * (direction is not None)


@pytest.mark.parametrize(("heart_rate", "state"), [(126, "active"), (125, "closed")])
def test_a_patients_own_limit_clears_as_far_inside_as_the_adult_one(ward, heart_rate, state):
    ward.adult("p1", limits=OWN)
    stream_goes_out(ward, "HR", 72, 135)

    ward.stream("p1", "03:01:25", "03:02:30", HR=heart_rate)

    assert ward.alert(kind="limit").state == state


@pytest.mark.parametrize("own", [{"low": None, "high": 130}, {"high": 130}])
@pytest.mark.parametrize(("heart_rate", "direction"), [(49, "low"), (125, None), (131, "high")])
def test_a_side_that_is_null_keeps_the_adult_limit(ward, own, heart_rate, direction):
    ward.adult("p1", limits={"8867-4": own})
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", HR=heart_rate)
    ward.ticks("03:00:05", "03:00:30")

    assert [alert.direction for alert in ward.standing(kind="limit")] == [direction] * (direction is not None)


def test_own_limits_of_one_sign_leave_the_others_alone(ward):
    ward.adult("p1", limits=OWN)
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", SBP=165)
    ward.tick("03:00:05")

    assert ward.alert(kind="limit").state == "active"


def test_own_limits_are_of_their_patient_only(ward):
    ward.adult("p1", limits=OWN)
    ward.tick("03:00:00")

    ward.observe("p2", "03:00:00", HR=125)
    ward.ticks("03:00:05", "03:00:30")

    assert ward.alert(kind="limit", patient_id="p2").state == "active"


def test_own_limits_of_null_give_the_adult_ones_back(ward):
    ward.adult("p1", "01:00:00", limits=OWN)
    ward.context("p1", "02:00:00", limits=None)
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", HR=125)
    ward.ticks("03:00:05", "03:00:30")

    assert ward.alert(kind="limit").state == "active"


# --- Latching ---------------------------------------------------------------------------------------------------------


def test_a_high_limit_alert_latches_until_it_is_acknowledged(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:20", SPO2=78)
    ward.stream("p1", "03:01:25", "03:03:00", SPO2=97)

    latched = ward.alert(kind="limit")
    assert (latched.state, latched.priority) == ("latched", "high")
    assert latched.clears_when == "Somebody acknowledges it."
    ward.ticks("03:03:05", "03:20:00")
    assert ward.alert(kind="limit").state == "latched"
    ward.acknowledge(ward.alert(kind="limit"), "03:20:00")

    assert ward.alert(kind="limit").state == "closed"


def test_a_latched_high_alert_stays_when_its_sign_comes_back_at_a_lower_priority(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:20", SPO2=78)
    ward.stream("p1", "03:01:25", "03:03:00", SPO2=97)

    ward.stream("p1", "03:03:05", "03:03:30", SPO2=88)

    stood = [(alert.state, alert.priority) for alert in ward.standing(kind="limit")]
    assert stood == [("latched", "high"), ("active", "medium")]


def test_a_high_alert_that_was_acknowledged_closes_when_it_clears(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:20", SPO2=78)
    ward.acknowledge(ward.alert(kind="limit"), "03:01:20")

    ward.stream("p1", "03:01:25", "03:03:00", SPO2=97)

    assert ward.alert(kind="limit").state == "closed"


def test_a_high_score_alert_latches(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25, HR=118, SPO2=92)
    ward.tick("03:00:05")

    ward.tick("03:10:00")
    ward.well("p1", "03:10:00")
    ward.ticks("03:10:05", "03:11:00")

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.priority) == ("latched", "high")


def test_delays_are_not_over_a_minute_for_any_sign(ward):
    ward.tick("03:00:00")
    outside = {"SPO2": 89, "HR": 125, "RR": 31, "SBP": 165, "TEMP": 39.1, "GLUCOSE": 260}
    for sign, value in outside.items():
        ward.observe(f"of {sign}", "03:00:00", **{sign: value})

    ward.tick(ward.time("03:00:00") + timedelta(seconds=60))

    assert {alert.patient_id for alert in ward.standing(kind="limit")} == {f"of {sign}" for sign in outside}
