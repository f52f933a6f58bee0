"""Every metric of the learner, read from its state at each scrape."""

from collections.abc import Iterable
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.events import ModelPublished
from models.risk.progress import Progress
from models.risk.shift import WARN_AT, Shift


class Learned(Protocol):
    """What the gauges read of a learner."""

    @property
    def progress(self) -> Progress:
        """How well the candidates did in their trials so far."""

    @property
    def shift(self) -> Shift:
        """How far the patients of now are from those that the version in force learned from."""

    @property
    def learned(self) -> int:
        """How many examples were learned."""

    @property
    def positives(self) -> int:
        """Of how many of them the worst came."""

    @property
    def published(self) -> ModelPublished | None:
        """The version in force."""

    @property
    def held_back(self) -> int:
        """How often a model that got worse was not published."""

    @property
    def unusable(self) -> int:
        """How many records were no examples."""


class LearnerMetrics(Collector):
    """The registry of one learner; what outlives the process is read from its state, so a restart resets nothing."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.learner: Learned | None = None
        self.publications = Counter(
            "vigil_learner_publications",
            "Publications by this process, of a version again too.",
            registry=self.registry,
        )
        self.registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Gives what the learner knows to a scrape; nothing while another one learns."""
        if self.learner is not None:
            yield from _counts(self.learner)
            yield from _quality(self.learner)
            yield from _shift(self.learner.shift)

    def describe(self) -> Iterable[Metric]:
        """Names nothing in advance."""
        return []


def _counts(learner: Learned) -> Iterable[Metric]:
    for name, documentation, count in (
        ("vigil_learner_examples", "Examples that were learned, each once.", learner.learned),
        ("vigil_learner_positives", "Of them, those of which the worst came.", learner.positives),
        ("vigil_learner_unusable", "Records on examples that were none.", learner.unusable),
        ("vigil_learner_held_back", "Models that were not published because they got worse.", learner.held_back),
    ):
        yield CounterMetricFamily(name, documentation, value=count)
    version = GaugeMetricFamily("vigil_learner_version", "The version in force: the offset of its last example.")
    if learner.published is not None:
        version.add_metric([], learner.published.version)
    yield version


def _quality(learner: Learned) -> Iterable[Metric]:
    """Of what was foretold in trials; a figure that is not defined yet is not there."""
    quality = learner.progress.quality()
    for name, documentation, figure in (
        ("vigil_learner_auroc_ratio", "AUROC of the forecasts.", quality.auroc),
        ("vigil_learner_news2_auroc_ratio", "AUROC of NEWS2's known points on the same examples.", quality.news2_auroc),
        ("vigil_learner_brier_ratio", "Brier score of the forecasts.", quality.brier),
        ("vigil_learner_log_loss_ratio", "Log loss of the forecasts, in nats.", quality.log_loss),
    ):
        gauge = GaugeMetricFamily(name, documentation)
        if figure is not None:
            gauge.add_metric([], figure)
        yield gauge


def _shift(shift: Shift) -> Iterable[Metric]:
    """Population stability indices; there are none before a version is in force, nor of too few examples."""
    of_features, of_score = shift.of_features(), shift.of_score()
    features = GaugeMetricFamily(
        "vigil_learner_feature_shift_psi",
        "How far a sign's values are from those that the version in force learned from; from 0.25 on it is suspect.",
        labels=["sign"],
    )
    for sign, index in of_features.items():
        features.add_metric([sign], index)
    yield features
    score = GaugeMetricFamily(
        "vigil_learner_score_shift_psi",
        "How far its forecasts are from those of its trial; from 0.25 on it is suspect.",
    )
    if of_score is not None:
        score.add_metric([], of_score)
    yield score
    known = [*of_features.values(), *([] if of_score is None else [of_score])]
    yield GaugeMetricFamily(
        "vigil_learner_shift_warnings",
        f"How many of these indices are at {WARN_AT} or over; it should stay 0.",
        sum(index >= WARN_AT for index in known),
    )
