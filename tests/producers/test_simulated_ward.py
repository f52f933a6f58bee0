"""The simulated ward as one stream: who is in it, what reaches the log, and what can be changed while it runs."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from random import Random
from statistics import median
from typing import Any

import pytest

from models import codec
from models.events import Alert, GatewayHeartbeat, Outcome, PatientContext, Reading, Tick
from producers.simulator.case import Plan, UnfitPatient, UnknownScenario
from producers.simulator.person import inpatient
from producers.simulator.resident import Resident
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.simulation import simulated

HOUR = timedelta(hours=1)


def decoded(entries: Any) -> list[Any]:
    """The records of entries."""
    return [codec.decode(entry.value) for entry in entries]


def test_everybody_is_admitted_before_anything_is_measured(simulation: Any) -> None:
    records = decoded(simulation.ward(patients=12, wearers=3))

    contexts = [record for record in records if isinstance(record, PatientContext)]
    assert contexts == records[:15]
    assert [context.patient_id for context in contexts] == [f"p{n}" for n in range(1, 13)] + ["w1", "w2", "w3"]
    assert len({(context.ward, context.bed) for context in contexts[:12]}) == 12
    assert {context.setting for context in contexts[12:]} == {"home"}
    assert all(isinstance(context.age, float | int) and context.age >= 16 for context in contexts)
    assert len({context.sex for context in contexts}) == 2


def test_devices_measure_as_often_as_they_do(simulation: Any) -> None:
    spacings: dict[str, list[float]] = {}
    last: dict[str, datetime] = {}
    for reading in decoded(simulation.ward(patients=8, lasts=8 * HOUR)):
        if isinstance(reading, Reading):
            before = last.get(reading.device_id, reading.effective_at)
            spacings.setdefault(reading.device_id.partition("-")[2], []).append(
                (reading.effective_at - before).total_seconds()
            )
            last[reading.device_id] = reading.effective_at

    usual = {device: median(spacing for spacing in found if spacing) for device, found in spacings.items()}
    assert usual["monitor"] == 10
    assert 15 * 60 <= usual["cuff"] <= 47 * 60
    assert 3 * 3600 <= usual["round"] <= 4 * 3600
    assert usual["cgm"] == 300


def test_the_clock_ticks_every_five_seconds_up_to_the_end(simulation: Any) -> None:
    entries = list(simulated(simulation.ward(lasts=timedelta(minutes=3)), 3))

    ticks = [record for record in decoded(entries) if isinstance(record, Tick)]
    assert Counter(entry.partition for entry in entries if entry.is_tick) == dict.fromkeys(range(3), 37)
    assert [tick.at - simulation.morning for tick in ticks[::3]] == [timedelta(seconds=5 * n) for n in range(37)]
    assert {tick.origin for tick in ticks} == {"simulated"}
    times = [entry.at for entry in entries]
    assert times == sorted(times)


def test_the_gateways_of_wards_tell_every_partition_that_they_live(simulation: Any) -> None:
    entries = list(simulated(simulation.ward(patients=5, wearers=1, lasts=timedelta(minutes=3)), 3))

    beats = [(record, entry) for record, entry in zip(decoded(entries), entries, strict=True) if is_beat(record)]
    assert Counter((record.gateway_id, entry.partition) for record, entry in beats) == {
        (f"gateway-{number}", partition): 18 for number in (1, 2) for partition in range(3)
    }
    times = sorted({record.at for record, _ in beats})
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(seconds=10)}


def test_a_gateway_that_is_off_says_nothing_either(simulation: Any) -> None:
    ward = simulation.of(SCENARIOS["gateway-silent"])

    beats = [record.at for record in decoded(ward) if is_beat(record)]

    onset = simulation.morning + simulation.onset
    assert not [at for at in beats if onset <= at < onset + timedelta(minutes=5)]
    assert [at for at in beats if at >= onset + timedelta(minutes=5)]


def is_beat(record: Any) -> bool:
    return isinstance(record, GatewayHeartbeat)


def test_a_patient_more_changes_nothing_of_the_others(simulation: Any) -> None:
    few = [entry.value for entry in simulation.ward(patients=2) if entry.key]

    many = [entry.value for entry in simulation.ward(patients=3, wearers=1) if entry.key in (b"p1", b"p2")]

    assert many == few


def test_a_body_wanders_by_its_own_seed() -> None:
    person = inpatient("p1", 0, Random(1))

    first, again, other = (Resident(person, seed, 0.0).vitals(60.0) for seed in ("1/p1", "1/p1", "2/p1"))

    assert first == again
    assert first.heart_rate != other.heart_rate


def test_a_stable_ward_is_quiet(simulation: Any) -> None:
    outputs = simulation.folded(simulated(simulation.ward(patients=3, seed=3, lasts=24 * HOUR), 1))

    alerts = [output for output in outputs if isinstance(output, Alert) and output.state == "active" and output.notify]
    by_priority = Counter(alert.priority for alert in alerts if alert.category == "physiological")
    assert set(by_priority) <= {"low"}
    assert by_priority["low"] <= 3
    technical = [alert for alert in alerts if alert.category == "technical"]
    assert 0 < len(technical) <= 5 * 3


def test_a_silent_gateway_silences_its_patients_and_no_others(simulation: Any) -> None:
    plan = Plan(scenario="gateway-silent", patient_id="p2", after=timedelta(minutes=30))
    minutes = (timedelta(minutes=31), timedelta(minutes=34))

    records = decoded(simulation.ward(patients=6, plans=[plan]))

    heard = {
        record.patient_id
        for record in records
        if isinstance(record, Reading) and minutes[0] < record.effective_at - simulation.morning < minutes[1]
    }
    assert heard == {"p5", "p6"}


def test_what_was_held_back_comes_at_once_and_in_the_order_of_measuring(simulation: Any) -> None:
    plan = Plan(scenario="late-delivery", patient_id="p1", after=timedelta(minutes=30))
    up_again = simulation.morning + timedelta(minutes=35)

    records = decoded(simulation.ward(patients=1, plans=[plan]))

    held = [r for r in records if isinstance(r, Reading) and r.received_at - r.effective_at > timedelta(seconds=1)]
    assert len(held) > 25
    assert [reading.effective_at for reading in held] == sorted(reading.effective_at for reading in held)
    assert all(timedelta() <= reading.received_at - up_again < timedelta(seconds=1) for reading in held)


def test_who_leaves_is_measured_no_more_and_the_bed_is_taken_again(simulation: Any) -> None:
    plan = Plan(scenario="haemorrhage", patient_id="p2", after=timedelta(minutes=5))

    records = decoded(simulation.ward(patients=2, plans=[plan], lasts=4 * HOUR))

    death = next(n for n, record in enumerate(records) if isinstance(record, Outcome) and record.kind == "death")
    assert not [record for record in records[death:] if getattr(record, "patient_id", "") == "p2"][1:]
    admitted = [record for record in records[death:] if isinstance(record, PatientContext)]
    assert [(context.patient_id, context.bed) for context in admitted] == [("p3", "2")]
    assert admitted[0].effective_at - records[death].at == HOUR
    assert any(isinstance(record, Reading) and record.patient_id == "p3" for record in records[death:])


def test_people_go_home_after_some_days_but_not_while_they_are_ill(simulation: Any) -> None:
    [discharge] = outcomes(simulation.ward(patients=1, lasts=timedelta(days=6)))
    stayed = discharge.at - simulation.morning
    plan = Plan(scenario="tachyarrhythmia", patient_id="p1", after=stayed - timedelta(minutes=30))

    ill = outcomes(simulation.ward(patients=1, plans=[plan], lasts=timedelta(days=7)))

    assert timedelta(days=2.5) <= stayed <= timedelta(days=6)
    assert [outcome.kind for outcome in (discharge, *ill[:2])] == ["discharge", "deterioration", "discharge"]
    assert ill[1].at == discharge.at + timedelta(days=1, minutes=15)


def outcomes(ward: Any) -> list[Outcome]:
    """What really happens in a ward."""
    return [record for record in decoded(ward) if isinstance(record, Outcome)]


# --- While it runs ----------------------------------------------------------------------------------------------------


def test_a_scenario_that_is_started_takes_effect_with_the_next_record(simulation: Any) -> None:
    ward = simulation.ward(patients=2, lasts=2 * HOUR)
    before = list(islice(ward, 500))

    ward.start("tachyarrhythmia", "p2")
    after = decoded(ward)

    [case] = ward.cases
    assert before[-1].at <= case.onset <= before[-1].at + timedelta(seconds=10)
    pulse = [
        measurement.value
        for record in after[: 6 * 25]
        if isinstance(record, Reading) and record.patient_id == "p2"
        for measurement in record.measurements
        if measurement.code == "8867-4"
    ]
    assert median(pulse[6:]) > 140
    assert [record.kind for record in after if isinstance(record, Outcome)] == ["deterioration"]


def test_those_are_well_to_whom_nothing_happens_or_is_to_happen(simulation: Any) -> None:
    plans = [Plan(scenario="sepsis", patient_id="p2", after=HOUR)]
    ward = simulation.ward(patients=3, wearers=1, plans=plans)
    assert (ward.well("ward"), ward.well("home")) == (["p1", "p3"], ["w1"])

    ward.start("stable", "p1")

    assert ward.well("ward") == ["p3"]


def test_the_same_start_at_the_same_record_gives_the_same_bytes(simulation: Any) -> None:
    runs = []
    for _ in range(2):
        ward = simulation.ward(patients=2)
        first = list(islice(ward, 300))
        ward.start("sepsis", "p1")
        ward.start("hypoglycaemia", "p2")
        runs.append([entry.value for entry in (*first, *ward)])

    assert runs[0] == runs[1]


def test_a_device_that_a_scenario_needs_is_put_on(simulation: Any) -> None:
    ward = simulation.ward(patients=8, lasts=2 * HOUR)
    first = decoded(islice(ward, 2000))
    without = next(f"p{number}" for number in range(1, 9) if not any(is_cgm(record, f"p{number}") for record in first))

    ward.start("hypoglycaemia", without)

    assert min(glucose(record) for record in decoded(ward) if is_cgm(record, without)) < 54


def is_cgm(record: Any, patient_id: str) -> bool:
    return isinstance(record, Reading) and record.device_id == f"{patient_id}-cgm"


def glucose(reading: Reading) -> float:
    [measurement] = reading.measurements
    assert isinstance(measurement.value, int | float)
    return measurement.value


def test_an_unknown_scenario_names_those_there_are(simulation: Any) -> None:
    with pytest.raises(UnknownScenario, match=r"no scenario flu: give one of .*sepsis") as told:
        simulation.ward().start("flu", "p1")

    assert all(name in str(told.value) for name in SCENARIOS)


@pytest.mark.parametrize(("patient", "told"), [("p9", "no patient p9"), ("w1", "for someone in the setting ward")])
def test_a_scenario_befalls_only_whom_it_can(simulation: Any, patient: str, told: str) -> None:
    with pytest.raises(UnfitPatient, match=told):
        simulation.ward(wearers=1).start("sepsis", patient)


def test_nothing_befalls_who_has_left(simulation: Any) -> None:
    plan = Plan(scenario="haemorrhage", patient_id="p1", after=timedelta(minutes=1))
    ward = simulation.ward(plans=[plan], lasts=2 * HOUR)
    list(ward)

    with pytest.raises(UnfitPatient, match="no patient p1 now"):
        ward.start("sepsis", "p1")


def test_a_ward_without_an_end_goes_on(simulation: Any) -> None:
    ward = simulation.ward(start_time=datetime(2026, 1, 5, tzinfo=UTC), lasts=None)

    *_, last = islice(ward, 30_000)

    assert last.at > datetime(2026, 1, 6, tzinfo=UTC)
