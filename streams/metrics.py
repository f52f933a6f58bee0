"""Every metric of a worker; none has a patient or a device as a label, and silent catch-up counts in none.

Wards are few, and bounded in `streams.wards`. What is counted by reason, or by kind and ward, begins at 0, so that the
first of it is an increase.
"""

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, get_args

from msgspec import UNSET
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.events import (
    Alert,
    AnswerResult,
    Assessment,
    DeadLetter,
    DeadLetterReason,
    Detector,
    Output,
    RefusedReason,
)
from streams.burden import Burden
from streams.fold import Census
from streams.inbox import InputRecord
from streams.latency import LatencyHistogram
from streams.topics import topic_of
from streams.wards import WardLabels


class HeldPartition(Protocol):
    """What the gauges read of a partition that this worker holds."""

    number: int
    is_restored: bool
    restore_seconds: float
    checkpoint_bytes: int
    last_tick_at: float | None

    @property
    def census(self) -> Census:
        """What its fold holds."""

    @property
    def checkpoint_age_seconds(self) -> float:
        """How old its last checkpoint is."""

    @property
    def lag(self) -> int | None:
        """How many records it is behind the end of its log."""


class Metrics:
    """The counters of one worker, counted when their transaction is committed, and the registry that serves them."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._burden = Burden(self.registry)
        self._wards = WardLabels(self._burden.begin_ward)
        self._received = self._counter("vigil_records_received", "Records that reached this worker.")
        self._processed = self._counter("vigil_records_processed", "Records whose transaction is committed.")
        self._readings = self._counter("vigil_readings_processed", "Readings whose assessment is committed.")
        self._outputs = self._counter("vigil_outputs", "Records written, by topic.", "topic")
        self._dead_letters = self._counter("vigil_dead_letters", "Records that could not be used.", "reason")
        self._refused = self._counter("vigil_refused_measurements", "Measurements not believed.", "reason")
        self._findings = self._counter("vigil_findings", "Findings that began; they raise no alert.", "detector")
        self._transactions = self._counter("vigil_transactions", "Committed transactions.")
        self._latency = LatencyHistogram(
            "vigil_end_to_end_latency_seconds", "From a record's arrival in Kafka to its committed outputs."
        )
        self.registry.register(self._latency)
        for counter, reasons in (
            (self._dead_letters, DeadLetterReason),
            (self._refused, RefusedReason),
            (self._findings, Detector),
        ):
            for reason in get_args(reasons):
                counter.labels(reason)

    def received(self, records: int) -> None:
        """Counts records handed to a partition."""
        self._received.inc(records)

    def committed(self, records: list[InputRecord], outputs: list[Output]) -> None:
        """Counts one transaction."""
        self._transactions.inc()
        self._processed.inc(len(records))
        now = self._clock()
        for timestamp, times in Tally(record.timestamp for record in records).items():
            self._latency.observe(now - timestamp / 1000, times)
        for topic, times in Tally(map(topic_of, outputs)).items():
            self._outputs.labels(topic).inc(times)
        self._readings.inc(sum(isinstance(output, Assessment) and output.reading_id is not None for output in outputs))
        for output in outputs:
            self._count(output)

    def serve(self, held: Callable[[], Iterable[HeldPartition]]) -> None:
        """Adds the gauges, which read the held partitions at each scrape."""
        self.registry.register(Gauges(held, self._clock, self._wards))

    def _counter(self, name: str, documentation: str, *labels: str) -> Counter:
        return Counter(name, documentation, labels, registry=self.registry)

    def _count(self, output: Output) -> None:
        if isinstance(output, Assessment):
            for refused in output.refused:
                self._refused.labels(refused.reason).inc()
            for finding in () if output.findings is UNSET else output.findings:
                if finding.state == "begun" or finding.detector == "spike":
                    self._findings.labels(finding.detector).inc()
        elif isinstance(output, Alert):
            self._burden.count_alert(output, self._wards.label(output.ward))
        elif isinstance(output, AnswerResult):
            self._burden.count_answer(output)
        elif isinstance(output, DeadLetter):
            self._dead_letters.labels(output.reason).inc()


class Gauges(Collector):
    """What the held partitions are like at the moment of a scrape."""

    def __init__(
        self, held: Callable[[], Iterable[HeldPartition]], clock: Callable[[], float], wards: WardLabels
    ) -> None:
        self._held = held
        self._clock = clock
        self._wards = wards

    def collect(self) -> Iterable[Metric]:
        """Gives the gauges to a scrape; a partition that is still being restored shows no state."""
        held = list(self._held())
        restored = [partition for partition in held if partition.is_restored]
        censuses = [partition.census for partition in restored]
        yield GaugeMetricFamily("vigil_partitions_held", "Partitions assigned to this worker.", len(held))
        yield GaugeMetricFamily("vigil_partitions_restored", "Partitions ready to be worked on.", len(restored))
        yield self._patients(
            "vigil_patients_monitored", "Patients that are monitored.", [each.monitored for each in censuses]
        )
        yield self._patients(
            "vigil_patients_never_scored",
            "Monitored patients that never had a score.",
            [each.never_scored for each in censuses],
        )
        yield self._without_risk(censuses)
        yield from _by_partition(restored)
        yield self._open_alerts(censuses)
        yield self._oldest_unanswered(censuses)
        yield _examples_dropped(censuses)
        yield _risk_faults(censuses)
        yield GaugeMetricFamily(
            "vigil_looks_failed",
            "Looks of the detectors that raise no alert that failed; it should stay 0.",
            sum(census.looks_failed for census in censuses),
        )
        yield self._last_tick(restored)

    def _patients(self, name: str, documentation: str, counts: list[Mapping[str | None, int]]) -> Metric:
        tally: Tally[str] = Tally()
        for by_ward in counts:
            for ward, count in by_ward.items():
                tally[self._wards.label(ward)] += count
        gauge = GaugeMetricFamily(name, documentation, labels=["ward"])
        for label, count in sorted(tally.items()):
            gauge.add_metric([label], count)
        return gauge

    def _without_risk(self, censuses: list[Census]) -> Metric:
        tally: Tally[tuple[str, str]] = Tally()
        for census in censuses:
            for (ward, reason), count in census.without_risk.items():
                tally[reason, self._wards.label(ward)] += count
        gauge = GaugeMetricFamily(
            "vigil_patients_without_risk",
            "Monitored patients of whom the learned risk foretells nothing, by reason.",
            labels=["reason", "ward"],
        )
        for labels, count in sorted(tally.items()):
            gauge.add_metric(labels, count)
        return gauge

    def _open_alerts(self, censuses: list[Census]) -> Metric:
        tally: Tally[tuple[str, str, str]] = Tally()
        for census in censuses:
            for (kind, priority, ward), count in census.open_alerts.items():
                tally[kind, priority, self._wards.label(ward)] += count
        gauge = GaugeMetricFamily("vigil_open_alerts", "Alerts that are open now.", labels=["kind", "priority", "ward"])
        for labels, count in sorted(tally.items()):
            gauge.add_metric(labels, count)
        return gauge

    def _oldest_unanswered(self, censuses: list[Census]) -> Metric:
        """By the clock of the log; a partition that was told no time yet can't say, and a ward with none says 0."""
        ages: dict[str, float] = {}
        for census in censuses:
            if census.clock is None:
                continue
            for ward in census.monitored:
                ages.setdefault(self._wards.label(ward), 0)
            for ward, since in census.oldest_unanswered.items():
                label = self._wards.label(ward)
                ages[label] = max(ages.get(label, 0), (census.clock - since).total_seconds())
        gauge = GaugeMetricFamily(
            "vigil_oldest_unanswered_high_alert_age_seconds",
            "Event time since the oldest high alert began that nobody has acknowledged; 0 when there is none.",
            labels=["ward"],
        )
        for label, age in sorted(ages.items()):
            gauge.add_metric([label], age)
        return gauge

    def _last_tick(self, restored: list[HeldPartition]) -> Metric:
        ticks = [partition.last_tick_at for partition in restored if partition.last_tick_at is not None]
        age = GaugeMetricFamily("vigil_last_tick_age_seconds", "Since the oldest of the partitions' last ticks.")
        if ticks:
            age.add_metric([], self._clock() - min(ticks))
        return age


def _by_partition(restored: list[HeldPartition]) -> Iterable[Metric]:
    rows: tuple[tuple[str, str, Callable[[HeldPartition], float | None]], ...] = (
        ("vigil_lag_records", "Records between the last committed one and the end.", lambda held: held.lag),
        ("vigil_checkpoint_age_seconds", "Age of the last checkpoint.", lambda held: held.checkpoint_age_seconds),
        ("vigil_checkpoint_bytes", "Size of the last checkpoint.", lambda held: held.checkpoint_bytes),
        ("vigil_restore_seconds", "What the last restore took.", lambda held: held.restore_seconds),
    )
    for name, documentation, read in rows:
        gauge = GaugeMetricFamily(name, documentation, labels=["partition"])
        for partition in restored:
            if (value := read(partition)) is not None:
                gauge.add_metric([str(partition.number)], value)
        yield gauge
    version = GaugeMetricFamily(
        "vigil_model_version", "Version of each learned model in force.", labels=["partition", "model"]
    )
    for partition in restored:
        for model, value in sorted(partition.census.model_versions.items()):
            version.add_metric([str(partition.number), model], value)
    yield version


def _examples_dropped(censuses: list[Census]) -> Metric:
    tally: Tally[str] = Tally()
    for census in censuses:
        tally.update(census.examples_dropped)
    gauge = GaugeMetricFamily("vigil_examples_dropped", "Examples that got no label, by reason.", labels=["reason"])
    for reason, count in sorted(tally.items()):
        gauge.add_metric([reason], count)
    return gauge


def _risk_faults(censuses: list[Census]) -> Metric:
    faults = sum(census.risk_faults for census in censuses)
    return GaugeMetricFamily("vigil_risk_faults", "Looks at a patient at which the learned risk failed.", faults)
