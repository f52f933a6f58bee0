"""The features of a stay: named, finite, of this stay only; what is missing says so."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instants import HOUR, instant_of
from models.partition import PartitionFold
from models.risk.stay_features import CURVED, NAMES, read
from models.vital_signs import SIGNS

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
SINCE = instant_of(START)
MEASURABLE = sorted({sign.code for sign in SIGNS.values()})


def features(*readings: tuple[float, dict[str, Any]], hours: float = 6, **context: Any) -> dict[str, float]:
    """The features after readings, each an hour and its values by code."""
    fold = PartitionFold(0)
    records: list[dict[str, Any]] = [{"type": "PatientContext", "effective_at": START.isoformat(), **context}]
    for number, (hour, values) in enumerate(readings):
        at = (START + timedelta(hours=hour)).isoformat()
        measurements = [{"code": code, "value": value, "unit": SIGNS[code].unit} for code, value in values.items()]
        records.append({"type": "Reading", "reading_id": str(number), "device_id": "d", "effective_at": at})
        records[-1] |= {"device_type": "manual", "measurements": measurements}
    for offset, record in enumerate(records):
        fold.advance(json.dumps({"patient_id": "p", **record}).encode(), offset=offset)
    return dict(read(fold._patients.known["p"], SINCE, SINCE + int(hours * HOUR)))


def test_of_a_patient_of_whom_nothing_was_measured_it_says_so() -> None:
    found = features()

    assert found["heart_rate.measured"] == found["lactate.count"] == 0
    assert {name for name, value in found.items() if value != 0} == {"hours"}


def test_who_the_patient_is_counts_as_far_as_it_was_told() -> None:
    found = features(age=70, sex="female", ward="MICU")

    assert (found["age"], found["female"], found["unit.MICU"], found["unit.CCU"]) == (70, 1, 1, 0)
    assert "age" not in features()


def test_a_sign_is_told_by_its_newest_its_extremes_and_its_course() -> None:
    found = features((1, {"8867-4": 60}), (3, {"8867-4": 100}), (5, {"8867-4": 80}))

    told = {name.removeprefix("heart_rate."): value for name, value in found.items() if name.startswith("heart_rate.")}
    assert (told["last"], told["first"], told["lowest"], told["highest"], told["mean"]) == (80, 60, 60, 100, 80)
    assert told["spread"] == pytest.approx(math.sqrt(800 / 3))
    assert told["slope"] == pytest.approx(5)
    assert told["count"] == pytest.approx(math.log(4))
    assert told["age_hours"] == pytest.approx(math.log(2))
    assert told["measured"] == 1


def test_windows_count_back_from_now() -> None:
    found = features((1, {"8867-4": 60}), (13, {"8867-4": 100}), hours=24)

    assert found["heart_rate.mean_0_to_12_h_ago"] == 100
    assert found["heart_rate.mean_12_to_24_h_ago"] == 60
    assert "heart_rate.mean_24_to_36_h_ago" not in found


def test_what_follows_from_two_signs_is_told_too() -> None:
    found = features((1, {"8867-4": 120, "3150-0": 50}), (2, {"8480-6": 100, "2703-7": 80}), (3, {"8480-6": 60}))

    assert found["shock_index.highest"] == pytest.approx(math.log(3))
    assert found["oxygen_ratio.last"] == pytest.approx(math.log(161))
    assert found["urea_to_creatinine.measured"] == 0


def test_amounts_that_spread_over_orders_of_magnitude_are_logarithms() -> None:
    assert features((1, {"32693-4": 9.0}))["lactate.last"] == pytest.approx(math.log(10))


@given(
    st.lists(
        st.tuples(st.floats(0, 72), st.dictionaries(st.sampled_from(MEASURABLE), st.floats(-1e6, 1e6), max_size=4)),
        max_size=20,
    )
)
def test_whatever_is_measured_features_are_known_by_name_and_finite(
    readings: list[tuple[float, dict[str, Any]]],
) -> None:
    found = features(*readings, hours=72)

    assert set(found) <= set(NAMES)
    assert all(math.isfinite(value) for value in found.values())


def test_names_are_unique_and_the_curved_ones_are_among_them() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert set(CURVED) <= set(NAMES)
