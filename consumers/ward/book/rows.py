"""What is known of a patient, as the page is told it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from consumers.board.alerts import title
from consumers.ward.book.watched import Watched
from consumers.ward.views.ward import AlertBrief, Part, PauseView, Row, ScoreView, Signal, SignView
from models.alerting.state import RANK
from models.events import Alert, Assessment, Origin, Score, ScorePart
from models.scores.news2 import MOST

_MISSING = {name: Part(value=None, at=None, state="missing", points=None, most=most) for name, most in MOST.items()}
Hearing = Literal["good", "poor", "stale", "silent", "none"]


def row(watched: Watched, alerts: Iterable[AlertBrief], standing: list[Alert], origin: Origin) -> Row:
    """The row of one patient; `alerts` are those of `standing` in short, in the same order."""
    newest = watched.patient.newest
    about: Assessment | Alert | None = newest or next(iter(standing), None)
    score = None if newest is None else newest.news2
    known, most = watched.patient.points
    return Row(
        patient_id=watched.patient.patient_id,
        ward=None if about is None else about.ward,
        bed=None if about is None else about.bed,
        origin=origin if about is None else about.origin,
        urgency=(max((RANK[alert.priority] for alert in standing), default=-1), known, most),
        score=None if newest is None or score is None else _score(newest.at, score, watched.patient.trend),
        parts=_parts(score),
        signs=_signs(watched),
        alerts=list(alerts),
        signal=_signal(watched, standing, score),
        pause=_pause(watched),
        spo2_scale=watched.patient.spo2_scale,
        recommendations=sum(told.priority != "low" for told in watched.advice.values()),
    )


def brief(alert: Alert, notified_at: datetime | None) -> AlertBrief:
    """An alert in short."""
    return AlertBrief(
        alert_id=alert.alert_id,
        revision=alert.revision,
        kind=alert.kind,
        code=alert.code,
        title=title(alert),
        direction=alert.direction,
        priority=alert.priority,
        state=alert.state,
        stale=alert.stale,
        since=alert.since.timestamp(),
        notified_at=_seconds(notified_at),
        snoozed_until=_seconds(alert.snoozed_until),
        reason=alert.reason,
    )


def _score(at: datetime, score: Score, trend: int | None) -> ScoreView:
    is_known = score.known_points is not None and not (score.completeness or "0/").startswith("0/")
    return ScoreView(
        at=at.timestamp(),
        not_applicable=score.not_applicable,
        known=score.known_points,
        most=score.max_possible,
        completeness=score.completeness,
        missing=score.missing or [],
        stale=score.stale or [],
        assumed=score.assumed or [],
        level=score.level if is_known else None,
        trend=trend if is_known else None,
    )


def _parts(score: Score | None) -> dict[str, Part]:
    if score is None or score.parts is None:
        return _MISSING
    return {name: _part(part) for name, part in score.parts.items()}


def _part(part: ScorePart) -> Part:
    return Part(value=part.value, at=_seconds(part.at), state=part.state, points=part.points, most=part.max_points)


def _signs(watched: Watched) -> list[SignView]:
    return [
        SignView(
            code=seen.sign.code,
            title=seen.sign.title,
            value=seen.value,
            unit=seen.sign.unit,
            at=seen.at.timestamp(),
        )
        for seen in sorted(watched.signs.values(), key=lambda each: each.sign.code)
    ]


def _signal(watched: Watched, standing: list[Alert], score: Score | None) -> Signal:
    return Signal(
        state=_hearing(watched, standing, score),
        heard_at=_seconds(watched.heard_at),
        refused=watched.refused,
        devices=len(watched.devices),
    )


def _hearing(watched: Watched, standing: list[Alert], score: Score | None) -> Hearing:
    if any(alert.kind == "no-data" for alert in standing):
        return "silent"
    if watched.heard_at is None:
        return "none"
    states = set() if score is None else {part.state for part in (score.parts or {}).values()}
    if "stale" in states and "fresh" not in states:
        return "stale"
    return "poor" if watched.refused else "good"


def _pause(watched: Watched) -> PauseView | None:
    pause = watched.pause
    return None if pause is None else PauseView(until=pause.until.timestamp(), by=pause.by, reason=pause.reason)


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
