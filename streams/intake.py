"""The counters of what came in, by gateway and kind of device."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Sequence
from typing import get_args

from prometheus_client import CollectorRegistry, Counter

from models.arrival import Arrival
from models.events import DeviceType, RefusedReason
from streams.histogram import SecondsHistogram
from streams.labels import MOST_GATEWAYS, BoundedLabels

_UNKNOWN = "unknown"
_AGES_SECONDS = (5, 10, 30, 60, 120, 300, 900, 3600, 14_400, 86_400, 604_800)


class Intake:
    """Counts readings when their transaction is committed.

    A gateway is a label once its heartbeat was heard, for else it may be the phone of one person: whatever came through
    such a one, or through none, is `unknown`. From the 51st gateway on it is `other`.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.gateways = BoundedLabels(MOST_GATEWAYS, self._begin_gateway)
        self._readings = Counter(
            "vigil_gateway_readings",
            "Readings whose assessment is committed, by the gateway they came through.",
            ["gateway", "device_type"],
            registry=registry,
        )
        self._refused = Counter(
            "vigil_gateway_refused_measurements",
            "Measurements not believed, by gateway.",
            ["gateway", "reason"],
            registry=registry,
        )
        self._dead_letters = Counter(
            "vigil_gateway_dead_letters",
            "Readings that could be read and not be used, by gateway.",
            ["gateway"],
            registry=registry,
        )
        self._age = SecondsHistogram(
            "vigil_gateway_reading_age_seconds",
            "How old readings were when they stood on the log, by its clock, which is up to a tick behind.",
            _AGES_SECONDS,
            ["gateway"],
        )
        registry.register(self._age)

    def count(self, arrivals: Sequence[Arrival]) -> None:
        """Counts what came; what is done for each reading is little, for there are many."""
        readings: Tally[tuple[str | None, DeviceType | None]] = Tally()
        ages: defaultdict[str | None, list[float]] = defaultdict(list)
        for gateway_id, device_type, age_seconds, refused, is_parked in arrivals:
            if is_parked:
                self._dead_letters.labels(self.gateways.label(gateway_id)).inc()
                continue
            readings[gateway_id, device_type] += 1
            if age_seconds is not None:
                ages[gateway_id].append(age_seconds)
            for each in refused:
                self._refused.labels(self.gateways.label(gateway_id), each.reason).inc()
        for (gateway_id, device_type), times in readings.items():
            self._readings.labels(self.gateways.label(gateway_id), device_type or _UNKNOWN).inc(times)
        for gateway_id, seconds in ages.items():
            self._age.observe_each(seconds, self.gateways.label(gateway_id))

    def _begin_gateway(self, gateway: str) -> None:
        self._age.begin(gateway)
        self._dead_letters.labels(gateway)
        for reason in get_args(RefusedReason):
            self._refused.labels(gateway, reason)
