"""Clinical decisions, Oxygen, consciousness, age."""

import pytest

# --- Oxygen -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signs", "points"),
    [
        ({"FIO2": 21}, 0),
        ({"FIO2": 22}, 2),
        ({"FIO2": 40}, 2),
        ({"FLOW": 0}, 0),
        ({"FLOW": 0.5}, 2),
        ({"FLOW": 2}, 2),
    ],
)
def test_more_oxygen_than_air_or_any_flow_is_oxygen(ward, signs, points):
    assessment = ward.observe("p1", "03:00:00", **signs)

    assert assessment.refused == []
    assert assessment.news2.parts["supplemental_oxygen"].points == points
    assert "supplemental_oxygen" not in assessment.news2.missing


def test_the_latest_word_on_oxygen_wins_among_context_and_measurements(ward):
    said = [ward.context("p1", "03:00:00", on_oxygen=False)]
    said.append(ward.observe("p1", "03:05:00", FIO2=40))
    said.append(ward.context("p1", "03:10:00", on_oxygen=False))
    said.append(ward.observe("p1", "03:15:00", FLOW=2))
    said.append(ward.observe("p1", "03:20:00", FIO2=21))
    said.append(ward.context("p1", "03:25:00", on_oxygen=True))
    said.append(ward.observe("p1", "03:30:00", FLOW=0))

    points = [assessment.news2.parts["supplemental_oxygen"].points for assessment in said]
    assert points == [0, 2, 0, 2, 0, 2, 0]


def test_an_older_word_on_oxygen_that_comes_later_does_not_win(ward):
    ward.observe("p1", "03:05:00", FLOW=2)
    ward.context("p1", "03:00:00", on_oxygen=False)

    assessment = ward.observe("p1", "03:06:00", HR=72)

    assert assessment.news2.parts["supplemental_oxygen"].points == 2


def test_oxygen_unknown_is_nought_to_two_points(ward):
    ward.context("p1", "03:00:00", age=60, consciousness="A")

    assessment = ward.well("p1", "03:00:00")

    part = assessment.news2.parts["supplemental_oxygen"]
    assert (part.points, part.max_points, part.state) == (None, 2, "missing")
    assert (assessment.news2.known_points, assessment.news2.max_possible) == (0, 2)
    assert assessment.news2.missing == ["supplemental_oxygen"]
    assert assessment.news2.completeness == "6/7"


def test_a_context_of_null_makes_oxygen_unknown_and_an_absent_field_leaves_it(ward):
    ward.context("p1", "03:00:00", on_oxygen=True)
    unchanged = ward.context("p1", "03:01:00", bed="7")
    unknown = ward.context("p1", "03:02:00", on_oxygen=None)

    assert unchanged.news2.parts["supplemental_oxygen"].points == 2
    assert "supplemental_oxygen" in unknown.news2.missing


@pytest.mark.parametrize(
    ("saturation", "on_air", "on_oxygen"),
    [(83, 3, 3), (85, 2, 2), (87, 1, 1), (88, 0, 0), (92, 0, 0), (93, 0, 1), (95, 0, 2), (97, 0, 3)],
)
def test_on_scale_2_with_oxygen_unknown_the_saturation_is_an_interval_too(ward, saturation, on_air, on_oxygen):
    ward.context("p1", "03:00:00", age=60, consciousness="A", spo2_scale=2)

    assessment = ward.well("p1", "03:00:00", SPO2=saturation)

    assert assessment.news2.parts["oxygen_saturation"].max_points == on_oxygen
    assert assessment.news2.known_points == on_air
    assert assessment.news2.max_possible == on_oxygen + 2


def test_on_scale_1_the_saturation_does_not_depend_on_oxygen(ward):
    ward.context("p1", "03:00:00", age=60, consciousness="A")

    part = ward.well("p1", "03:00:00", SPO2=97).news2.parts["oxygen_saturation"]

    assert (part.points, part.max_points) == (0, 0)


# --- Consciousness ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("letter", "points"), [("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)])
def test_each_letter_of_acvpu_has_its_points_measured_or_told(ward, letter, points):
    measured = ward.observe("p1", "03:00:00", ACVPU=letter)
    told = ward.context("p2", "03:00:00", consciousness=letter)

    for assessment in (measured, told):
        part = assessment.news2.parts["consciousness"]
        assert (part.points, part.value) == (points, letter)


@pytest.mark.parametrize(("coma_scale", "points", "letter"), [(15, 0, "A"), (14, 3, "C"), (3, 3, "C")])
def test_a_coma_scale_under_15_is_not_alert(ward, coma_scale, points, letter):
    part = ward.observe("p1", "03:00:00", GCS=coma_scale).news2.parts["consciousness"]

    assert part.points == points
    assert part.value == letter


def test_the_latest_word_on_consciousness_wins_among_context_and_measurements(ward):
    said = [ward.context("p1", "03:00:00", consciousness="A")]
    said.append(ward.observe("p1", "03:05:00", GCS=13))
    said.append(ward.context("p1", "03:10:00", consciousness="A"))
    said.append(ward.observe("p1", "03:15:00", ACVPU="V"))
    said.append(ward.observe("p1", "03:20:00", GCS=15))

    points = [assessment.news2.parts["consciousness"].points for assessment in said]
    assert points == [0, 3, 0, 3, 0]


def test_an_older_word_on_consciousness_that_comes_later_does_not_win(ward):
    ward.observe("p1", "03:05:00", ACVPU="V")
    ward.context("p1", "03:00:00", consciousness="A")

    assert ward.observe("p1", "03:06:00", HR=72).news2.parts["consciousness"].value == "V"


# --- Age and pregnancy ------------------------------------------------------------------------------------------------

NOT_ADULT = [{"age": 0.5}, {"age": 10}, {"age": 15.9}, {"age": 30, "pregnant": True}]


@pytest.mark.parametrize("who", NOT_ADULT)
def test_under_16_or_pregnant_there_is_no_news2(ward, who):
    ward.adult("p1", **who)

    assessment = ward.well("p1", "03:00:00", HR=135, RR=30)

    assert assessment.news2.not_applicable == "not for this age"
    assert assessment.news2.known_points is None


@pytest.mark.parametrize("who", NOT_ADULT)
def test_under_16_or_pregnant_there_are_no_adult_limits_and_no_score_alerts(ward, who):
    ward.adult("p1", **who)
    ward.tick("03:00:00")

    ward.well("p1", "03:00:00", HR=150, RR=31, SBP=85, TEMP=39.5, SPO2=89)
    ward.ticks("03:00:05", "03:02:00")

    assert ward.history(kind="limit") == []
    assert ward.history(kind="news2") == []


def test_a_child_whose_heart_rate_is_zero_still_alerts(ward):
    ward.context("p1", age=10)
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", HR=0)
    ward.tick("03:00:15")

    assert ward.alert(kind="zero").state == "active"


@pytest.mark.parametrize("who", [{"age": 16}, {"age": 30, "pregnant": False}, {"age": 99, "pregnant": None}])
def test_from_16_on_and_not_pregnant_news2_applies(ward, who):
    ward.adult("p1", **who)

    assessment = ward.well("p1", "03:00:00", HR=135)

    assert assessment.news2.not_applicable is None
    assert assessment.news2.known_points == 3


def test_with_age_unknown_an_adult_is_assumed_and_that_is_said(ward):
    never_told = ward.observe("p1", "03:00:00", HR=135)
    ward.context("p2", "02:00:00", age=60)
    ward.context("p2", "02:30:00", age=None)
    told_unknown = ward.observe("p2", "03:00:00", HR=135)

    for assessment in (never_told, told_unknown):
        assert assessment.news2.known_points == 3
        assert any("age" in word or "adult" in word for word in assessment.news2.assumed)


def test_with_age_known_no_age_is_assumed(ward):
    ward.context("p1", "02:00:00", age=60)

    assumed = ward.observe("p1", "03:00:00", HR=135).news2.assumed or []

    assert not [word for word in assumed if "age" in word or "adult" in word]
