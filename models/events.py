"""What enters and leaves Vigil: every record, frozen.

Times are aware datetimes in UTC (RFC 3339 on the wire); values carry a UCUM unit; identity follows LOINC.
`docs/events.md` and the JSON Schema are generated from this module.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

VERSION = 1

Name = Annotated[str, Meta(min_length=1, max_length=256)]
Instant = Annotated[datetime, Meta(tz=True)]
Version = Annotated[int, Meta(description="Version of this record's form; only 1 is known.")]
Origin = Literal["live", "replay", "simulated"]
DeviceType = Literal["monitor", "wearable", "cgm", "fingerstick", "laboratory", "manual"]
Acvpu = Literal["A", "C", "V", "P", "U"]
Level = Literal["low", "low-medium", "medium", "high"]
Direction = Literal["low", "high"]
Priority = Literal["low", "medium", "high"]
Category = Literal["physiological", "technical"]
AlertKind = Literal["news2", "limit", "zero", "no-data", "anomaly", "risk", "gateway"]
AlertState = Literal["pending", "active", "acknowledged", "latched", "closed"]
PartState = Literal["fresh", "stale", "missing"]
RefusedReason = Literal["unknown-code", "unknown-unit", "not-finite", "implausible", "sentinel"]
DeadLetterReason = Literal[
    "undecodable", "unknown-type", "unknown-version", "invalid", "missing-patient", "future", "too-late", "fold-failed"
]
RecommendationKind = Literal["response", "measure"]
RecommendationState = Literal["proposed", "withdrawn"]
OutcomeKind = Literal["death", "deterioration", "discharge", "transfer"]
Detector = Literal["flat-line", "spike", "drift", "half-space-trees", "resting-heart-rate"]
FindingState = Literal["begun", "over"]
ForecastState = Literal["begun", "changed", "over"]
ExampleReason = Literal["news2", "death", "deterioration", "nothing"]
Sex = Literal["female", "male", "other"]
Offset = Annotated[int, Meta(ge=0, le=2**53)]
Finite = Annotated[float, Meta(ge=-1e9, le=1e9)]


class Record(Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """One record on a topic, one JSON object on the wire."""


# --- What enters: the log `patient-events` ---------------------------------------------------------------------------


class Measurement(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One value of one vital sign or laboratory test, as the device said it.

    `code` is LOINC. `value` is a number in `unit` (UCUM), or a string where the code asks for one (ACVPU, a sentinel);
    anything else is refused by name, never taken for a number.
    """

    code: str
    value: float | str | bool | None = None
    unit: str | None = None
    status: str | None = None


class Reading(Record, frozen=True, kw_only=True):
    """A device, or a hand, measured one or more things at one instant."""

    reading_id: Name
    patient_id: Name
    device_id: Name
    effective_at: Instant
    measurements: list[Measurement]
    received_at: Instant | None = None
    device_type: DeviceType | None = None
    gateway_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class Limits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One patient's own alarm limits for one code, in its canonical unit; a side that is null keeps the adult's."""

    low: float | None = None
    high: float | None = None


class PatientContext(Record, frozen=True, kw_only=True):
    """What is known of a patient beside the readings. Absent field: unchanged; null: unknown."""

    patient_id: Name
    effective_at: Instant
    age: Annotated[float, Meta(ge=0, le=150, description="Years.")] | UnsetType | None = UNSET
    sex: Sex | UnsetType | None = UNSET
    pregnant: bool | UnsetType | None = UNSET
    on_oxygen: bool | UnsetType | None = UNSET
    spo2_scale: Literal[1, 2] | UnsetType | None = UNSET
    consciousness: Acvpu | UnsetType | None = UNSET
    setting: Literal["ward", "home"] | UnsetType | None = UNSET
    ward: str | UnsetType | None = UNSET
    bed: str | UnsetType | None = UNSET
    limits: dict[str, Limits] | UnsetType | None = UNSET
    conditions: list[str] | UnsetType | None = UNSET
    medication: list[str] | UnsetType | None = UNSET
    origin: Origin | None = None
    v: Version = VERSION


class Acknowledgement(Record, frozen=True, kw_only=True):
    """A clinician has seen one revision of an alert; `expires_at` null means until it is cleared."""

    patient_id: Name
    alert_id: Name
    revision: int
    at: Instant
    by: Name
    reason: str | None = None
    expires_at: Instant | None = None
    origin: Origin | None = None
    v: Version = VERSION


class Outcome(Record, frozen=True, kw_only=True):
    """What really happened; discharge, transfer and death end monitoring."""

    patient_id: Name
    at: Instant
    kind: OutcomeKind
    origin: Origin | None = None
    v: Version = VERSION


class Tick(Record, frozen=True, kw_only=True):
    """It is now `at`, says the one clock of this deployment, to each partition."""

    at: Instant
    origin: Origin | None = None
    v: Version = VERSION


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
    """How well the courses of one group of patients were foretold, by sex or by age.

    `low` and `high` bound its AUROC, 95 % (Hanley and McNeil 1982, as if each hour of a patient were another patient,
    so they are too narrow). It falls behind when `high` is below the AUROC of all, with ten courses of each kind.
    """

    grouping: Literal["age", "sex"]
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
    """From here on, score with this version; one that is not above every one heard before changes nothing."""

    version: Offset
    at: Instant
    by: Name
    intercept: Finite
    weights: Annotated[list[Weight], Meta(max_length=1000)]
    quality: Quality
    learned: Learned | None = None
    subgroups: Annotated[list[Subgroup], Meta(max_length=100)] | None = None
    origin: Origin | None = None
    v: Version = VERSION


class ModelWithdrawn(Record, frozen=True, kw_only=True):
    """This version and those above it are not trusted any more: from here on, score with the last one before."""

    version: Offset
    at: Instant
    by: Name
    reason: str
    origin: Origin | None = None
    v: Version = VERSION


Event = Reading | PatientContext | Acknowledgement | Outcome | Tick | ModelPublished | ModelWithdrawn


# --- What leaves: `assessments`, `alerts`, `recommendations`, `examples`, `dead-letters` -----------------------------


class Refused(Struct, frozen=True, kw_only=True, gc=False):
    """One measurement that was not believed, as it came, and why."""

    code: str
    value: float | str | bool | None
    unit: str | None
    reason: RefusedReason


class Flag(Struct, frozen=True, kw_only=True, gc=False):
    """One measurement that was kept and counts, but that someone should look at."""

    code: str
    value: float | str
    flag: Literal["suspect"]


class ScorePart(Struct, frozen=True, kw_only=True, gc=False):
    """One part of a score: `points` now known (null when not), `max_points` the most that it could be."""

    points: int | None
    max_points: int
    value: float | str | None
    at: Instant | None
    state: PartState


class Score(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A score as an interval, or why it does not apply.

    `known_points` sums the fresh parts; `max_possible` adds the most that stale and missing parts could add.
    """

    not_applicable: str | None = None
    known_points: int | None = None
    max_possible: int | None = None
    completeness: str | None = None
    missing: list[str] | None = None
    stale: list[str] | None = None
    level: Level | None = None
    parts: dict[str, ScorePart] | None = None
    assumed: list[str] | None = None


class Deviation(Struct, frozen=True, kw_only=True, gc=False):
    """How far one value is from this patient's usual: `z` in personal standard deviations, signed."""

    code: str
    value: float
    usual: float
    spread: float
    z: float
    direction: Direction
    learned_from: int


class Anomaly(Struct, frozen=True, kw_only=True):
    """The values of one reading against the patient's own baseline, the furthest first; empty before any is known."""

    score: float | None
    deviations: list[Deviation]


class Driver(Struct, frozen=True, kw_only=True):
    """What moves a risk: one sign, its newest value (null when not known), its `effect` in log-odds, up if above 0.

    An effect is against the average of all patients that the model learned from, those without a value included. So a
    sign that raises the risk would raise it less at its usual, or if it was not known, or both.
    """

    sign: str
    value: float | None
    effect: float


class Risk(Struct, frozen=True, kw_only=True):
    """What the learned model foretells, in the shadow: it raises no alert.

    `probability`: of a NEWS2 of 7 or more, death or deterioration within 6 hours, for a patient who is below 7.
    Its log-odds are the sum of the effects of its drivers and `rest`, rounded. It rests on `known` of the `of` signs
    that the model looks at (the age is one of them), measured `newest_hours` to `oldest_hours` ago; null for none.
    """

    version: int
    probability: float
    known: int | None = None
    of: int | None = None
    newest_hours: float | None = None
    oldest_hours: float | None = None
    drivers: list[Driver]
    rest: float | None = None


class Finding(Struct, frozen=True, kw_only=True, gc=False):
    """What a detector noticed that raises no alert: of the equipment (technical), or of the patient (physiological).

    It is told when it begins, and when it is over. `size`, in `unit` (UCUM), is the number that it rests on: of a flat
    line the minutes without a change, of a spike its height, of a drift the spread-minutes that it amounts to, of the
    half-space trees the score from 0 to 1, of the resting heart rate its distance from the usual of those hours.
    """

    detector: Detector
    category: Category
    codes: list[str]
    state: FindingState
    since: Instant
    size: float
    unit: str
    reason: str


class Forecast(Struct, frozen=True, kw_only=True, gc=False):
    """Which limit in force a sign would cross, should it go on as it does; it raises no alert.

    It is told when it begins, when it changes a good deal, and when it is over: then there is no slope and no time.
    `value` is the newest, `slope_per_hour` that of a robust line since `from`, in the sign's unit.
    """

    code: str
    direction: Direction
    state: ForecastState
    limit: float | None
    value: float
    slope_per_hour: float | None
    minutes: float | None
    from_: Instant = field(name="from")


class Assessment(Record, frozen=True, kw_only=True):
    """What Vigil thinks of one patient at one instant, and what it does not know.

    One for each Reading (with its `reading_id`) and PatientContext, and one for each tick that changed a score's
    points, missing or stale parts, or level.
    """

    patient_id: str
    at: Instant
    reading_id: str | None
    monitored: bool
    amended: bool
    duplicate: bool
    refused: list[Refused]
    flags: list[Flag]
    news2: Score | None
    anomaly: Anomaly | None
    risk: Risk | None = None
    findings: list[Finding] | UnsetType = UNSET
    forecasts: list[Forecast] | UnsetType = UNSET
    origin: Origin
    ward: str | None
    bed: str | None
    v: Version = VERSION


class Evidence(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One fact that an alert rests on."""

    code: str
    value: float | str | None
    usual: float | None = None
    points: int | None = None
    limit: float | None = None
    at: Instant | None = None


class Alert(Record, frozen=True, kw_only=True):
    """One revision of one alert: what, how urgent, since when, why, and what would clear it."""

    alert_id: str
    revision: int
    episode_id: str | None
    notify: bool
    patient_id: str
    code: str | None
    direction: Direction | None
    kind: AlertKind
    category: Category
    priority: Priority
    state: AlertState
    stale: bool
    at: Instant
    since: Instant
    reason: str
    explanation: list[Evidence]
    clears_when: str
    device_id: str | None
    acknowledged_by: str | None
    origin: Origin
    ward: str | None
    bed: str | None
    v: Version = VERSION


class Recommendation(Record, frozen=True, kw_only=True):
    """What a guideline suggests, for a person to accept or decline; decision support, never an order."""

    recommendation_id: str
    patient_id: str
    at: Instant
    kind: RecommendationKind
    priority: Priority
    text: str
    reason: str
    codes: list[str]
    source: str
    state: RecommendationState
    origin: Origin
    ward: str | None
    bed: str | None
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
    origin: Origin
    v: Version = VERSION


class DeadLetter(Record, frozen=True, kw_only=True):
    """A record that could not be used: on the topic its original bytes are the value, the rest are headers."""

    reason: DeadLetterReason
    detail: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes


Output = Assessment | Alert | Recommendation | Example | DeadLetter
