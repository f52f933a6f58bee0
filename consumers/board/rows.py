"""What a page says, ready to be drawn: no clock, no colour, no width."""

from datetime import datetime, timedelta

from msgspec import Struct

from consumers.board import words
from models.events import AlertState, Level, PartState, Priority, RecommendationKind


class Vital(Struct, frozen=True, kw_only=True):
    """One part of a score: its value as text, how old it is in event time, the points that it adds."""

    name: str
    value: str
    state: PartState
    age: timedelta | None
    points: int | None

    @property
    def said(self) -> str:
        """The value and its points: "134 +2"; a stale value adds none."""
        return f"{self.value} +{self.points}" if self.points else self.value

    @property
    def aged(self) -> str:
        """The age in words, which say whether the value still counts."""
        return words.aged(self.state, self.age)


class ScoreLine(Struct, frozen=True, kw_only=True):
    """A score in words: `level` is None when nothing is known or the score does not apply, and `word` says so."""

    level: Level | None
    word: str
    interval: str
    completeness: str
    trend: int | None


class AlertLine(Struct, frozen=True, kw_only=True):
    """One open alert as people read it; `notified_at` is None when it is only evidence of another.

    It is of a patient, or of a gateway, under whose id `patient_id` files it then.
    """

    alert_id: str
    revision: int
    patient_id: str
    gateway_id: str | None
    place: str
    title: str
    priority: Priority
    state: AlertState
    is_stale: bool
    since: datetime
    age: timedelta
    notified_at: datetime | None
    reason: str
    clears_when: str

    @property
    def state_words(self) -> str:
        """The state and, where its values went stale, that too."""
        return f"{self.state}, stale" if self.is_stale else self.state


class PatientRow(Struct, frozen=True, kw_only=True):
    """One patient: where, how urgent, how known, and what is open, the most urgent alert first.

    `forecasts` say which limits signs would cross, the soonest first, and `beside` what other scores were, and how long
    ago; nobody is alerted to either.
    """

    patient_id: str
    place: str
    score: ScoreLine
    vitals: tuple[Vital, ...]
    alerts: tuple[AlertLine, ...]
    forecasts: tuple[str, ...] = ()
    beside: str = ""


class Advice(Struct, frozen=True, kw_only=True):
    """One recommendation and for whom it stands, the most urgent patient first; `reason` is of the first.

    `at` is when that was proposed, or accepted; `accepted_by` is None while nobody has answered it.
    """

    places: tuple[str, ...]
    kind: RecommendationKind
    priority: Priority
    text: str
    at: datetime
    reason: str
    source: str
    accepted_by: str | None = None
