"""A histogram of seconds that takes many observations at once."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector


class SecondsHistogram(Collector):
    """Seconds in the buckets of `bounds`, apart by the values of `labels`; without labels it begins at 0."""

    def __init__(self, name: str, documentation: str, bounds: Sequence[float], labels: Sequence[str] = ()) -> None:
        self._name = name
        self._documentation = documentation
        self._bounds = bounds
        self._labels = labels
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._sums: dict[tuple[str, ...], float] = {}
        if not labels:
            self.begin()

    def begin(self, *labels: str) -> None:
        """Lets a series begin at 0."""
        self._counts[labels] = [0] * (len(self._bounds) + 1)
        self._sums[labels] = 0.0

    def observe(self, seconds: float, times: int, *labels: str) -> None:
        """Counts the same seconds `times` times, of labels that have begun; a clock that runs ahead makes them 0."""
        seconds = max(0.0, seconds)
        self._counts[labels][bisect_left(self._bounds, seconds)] += times
        self._sums[labels] += seconds * times

    def observe_each(self, observed: Sequence[float], *labels: str) -> None:
        """Counts different seconds, none below 0, of labels that have begun."""
        counts, bounds = self._counts[labels], self._bounds
        for seconds in observed:
            counts[bisect_left(bounds, seconds)] += 1
        self._sums[labels] += sum(observed)

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """Gives the buckets to a scrape."""
        family = HistogramMetricFamily(self._name, self._documentation, labels=self._labels)
        bounds = [*map(str, map(float, self._bounds)), "+Inf"]
        for labels, counts in self._counts.items():
            buckets = list(zip(bounds, map(float, accumulate(counts)), strict=True))
            family.add_metric(labels, buckets, self._sums[labels])
        yield family
