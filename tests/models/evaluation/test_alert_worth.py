"""Alerts against events, and fixed limits, as the clinical decisions count them."""

from datetime import UTC, datetime, timedelta

import pytest

from models import codec
from models.evaluation.alert_worth import Happenings, worth_of
from models.evaluation.fixed_limits import FixedLimits
from models.events import Measurement, PatientContext, Reading
from models.instants import HOUR, MINUTE, instant_of
from models.partition import PartitionFold

START = datetime(2026, 1, 1, tzinfo=UTC)
BEGAN = instant_of(START)
WELL = {"8867-4": (72, "/min"), "9279-1": (16, "/min"), "59408-5": (97, "%")}
ILL = {"8867-4": (135, "/min"), "9279-1": (30, "/min"), "59408-5": (88, "%")}


class Bed:
    """One patient of whom panels come, and what is made of them."""

    def __init__(self) -> None:
        self.fold = PartitionFold(0, alerts_only=True)
        self.happenings = Happenings()
        self.fixed = FixedLimits()
        self.alarms: list[tuple[int, str, str, bool]] = []
        self.sent = 0

    def measure(self, minute: float, values: dict[str, tuple[float, str]]) -> None:
        at = START + timedelta(minutes=minute)
        measurements = [Measurement(code=code, value=value, unit=unit) for code, (value, unit) in values.items()]
        self._send(
            Reading(
                reading_id=str(self.sent), patient_id="p1", device_id="d1", effective_at=at, measurements=measurements
            )
        )
        patient = self.fold.look_at("p1")
        assert patient is not None
        self.happenings.see(patient, instant_of(at))
        found = self.fixed.look(patient, values, instant_of(at))
        self.alarms += [(round(minute), each.code, each.direction, each.begins_run) for each in found]

    def tell(self, **told) -> None:
        self._send(PatientContext(patient_id="p1", effective_at=START, **told))

    def _send(self, record) -> None:
        self.fold.advance(codec.encode(record), offset=self.sent)
        self.sent += 1


def test_the_first_high_score_of_a_patient_who_began_under_it_is_an_event() -> None:
    bed = Bed()

    for minute, values in ((0, WELL), (60, ILL), (120, WELL), (180, ILL)):
        bed.measure(minute, values)

    assert bed.happenings.events == {"p1": [(BEGAN + HOUR, "news2")]}


def test_a_patient_who_comes_with_a_high_score_has_no_such_event() -> None:
    bed = Bed()

    for minute, values in ((0, ILL), (60, WELL), (120, ILL)):
        bed.measure(minute, values)

    assert bed.happenings.events == {}


@pytest.mark.parametrize(
    ("hours_before", "is_found"), [(12, True), (12.01, False), (0.01, True), (0, False), (-1, False)]
)
def test_an_alert_in_the_12_hours_before_an_event_and_not_at_it_foretells_it(hours_before, is_found) -> None:
    happenings = Happenings()
    happenings.end("p1", "death", BEGAN)

    found = worth_of({"p1": [BEGAN - round(hours_before * HOUR)]}, happenings)

    assert found.sensitivity.hits == found.positive_predictive_value.hits == is_found
    assert found.sensitivity_by_kind["death"].of == found.sensitivity.of == 1


def test_the_lead_is_that_of_the_first_alert_in_time_and_rates_are_over_patient_days() -> None:
    happenings = Happenings()
    happenings.end("p1", "discharge", BEGAN - 48 * HOUR)
    happenings.end("p1", "death", BEGAN)
    alerts = {"p1": [BEGAN - 20 * HOUR, BEGAN - 6 * HOUR, BEGAN - HOUR], "p2": [BEGAN]}

    found = worth_of(alerts, happenings)

    assert found.lead_hours is not None
    assert (found.lead_hours.median, found.alerts_per_patient_day) == (6.0, 2.0)
    assert (found.positive_predictive_value.hits, found.positive_predictive_value.of) == (2, 4)


def test_a_discharge_is_no_event() -> None:
    happenings = Happenings()

    happenings.end("p1", "discharge", BEGAN)

    assert happenings.events == {}


def test_each_value_outside_alarms_and_the_first_of_those_in_a_row_begins_a_run() -> None:
    bed = Bed()

    for minute, rate in ((0, 72), (1, 121), (2, 130), (3, 119), (4, 125), (5, 120), (6, 49)):
        bed.measure(minute, {"8867-4": (rate, "/min")})

    high, low = ("8867-4", "high"), ("8867-4", "low")
    assert bed.alarms == [(1, *high, True), (2, *high, False), (4, *high, True), (6, *low, True)]


def test_a_value_that_comes_late_or_is_refused_alarms_nobody() -> None:
    bed = Bed()

    bed.measure(10, {"8867-4": (72, "/min")})
    bed.measure(5, {"8867-4": (140, "/min")})
    bed.measure(11, {"8867-4": (900, "/min")})

    assert bed.alarms == []


def test_the_patients_own_limits_hold_for_fixed_limits_too() -> None:
    bed = Bed()
    bed.tell(limits={"8867-4": {"high": 140}})

    bed.measure(1, {"8867-4": (130, "/min")})

    assert bed.alarms == []


def test_time_is_counted_from_the_first_to_the_last_that_was_heard() -> None:
    bed = Bed()

    for minute in (0, 60, 30):
        bed.measure(minute, WELL)

    assert bed.happenings.spans == {"p1": (BEGAN, BEGAN + 60 * MINUTE)}


@pytest.mark.parametrize(
    ("began", "over", "stood"), [(-20, None, True), (-20, -11, True), (-20, -12, False), (0, None, False)]
)
def test_an_alert_that_still_stands_within_the_12_hours_is_told_apart_from_a_call(began, over, stood) -> None:
    happenings = Happenings()
    happenings.end("p1", "death", BEGAN)
    until = None if over is None else BEGAN + over * HOUR

    found = worth_of({"p1": [BEGAN + began * HOUR]}, happenings, {"p1": [(BEGAN + began * HOUR, until)]})

    assert found.sensitivity.hits == 0
    assert found.called_or_standing is not None
    assert found.called_or_standing["death"].hits == stood
