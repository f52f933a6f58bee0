"""Simulated bodies: what goes together in people goes together here."""

from datetime import timedelta
from itertools import pairwise
from random import Random
from statistics import mean
from typing import Any

import pytest

from models import codec
from models.events import Measurement, Reading
from producers.simulator.artefacts import Artefacts
from producers.simulator.body import Body
from producers.simulator.curve import along
from producers.simulator.person import inpatient, wearer
from producers.simulator.physiology import respond
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.vitals import NOTHING, Disturbance, Vitals

RESTING = Vitals(
    heart_rate=75,
    respiratory_rate=15,
    oxygen_saturation=97.5,
    systolic=125,
    diastolic=76,
    temperature=36.8,
    glucose=110,
    variability=40,
)
HOUR = 3600.0


def over(hours: range, patients: int = 12) -> list[Vitals]:
    """Vital signs of some people at those hours of a day, every few minutes."""
    found = []
    for number in range(patients):
        body = Body(inpatient(f"p{number}", number, Random(number)), Random(f"{number}"), 0.0)
        found += [body.at(hour * HOUR + minute * 60, NOTHING) for hour in hours for minute in range(0, 60, 7)]
    return found


def test_a_body_left_alone_is_as_it_was() -> None:
    assert respond(RESTING, NOTHING) == RESTING


def test_a_degree_of_fever_brings_eight_to_ten_beats_and_some_breaths() -> None:
    feverish = respond(RESTING, Disturbance(fever=1))

    assert feverish.temperature == pytest.approx(37.8)
    assert 8 <= feverish.heart_rate - RESTING.heart_rate <= 10
    assert 1 <= feverish.respiratory_rate - RESTING.respiratory_rate <= 4


def test_who_bleeds_holds_the_pressure_first_and_then_does_not() -> None:
    early, late, last = (respond(RESTING, Disturbance(blood_loss=lost)) for lost in (0.15, 0.40, 0.52))

    assert early.heart_rate > RESTING.heart_rate + 10
    assert early.systolic == pytest.approx(RESTING.systolic, abs=2)
    assert early.systolic - early.diastolic < RESTING.systolic - RESTING.diastolic
    assert late.heart_rate > 130 > 90 > late.systolic
    assert late.heart_rate / late.systolic > 1.4
    assert late.consciousness != "A"
    assert last.heart_rate < late.heart_rate


def test_lost_vascular_tone_lowers_the_diastolic_pressure_most() -> None:
    septic = respond(RESTING, Disturbance(vasodilation=0.6))

    assert septic.diastolic / RESTING.diastolic < septic.systolic / RESTING.systolic < 0.9


def test_who_lacks_air_breathes_faster_until_the_muscles_tire() -> None:
    early, late, tired = (
        respond(RESTING, cause)
        for cause in (Disturbance(shunt=0.2), Disturbance(shunt=0.4), Disturbance(shunt=0.4, fatigue=0.9))
    )

    assert 97 > early.oxygen_saturation > late.oxygen_saturation > tired.oxygen_saturation
    assert 15 < early.respiratory_rate < late.respiratory_rate > tired.respiratory_rate
    assert late.heart_rate > RESTING.heart_rate + 10
    assert tired.consciousness != "A"


def test_oxygen_helps() -> None:
    on_air, on_oxygen = (respond(RESTING, Disturbance(shunt=0.3, oxygen_flow=flow)) for flow in (0, 10))

    assert on_oxygen.oxygen_saturation > on_air.oxygen_saturation + 3
    assert on_oxygen.oxygen_flow == 10


def test_low_glucose_makes_the_heart_beat_faster() -> None:
    low = respond(RESTING, Disturbance(insulin_excess=1))

    assert low.glucose < 54
    assert low.heart_rate > RESTING.heart_rate + 5


def test_an_arrest_leaves_no_signal() -> None:
    gone = respond(RESTING, Disturbance(arrest=1))

    assert (gone.heart_rate, gone.respiratory_rate, gone.systolic) == (0, 0, 0)


def test_at_night_pulse_pressure_and_temperature_are_lower() -> None:
    night, afternoon = over(range(2, 5)), over(range(15, 18))

    assert mean(v.heart_rate for v in night) < mean(v.heart_rate for v in afternoon) - 5
    assert 0.88 < mean(v.systolic for v in night) / mean(v.systolic for v in afternoon) < 0.96
    assert 0.3 < mean(v.temperature for v in afternoon) - mean(v.temperature for v in night) < 0.8


def test_glucose_rises_after_a_meal() -> None:
    before, after = over(range(11, 12)), over(range(13, 14))

    assert mean(v.glucose for v in after) > mean(v.glucose for v in before) + 10


def test_a_walk_shows_in_steps_and_pulse() -> None:
    body = Body(wearer("w1", Random(1)), Random(1), 9 * HOUR)
    minutes = [body.at(minute * 60, NOTHING) for minute in range(600)]
    walking, resting = [v for v in minutes if v.steps > 60], [v for v in minutes if not v.steps]

    assert len(resting) > len(walking) > 30
    assert mean(v.heart_rate for v in walking) > mean(v.heart_rate for v in resting) + 10
    assert mean(v.variability for v in walking) < mean(v.variability for v in resting)


def test_a_curve_is_level_outside_its_points() -> None:
    curve = ((1.0, 10.0), (3.0, 30.0))

    assert [along(curve, x) for x in (0, 1, 2, 3, 4)] == [10, 10, 20, 30, 30]


def test_no_artefact_lasts_two_readings_or_looks_like_an_emergency() -> None:
    artefacts = Artefacts(Random(1))
    true = [Measurement(code=code, value=value) for code, value in (("8867-4", 80), ("9279-1", 16), ("59408-5", 97))]

    told = [artefacts.spoil(true, 10.0 * number, exertion=0.5) for number in range(50_000)]

    false = [number for number, found in enumerate(told) if len(found) == 3 and found != true]
    assert len(false) > 100
    assert all(following - number > 1 for number, following in pairwise(false))
    lowest = {measurement.value for found in told for measurement in found if measurement.code == "59408-5"}
    assert min(float(value) for value in lowest if isinstance(value, int | float)) >= 81
    assert {len(found) for found in told} == {0, 2, 3}


# --- At home ----------------------------------------------------------------------------------------------------------


def test_a_band_tells_pulse_steps_variability_and_sleep(simulation: Any) -> None:
    units: dict[str, str | None] = {}
    nights = []
    for reading in readings(simulation.ward(patients=0, wearers=1, lasts=timedelta(days=3))):
        assert reading.device_type == "wearable"
        for measurement in reading.measurements:
            units[measurement.code] = measurement.unit
            nights += [measurement.value] * (measurement.code == "93832-4")

    assert units == {"8867-4": "/min", "55423-8": "{steps}", "80404-7": "ms", "93832-4": "h"}
    assert len(nights) == 3
    assert all(4 < float(night) < 10 for night in nights)


def test_a_band_that_charges_tells_nothing(simulation: Any) -> None:
    times = [
        reading.effective_at for reading in readings(simulation.ward(patients=0, wearers=1, lasts=timedelta(days=1)))
    ]

    longest = max(after - before for before, after in pairwise(times))
    assert timedelta(minutes=59) < longest < timedelta(minutes=62)


def test_the_resting_pulse_rises_days_before_the_symptoms(simulation: Any) -> None:
    ward = simulation.of(SCENARIOS["illness-at-home"])
    by_night: dict[int, list[float]] = {}
    variability: dict[int, list[float]] = {}
    for reading in readings(ward):
        day, hour = divmod((reading.effective_at - simulation.morning).total_seconds() / HOUR + 9, 24)
        for measurement in reading.measurements:
            assert isinstance(measurement.value, int | float)
            if measurement.code == "8867-4" and 1 <= hour < 5:
                by_night.setdefault(int(day), []).append(measurement.value)
            if measurement.code == "80404-7" and 1 <= hour < 5:
                variability.setdefault(int(day), []).append(measurement.value)

    assert mean(by_night[3]) > mean(by_night[1]) + 3
    assert mean(by_night[4]) > mean(by_night[1]) + 10
    assert mean(by_night[9]) < mean(by_night[4]) - 8
    assert mean(variability[4]) < mean(variability[1])


def readings(ward: Any) -> list[Reading]:
    """The readings of a ward."""
    records = [codec.decode(entry.value) for entry in ward]
    return [record for record in records if isinstance(record, Reading)]
