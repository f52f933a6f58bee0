"""Summaries: whatever falls out of a history is counted before, in its window, and nothing of an earlier stay is."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import fmean, linear_regression, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instants import HOUR, MINUTE, instant_of
from models.partition import PartitionFold
from models.picture import Patient, decode_patient, encode_patient
from models.snapshot import snapshot_of
from models.summary import COUNT_EVERY, WINDOWS, course_of, window_at, windows_of

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
ADMITTED = instant_of(START)
HEART_RATE = "8867-4"


class Ward:
    """One patient, admitted at the start, of whom heart rates are told by minute."""

    def __init__(self) -> None:
        self.fold = PartitionFold(0)
        self.told = 0
        self.tell("PatientContext", effective_at=START.isoformat(), setting="ward")

    def tell(self, kind: str, /, **fields: object) -> None:
        self.fold.advance(json.dumps({"type": kind, "patient_id": "p", **fields}).encode(), offset=self.told)
        self.told += 1

    def measure(self, minute: float, value: float) -> None:
        at = (START + timedelta(minutes=minute)).isoformat()
        measurements = [{"code": HEART_RATE, "value": value, "unit": "/min"}]
        self.tell(
            "Reading",
            reading_id=str(self.told),
            device_id="m",
            effective_at=at,
            received_at=at,
            measurements=measurements,
        )

    @property
    def patient(self) -> Patient:
        return self.fold._patients.known["p"]

    def course(self) -> tuple[float, dict[int, object]] | None:
        vital = self.patient.vitals[HEART_RATE]
        return course_of(vital.summary, vital.history, self.patient.admitted_at)


@pytest.mark.parametrize(
    ("hours", "window"), [(-1, 0), (0, 0), (0.5, 0), (12, 0), (12.01, 1), (24, 1), (48, 3), (49, 4)]
)
def test_a_window_ends_with_its_twelfth_hour(hours: float, window: int) -> None:
    assert window_at(ADMITTED + int(hours * HOUR), ADMITTED) == window


@given(st.lists(st.tuples(st.integers(0, 48 * 60), st.floats(30, 200, width=16)), min_size=1, max_size=300))
def test_windows_tell_what_all_values_tell_though_a_history_keeps_64(told: list[tuple[int, float]]) -> None:
    told = sorted(dict(told).items())
    ward = Ward()

    for minute, value in told:
        ward.measure(minute, value)

    found = ward.course()
    assert found is not None
    assert found[0] == pytest.approx(told[0][1])
    for number, span in found[1].items():
        own = [
            (minute / 60, value) for minute, value in told if window_at(ADMITTED + minute * MINUTE, ADMITTED) == number
        ]
        values = [value for _, value in own]
        assert span.count == len(own)
        assert (span.lowest, span.highest) == pytest.approx((min(values), max(values)))
        assert span.mean == pytest.approx(fmean(values), rel=1e-5)
        assert span.squares / span.count == pytest.approx(pvariance(values), rel=1e-3, abs=1e-2)
        if len(own) > 1:
            assert span.slope == pytest.approx(linear_regression(*zip(*own, strict=True)).slope, rel=1e-2, abs=0.1)
    assert sum(span.count for span in found[1].values()) == len(told)


def test_only_the_last_four_windows_are_kept() -> None:
    ward = Ward()

    for hour in range(24 * 7):
        ward.measure(60 * hour + 1, 60 + hour / 10)

    found = ward.course()
    assert found is not None
    newest = window_at(ADMITTED + (24 * 7 - 1) * HOUR, ADMITTED)
    assert sorted(found[1]) == list(range(newest - WINDOWS + 1, newest + 1))
    assert {span.count for span in found[1].values()} == {12}
    assert found[0] == 60  # the first of the stay stays


def test_a_sign_that_is_measured_seldom_has_nothing_but_its_history() -> None:
    ward = Ward()

    for minute in range(COUNT_EVERY - 1):
        ward.measure(minute, 80)

    assert ward.patient.vitals[HEART_RATE].summary == b""
    ward.measure(COUNT_EVERY, 80)
    assert 0 < len(ward.patient.vitals[HEART_RATE].summary) < 160


def test_what_comes_only_after_its_time_was_counted_is_not_counted() -> None:
    ward = Ward()
    for minute in range(COUNT_EVERY):
        ward.measure(10 * minute, 80)

    ward.measure(15, 300)

    found = ward.course()
    assert found is not None
    assert max(span.highest for span in found[1].values()) == 80


def test_a_new_stay_begins_anew() -> None:
    ward = Ward()
    for minute in range(100):
        ward.measure(minute, 80)
    ward.tell("Outcome", at=(START + timedelta(hours=3)).isoformat(), kind="discharge")

    ward.tell("PatientContext", effective_at=(START + timedelta(hours=30)).isoformat(), setting="ward")
    assert ward.course() is None
    ward.measure(30 * 60 + 5, 90)

    found = ward.course()
    assert found is not None
    assert found[0] == 90
    assert [(number, span.count) for number, span in found[1].items()] == [(0, 1)]


def test_values_of_one_time_have_no_slope() -> None:
    (span,) = windows_of([ADMITTED, ADMITTED], [1.0, 3.0], ADMITTED).values()

    assert span.slope is None
    assert math.isclose(span.squares, 2.0)


@pytest.mark.parametrize("way", [lambda p: decode_patient(encode_patient(p)), snapshot_of])
def test_windows_go_with_the_picture_into_a_checkpoint_and_back_from_a_failed_record(
    way: Callable[[Patient], Patient],
) -> None:
    ward = Ward()
    for minute in range(100):
        ward.measure(10 * minute, 60 + minute % 7)
    expected = ward.course()

    ward.fold._patients.known["p"] = way(ward.patient)

    assert ward.patient.vitals[HEART_RATE].summary != b""
    assert ward.course() == expected
