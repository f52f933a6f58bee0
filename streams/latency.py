"""A histogram that takes many equal observations at once, for records that share a time stamp."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class LatencyHistogram(Collector):
    """Seconds, in fixed buckets."""

    def __init__(self, name: str, documentation: str) -> None:
        self._name = name
        self._documentation = documentation
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._sum = 0.0

    def observe(self, seconds: float, times: int) -> None:
        """Counts the same latency `times` times; a clock that runs ahead of ours makes it 0, not negative."""
        seconds = max(0.0, seconds)
        self._counts[bisect_left(_BOUNDS, seconds)] += times
        self._sum += seconds * times

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """Gives the buckets to a scrape."""
        bounds = [*map(str, _BOUNDS), "+Inf"]
        buckets = list(zip(bounds, map(float, accumulate(self._counts)), strict=True))
        yield HistogramMetricFamily(self._name, self._documentation, buckets=buckets, sum_value=self._sum)
