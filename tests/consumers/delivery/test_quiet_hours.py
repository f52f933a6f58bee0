"""Quiet hours by the clocks of a place, nights on which they change included."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from consumers.delivery.quiet_hours import QuietHours

examples = settings(deadline=None, derandomize=True, database=None)
TIMES = st.times().map(lambda at: at.replace(microsecond=0))
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))


def quiet(from_: Any, to: Any, zone: str = "Europe/Berlin") -> QuietHours:
    return QuietHours.model_validate({"from": from_, "to": to, "zone": zone})


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-20T20:59:59Z", None),
        ("2026-11-20T21:00:00Z", "2026-11-21T06:00:00Z"),
        ("2026-11-21T05:59:59Z", "2026-11-21T06:00:00Z"),
        ("2026-11-21T06:00:00Z", None),
        ("2026-07-20T19:59:59Z", None),
        ("2026-07-20T20:00:00Z", "2026-07-21T05:00:00Z"),
        ("2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z"),
        ("2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z"),
    ],
)
def test_a_night_is_quiet_from_ten_to_seven(now: str, end: str | None) -> None:
    found = quiet("22:00", "07:00").end_after(datetime.fromisoformat(now))

    assert found == (None if end is None else datetime.fromisoformat(end))


@examples
@given(from_=TIMES, to=TIMES, now=MOMENTS, zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
def test_quiet_hours_are_over_within_a_day_and_then_they_are_over(
    from_: Any, to: Any, now: datetime, zone: str
) -> None:
    if from_ == to:
        return

    end = quiet(from_, to, zone).end_after(now)

    if end is not None:
        assert now <= end <= now + timedelta(hours=25)


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        ({"zone": "Mars"}, "is no time zone"),
        ({"to": "22:00"}, "write two times of day"),
        ({"from": "25:00"}, "hour"),
        ({"from": "22:00Z"}, "write the time of day alone"),
    ],
)
def test_hours_that_can_not_be_are_refused(spoiled: dict[str, str], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        QuietHours.model_validate({"from": "22:00", "to": "07:00", "zone": "UTC"} | spoiled)
