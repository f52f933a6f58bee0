"""Clinical decisions, NEWS2, and clinical reference 1.1 to 1.4: points, levels, and the score as an interval."""

from datetime import timedelta

import pytest

PARTS = [
    "respiratory_rate",
    "oxygen_saturation",
    "supplemental_oxygen",
    "systolic_blood_pressure",
    "heart_rate",
    "consciousness",
    "temperature",
]

VECTORS = [
    # RR, SpO2, on oxygen, SBP, HR, ACVPU, temperature, scale -> parts, total, level
    ((16, 98, False, 120, 72, "A", 37.0, 1), [0, 0, 0, 0, 0, 0, 0], 0, "low"),
    ((21, 95, False, 110, 91, "A", 38.1, 1), [2, 1, 0, 1, 1, 0, 1], 6, "medium"),
    ((8, 96, False, 111, 51, "A", 36.1, 1), [3, 0, 0, 0, 0, 0, 0], 3, "low-medium"),
    ((20, 96, False, 220, 90, "A", 38.0, 1), [0, 0, 0, 3, 0, 0, 0], 3, "low-medium"),
    ((24, 93, True, 100, 110, "A", 38.0, 1), [2, 2, 2, 2, 1, 0, 0], 9, "high"),
    ((12, 96, False, 219, 50, "V", 35.0, 1), [0, 0, 0, 0, 1, 3, 3], 7, "high"),
    ((25, 91, True, 90, 131, "C", 39.1, 1), [3, 3, 2, 3, 3, 3, 2], 19, "high"),
    ((25, 91, True, 90, 131, "U", 35.0, 1), [3, 3, 2, 3, 3, 3, 3], 20, "high"),
    ((18, 90, True, 125, 88, "A", 36.8, 2), [0, 0, 2, 0, 0, 0, 0], 2, "low"),
    ((18, 95, True, 125, 88, "A", 36.8, 2), [0, 2, 2, 0, 0, 0, 0], 4, "low"),
    ((18, 97, False, 125, 88, "A", 36.8, 2), [0, 0, 0, 0, 0, 0, 0], 0, "low"),
    ((18, 97, True, 125, 88, "A", 36.8, 2), [0, 3, 2, 0, 0, 0, 0], 5, "medium"),
    ((22, 83, True, 105, 104, "A", 38.4, 2), [2, 3, 2, 1, 1, 0, 1], 10, "high"),
]


def measure(ward, vector, at="03:00:00"):
    rate, saturation, on_oxygen, systolic, pulse, consciousness, temperature, scale = vector
    ward.adult("p1", at, on_oxygen=on_oxygen, consciousness=consciousness, spo2_scale=scale)
    return ward.observe("p1", at, RR=rate, SPO2=saturation, SBP=systolic, HR=pulse, TEMP=temperature).news2


# --- Points and levels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("vector", "parts", "total", "level"), VECTORS)
def test_the_vectors_of_the_reference(ward, vector, parts, total, level):
    score = measure(ward, vector)

    assert [score.parts[part].points for part in PARTS] == parts
    assert (score.known_points, score.max_possible, score.level) == (total, total, level)
    assert (score.completeness, score.missing, score.stale) == ("7/7", [], [])


def test_the_parts_are_told_in_the_order_of_the_chart(ward):
    assert list(measure(ward, VECTORS[0][0]).parts) == PARTS


@pytest.mark.parametrize(
    ("sign", "part", "points_by_value"),
    [
        ("RR", "respiratory_rate", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        ("SPO2", "oxygen_saturation", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0}),
        ("SBP", "systolic_blood_pressure", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        ("HR", "heart_rate", {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
        ("TEMP", "temperature", {35.0: 3, 35.1: 1, 36.0: 1, 36.1: 0, 38.0: 0, 38.1: 1, 39.0: 1, 39.1: 2}),
    ],
)
def test_each_band_begins_and_ends_where_the_chart_says(ward, sign, part, points_by_value):
    points = {
        value: ward.observe(f"p{value}", "03:00:00", **{sign: value}).news2.parts[part].points
        for value in points_by_value
    }

    assert points == points_by_value


@pytest.mark.parametrize(
    ("on_oxygen", "points_by_value"),
    [
        (False, {83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 0, 97: 0, 100: 0}),
        (True, {83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 1, 94: 1, 95: 2, 96: 2, 97: 3, 100: 3}),
    ],
)
def test_scale_2_depends_on_oxygen_above_92(ward, on_oxygen, points_by_value):
    points = {}
    for value in points_by_value:
        ward.context(f"p{value}", "03:00:00", spo2_scale=2, on_oxygen=on_oxygen)
        assessment = ward.observe(f"p{value}", "03:00:00", SPO2=value)
        points[value] = assessment.news2.parts["oxygen_saturation"].points

    assert points == points_by_value


def test_scale_1_is_used_unless_a_clinician_said_2(ward):
    ward.context("p1", "02:00:00", age=60, on_oxygen=True)
    assert ward.observe("p1", "03:00:00", SPO2=90).news2.parts["oxygen_saturation"].points == 3

    ward.context("p1", "03:01:00", spo2_scale=2)
    assert ward.observe("p1", "03:02:00", SPO2=90).news2.parts["oxygen_saturation"].points == 0

    ward.context("p1", "03:03:00", spo2_scale=None)
    assert ward.observe("p1", "03:04:00", SPO2=90).news2.parts["oxygen_saturation"].points == 3


@pytest.mark.parametrize(
    ("signs", "known_points", "level"),
    [
        ({}, 0, "low"),
        ({"HR": 91}, 1, "low"),
        ({"HR": 115, "RR": 21}, 4, "low"),
        ({"HR": 131}, 3, "low-medium"),
        ({"HR": 131, "TEMP": 38.5}, 4, "low-medium"),
        ({"HR": 115, "RR": 21, "TEMP": 38.5}, 5, "medium"),
        ({"HR": 131, "RR": 21}, 5, "medium"),
        ({"HR": 131, "RR": 25}, 6, "medium"),
        ({"HR": 131, "RR": 25, "TEMP": 38.5}, 7, "high"),
    ],
)
def test_levels_go_by_known_points(ward, signs, known_points, level):
    ward.adult("p1")

    score = ward.well("p1", "03:00:00", **signs).news2

    assert (score.known_points, score.level) == (known_points, level)


# --- The score as an interval -----------------------------------------------------------------------------------------


def test_of_a_patient_of_whom_nothing_is_known_everything_is_missing(ward):
    score = ward.context("p1", "03:00:00", age=60).news2

    assert (score.known_points, score.max_possible, score.completeness) == (0, 20, "0/7")
    assert (score.missing, score.stale, score.level) == (PARTS, [], "low")


def test_a_missing_part_is_not_nought_but_adds_the_most_it_could_be(ward):
    score = ward.observe("p1", "03:00:00", RR=21).news2

    assert (score.known_points, score.max_possible, score.completeness) == (2, 19, "1/7")
    assert score.missing == [part for part in PARTS if part != "respiratory_rate"]
    missing = {name: (part.points, part.max_points) for name, part in score.parts.items() if part.state == "missing"}
    assert missing == {name: (None, 2 if name == "supplemental_oxygen" else 3) for name in score.missing}


def test_the_level_goes_by_known_points_whatever_the_most_it_could_be(ward):
    score = ward.observe("p1", "03:00:00", RR=21).news2

    assert score.level == "low"


@pytest.mark.parametrize(
    ("hours", "expiring", "still_fresh"),
    [
        (1, {"respiratory_rate", "oxygen_saturation", "systolic_blood_pressure", "heart_rate"}, 3),
        (4, {"temperature"}, 2),
        (12, {"supplemental_oxygen", "consciousness"}, 0),
    ],
)
def test_a_spot_value_is_fresh_up_to_its_bound_and_stale_after_it(ward, hours, expiring, still_fresh):
    ward.tick("03:00:00")
    ward.adult("p1", "03:00:00")
    ward.well("p1", "03:00:00")
    bound = ward.time("03:00:00") + timedelta(hours=hours)

    ward.tick(bound)
    assert not expiring & set(ward.assessment().news2.stale)
    ward.tick(bound + timedelta(seconds=1))

    score = ward.assessment().news2
    assert expiring <= set(score.stale)
    assert score.stale == [part for part in PARTS if part in score.stale]
    assert (score.completeness, score.missing) == (f"{still_fresh}/7", [])


def test_measured_consciousness_and_oxygen_are_fresh_for_twelve_hours(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", ACVPU="A", FLOW=2)

    ward.tick("15:00:00")
    assert ward.assessment().news2.stale == []
    ward.tick("15:00:01")

    assert ward.assessment().news2.stale == ["supplemental_oxygen", "consciousness"]


@pytest.mark.parametrize(
    ("sign", "part"), [("RR", "respiratory_rate"), ("SPO2", "oxygen_saturation"), ("HR", "heart_rate")]
)
def test_a_continuous_value_is_fresh_for_ten_minutes(ward, sign, part):
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: 85})

    ward.tick("03:11:00")
    assert ward.assessment().news2.stale == []
    ward.tick("03:11:01")

    assert ward.assessment().news2.stale == [part]


@pytest.mark.parametrize(
    ("sign", "part", "bound", "value"),
    [("SBP", "systolic_blood_pressure", "04:01:00", 120), ("TEMP", "temperature", "07:01:00", 36.8)],
)
def test_continuous_pressure_and_temperature_are_fresh_as_long_as_spot_ones(ward, sign, part, bound, value):
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: value})

    ward.tick(bound)
    assert ward.assessment().news2.stale == []
    ward.tick(ward.time(bound) + timedelta(seconds=1))

    assert ward.assessment().news2.stale == [part]


def test_a_stale_part_adds_no_known_points_but_the_most_it_could_be(ward):
    ward.adult("p1", "03:00:00")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", HR=95, RR=9, TEMP=38.5)

    ward.tick("04:00:01")

    score = ward.assessment().news2
    assert (score.known_points, score.max_possible) == (1, 1 + 4 * 3)
    assert score.parts["heart_rate"].state == "stale"
    assert score.parts["heart_rate"].max_points == 3
    assert score.parts["heart_rate"].at == ward.time("03:00:00")


def test_a_tick_tells_of_each_patient_whose_score_changed_and_of_no_other(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72)
    ward.observe("p2", "03:30:00", HR=72)
    told = len(ward.assessments())

    ward.ticks("03:05:00", "04:00:00", every=300)
    assert len(ward.assessments()) == told
    ward.tick("04:00:05")
    ward.ticks("04:00:10", "04:01:00")

    [assessment] = ward.assessments()[told:]
    assert (assessment.patient_id, assessment.reading_id) == ("p1", None)
    assert assessment.at == ward.time("04:00:05")


def test_a_stale_part_that_is_measured_again_is_fresh(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72)
    ward.tick("04:30:00")

    score = ward.observe("p1", "04:30:00", HR=95).news2

    assert (score.stale, score.known_points) == ([], 1)


def test_a_context_has_an_assessment_of_no_reading(ward):
    assessment = ward.context("p1", "03:00:00", age=60)

    assert assessment.reading_id is None
    assert assessment.monitored
    assert not assessment.amended
    assert not assessment.duplicate
