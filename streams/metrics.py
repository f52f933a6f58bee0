"""Every metric of a worker; none has a patient or a device as a label, and silent catch-up counts in none.

Wards and gateways are few, and bounded in `streams.labels`. What is counted by reason, or by kind and ward, begins at
0, so that the first of it is an increase.
"""

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from typing import get_args

from msgspec import UNSET
from prometheus_client import CollectorRegistry, Counter, ProcessCollector

from models.arrival import Arrival
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
from streams.gauges import Gauges, HeldPartition
from streams.histogram import SecondsHistogram
from streams.inbox import InputRecord
from streams.intake import Intake
from streams.labels import MOST_WARDS, BoundedLabels
from streams.topics import topic_of

_LATENCY_SECONDS = (
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0,
)  # fmt: skip


class Metrics:
    """The counters of one worker, counted when their transaction is committed, and the registry that serves them."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._burden = Burden(self.registry)
        self._wards = BoundedLabels(MOST_WARDS, self._burden.begin_ward)
        self._intake = Intake(self.registry)
        self._received = self._counter("vigil_records_received", "Records that reached this worker.")
        self._processed = self._counter("vigil_records_processed", "Records whose transaction is committed.")
        self._readings = self._counter("vigil_readings_processed", "Readings whose assessment is committed.")
        self._outputs = self._counter("vigil_outputs", "Records written, by topic.", "topic")
        self._dead_letters = self._counter("vigil_dead_letters", "Records that could not be used.", "reason")
        self._refused = self._counter("vigil_refused_measurements", "Measurements not believed.", "reason")
        self._findings = self._counter("vigil_findings", "Findings that began; they raise no alert.", "detector")
        self._transactions = self._counter("vigil_transactions", "Committed transactions.")
        self._latency = SecondsHistogram(
            "vigil_end_to_end_latency_seconds",
            "From a record's arrival in Kafka to its committed outputs.",
            _LATENCY_SECONDS,
        )
        self.registry.register(self._latency)
        ProcessCollector(namespace="vigil", registry=self.registry)
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

    def arrived(self, arrivals: Sequence[Arrival]) -> None:
        """Counts the readings of one transaction by gateway."""
        self._intake.count(arrivals)

    def serve(self, held: Callable[[], Iterable[HeldPartition]]) -> None:
        """Adds the gauges, which read the held partitions at each scrape."""
        self.registry.register(Gauges(held, self._clock, self._wards, self._intake.gateways))

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
