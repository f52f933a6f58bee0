"""Clinical decisions, Readings: duplicates, refused measurements, units, ranges, sentinels."""

import json
from datetime import timedelta

import pytest

from models import codec

# --- Duplicates -------------------------------------------------------------------------------------------------------


def test_the_same_reading_id_is_a_duplicate_and_told(ward):
    ward.tick("03:00:00")
    ward.reading("p1", "03:00:00", reading_id="r1", HR=72)

    assessment = ward.reading("p1", "03:00:05", reading_id="r1", HR=150)
    ward.ticks("03:00:10", "03:01:00")

    assert assessment.duplicate
    assert ward.history() == []
    assert ward.reading("p1", "03:01:00", RR=16).news2.parts["heart_rate"].points == 0


def test_the_same_device_time_code_and_value_is_a_duplicate(ward):
    ward.reading("p1", "03:00:00", reading_id="r1", HR=72, SPO2=97)

    assert ward.reading("p1", "03:00:00", reading_id="r2", HR=72, SPO2=97).duplicate


@pytest.mark.parametrize(
    ("device", "at", "signs"),
    [
        ("d2", "03:00:00", {"HR": 72}),
        ("d1", "03:00:01", {"HR": 72}),
        ("d1", "03:00:00", {"HR": 73}),
        ("d1", "03:00:00", {"RR": 72}),
    ],
)
def test_another_device_time_code_or_value_is_no_duplicate(ward, device, at, signs):
    ward.reading("p1", "03:00:00", reading_id="r1", HR=72)

    assert not ward.reading("p1", at, device=device, reading_id="r2", **signs).duplicate


def test_the_same_reading_of_another_patient_is_no_duplicate(ward):
    ward.reading("p1", "03:00:00", reading_id="r1", HR=72)

    assert not ward.reading("p2", "03:00:00", reading_id="r1", HR=72).duplicate


def test_what_is_new_beside_a_repeated_value_stands(ward):
    ward.reading("p1", "03:00:00", reading_id="r1", HR=72)

    assessment = ward.reading("p1", "03:00:00", reading_id="r2", HR=72, RR=25)

    assert assessment.news2.parts["respiratory_rate"].points == 3


def test_a_duplicate_is_known_over_the_last_64_reading_ids_of_a_device(ward):
    for number in range(64):
        ward.reading("p1", ward.time("03:00:00") + timedelta(minutes=number), reading_id=f"r{number}", HR=72)

    assert ward.reading("p1", "04:10:00", reading_id="r0", HR=80).duplicate


def test_a_duplicate_is_known_over_the_last_64_times_and_values_of_a_code(ward):
    for number in range(64):
        ward.reading("p1", ward.time("03:00:00") + timedelta(minutes=number), HR=72)

    assert ward.reading("p1", "03:00:00", reading_id="again", HR=72).duplicate


def test_the_ids_of_one_device_do_not_push_out_those_of_another(ward):
    ward.reading("p1", "03:00:00", device="d2", reading_id="r1", RR=16)
    for number in range(100):
        ward.reading("p1", ward.time("03:00:00") + timedelta(seconds=number), HR=72)

    assert ward.reading("p1", "03:02:00", device="d2", reading_id="r1", RR=17).duplicate


def test_nothing_is_learned_from_a_duplicate(wards):
    once, twice = wards(), wards()

    for ward, copies in ((once, 1), (twice, 3)):
        for number in range(30):
            at = ward.time("03:00:00") + timedelta(minutes=number)
            for _ in range(copies):
                ward.reading("p1", at, reading_id=f"r{number}", HR=72 + number % 3)

    last_of_once, last_of_twice = (
        ward.reading("p1", "03:30:00", reading_id="last", HR=80, DBP=70).anomaly for ward in (once, twice)
    )
    assert last_of_once == last_of_twice
    assert len([a for a in twice.assessments() if a.duplicate]) == 60


def test_two_values_at_one_time_are_both_kept_and_the_later_in_the_log_is_current(ward):
    ward.reading("p1", "03:00:00", HR=135)

    assessment = ward.reading("p1", "03:00:00", HR=72)

    assert not assessment.duplicate
    assert assessment.news2.parts["heart_rate"].value == 72
    assert ward.reading("p1", "03:00:00", HR=135).duplicate


def test_of_two_values_of_one_code_in_one_reading_the_later_is_current(ward):
    pulse = {"code": "8867-4", "unit": "/min"}

    assessment = ward.reading("p1", "03:00:00", measurements=[{**pulse, "value": 72}, {**pulse, "value": 135}])

    assert assessment.news2.parts["heart_rate"].points == 3


# --- Refused, one by one ----------------------------------------------------------------------------------------------


def test_a_bad_measurement_is_refused_alone_and_the_rest_of_its_reading_stands(ward):
    assessment = ward.reading("p1", "03:00:00", HR=301, RR=25, SPO2=(97, "mm[Hg]"))

    refused = [(r.code, r.value, r.unit, r.reason) for r in assessment.refused]
    assert refused == [("8867-4", 301, "/min", "implausible"), ("59408-5", 97, "mm[Hg]", "unknown-unit")]
    assert assessment.news2.known_points == 3
    assert "heart_rate" in assessment.news2.missing
    assert ward.dead_letters() == []


def test_a_reading_with_no_measurement_left_still_has_its_assessment(ward):
    assessment = ward.reading("p1", "03:00:00", HR=301)

    assert len(assessment.refused) == 1
    assert assessment.news2.completeness == "0/7"


@pytest.mark.parametrize(
    ("signs", "reason"),
    [
        ({"99999-9": (7, "/min")}, "unknown-code"),
        ({"HR": (72, "mm[Hg]")}, "unknown-unit"),
        ({"HR": (72, "furlong")}, "unknown-unit"),
        ({"TEMP": (37, "%")}, "unknown-unit"),
        ({"HR": float("nan")}, "not-finite"),
        ({"HR": float("inf")}, "not-finite"),
        ({"TEMP": float("-inf")}, "not-finite"),
        ({"TEMP": 98.6}, "implausible"),
    ],
)
def test_a_measurement_is_refused_with_its_reason(ward, signs, reason):
    assessment = ward.reading("p1", "03:00:00", **signs)

    assert [refused.reason for refused in assessment.refused] == [reason]
    assert assessment.news2.completeness == "0/7"
    json.loads(codec.encode(assessment), parse_constant=pytest.fail)


def test_a_number_too_large_for_any_computer_is_not_finite(ward):
    ward.send(
        b'{"type": "Reading", "reading_id": "r1", "patient_id": "p1", "device_id": "d1",'
        b' "effective_at": "2026-11-21T03:00:00Z", "received_at": "2026-11-21T03:00:00Z",'
        b' "measurements": [{"code": "8867-4", "value": 1e999, "unit": "/min"}]}'
    )

    assert [refused.reason for refused in ward.assessment().refused] == ["not-finite"]


@pytest.mark.parametrize("value", ["72", "", True, None])
def test_what_is_no_number_is_never_taken_for_one(ward, value):
    assessment = ward.reading("p1", "03:00:00", HR=value)

    assert len(assessment.refused) == 1
    assert "heart_rate" in assessment.news2.missing


@pytest.mark.parametrize("value", ["X", "", 1])
def test_what_is_no_letter_of_acvpu_is_never_taken_for_one(ward, value):
    assessment = ward.reading("p1", "03:00:00", ACVPU=value)

    assert len(assessment.refused) == 1
    assert "consciousness" in assessment.news2.missing


# --- Ranges -----------------------------------------------------------------------------------------------------------

RANGES = [
    # sign, hard low, usual low, usual high, hard high, step
    ("HR", 0, 30, 220, 300, 1),
    ("SPO2", 0, 70, 100, 100, 1),
    ("RR", 0, 4, 60, 100, 1),
    ("TEMP", 20, 32, 42, 47, 0.1),
    ("SBP", 20, 60, 250, 375, 1),
    ("DBP", 10, 30, 150, 300, 1),
    ("MAP", 14, 40, 180, 330, 1),
    ("GLUCOSE", 10, 40, 500, 2200, 1),
]


@pytest.mark.parametrize(("sign", "hard_low", "usual_low", "usual_high", "hard_high", "step"), RANGES)
def test_outside_the_hard_range_is_implausible_and_its_bounds_are_inside(
    ward, sign, hard_low, usual_low, usual_high, hard_high, step
):
    refused = {}
    for number, value in enumerate((hard_low - step, hard_low, hard_high, hard_high + step)):
        assessment = ward.observe(f"p{number}", "03:00:00", **{sign: round(value, 1)})
        refused[round(value, 1)] = [r.reason for r in assessment.refused]

    assert list(refused.values()) == [["implausible"], [], [], ["implausible"]], refused


@pytest.mark.parametrize(("sign", "hard_low", "usual_low", "usual_high", "hard_high", "step"), RANGES)
def test_between_usual_and_hard_is_suspect_and_the_bounds_of_usual_are_not(
    ward, sign, hard_low, usual_low, usual_high, hard_high, step
):
    flags = {}
    for number, value in enumerate((usual_low - step, usual_low, usual_high)):
        assessment = ward.observe(f"p{number}", "03:00:00", **{sign: round(value, 1)})
        flags[round(value, 1)] = [flag.flag for flag in assessment.flags]

    assert list(flags.values()) == [["suspect"], [], []], flags


@pytest.mark.parametrize(("sign", "value"), [("HR", 221), ("RR", 61), ("TEMP", 42.1), ("SBP", 251), ("GLUCOSE", 501)])
def test_above_usual_is_suspect(ward, sign, value):
    assert [flag.flag for flag in ward.observe("p1", "03:00:00", **{sign: value}).flags] == ["suspect"]


@pytest.mark.parametrize(
    ("sign", "value", "refused"),
    [
        ("FIO2", 20, ["implausible"]),
        ("FIO2", 21, []),
        ("FIO2", 100, []),
        ("FIO2", 101, ["implausible"]),
        ("FIO2", 0.4, ["implausible"]),
        ("GCS", 2, ["implausible"]),
        ("GCS", 3, []),
        ("GCS", 15, []),
        ("GCS", 16, ["implausible"]),
    ],
)
def test_oxygen_and_coma_scale_have_a_hard_range_too(ward, sign, value, refused):
    assert [r.reason for r in ward.observe("p1", "03:00:00", **{sign: value}).refused] == refused


def test_a_heart_rate_of_28_is_suspect_and_counts_three_points_and_an_alert(ward):
    ward.tick("03:00:00")

    assessment = ward.observe("p1", "03:00:00", HR=28)
    ward.tick("03:00:05")

    assert [(flag.code, flag.value, flag.flag) for flag in assessment.flags] == [("8867-4", 28, "suspect")]
    assert assessment.news2.known_points == 3
    assert ward.notified()


# --- Units ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "points"),
    [(95.0, "[degF]", 3), (98.6, "[degF]", 0), (100.5, "[degF]", 1), (104, "[degF]", 2), (310.15, "K", 0)],
)
def test_a_temperature_converts_to_cel(ward, value, unit, points):
    assessment = ward.observe("p1", "03:00:00", TEMP=(value, unit))

    assert assessment.refused == []
    assert assessment.news2.parts["temperature"].points == points


def test_a_temperature_converts_to_one_decimal(ward):
    assert ward.observe("p1", "03:00:00", TEMP=(98.6, "[degF]")).news2.parts["temperature"].value == 37.0


@pytest.mark.parametrize(("kilopascal", "points"), [(12.0, 3), (13.0, 2), (14.0, 1), (16.0, 0), (30.0, 3)])
def test_a_pressure_in_kpa_converts_to_mmhg(ward, kilopascal, points):
    assessment = ward.observe("p1", "03:00:00", SBP=(kilopascal, "kPa"))

    assert assessment.refused == []
    assert assessment.news2.parts["systolic_blood_pressure"].points == points


@pytest.mark.parametrize(
    ("millimole", "expected"),
    [(2.9, ("low", "high")), (3.0, ("low", "medium")), (3.8, ("low", "medium")), (14.0, ("high", "medium"))],
)
@pytest.mark.parametrize("code", ["15074-8", "2339-0"])
def test_a_glucose_in_mmol_per_litre_converts_to_mg_per_decilitre(ward, code, millimole, expected):
    ward.typed("fingerstick", "p1", "03:00:00", **{code: (millimole, "mmol/L")})

    alert = ward.alert(kind="limit")
    assert (alert.direction, alert.priority) == expected


@pytest.mark.parametrize("millimole", [4.0, 7.0, 13.5])
def test_a_glucose_in_mmol_per_litre_inside_the_limits_is_no_alert(ward, millimole):
    assessment = ward.typed("fingerstick", "p1", "03:00:00", **{"15074-8": (millimole, "mmol/L")})

    assert assessment.refused == []
    assert ward.history() == []


@pytest.mark.parametrize("code", ["59408-5", "2708-6"])
def test_both_codes_of_oxygen_saturation_are_one_vital_sign(ward, code):
    assessment = ward.observe("p1", "03:00:00", **{code: (91, "%")})

    assert assessment.news2.parts["oxygen_saturation"].points == 3


# --- Sentinels --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-100, -999, -99.9, 32767])
@pytest.mark.parametrize("sign", ["HR", "RR", "SPO2", "SBP"])
def test_a_sentinel_of_a_monitor_is_refused_as_one_and_is_no_data(ward, sign, value):
    assessment = ward.typed("monitor", "p1", "03:00:00", **{sign: value})

    assert [refused.reason for refused in assessment.refused] == ["sentinel"]
    assert assessment.news2.completeness == "0/7"


@pytest.mark.parametrize("device_type", ["fingerstick", "laboratory"])
def test_a_finger_stick_or_laboratory_glucose_has_no_sentinels(ward, device_type):
    low = ward.typed(device_type, "p1", "03:00:00", GLUCOSE=39)
    impossible = ward.typed(device_type, "p1", "03:00:01", GLUCOSE=-100)

    assert low.refused == []
    assert [flag.flag for flag in low.flags] == ["suspect"]
    assert [refused.reason for refused in impossible.refused] == ["implausible"]


@pytest.mark.parametrize(("value", "unit"), [(39, "mg/dL"), ("LOW", "mg/dL"), ("LOW", None)])
def test_a_cgm_that_says_39_or_low_is_an_urgent_low_of_high_priority(ward, value, unit):
    ward.tick("03:00:00")

    assessment = ward.typed("cgm", "p1", "03:00:00", CGM=(value, unit))

    alert = ward.alert(direction="low")
    assert assessment.refused == []
    assert (alert.state, alert.priority, alert.category, alert.notify) == ("active", "high", "physiological", True)


# --- Stream kind and rounding -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "part", "value", "points"),
    [
        ("RR", "respiratory_rate", 20.4, 0),
        ("RR", "respiratory_rate", 20.5, 2),
        ("RR", "respiratory_rate", 8.5, 1),
        ("SPO2", "oxygen_saturation", 95.4, 1),
        ("SPO2", "oxygen_saturation", 95.5, 0),
        ("SBP", "systolic_blood_pressure", 110.5, 0),
        ("SBP", "systolic_blood_pressure", 90.5, 2),
        ("HR", "heart_rate", 90.4, 0),
        ("HR", "heart_rate", 90.5, 1),
        ("TEMP", "temperature", 38.04, 0),
        ("TEMP", "temperature", 38.05, 1),
        ("TEMP", "temperature", 35.04, 3),
        ("TEMP", "temperature", 35.05, 1),
        ("TEMP", "temperature", 39.05, 2),
    ],
)
def test_a_half_is_rounded_up_before_points(ward, sign, part, value, points):
    assert ward.observe("p1", "03:00:00", **{sign: value}).news2.parts[part].points == points


def test_a_spot_value_enters_its_score_as_it_is(ward):
    for minute in range(10):
        ward.observe("p1", f"03:{minute:02}:00", HR=72)

    assert ward.observe("p1", "03:10:00", HR=135).news2.parts["heart_rate"].points == 3


def test_a_continuous_stream_enters_scores_as_its_median_of_a_minute_and_limits_as_it_is(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=80)

    ward.tick("03:01:05")
    assessment = ward.reading("p1", "03:01:05", HR=150)

    assert assessment.news2.parts["heart_rate"].points == 0
    assert assessment.news2.parts["heart_rate"].value == 80
    assert ward.alert(kind="limit").state == "pending"


def test_the_median_of_a_minute_follows_the_stream(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=80)

    assessment = ward.stream("p1", "03:01:05", "03:01:45", HR=150)

    assert assessment.news2.parts["heart_rate"].points == 3
    assert assessment.news2.parts["heart_rate"].value == 150


def test_the_median_of_a_minute_forgets_what_is_older(ward):
    ward.stream("p1", "03:00:00", "03:05:00", HR=80)
    ward.stream("p1", "03:05:05", "03:06:10", HR=100)

    assert ward.stream("p1", "03:06:15", "03:06:15", HR=100).news2.parts["heart_rate"].value == 100


@pytest.mark.parametrize(
    ("readings", "spacing", "is_continuous"),
    [(4, 10, False), (5, 10, True), (5, 60, True), (5, 61, False), (9, 60, True), (9, 61, False)],
)
def test_without_a_device_type_a_stream_is_continuous_when_its_median_spacing_is_at_most_a_minute(
    ward, readings, spacing, is_continuous
):
    start = ward.time("03:00:00")
    last = start + timedelta(seconds=spacing * (readings - 1))
    ward.stream("p1", start, last, every=spacing, HR=72)

    ward.tick(last + timedelta(minutes=10))
    assert "heart_rate" not in ward.assessment().news2.stale
    ward.tick(last + timedelta(minutes=10, seconds=1))
    assert ("heart_rate" in ward.assessment().news2.stale) is is_continuous


def test_the_stream_kind_follows_the_last_eight_spacings(ward):
    ward.stream("p1", "03:00:00", "03:02:00", HR=72)
    ward.stream("p1", "03:04:00", "03:12:00", every=120, HR=72)

    ward.tick("03:25:00")

    assert ward.assessment().news2.stale == []


def test_the_stream_kind_is_of_each_code(ward):
    ward.observe("p1", "03:00:00", RR=16)
    ward.stream("p1", "03:00:00", "03:00:40", every=10, HR=72)

    ward.tick("03:15:00")

    assert ward.assessment().news2.stale == ["heart_rate"]


@pytest.mark.parametrize("device_type", ["manual", "fingerstick", "laboratory"])
def test_a_hand_a_finger_stick_and_a_laboratory_are_spot_however_often_they_measure(ward, device_type):
    for second in range(0, 60, 5):
        ward.tick(f"03:00:{second:02}")
        ward.typed(device_type, "p1", f"03:00:{second:02}", HR=72)

    ward.tick("03:15:00")

    assert ward.assessment().news2.stale == []
    assert ward.history(kind="no-data") == []
