"""Features: fixed, ordered, named, always finite; what is missing says so."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.instants import HOUR, instant_of
from models.outlook import score_of
from models.partition import PartitionFold
from models.picture import Patient
from models.risk.features import LAYOUT, MEASURED, MISSING, NAMES, VALUES, complete, known_of, named
from models.vital_signs import SIGNS

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
MEASURABLE = sorted({sign.code: sign for sign in SIGNS.values()})


def patient_after(*readings: dict[str, Any], **context: Any) -> Patient:
    """The picture after readings that each are `code: value`, one a minute from the start on."""
    fold = PartitionFold(0)
    records: list[dict[str, Any]] = [{"type": "PatientContext", "effective_at": START.isoformat(), **context}]
    for number, values in enumerate(readings):
        at = (START + timedelta(minutes=number)).isoformat()
        measurements = [{"code": code, "value": value, "unit": SIGNS[code].unit} for code, value in values.items()]
        records.append({"type": "Reading", "reading_id": str(number), "device_id": "d", "effective_at": at})
        records[-1] |= {"device_type": "manual", "measurements": measurements}
    for offset, record in enumerate(records):
        fold.advance(json.dumps({"patient_id": "p", **record}).encode(), offset=offset)
    return fold._patients.known["p"]


def features_of(patient: Patient, *, hours: float = 0) -> dict[str, float]:
    now = instant_of(START) + int(hours * HOUR)
    return complete(named(known_of(patient, score_of(patient, now)[1], now)))


def test_names_are_unique_and_in_one_order() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert list(complete(dict.fromkeys(reversed(VALUES), 1.0))) == list(NAMES)


def test_every_measured_group_is_of_a_known_sign() -> None:
    assert [group.name for group in MEASURED] == [name for name, _ in LAYOUT[2:]]
    assert {group.code for group in MEASURED} - set(MEASURABLE) == {"oxygen", "consciousness"}


def test_what_is_missing_has_no_value_and_says_so() -> None:
    found = features_of(patient_after({"8867-4": 120}))

    assert (found["heart_rate.high"], found["heart_rate.low"], found["heart_rate.missing"]) == (2.0, 0.0, 0.0)
    assert found["respiratory_rate.missing"] == found["age.missing"] == found["lactate.missing"] == 1.0
    assert "respiratory_rate.high" not in found
    assert "age.decades" not in found


def test_a_value_that_was_told_to_be_unknown_is_missing() -> None:
    assert features_of(patient_after(on_oxygen=True))["supplemental_oxygen.on"] == 1.0
    assert features_of(patient_after(on_oxygen=None))["supplemental_oxygen.missing"] == 1.0


def test_a_value_is_told_with_its_age_until_it_says_nothing_any_more() -> None:
    patient = patient_after({"32693-4": 4})

    assert features_of(patient, hours=3)["lactate.age_hours"] == 3.0
    assert features_of(patient, hours=49)["lactate.missing"] == 1.0


def test_the_change_is_from_the_patients_own_usual() -> None:
    risen = features_of(patient_after(*[{"8867-4": 60}] * 30, {"8867-4": 100}))
    steady = features_of(patient_after(*[{"8867-4": 100}] * 31))

    assert risen["heart_rate.high"] == steady["heart_rate.high"] == 1.0
    assert risen["heart_rate.change"] > 1.5
    assert steady["heart_rate.change"] == 0.0


@given(st.dictionaries(st.sampled_from(MEASURABLE), st.floats(0, 1), max_size=40), st.floats(0, 60))
def test_every_feature_is_finite_whatever_is_believed(where: dict[str, float], hours: float) -> None:
    values: dict[str, Any] = {}
    for code, place in where.items():
        low, high = SIGNS[code].hard
        values[code] = SIGNS[code].letters[int(place * 4)] or 0 if SIGNS[code].letters else low + place * (high - low)

    found = features_of(patient_after(values, age=60), hours=hours)

    assert all(math.isfinite(value) and abs(value) < 1000 for value in found.values())
    assert found.keys() >= set(MISSING)
