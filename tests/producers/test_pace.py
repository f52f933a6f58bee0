"""How often a simulated ward's monitors measure."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from producers.simulator.case import Plan
from producers.simulator.pace import Pace
from producers.simulator.ward import Ward

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "pause"), [(0, 60), (2640, 60), (2670, 30), (2700, 1), (3600, 1), (4500, 1), (4501, 60)]
)
def test_monitors_measure_each_second_round_a_deterioration_and_begin_in_time(seconds, pause) -> None:
    pace = Pace(every_seconds=60, close_minutes=15)

    assert pace.pause_seconds(seconds, [3600.0]) == pause


def test_without_a_close_look_they_measure_evenly() -> None:
    assert Pace(every_seconds=60).pause_seconds(3600, [3600.0]) == 60


def test_only_the_monitor_of_the_patient_who_gets_worse_looks_closely() -> None:
    plan = Plan(scenario="tachyarrhythmia", patient_id="p1", after=timedelta(minutes=20))
    pace = Pace(every_seconds=60, close_minutes=5)
    ward = Ward(START, patients=2, plans=[plan], lasts=timedelta(minutes=60), pace=pace)

    times: dict[str, list[datetime]] = {}
    for entry in ward:
        told = msgspec.json.decode(entry.value)
        if str(told.get("device_id", "")).endswith("monitor"):
            times.setdefault(told["patient_id"], []).append(datetime.fromisoformat(told["effective_at"]))

    worse = START + timedelta(minutes=40)
    close = [at for at in times["p1"] if abs(at - worse) < timedelta(minutes=5)]
    assert len(close) > 450
    assert len(times["p1"]) - len(close) < 60
    assert len(times["p2"]) < 65
