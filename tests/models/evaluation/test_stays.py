"""Questions about stays: put when their hour comes, with all that was measured by then and nothing later."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.evaluation.row import unpacked
from models.evaluation.stays import Asked, Inquiry
from models.instants import instant_of
from models.partition import PartitionFold
from models.risk.feature_sources import SOURCES, FeatureSource

ADMITTED = datetime(2026, 1, 1, tzinfo=UTC)


def record(record_type: str, minutes: float, **fields: Any) -> tuple[datetime, bytes]:
    at = ADMITTED + timedelta(minutes=minutes)
    return at, json.dumps({"type": record_type, "patient_id": "p", "effective_at": at.isoformat(), **fields}).encode()


def heart_rate(minutes: float, value: float) -> tuple[datetime, bytes]:
    measurements = [{"code": "8867-4", "value": value, "unit": "/min"}]
    return record("Reading", minutes, reading_id=str(minutes), device_id="d", measurements=measurements)


def inquired(
    *records: tuple[datetime, bytes], hours: tuple[int, ...] = (6,), source: str = "newest"
) -> tuple[list[Asked], Inquiry]:
    fold = PartitionFold(0, origin="replay")
    inquiry = Inquiry(fold, SOURCES[source], hours)
    for offset, (at, value) in enumerate(records):
        inquiry.pass_time(instant_of(at))
        fold.advance(value, offset=offset)
        if not offset:
            inquiry.admit("p", instant_of(at))
    inquiry.pass_time(None)
    return inquiry.asked, inquiry


def told(asked: Asked) -> dict[str, float]:
    return unpacked(asked.features, SOURCES["newest"].names)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_what_comes_after_the_hour_changes_nothing_that_is_asked_then(source: FeatureSource) -> None:
    before = [record("PatientContext", 0, age=70), heart_rate(100, 90), heart_rate(350, 130)]
    later = [
        heart_rate(360.1, 20),
        record("Outcome", 500, at=(ADMITTED + timedelta(minutes=500)).isoformat(), kind="death"),
    ]

    (alone,), _ = inquired(*before, source=source.name)
    (followed,), _ = inquired(*before, *later, source=source.name)

    assert unpacked(alone.features, source.names) == unpacked(followed.features, source.names)
    assert alone.scores == followed.scores


def test_what_was_measured_at_the_very_hour_counts() -> None:
    (asked,), _ = inquired(record("PatientContext", 0, age=70), heart_rate(360, 130))

    assert told(asked)["heart_rate.age_hours"] == 0
    assert asked.scores["news2"] == 2


def test_every_hour_is_asked_once_in_order_of_time() -> None:
    asked, _ = inquired(
        record("PatientContext", 0, age=70), heart_rate(60, 90), heart_rate(1500, 90), hours=(6, 12, 24)
    )

    assert [each.hour for each in asked] == [6, 12, 24]
    assert [each.at for each in asked] == sorted(each.at for each in asked)


def test_a_stay_in_which_nothing_was_measured_is_asked_about_and_counted() -> None:
    (asked,), inquiry = inquired(record("PatientContext", 0, age=70))

    assert told(asked)["heart_rate.missing"] == 1
    assert asked.scores["news2"] == 0
    assert asked.scores["shock_index"] is None
    assert inquiry.counts["hour-6/nothing-measured"] == inquiry.counts["hour-6/never-scored"] == 1


def test_a_child_is_counted_and_not_asked_about() -> None:
    asked, inquiry = inquired(record("PatientContext", 0, age=9), heart_rate(60, 90))

    assert asked == []
    assert inquiry.counts["hour-6/not-for-this-age"] == 1


def test_scores_of_last_values_count_what_is_stale() -> None:
    (asked,), _ = inquired(record("PatientContext", 0, age=70), heart_rate(60, 135))

    assert asked.scores["news2"] == 0
    assert asked.scores["news2_last"] == 3
    assert (asked.scores["mews"], asked.scores["mews_last"]) == (0, 3)


def test_groups_are_named_and_what_is_not_known_says_so() -> None:
    (known,), _ = inquired(record("PatientContext", 0, age=64.9, sex="female", ward="MICU"))
    (unknown,), _ = inquired(record("PatientContext", 0))

    assert known.groups == {"care unit": "MICU", "age": "50 to 64", "sex": "female"}
    assert set(unknown.groups.values()) == {"unknown"}
