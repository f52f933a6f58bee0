"""What the learner reads, and the models that it publishes."""

from typing import Annotated

from msgspec import Meta, Struct

from models.events.vocabulary import (
    VERSION,
    ExampleReason,
    Finite,
    Grouping,
    Instant,
    ModelName,
    Name,
    Offset,
    Origin,
    Record,
    Sex,
    Version,
)


class Weight(Struct, frozen=True, kw_only=True):
    """What a model makes of one feature: `weight` is log-odds for each `spread` above the `mean` of those measured.

    A feature that has no weight in a model weighs nothing.
    """

    feature: Name
    weight: Finite
    mean: Finite
    spread: Annotated[float, Meta(ge=0, le=1e9)]


class Quality(Struct, frozen=True, kw_only=True):
    """How well courses were foretold by models that knew nothing of them yet, all since the beginning.

    A figure that is not defined is null. `news2_auroc` is what the known points of NEWS2 alone reach on the same
    examples. `expected` is how often the worst should have come by what was foretold, to hold against `positives`.
    """

    examples: Offset
    positives: Offset
    auroc: float | None
    news2_auroc: float | None
    brier: float | None
    log_loss: float | None
    expected: float | None = None


class Subgroup(Struct, frozen=True, kw_only=True):
    """How well the courses of one group of patients were foretold, by sex, age or care unit.

    `low` and `high` bound its AUROC, 95 % (Hanley and McNeil 1982, as if each hour of a patient were another patient,
    so they are too narrow). It falls behind when `high` is below the AUROC of all, with ten courses of each kind.
    """

    grouping: Grouping
    group: Name
    quality: Quality
    low: float | None
    high: float | None
    falls_behind: bool


class Learned(Struct, frozen=True, kw_only=True):
    """The examples that a version was learned from, looked at from `since` to `until`."""

    examples: Offset
    positives: Offset
    since: Instant
    until: Instant


class ModelPublished(Record, frozen=True, kw_only=True):
    """From here on, score with this version; one that is not above every one heard before changes nothing.

    There are two models, each with versions of its own. That of a stay has a `curve` beside its weights: what can't be
    said as a weight for each feature, in the form of `models/risk/curve.py`.
    """

    version: Offset
    model: ModelName = "deterioration"
    at: Instant
    by: Name
    intercept: Finite
    weights: Annotated[list[Weight], Meta(max_length=1000)]
    curve: bytes | None = None
    quality: Quality
    learned: Learned | None = None
    subgroups: Annotated[list[Subgroup], Meta(max_length=100)] | None = None
    origin: Origin | None = None
    v: Version = VERSION


class ModelWithdrawn(Record, frozen=True, kw_only=True):
    """This version and those above it are not trusted any more: from here on, score with the last one before."""

    version: Offset
    model: ModelName = "deterioration"
    at: Instant
    by: Name
    reason: str
    origin: Origin | None = None
    v: Version = VERSION


class Example(Record, frozen=True, kw_only=True):
    """What was known of a patient with a NEWS2 below 7, and what came of the patient within 6 hours."""

    patient_id: str
    at: Instant
    known_at: Instant
    label: bool
    reason: ExampleReason
    known_points: int
    features: dict[str, float]
    sex: Sex | None = None
    ward: str | None = None
    origin: Origin
    v: Version = VERSION


class StayExample(Record, frozen=True, kw_only=True):
    """What had been known of an adult's whole stay in hospital, `hour` hours after `admitted_at`.

    It is looked at once each 6, 12, 24, 36 and 48 hours after admission, or soon after, if anything was measured. A
    StayEnded says what came of it.
    """

    patient_id: str
    admitted_at: Instant
    at: Instant
    hour: int
    known_points: int
    features: dict[str, float]
    sex: Sex | None = None
    ward: str | None = None
    origin: Origin
    v: Version = VERSION


class StayEnded(Record, frozen=True, kw_only=True):
    """The end of a stay of which there are examples: whether the patient died in it; null when nobody can know."""

    patient_id: str
    admitted_at: Instant
    at: Instant
    died: bool | None
    origin: Origin
    v: Version = VERSION
