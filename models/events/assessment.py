"""What is thought of one patient at one instant, and all that it rests on."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

from models.events.vocabulary import (
    VERSION,
    Category,
    Detector,
    Direction,
    FindingState,
    ForecastState,
    Instant,
    Level,
    Origin,
    PartState,
    Record,
    RefusedReason,
    Version,
)


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


class ShockIndex(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Heart rate by systolic pressure: `value` where both are fresh and at most 5 minutes apart, what it could be else.

    `stale` also names the older of two values that are too far apart.
    """

    not_applicable: str | None = None
    value: float | None = None
    least: float | None = None
    most: float | None = None
    completeness: str | None = None
    missing: list[str] | None = None
    stale: list[str] | None = None


class OtherScores(Struct, frozen=True, kw_only=True):
    """The scores beside NEWS2, which raise no alert; what their parts are worth is not told, nor is there a level."""

    mews: Score
    qsofa: Score
    vitals_only_sirs: Score
    shock_index: ShockIndex


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


class StayRisk(Struct, frozen=True, kw_only=True):
    """What the learned model of whole stays foretells, in the shadow: it raises no alert.

    `probability` is of death before this stay ends, `hours` after admission. Its log-odds are the sum of the effects of
    its drivers and `rest`, rounded. It rests on `known` of the `of` signs that the model looks at, the newest measured
    `newest_hours` ago. It is told at most once an hour, from 6 to 48 hours after admission.
    """

    version: int
    probability: float
    hours: float
    known: int
    of: int
    newest_hours: float | None
    drivers: list[Driver]
    rest: float


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
    points, missing or stale parts, or level. What looks on once a minute of a patient's time, at a Reading that came in
    time, tells `findings`, `forecasts` and `scores` in the Assessment of that Reading alone.
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
    stay_risk: StayRisk | UnsetType = UNSET
    findings: list[Finding] | UnsetType = UNSET
    forecasts: list[Forecast] | UnsetType = UNSET
    scores: OtherScores | UnsetType = UNSET
    origin: Origin
    ward: str | None
    bed: str | None
    v: Version = VERSION
