"""Clinical decisions, Time: outputs inherit origin, and ward and bed with it."""

import pytest

ORIGINS = ["live", "replay", "simulated"]


def test_a_record_with_no_origin_is_live(ward):
    assert ward.observe("p1", "03:00:00", HR=72).origin == "live"


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_record_with_no_origin_has_the_one_that_its_partition_was_given(wards, origin):
    ward = wards(origin=origin)
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", HR=135)
    ward.ticks("03:00:05", "03:00:30")

    assert {output.origin for output in ward.outputs} == {origin}
    assert ward.standing()


@pytest.mark.parametrize("origin", ORIGINS)
def test_outputs_inherit_the_origin_of_their_record(ward, origin):
    ward.tick("03:00:00", origin=origin)

    ward.reading("p1", "03:00:00", HR=135, fields={"origin": origin})
    ward.tick("03:00:30", origin=origin)

    assert {output.origin for output in ward.outputs} == {origin}
    assert ward.standing()


def test_outputs_inherit_ward_and_bed(ward):
    ward.context("p1", age=60, ward="A1", bed="7")
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", HR=135)
    ward.ticks("03:00:05", "03:00:30")

    assert {(output.ward, output.bed) for output in ward.outputs} == {("A1", "7")}
    assert ward.standing()


def test_a_move_to_another_bed_is_told_from_then_on(ward):
    ward.context("p1", "02:00:00", ward="A1", bed="7")
    ward.context("p1", "02:30:00", bed="8")

    assessment = ward.observe("p1", "03:00:00", HR=72)

    assert (assessment.ward, assessment.bed) == ("A1", "8")
