"""The tables of metrics, from a worker's own registry after it has counted the example, and from a learner's."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry

from models.arrival import Arrival
from models.census import Census
from models.risk.learner import Learner
from streams.learner.metrics import LearnerMetrics
from streams.metrics import Metrics
from vigil.docs.example import outputs
from vigil.docs.table import code, table

_HIDDEN = {"le"}


def _census() -> Census:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Census(
        monitored={"A1": 1},
        never_scored={"A1": 0},
        without_risk={("A1", "no-model"): 1},
        open_alerts={("news2", "high", "A1"): 1},
        oldest_unanswered={"A1": at},
        clock=at,
        gateways_heard={"g1": at},
        ticks_ignored=0,
        looks_failed=0,
        examples_dropped={"left": 1},
        risk_faults=0,
        model_versions={"deterioration": 0},
    )


@dataclass(kw_only=True)
class _Held:
    """A partition with something to tell of everything."""

    number: int = 0
    is_restored: bool = True
    restore_seconds: float = 0.0
    checkpoint_bytes: int = 0
    last_tick_at: float | None = 0.0
    checkpoint_age_seconds: float = 0.0
    lag: int | None = 0
    census: Census = field(default_factory=_census)


def metrics(root: Path) -> str:
    """Every metric of a worker with its kind and labels."""
    worker = Metrics(clock=lambda: 0.0)
    worker.committed([], outputs(root))
    worker.arrived([Arrival("g1", "monitor", 1.0, (), is_parked=False)])
    worker.serve(lambda: [_Held()])
    return registry_table(worker.registry)


def learner_metrics(_root: Path) -> str:
    """Every metric of the learner."""
    served = LearnerMetrics()
    served.learner = Learner()
    return registry_table(served.registry)


def registry_table(registry: CollectorRegistry) -> str:
    """Every metric of a registry with its kind and labels."""
    rows = []
    for family in registry.collect():
        labels = sorted({label for sample in family.samples for label in sample.labels} - _HIDDEN)
        name = f"{family.name}_total" if family.type == "counter" else family.name
        rows.append((code(name), family.type, ", ".join(map(code, labels)), family.documentation))
    return table(("metric", "kind", "labels", "what it says"), rows)
