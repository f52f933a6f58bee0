"""The gauges of a worker: what the partitions that it holds are like at the moment of a scrape."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.fold import Census
from streams.labels import BoundedLabels


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


class Gauges(Collector):
    """What the held partitions are like at the moment of a scrape."""

    def __init__(
        self,
        held: Callable[[], Iterable[HeldPartition]],
        clock: Callable[[], float],
        wards: BoundedLabels,
        gateways: BoundedLabels,
    ) -> None:
        self._held = held
        self._clock = clock
        self._wards = wards
        self._gateways = gateways

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
        yield self._heartbeat_ages(censuses)
        yield _examples_dropped(censuses)
        yield _risk_faults(censuses)
        yield GaugeMetricFamily(
            "vigil_looks_failed",
            "Looks of the detectors that raise no alert that failed; it should stay 0.",
            sum(census.looks_failed for census in censuses),
        )
        yield self._last_tick(restored)

    def _patients(self, name: str, documentation: str, counts: list[Mapping[str | None, int]]) -> Metric:
        tally: Tally[tuple[str, ...]] = Tally()
        for by_ward in counts:
            for ward, count in by_ward.items():
                tally[(self._wards.label(ward),)] += count
        return _labelled(name, documentation, ["ward"], tally)

    def _without_risk(self, censuses: list[Census]) -> Metric:
        tally: Tally[tuple[str, ...]] = Tally()
        for census in censuses:
            for (ward, reason), count in census.without_risk.items():
                tally[reason, self._wards.label(ward)] += count
        documentation = "Monitored patients of whom the learned risk foretells nothing, by reason."
        return _labelled("vigil_patients_without_risk", documentation, ["reason", "ward"], tally)

    def _open_alerts(self, censuses: list[Census]) -> Metric:
        tally: Tally[tuple[str, ...]] = Tally()
        for census in censuses:
            for (kind, priority, ward), count in census.open_alerts.items():
                tally[kind, priority, self._wards.label(ward)] += count
        return _labelled("vigil_open_alerts", "Alerts that are open now.", ["kind", "priority", "ward"], tally)

    def _oldest_unanswered(self, censuses: list[Census]) -> Metric:
        """By the clock of the log; a partition that was told no time yet can't say, and a ward with none says 0."""
        ages: dict[tuple[str, ...], float] = {}
        for census in censuses:
            if census.clock is None:
                continue
            for ward in census.monitored:
                ages.setdefault((self._wards.label(ward),), 0)
            for ward, since in census.oldest_unanswered.items():
                label = (self._wards.label(ward),)
                ages[label] = max(ages.get(label, 0), (census.clock - since).total_seconds())
        return _labelled(
            "vigil_oldest_unanswered_high_alert_age_seconds",
            "Event time since the oldest high alert began that nobody has acknowledged; 0 when there is none.",
            ["ward"],
            ages,
        )

    def _heartbeat_ages(self, censuses: list[Census]) -> Metric:
        """By the clock of the log, of the partition that is worst off; one that was told no time yet can't say."""
        ages: dict[tuple[str, ...], float] = {}
        for census in censuses:
            if census.clock is None:
                continue
            for gateway_id, heard in census.gateways_heard.items():
                label = (self._gateways.label(gateway_id),)
                ages[label] = max(ages.get(label, 0), (census.clock - heard).total_seconds())
        return _labelled(
            "vigil_gateway_heartbeat_age_seconds",
            "Event time since a gateway's last heartbeat; a gateway that never sent one has none.",
            ["gateway"],
            ages,
        )

    def _last_tick(self, restored: list[HeldPartition]) -> Metric:
        ticks = [partition.last_tick_at for partition in restored if partition.last_tick_at is not None]
        age = GaugeMetricFamily("vigil_last_tick_age_seconds", "Since the oldest of the partitions' last ticks.")
        if ticks:
            age.add_metric([], self._clock() - min(ticks))
        return age


def _labelled(name: str, documentation: str, labels: Sequence[str], values: Mapping[tuple[str, ...], float]) -> Metric:
    """A gauge with a series for each of its labels' values, in their order."""
    gauge = GaugeMetricFamily(name, documentation, labels=labels)
    for each, value in sorted(values.items()):
        gauge.add_metric(each, value)
    return gauge


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
    tally: Tally[tuple[str, ...]] = Tally()
    for census in censuses:
        tally.update({(reason,): count for reason, count in census.examples_dropped.items()})
    return _labelled("vigil_examples_dropped", "Examples that got no label, by reason.", ["reason"], tally)


def _risk_faults(censuses: list[Census]) -> Metric:
    faults = sum(census.risk_faults for census in censuses)
    return GaugeMetricFamily("vigil_risk_faults", "Looks at a patient at which the learned risk failed.", faults)
