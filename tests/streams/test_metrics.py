"""What is counted, what the gauges show, and that both are served over HTTP."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from msgspec import structs

from models.arrival import Arrival
from models.events import Alert, AnswerResult, Assessment, DeadLetter, Detector, Finding, FindingState, Refused
from streams.labels import MOST_GATEWAYS, MOST_WARDS
from streams.metrics import Metrics
from streams.server import PortTakenError, serve_metrics
from tests.an_alert import an_alert

AT = datetime(2026, 1, 1, tzinfo=UTC)


def held_census(**changes: Any) -> SimpleNamespace:
    fields: dict[str, Any] = {
        "monitored": {"A1": 2, None: 1},
        "never_scored": {"A1": 1, None: 0},
        "without_risk": {("A1", "nothing-known"): 1, (None, "nothing-known"): 0},
        "open_alerts": {("news2", "high", "A1"): 2},
        "oldest_unanswered": {"A1": AT - timedelta(seconds=90)},
        "clock": AT,
        "gateways_heard": {"g1": AT - timedelta(seconds=40)},
        "examples_dropped": {"left": 4},
        "risk_faults": 3,
        "looks_failed": 1,
        "model_versions": {"stay": 99},
    }
    return SimpleNamespace(**fields | changes)


@dataclass
class Held:
    number: int
    is_restored: bool = True
    restore_seconds: float = 0.5
    checkpoint_bytes: int = 1000
    checkpoint_age_seconds: float = 2.0
    last_tick_at: float | None = None
    lag: int | None = 7
    census: Any = field(default_factory=held_census)


def record(timestamp: int = 0) -> Any:
    return SimpleNamespace(offset=0, timestamp=timestamp, key=None, value=b"")


def assessment(**changes: Any) -> Assessment:
    fields: dict[str, Any] = {
        "patient_id": "p1",
        "at": AT,
        "reading_id": "r1",
        "monitored": True,
        "amended": False,
        "duplicate": False,
        "refused": [],
        "flags": [],
        "news2": None,
        "anomaly": None,
        "origin": "live",
        "ward": None,
        "bed": None,
    }
    return Assessment(**fields | changes)


def alert(*, notify: bool, ward: str | None = None) -> Alert:
    return an_alert(notify=notify, ward=ward)


def finding(detector: Detector, state: FindingState) -> Finding:
    return Finding(
        detector=detector, category="technical", codes=[], state=state, since=AT, size=1.0, unit="1", reason=""
    )


def test_a_transaction_is_counted_by_what_it_holds() -> None:
    metrics = Metrics(clock=lambda: 10.0)
    refused = Refused(code="x", value=None, unit=None, reason="unknown-code")
    letter = DeadLetter(reason="future", detail="", topic="t", partition=0, offset=0, key=None, value=b"")
    outputs = [
        assessment(refused=[refused], findings=[finding("drift", "begun"), finding("flat-line", "over")]),
        assessment(reading_id=None, findings=[finding("spike", "over")]),
        alert(notify=True),
        alert(notify=False),
        letter,
    ]

    metrics.received(5)
    metrics.committed([record(), record()], outputs)

    sample = metrics.registry.get_sample_value
    assert sample("vigil_records_received_total") == 5
    assert sample("vigil_records_processed_total") == 2
    assert sample("vigil_readings_processed_total") == 1
    assert sample("vigil_transactions_total") == 1
    assert sample("vigil_outputs_total", {"topic": "assessments"}) == 2
    assert sample("vigil_refused_measurements_total", {"reason": "unknown-code"}) == 1
    assert sample("vigil_findings_total", {"detector": "drift"}) == 1
    assert sample("vigil_findings_total", {"detector": "spike"}) == 1
    assert sample("vigil_findings_total", {"detector": "flat-line"}) == 0
    assert sample("vigil_dead_letters_total", {"reason": "future"}) == 1
    assert sample("vigil_alert_revisions_total", {"kind": "limit", "priority": "medium"}) == 2
    assert sample("vigil_alerts_total", {"kind": "limit", "priority": "medium", "ward": "unknown"}) == 1


def test_an_alert_that_is_held_back_is_counted_once_for_each_reason() -> None:
    metrics = Metrics(clock=lambda: 10.0)
    reasons = ("pause", "pause", None, "flapping", "flapping", "pause")
    held = [structs.replace(alert(notify=False, ward="A1"), inhibited_by=reason) for reason in reasons]

    metrics.committed([record()], [*held, structs.replace(held[0], alert_id="b")])

    sample = metrics.registry.get_sample_value
    assert sample("vigil_alerts_inhibited_total", {"reason": "pause", "ward": "A1"}) == 3
    assert sample("vigil_alerts_inhibited_total", {"reason": "flapping", "ward": "A1"}) == 1
    assert sample("vigil_alerts_inhibited_total", {"reason": "episode", "ward": "A1"}) == 0


def answer_result(**changes: Any) -> AnswerResult:
    fields: dict[str, Any] = dict.fromkeys(("request_id", "patient_id", "gateway_id", "alert_id"))
    fields |= {"answer": "Acknowledgement", "accepted": True, "detail": "", "at": AT, "by": "nurse"}
    return AnswerResult(**fields | {"partition": 0, "offset": 0, "origin": "live"} | changes)


def test_answers_are_counted_by_how_long_they_took_and_what_they_say() -> None:
    metrics = Metrics(clock=lambda: 10.0)
    told = [
        answer_result(notified_at=AT - timedelta(seconds=90)),
        answer_result(),
        answer_result(answer="Feedback", usefulness="not-actionable"),
        answer_result(answer="Feedback", usefulness="actionable", accepted=False),
    ]

    metrics.committed([record()], told)

    sample = metrics.registry.get_sample_value
    assert sample("vigil_time_to_acknowledge_seconds_count") == 1
    assert sample("vigil_time_to_acknowledge_seconds_bucket", {"le": "120.0"}) == 1
    assert sample("vigil_time_to_acknowledge_seconds_bucket", {"le": "60.0"}) == 0
    assert sample("vigil_alert_feedback_total", {"usefulness": "not-actionable"}) == 1
    assert sample("vigil_alert_feedback_total", {"usefulness": "actionable"}) == 0


def test_latency_is_from_the_arrival_in_kafka_to_the_commit() -> None:
    metrics = Metrics(clock=lambda: 10.0)

    metrics.committed([record(9_900), record(9_900), record(8_000), record(11_000)], [])

    sample = metrics.registry.get_sample_value
    name = "vigil_end_to_end_latency_seconds"
    assert sample(f"{name}_count") == 4
    assert sample(f"{name}_sum") == pytest.approx(2.2)
    assert sample(f"{name}_bucket", {"le": "0.15"}) == 3
    assert sample(f"{name}_bucket", {"le": "2.5"}) == 4


def test_gauges_sum_what_is_restored() -> None:
    metrics = Metrics(clock=lambda: 100.0)
    metrics.serve(lambda: [Held(1, last_tick_at=90.0), Held(2, last_tick_at=95.0), Held(3, is_restored=False)])

    sample = metrics.registry.get_sample_value
    assert sample("vigil_partitions_held") == 3
    assert sample("vigil_partitions_restored") == 2
    assert sample("vigil_patients_monitored", {"ward": "A1"}) == 4
    assert sample("vigil_patients_monitored", {"ward": "unknown"}) == 2
    assert sample("vigil_patients_never_scored", {"ward": "A1"}) == 2
    assert sample("vigil_patients_never_scored", {"ward": "unknown"}) == 0
    assert sample("vigil_patients_without_risk", {"reason": "nothing-known", "ward": "A1"}) == 2
    assert sample("vigil_patients_without_risk", {"reason": "nothing-known", "ward": "unknown"}) == 0
    assert sample("vigil_open_alerts", {"kind": "news2", "priority": "high", "ward": "A1"}) == 4
    assert sample("vigil_last_tick_age_seconds") == 10
    assert sample("vigil_examples_dropped", {"reason": "left"}) == 8
    assert sample("vigil_risk_faults") == 6
    assert sample("vigil_looks_failed") == 2
    assert sample("vigil_model_version", {"partition": "1", "model": "stay"}) == 99
    assert sample("vigil_lag_records", {"partition": "1"}) == 7
    assert sample("vigil_lag_records", {"partition": "3"}) is None
    assert sample("vigil_checkpoint_age_seconds", {"partition": "2"}) == 2
    assert sample("vigil_checkpoint_bytes", {"partition": "2"}) == 1000
    assert sample("vigil_restore_seconds", {"partition": "2"}) == 0.5


def test_before_the_first_tick_its_age_is_not_made_up() -> None:
    metrics = Metrics()
    metrics.serve(lambda: [Held(1)])

    assert metrics.registry.get_sample_value("vigil_last_tick_age_seconds") is None


def test_the_oldest_unanswered_high_alert_is_the_oldest_of_all_partitions_of_a_ward() -> None:
    metrics = Metrics()
    older = held_census(oldest_unanswered={"A1": AT - timedelta(seconds=30)}, clock=AT + timedelta(seconds=100))
    metrics.serve(lambda: [Held(1), Held(2, census=older)])

    sample = metrics.registry.get_sample_value
    name = "vigil_oldest_unanswered_high_alert_age_seconds"
    assert sample(name, {"ward": "A1"}) == 130
    assert sample(name, {"ward": "unknown"}) == 0


def test_without_a_clock_no_age_is_made_up() -> None:
    metrics = Metrics()
    metrics.serve(lambda: [Held(1, census=held_census(clock=None))])

    sample = metrics.registry.get_sample_value
    assert sample("vigil_oldest_unanswered_high_alert_age_seconds", {"ward": "A1"}) is None


def test_every_reason_is_counted_from_nought_so_that_the_first_is_an_increase() -> None:
    sample = Metrics().registry.get_sample_value

    assert sample("vigil_dead_letters_total", {"reason": "undecodable"}) == 0
    assert sample("vigil_refused_measurements_total", {"reason": "sentinel"}) == 0


def test_the_alerts_of_a_ward_are_counted_from_nought_as_soon_as_somebody_is_watched_there() -> None:
    metrics = Metrics()
    metrics.serve(lambda: [Held(1)])

    metrics.registry.get_sample_value("vigil_patients_monitored", {"ward": "A1"})

    labels = {"kind": "zero", "priority": "high", "ward": "A1"}
    assert metrics.registry.get_sample_value("vigil_alerts_total", labels) == 0


def test_wards_are_few_labels_whatever_a_feed_writes() -> None:
    metrics = Metrics()
    wards = {f"W{number:03}": 1 for number in range(MOST_WARDS + 30)}
    metrics.serve(lambda: [Held(1, census=held_census(monitored=wards, oldest_unanswered={}))])

    metrics.committed([], [alert(notify=True, ward=ward) for ward in ("x" * 65, " ", "", None)])

    seen = {sample.labels["ward"]: sample.value for sample in samples(metrics, "vigil_patients_monitored")}
    assert len(seen) == MOST_WARDS + 1
    assert seen["other"] == 30
    notified = Counter[str]()
    for sample in samples(metrics, "vigil_alerts_total"):
        notified[sample.labels["ward"]] += int(sample.value)
    assert +notified == {"other": 1, "unknown": 3}


def samples(metrics: Metrics, name: str) -> list[Any]:
    return [sample for family in metrics.registry.collect() for sample in family.samples if sample.name == name]


def test_no_metric_has_a_patient_or_a_device_as_a_label() -> None:
    metrics = Metrics()
    metrics.serve(lambda: [Held(1, last_tick_at=1.0)])
    metrics.committed([record()], [assessment(), alert(notify=True)])
    metrics.arrived([arrival()])

    samples = [sample for family in metrics.registry.collect() for sample in family.samples]

    assert {label for sample in samples for label in sample.labels} <= {
        "partition",
        "model",
        "topic",
        "reason",
        "detector",
        "device_type",
        "gateway",
        "kind",
        "priority",
        "ward",
        "usefulness",
        "le",
    }
    assert all(sample.name.startswith("vigil_") for sample in samples)


def arrival(**changes: Any) -> Arrival:
    fields: dict[str, Any] = {"gateway_id": "g1", "device_type": "monitor", "age_seconds": 2.0, "refused": ()}
    return Arrival(**fields | {"is_parked": False} | changes)


def test_readings_are_counted_by_the_gateway_and_the_device_they_came_through() -> None:
    metrics = Metrics()
    sentinel = Refused(code="x", value=None, unit=None, reason="sentinel")

    metrics.arrived([
        arrival(refused=[sentinel]),
        arrival(age_seconds=61.0),
        arrival(is_parked=True, age_seconds=90_000.0),
        arrival(gateway_id=None, device_type=None, age_seconds=None),
    ])  # fmt: skip

    sample = metrics.registry.get_sample_value
    age = "vigil_gateway_reading_age_seconds"
    assert sample("vigil_gateway_readings_total", {"gateway": "g1", "device_type": "monitor"}) == 2
    assert sample("vigil_gateway_readings_total", {"gateway": "unknown", "device_type": "unknown"}) == 1
    assert sample("vigil_gateway_refused_measurements_total", {"gateway": "g1", "reason": "sentinel"}) == 1
    assert sample("vigil_gateway_refused_measurements_total", {"gateway": "g1", "reason": "implausible"}) == 0
    assert sample("vigil_gateway_dead_letters_total", {"gateway": "g1"}) == 1
    assert sample(f"{age}_count", {"gateway": "g1"}) == 2
    assert sample(f"{age}_bucket", {"gateway": "g1", "le": "60.0"}) == 1
    assert sample(f"{age}_sum", {"gateway": "g1"}) == 63
    assert sample(f"{age}_count", {"gateway": "unknown"}) == 0


def test_gateways_are_few_labels_whatever_a_feed_writes() -> None:
    metrics = Metrics()

    metrics.arrived([arrival(gateway_id=f"G{number:03}") for number in range(MOST_GATEWAYS + 30)])

    counted = {each.labels["gateway"]: each.value for each in samples(metrics, "vigil_gateway_readings_total")}
    assert len(counted) == MOST_GATEWAYS + 1
    assert counted["other"] == 30


def test_the_age_of_a_heartbeat_is_that_of_the_partition_that_is_worst_off() -> None:
    metrics = Metrics()
    heard = {"g1": AT - timedelta(seconds=10), "g2": AT}
    untold = held_census(clock=None, gateways_heard={"g3": AT})
    metrics.serve(lambda: [Held(1), Held(2, census=held_census(gateways_heard=heard)), Held(3, census=untold)])

    ages = {each.labels["gateway"]: each.value for each in samples(metrics, "vigil_gateway_heartbeat_age_seconds")}

    assert ages == {"g1": 40, "g2": 0}


def test_metrics_and_health_are_served() -> None:
    metrics = Metrics()
    metrics.received(3)
    answers = asyncio.run(get(metrics, ready=lambda: "still restoring", healthy=lambda: None))

    assert answers["/healthz"] == (200, "ok\n")
    assert answers["/readyz"] == (503, "still restoring\n")
    status, body = answers["/metrics"]
    assert status == 200
    assert "vigil_records_received_total 3.0" in body


def test_a_taken_port_is_told() -> None:
    async def twice() -> None:
        metrics = Metrics()
        arguments: dict[str, Any] = {"is_ready": lambda: None, "is_healthy": lambda: None, "host": "127.0.0.1"}
        server, port = await serve_metrics(metrics.registry, **arguments, port=0)
        try:
            await serve_metrics(metrics.registry, **arguments, port=port)
        finally:
            await server.cleanup()

    with pytest.raises(PortTakenError, match="choose another port"):
        asyncio.run(twice())


async def get(
    metrics: Metrics, *, ready: Callable[[], str | None], healthy: Callable[[], str | None]
) -> dict[str, tuple[int, str]]:
    server, port = await serve_metrics(metrics.registry, is_ready=ready, is_healthy=healthy, host="127.0.0.1", port=0)
    found = {}
    async with aiohttp.ClientSession() as session:
        for path in ("/metrics", "/healthz", "/readyz"):
            async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                found[path] = (answer.status, await answer.text())
    await server.cleanup()
    return found
