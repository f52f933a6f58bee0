"""Every metric of the deliverer."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.events import Priority

_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)
_RESULTS = ("delivered", "refused", "not-needed")


class DeliveryMetrics(Collector):
    """The registry of one deliverer; receivers are labels, wards and patients are not."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._undelivered: Callable[[], Mapping[Priority, int]] | None = None
        self._deliveries = Counter(
            "vigil_deliveries",
            "Messages by what became of them: delivered, refused for good, or not needed any more.",
            ["receiver", "result"],
            registry=self.registry,
        )
        self._failed_tries = Counter(
            "vigil_delivery_failed_tries", "Tries that failed.", ["receiver"], registry=self.registry
        )
        self._seconds = Histogram(
            "vigil_delivery_seconds",
            "From the notification's arrival in Kafka to the first receiver that took it.",
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._reports = Counter(
            "vigil_delivery_reports",
            "Reports that nobody, or at last somebody, was reached for an alert.",
            ["result"],
            registry=self.registry,
        )
        self._heartbeats = Counter(
            "vigil_delivery_heartbeats",
            "Signs of life by what became of them: sent, failed, or withheld because something is wrong here.",
            ["result"],
            registry=self.registry,
        )
        self._unreadable = Counter(
            "vigil_delivery_unreadable",
            "Records on alerts or deliveries that this version can't read; it should stay 0.",
            registry=self.registry,
        )
        self._unrouted = Counter(
            "vigil_delivery_unrouted",
            "Notifications that no route takes, by origin.",
            ["origin"],
            registry=self.registry,
        )
        for result in ("unreached", "reached"):
            self._reports.labels(result)
        for result in ("sent", "failed", "withheld"):
            self._heartbeats.labels(result)
        for origin in ("live", "replay", "simulated"):
            self._unrouted.labels(origin)
        self.registry.register(self)
        ProcessCollector(namespace="vigil", registry=self.registry)

    def serve(self, receivers: Iterable[str], undelivered: Callable[[], Mapping[Priority, int]]) -> None:
        """Counts each receiver from nought, and asks for the gauge at each scrape."""
        self._undelivered = undelivered
        for receiver in receivers:
            self._failed_tries.labels(receiver)
            for result in _RESULTS:
                self._deliveries.labels(receiver, result)

    def delivery(self, receiver: str, result: str) -> None:
        """A message came to its end."""
        self._deliveries.labels(receiver, result).inc()

    def failed_try(self, receiver: str) -> None:
        """A try failed."""
        self._failed_tries.labels(receiver).inc()

    def first_delivery(self, seconds: float) -> None:
        """An alert got to its first receiver."""
        self._seconds.observe(seconds)

    def report(self, result: str) -> None:
        """A report went to the log."""
        self._reports.labels(result).inc()

    def heartbeat(self, result: str) -> None:
        """A sign of life was due."""
        self._heartbeats.labels(result).inc()

    def unreadable(self) -> None:
        """A record can't be read."""
        self._unreadable.inc()

    def unrouted(self, origin: str) -> None:
        """No route takes a notification."""
        self._unrouted.labels(origin).inc()

    def collect(self) -> Iterable[Metric]:
        """Gives the open alerts that nobody was told of yet."""
        gauge = GaugeMetricFamily(
            "vigil_undelivered_alerts",
            "Open, unanswered alerts that a route takes and no receiver has taken.",
            labels=["priority"],
        )
        if self._undelivered is not None:
            for priority, count in self._undelivered().items():
                gauge.add_metric([priority], count)
        yield gauge

    def describe(self) -> Iterable[Metric]:
        """Names nothing in advance."""
        return []
