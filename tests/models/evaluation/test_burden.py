"""Alarms a patient-day, sensitivity by event and lead time, on courses small enough to count by hand."""

import numpy as np
import pytest

from models.evaluation.burden import Watch
from models.evaluation.row import Row, packed
from models.instants import HOUR


def asked(patient: str, hour: float, event_at: float | None = None) -> Row:
    """A question, with the hour of the event that came within the horizon."""
    return Row(
        patient_id=patient,
        asked_at=int(hour * HOUR),
        known_at=int((hour + 6 if event_at is None else event_at) * HOUR),
        label=event_at is not None,
        features=packed({}, ()),
        scores={},
        groups={},
    )


COURSE = [
    *(asked("a", hour) for hour in (0, 1, 2)),
    *(asked("a", hour, event_at=10) for hour in (5, 6, 7)),
    *(asked("b", hour) for hour in (0, 1)),
    asked("c", 3, event_at=4),
]
PREDICTED = np.array([0.1, 0.2, 0.1, 0.3, 0.8, 0.9, 0.85, 0.1, 0.4])


def watch() -> Watch:
    return Watch(COURSE, patient_days=2.0)


def test_an_event_is_foretold_by_any_of_its_questions() -> None:
    found = watch().operation(PREDICTED, 0.8)

    assert found.sensitivity == 0.5
    assert found.alarms_per_patient_day == 1.0
    assert found.precision == 0.5


def test_lead_time_is_from_the_first_alarm_before_the_event() -> None:
    lead = watch().operation(PREDICTED, 0.3).lead_time_hours

    assert lead is not None
    assert (lead.lower_quartile, lead.median, lead.upper_quartile) == (2.0, 3.0, 4.0)


def test_the_threshold_is_the_highest_that_reaches_the_sensitivity() -> None:
    assert watch().threshold_at(PREDICTED, 0.5) == 0.9
    assert watch().threshold_at(PREDICTED, 0.51) == 0.4


@pytest.mark.parametrize(("hours", "alarms"), [(6, 1), (7, 2), (13, 3), (1, 1)])
def test_an_alarm_stands_for_the_horizon_and_is_then_another(hours: int, alarms: int) -> None:
    always = Watch([*(asked("a", hour) for hour in range(hours)), asked("b", 0, event_at=1)], patient_days=1.0)

    assert always.operation(np.array([1.0] * hours + [0.0]), 0.5).alarms_per_patient_day == alarms


def test_an_answer_that_flutters_is_one_alarm() -> None:
    flutters = Watch([*(asked("a", hour) for hour in range(6)), asked("b", 0, event_at=1)], patient_days=1.0)

    assert flutters.operation(np.array([1.0, 0, 1, 0, 1, 0, 0]), 0.5).alarms_per_patient_day == 1.0


def test_without_events_there_is_no_threshold_and_no_curve() -> None:
    quiet = Watch([asked("a", 0), asked("a", 1)], patient_days=1.0)

    assert quiet.thresholds(np.array([0.1, 0.2])) == {}
    assert quiet.curve(np.array([0.1, 0.2])) == []


def test_more_sensitivity_never_costs_fewer_alarms_where_answers_are_as_they_should_be() -> None:
    told = watch().curve(PREDICTED)

    assert [alarms for _, alarms in told] == sorted(alarms for _, alarms in told)
    assert told[-1][0] == 1.0
