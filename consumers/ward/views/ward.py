"""The ward view."""

from typing import Literal

from msgspec import Struct

from models.events import AlertKind, AlertState, Direction, Level, Origin, PartState, Priority

Seconds = float


class Part(Struct, frozen=True, kw_only=True):
    """One part of NEWS2.

    Its value, when that was measured, the points that it adds (null while not known), of `most`.
    """

    value: float | str | None
    at: Seconds | None
    state: PartState
    points: int | None
    most: int


class ScoreView(Struct, frozen=True, kw_only=True):
    """NEWS2 as the interval `known` to `most`; `level` is null where nothing is known or it does not apply.

    `trend` is by how many points the parts that are known now and were an hour ago have changed.
    """

    at: Seconds
    not_applicable: str | None
    known: int | None
    most: int | None
    completeness: str | None
    missing: list[str]
    stale: list[str]
    assumed: list[str]
    level: Level | None
    trend: int | None


class SignView(Struct, frozen=True, kw_only=True):
    """The newest value of a sign that is no part of NEWS2: glucose, diastolic pressure, steps, sleep."""

    code: str
    title: str
    value: float | str
    unit: str
    at: Seconds


class AlertBrief(Struct, frozen=True, kw_only=True):
    """An open alert as a row shows it; `notified_at` is null where it called nobody."""

    alert_id: str
    revision: int
    kind: AlertKind
    code: str | None
    title: str
    direction: Direction | None
    priority: Priority
    state: AlertState
    stale: bool
    since: Seconds
    notified_at: Seconds | None
    snoozed_until: Seconds | None
    reason: str


class PauseView(Struct, frozen=True, kw_only=True):
    """Until when alerts of no data and of limits are silent, who said so, and why."""

    until: Seconds
    by: str
    reason: str


class Signal(Struct, frozen=True, kw_only=True):
    """Whether anything is heard: `heard_at` is when the newest value was measured.

    "silent" is an open alert of no data, "none" no value ever, "stale" that no part of the score is fresh, "poor"
    a newest reading of which something was refused.
    """

    state: Literal["good", "poor", "stale", "silent", "none"]
    heard_at: Seconds | None
    refused: list[str]
    devices: int


class Row(Struct, frozen=True, kw_only=True):
    """One watched patient in the ward view. `urgency` sorts rows, the greatest first; it compares number by number.

    `recommendations` are those that stand and ask for more than routine; `spo2_scale` is that of the oxygen saturation.
    """

    patient_id: str
    ward: str | None
    bed: str | None
    origin: Origin
    urgency: tuple[int, int, int]
    score: ScoreView | None
    parts: dict[str, Part]
    signs: list[SignView]
    alerts: list[AlertBrief]
    signal: Signal
    pause: PauseView | None
    recommendations: int
    spo2_scale: int | None


class GatewayView(Struct, frozen=True, kw_only=True):
    """A gateway with an open alert of its own."""

    gateway_id: str
    alerts: list[AlertBrief]


class Trouble(Struct, frozen=True, kw_only=True):
    """Something that everybody who looks at the page must know; `covers` is that nothing on it can be taken for now.

    "kafka": Kafka does not answer; "workers": records wait and no worker gets on; "silent": nothing comes, not even a
    tick; "reading-back": the page does not know the present yet; "skew": the log's time is `seconds` ahead (or, below
    0, behind) of this server's clock; "parked": the workers could not use so many records of late; "unreadable": this
    version can't read so many; "overfull": more patients than are kept.
    """

    kind: Literal["kafka", "workers", "silent", "reading-back", "skew", "parked", "unreadable", "overfull"]
    covers: bool
    seconds: float | None = None
    count: int | None = None


class State(Struct, frozen=True, kw_only=True):
    """How the page itself does, told every second. `now` is event time; `clock` is the server's own clock.

    `history_from` is how far back the page can see, `readings_per_second` what comes in, `read_back` from 0 to 1 how
    much of the past is read.
    """

    now: Seconds | None
    clock: Seconds
    history_from: Seconds | None
    read_back: float
    readings_per_second: float
    lag: int | None
    patients: int
    dead_letters: int
    troubles: list[Trouble]


class Call(Struct, frozen=True, kw_only=True):
    """A notified revision of an alert, to be heard or missed; `number` grows by one with each call."""

    number: int
    patient_id: str | None
    gateway_id: str | None
    ward: str | None
    bed: str | None
    at: Seconds
    alert: AlertBrief


class Scenario(Struct, frozen=True, kw_only=True):
    """What a visitor of the demo can let befall a patient.

    `within` is how long after it began the first alert is promised, in event time; null: none is.
    """

    name: str
    title: str
    within: Seconds | None = None


class WardView(Struct, frozen=True, kw_only=True):
    """`GET /ward`: all that the ward view needs, as of `seq` of this `run` of the server.

    `calls` are the newest notified alerts, at most 200, the oldest first.
    """

    run: str
    seq: int
    prefix: str
    origin: Origin
    state: State
    rows: list[Row]
    gateways: list[GatewayView]
    calls: list[Call]
    scenarios: list[Scenario]


class Changes(Struct, frozen=True, kw_only=True):
    """An event `changes` of `GET /stream?since=RUN.SEQ`; its id is `RUN.SEQ`. `gone` are patients no longer watched."""

    seq: int
    rows: list[Row]
    gone: list[str]
    gateways: list[GatewayView]
    calls: list[Call]
