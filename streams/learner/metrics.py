"""Every metric of the learner, read from its state at each scrape."""

from collections.abc import Iterable
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.events import ModelName
from models.risk.learner import Learner
from models.risk.shift import WARN_AT, Shift
from models.risk.whole_stay import WholeStay


class LearnerMetrics(Collector):
    """The registry of one learner; what outlives the process is read from its state, so a restart resets nothing."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.learner: Learner | None = None
        self.publications = Counter(
            "vigil_learner_publications",
            "Publications by this process, of a version again too.",
            ["model"],
            registry=self.registry,
        )
        for model in get_args(ModelName):
            self.publications.labels(model)
        self.registry.register(self)
        ProcessCollector(namespace="vigil", registry=self.registry)

    def collect(self) -> Iterable[Metric]:
        """Gives what the learner knows to a scrape; nothing while another one learns."""
        if self.learner is not None:
            yield from _counts(self.learner)
            yield from _quality(self.learner)
            yield from _stays(self.learner.stay)
            yield from _shift(self.learner.near_term.shift)

    def describe(self) -> Iterable[Metric]:
        """Names nothing in advance."""
        return []


def _counts(learner: Learner) -> Iterable[Metric]:
    standings = {model: gate.standing for model, gate in learner.gates.items()}
    for name, documentation, counts in (
        (
            "vigil_learner_examples",
            "Examples that were learned, each once.",
            {model: standing.lesson.examples for model, standing in standings.items()},
        ),
        (
            "vigil_learner_positives",
            "Of them, those of which the worst came.",
            {model: standing.lesson.positives for model, standing in standings.items()},
        ),
        (
            "vigil_learner_held_back",
            "Models that were not published because they got worse.",
            {model: standing.held_back for model, standing in standings.items()},
        ),
    ):
        counter = CounterMetricFamily(name, documentation, labels=["model"])
        for model, count in counts.items():
            counter.add_metric([model], count)
        yield counter
    yield CounterMetricFamily("vigil_learner_unusable", "Records on examples that were none.", value=learner.unusable)
    version = GaugeMetricFamily(
        "vigil_learner_version", "The version in force: the offset of its last example.", labels=["model"]
    )
    for published in learner.published:
        version.add_metric([published.model], published.version)
    yield version


def _quality(learner: Learner) -> Iterable[Metric]:
    """Of what was foretold in trials; a figure that is not defined yet is not there."""
    qualities = {model: gate.standing.progress.quality() for model, gate in learner.gates.items()}
    for name, documentation, field in (
        ("vigil_learner_auroc_ratio", "AUROC of the forecasts.", "auroc"),
        ("vigil_learner_news2_auroc_ratio", "AUROC of NEWS2's known points on the same examples.", "news2_auroc"),
        ("vigil_learner_brier_ratio", "Brier score of the forecasts.", "brier"),
        ("vigil_learner_log_loss_ratio", "Log loss of the forecasts, in nats.", "log_loss"),
    ):
        gauge = GaugeMetricFamily(name, documentation, labels=["model"])
        for model, quality in qualities.items():
            figure = getattr(quality, field)
            if figure is not None:
                gauge.add_metric([model], figure)
        yield gauge
    calibration = GaugeMetricFamily(
        "vigil_learner_calibration_ratio",
        "The worst courses that were foretold for each that came: 1 is right, more is too many.",
        labels=["model"],
    )
    for model, quality in qualities.items():
        if quality.expected is not None and quality.positives:
            calibration.add_metric([model], quality.expected / quality.positives)
    yield calibration


def _stays(stay: WholeStay) -> Iterable[Metric]:
    yield CounterMetricFamily("vigil_learner_stays", "Stays that ended and were learned.", value=stay.stays)
    yield GaugeMetricFamily("vigil_learner_stays_waiting", "Stays with examples that have not ended.", stay.waiting)
    dropped = CounterMetricFamily(
        "vigil_learner_stays_dropped", "Stays with examples that taught nothing, by reason.", labels=["reason"]
    )
    for reason, count in stay.dropped.by_reason().items():
        dropped.add_metric([reason], count)
    yield dropped


def _shift(shift: Shift) -> Iterable[Metric]:
    """Population stability indices; there are none before a version is in force, nor of too few examples."""
    of_features, of_score = shift.of_features(), shift.of_score()
    features = GaugeMetricFamily(
        "vigil_learner_feature_shift_psi",
        "How far a sign's values are from those that the near-term version learned from; from 0.25 on it is suspect.",
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
