"""The course of one patient over time."""

from typing import Literal

from msgspec import Struct

from consumers.ward.views.ward import Seconds
from models.events import Priority


class Line(Struct, frozen=True, kw_only=True):
    """The course of one sign: of each span its least, greatest and newest value; `at` is the newest value's time.

    `usual` and `spread` are the patient's own baseline at that time, null where none is known. `texts` stands in for
    the numbers of a sign whose values are words (consciousness): then `least`, `most` and `newest` are empty.
    """

    code: str
    title: str
    unit: str
    at: list[Seconds]
    least: list[float]
    most: list[float]
    newest: list[float]
    usual: list[float | None]
    spread: list[float | None]
    texts: list[str]


class ScoreLine(Struct, frozen=True, kw_only=True):
    """The course of NEWS2.

    Of each span the newest interval, and the points of each part by its name, null while unknown.
    """

    at: list[Seconds]
    known: list[int | None]
    most: list[int | None]
    parts: dict[str, list[int | None]]


class RiskLine(Struct, frozen=True, kw_only=True):
    """The course of a learned risk."""

    hours: float | None
    at: list[Seconds]
    probability: list[float]


class Mark(Struct, frozen=True, kw_only=True):
    """Something to be marked on the charts, from `at` to `until`.

    Null `until`: it still holds, or is of one instant.
    """

    kind: Literal["alert", "outcome", "pause"]
    at: Seconds
    until: Seconds | None
    title: str
    priority: Priority | None
    code: str | None
    alert_id: str | None


class Course(Struct, frozen=True, kw_only=True):
    """`GET /patients/ID/course?from=S&until=S&spans=N`: at most N spans (default 600) of `step` seconds each.

    `oldest` is how far back anything is known of this patient. A span without a value is left out, never filled.
    """

    since: Seconds
    until: Seconds
    step: Seconds
    oldest: Seconds | None
    lines: list[Line]
    score: ScoreLine
    risks: list[RiskLine]
    marks: list[Mark]
