"""Trust: what is believed of one measurement, and the one reason where it is not."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.events import Measurement, Refused
from models.quality import Trusted, judge
from models.vital_signs import SIGNS, canonical_code

HEART_RATE, SATURATION, TEMPERATURE, SYSTOLIC = "8867-4", "59408-5", "8310-5", "8480-6"
VARIABILITY, STEPS, STEPS_IN_A_DAY, SLEEP = "80404-7", "55423-8", "41950-7", "93832-4"
GLUCOSE, CGM, ACVPU, GCS, FIO2, FLOW = "2339-0", "99504-3", "67775-7", "9269-2", "3150-0", "3151-8"


def judged(code: str, value: Any, unit: str | None, device_type: str | None = None) -> float | str:
    """The value that is believed, or the reason why none is."""
    found = judge(Measurement(code=code, value=value, unit=unit), device_type)
    return found.reason if isinstance(found, Refused) else found.value


@pytest.mark.parametrize(
    ("code", "value", "unit", "believed"),
    [
        (TEMPERATURE, 98.6, "[degF]", 37.0),
        (TEMPERATURE, 310.15, "K", 37.0),
        (SYSTOLIC, 16, "kPa", 120.0099),
        (SYSTOLIC, 163.1, "cm[H2O]", 119.9697),
        (SATURATION, 0.97, "1", 97.0),
        (SATURATION, 97, "%", 97.0),
        ("2708-6", 97, "%", 97.0),
        (HEART_RATE, 72, "{beats}/min", 72.0),
        (HEART_RATE, 72, "1/min", 72.0),
        (HEART_RATE, 1.2, "/s", 72.0),
        (HEART_RATE, 1.2, "Hz", 72.0),
        (GLUCOSE, 5.5, "mmol/L", 99.088),
        (CGM, 100, "mg/dL", 100.0),
        (FIO2, 0.4, "1", 40.0),
        (FLOW, 2000, "mL/min", 2.0),
        (GCS, 15, "{score}", 15.0),
        (GCS, 3, "1", 3.0),
        (VARIABILITY, 0.042, "s", 42.0),
        (VARIABILITY, 42_000, "us", 42.0),
        (STEPS, 110, "{steps}", 110.0),
        (STEPS, 110, "1", 110.0),
        (STEPS_IN_A_DAY, 8_000, "{steps}/d", 8_000.0),
        (STEPS_IN_A_DAY, 8_000, "/d", 8_000.0),
        (SLEEP, 7.5, "h", 7.5),
        (SLEEP, 450, "min", 7.5),
        (SLEEP, 27_000, "s", 7.5),
        (ACVPU, "A", None, 0.0),
        (ACVPU, "U", "{anything}", 4.0),
    ],
)
def test_units_convert(code: str, value: Any, unit: str | None, believed: float) -> None:
    assert judged(code, value, unit) == pytest.approx(believed, abs=1e-4)


@pytest.mark.parametrize(
    ("code", "value", "unit", "reason"),
    [
        ("0000-0", 1, "/min", "unknown-code"),
        ("", 1, "/min", "unknown-code"),
        (HEART_RATE, 72, None, "unknown-unit"),
        (HEART_RATE, 72, "bpm", "unknown-unit"),
        (TEMPERATURE, 37, "cel", "unknown-unit"),
        (TEMPERATURE, 37, "C", "unknown-unit"),
        (TEMPERATURE, 98.6, "Cel", "implausible"),
        (HEART_RATE, None, "/min", "not-finite"),
        (HEART_RATE, True, "/min", "not-finite"),
        (HEART_RATE, False, "/min", "not-finite"),
        (HEART_RATE, "72", "/min", "not-finite"),
        (HEART_RATE, "LOW", "/min", "not-finite"),
        (HEART_RATE, math.nan, "/min", "not-finite"),
        (HEART_RATE, math.inf, "/min", "not-finite"),
        (HEART_RATE, 300.1, "/min", "implausible"),
        (HEART_RATE, -1, "/min", "implausible"),
        (SATURATION, 100.5, "%", "implausible"),
        (FIO2, 20.9, "%", "implausible"),
        (VARIABILITY, 1001, "ms", "implausible"),
        (STEPS, 401, "{steps}", "implausible"),
        (STEPS, 60, "{steps}/min", "unknown-unit"),
        (STEPS, 60, "{steps}/d", "unknown-unit"),
        (STEPS_IN_A_DAY, 8_000, "{steps}", "unknown-unit"),
        (SLEEP, 25, "h", "implausible"),
        (SLEEP, 450, "h", "implausible"),
        (GCS, 2, "{score}", "implausible"),
        (ACVPU, "a", None, "implausible"),
        (ACVPU, "AV", None, "implausible"),
        (ACVPU, "", None, "implausible"),
        (ACVPU, 1, None, "not-finite"),
        (GLUCOSE, "LOW", "mg/dL", "not-finite"),
    ],
)
def test_what_is_not_believed_has_one_reason(code: str, value: Any, unit: str | None, reason: str) -> None:
    assert judged(code, value, unit) == reason


@pytest.mark.parametrize("sentinel", [-100, -99.9, -999, 32767])
@pytest.mark.parametrize("device_type", [None, "monitor", "wearable", "cgm"])
def test_a_sentinel_is_no_value(sentinel: float, device_type: str | None) -> None:
    assert judged(HEART_RATE, sentinel, "/min", device_type) == "sentinel"


@pytest.mark.parametrize("device_type", ["laboratory", "fingerstick", "manual"])
def test_where_a_person_looked_there_are_no_sentinels(device_type: str) -> None:
    assert judged(GLUCOSE, -999, "mg/dL", device_type) == "implausible"
    assert judged(GLUCOSE, 38, "mg/dL", device_type) == 38.0


@pytest.mark.parametrize(
    ("value", "believed"),
    [("LOW", 39.0), (" low ", 39.0), ("HIGH", 401.0), ("error", "not-finite"), (39, 39.0), (38, "sentinel")],
)
def test_a_cgm_says_its_ends_in_words(value: Any, believed: float | str) -> None:
    assert judged(CGM, value, "mg/dL", "cgm") == believed


@pytest.mark.parametrize("sign", {sign.code: sign for sign in SIGNS.values()}.values(), ids=lambda sign: sign.name)
def test_hard_bounds_are_believed_and_what_is_outside_the_usual_is_suspect(sign: Any) -> None:
    if sign.letters:
        return
    usual = sign.usual or sign.hard

    for value in (*sign.hard, *usual):
        found = judge(Measurement(code=sign.code, value=value, unit=sign.unit), "laboratory")
        assert isinstance(found, Trusted)
        assert found.is_suspect is not (usual[0] <= value <= usual[1])


@given(
    st.sampled_from([*SIGNS, "other"]),
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    st.none() | st.sampled_from(["", "1", "/min", "%", "Cel", "mg/dL", "{}", "{score}"]) | st.text(max_size=8),
    st.sampled_from([None, "monitor", "cgm", "laboratory", "manual"]),
)
def test_anything_is_believed_within_the_hard_range_or_refused_as_it_came(
    code: str, value: Any, unit: str | None, device_type: str | None
) -> None:
    found = judge(Measurement(code=code, value=value, unit=unit), device_type)

    if isinstance(found, Trusted):
        assert found.sign.hard[0] <= found.value <= found.sign.hard[1]
        assert found.sign is SIGNS[canonical_code(code)]
    else:
        assert (found.code, found.unit) == (code, unit)
        assert found.value == value or found.value == str(value)
