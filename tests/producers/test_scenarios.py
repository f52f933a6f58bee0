"""The contract that every scenario inherits by being found."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import codec
from models.events import Alert, GatewayHeartbeat, Outcome, Reading
from producers.simulator.expectation import Exclusion, Expectation, Expected, unmet
from producers.simulator.scenario import Scenario
from producers.simulator.scenarios import SCENARIOS

EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
ONCE = [(scenario, 1) for scenario in SCENARIOS.values()]
AGAIN = [(scenario, 7) for scenario in SCENARIOS.values() if scenario.takes < timedelta(hours=12)]
OF_DELIVERY = [scenario for scenario in SCENARIOS.values() if scenario.expected.marks]


@pytest.mark.parametrize(("scenario", "seed"), [*ONCE, *AGAIN], ids=lambda given: getattr(given, "name", given))
def test_what_it_promises_comes_of_it(simulation: Any, scenario: Scenario, seed: int) -> None:
    ward = simulation.of(scenario, seed=seed)

    outputs = simulation.outputs(ward, simulation.patient(scenario))

    [case] = ward.cases
    assert case.onset == simulation.morning + simulation.onset
    assert unmet(scenario.expected, case.onset, outputs) == []


@EVERY
def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(simulation: Any, scenario: Scenario) -> None:
    first, again, other = ([entry.value for entry in simulation.of(scenario, seed=seed)] for seed in (1, 1, 2))

    assert first == again
    assert first != other


@EVERY
def test_records_come_in_the_order_of_delivery_and_devices_are_heard_in_turn(
    simulation: Any, scenario: Scenario
) -> None:
    entries = list(simulation.of(scenario))

    delivered = [entry.at for entry in entries]
    assert delivered == sorted(delivered)
    if not scenario.expected.marks and not scenario.expected.dead_letters:
        measured: dict[str, list[datetime]] = {}
        for entry in entries:
            record = codec.decode(entry.value)
            if isinstance(record, Reading):
                measured.setdefault(record.device_id, []).append(record.effective_at)
        assert all(times == sorted(set(times)) for times in measured.values())


@EVERY
def test_every_record_is_simulated_and_can_be_read_and_knows_its_own_name(simulation: Any, scenario: Scenario) -> None:
    for entry in simulation.of(scenario):
        record = codec.decode(entry.value)

        assert record.origin == "simulated"
        assert entry.key == (None if isinstance(record, GatewayHeartbeat) else record.patient_id.encode())
        if isinstance(record, Reading):
            assert (entry.reading_id, entry.measurements) == (record.reading_id, len(record.measurements))
            assert record.received_at == entry.at


@EVERY
def test_nobody_else_is_changed_by_it(simulation: Any, scenario: Scenario) -> None:
    if scenario.is_of_gateway or scenario.setting == "home":
        return
    lasts = simulation.onset + scenario.takes
    quiet = [entry.value for entry in simulation.ward(lasts=lasts) if entry.key == b"p2"]

    disturbed = [entry.value for entry in simulation.of(scenario) if entry.key == b"p2"]

    assert disturbed[: len(quiet)] == quiet


@EVERY
def test_what_really_happens_is_told_when_it_happens(simulation: Any, scenario: Scenario) -> None:
    onset = simulation.morning + simulation.onset

    records = [codec.decode(entry.value) for entry in simulation.of(scenario)]

    told = [(record.kind, record.at - onset) for record in records if isinstance(record, Outcome)]
    assert told == [(ending.kind, ending.after) for ending in scenario.endings]


@EVERY
def test_it_is_over_when_it_says(scenario: Scenario) -> None:
    assert all(alert.within <= scenario.takes for alert in scenario.expected.alerts)
    assert all(ending.after <= scenario.takes for ending in scenario.endings)
    assert scenario.summary.endswith(".")


@pytest.mark.parametrize("fault", OF_DELIVERY, ids=[scenario.name for scenario in OF_DELIVERY])
def test_what_comes_late_or_twice_alerts_nobody_twice(simulation: Any, fault: Scenario) -> None:
    racing = SCENARIOS["tachyarrhythmia"]
    undisturbed = notified(simulation.outputs(simulation.of(racing), "p1"))

    disturbed = notified(simulation.outputs(simulation.of(racing, fault.name), "p1"))

    assert disturbed
    assert {what: times for what, times in disturbed.items() if times > max(1, undisturbed[what])} == {}


def notified(outputs: list[Any]) -> Counter[tuple[Any, ...]]:
    """How often each condition was notified; an oddity depends on what was learned, and so on what came in time."""
    alerts = [output for output in outputs if isinstance(output, Alert) and output.notify and output.kind != "anomaly"]
    return Counter((a.kind, a.code, a.direction, a.priority) for a in alerts if a.category == "physiological")


# --- The judge --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def racing(simulation: Any) -> list[Any]:
    """What comes of a racing heart."""
    outputs: list[Any] = simulation.outputs(simulation.of(SCENARIOS["tachyarrhythmia"]), "p1")
    return outputs


FAST = {"kinds": ("limit",), "code": "8867-4", "direction": "high", "within": timedelta(minutes=2)}


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        (Expected(alerts=(Expectation(**FAST | {"direction": "low"}),)), "No medium limit alert 8867-4 low within"),
        (Expected(alerts=(Expectation(**FAST | {"priority": "high"}),)), "No high limit alert"),
        (Expected(alerts=(Expectation(**FAST | {"code": "9279-1"}),)), "No medium limit alert 9279-1"),
        (Expected(alerts=(Expectation(**FAST | {"kinds": ("zero",)}),)), "No medium zero alert"),
        (Expected(alerts=(Expectation(**FAST | {"within": timedelta(seconds=5)}),)), "within 0:00:05"),
        (Expected(never=(Exclusion(category="physiological", priority="medium"),)), "An alert that must not be"),
        (Expected(refused=("sentinel",)), "Nothing was sentinel."),
        (Expected(dead_letters=("future",)), "Nothing was future."),
        (Expected(marks=("amended",)), "Nothing was amended."),
    ],
)
def test_a_broken_promise_is_told(simulation: Any, racing: list[Any], expected: Expected, told: str) -> None:
    assert told in " ".join(unmet(expected, simulation.morning + simulation.onset, racing))


def test_what_nobody_expected_is_told(simulation: Any) -> None:
    outputs = simulation.outputs(simulation.of(SCENARIOS["sentinel-values"]), "p1")

    told = unmet(Expected(), simulation.morning + simulation.onset, outputs)

    assert told == ["Something was sentinel, which nobody expected."]


def test_an_alert_before_the_onset_keeps_no_promise(simulation: Any, racing: list[Any]) -> None:
    expected = Expected(alerts=(Expectation(**FAST),))

    assert unmet(expected, simulation.morning + simulation.onset, racing) == []
    assert unmet(expected, simulation.morning + timedelta(hours=2), racing) != []
