"""Clinical decisions, Limits: the patient's own."""

import pytest

from tests.acceptance.scenes import stream_goes_out

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
