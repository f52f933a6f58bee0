"""The alerts of one patient as the page tells them: open ones in full, closed ones packed, each with its revisions."""

from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from consumers.board.alerts import title
from consumers.ward.views.patient import AlertView, AnsweredView, EvidenceView, Step
from models.alerting.state import RANK
from models.events import Alert, Answered, Evidence, Usefulness
from models.vital_signs import SIGNS

_MOST_CLOSED = 200
_MOST_STEPS = 50
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(AlertView)


class _Open(Struct):
    """An alert that is pending or open: its newest revision, those before it in short, when it last called somebody."""

    newest: Alert
    steps: list[Step]
    notified_at: float | None = None
    was_told: bool = False


class _Closed(Struct, gc=False):
    """An alert that is over, as its view in msgpack: about 1 KB."""

    revision: int
    at: float
    packed: bytes


class Alerts:
    """Every open alert of a patient, and the newest 200 that have closed; of each the first and the newest revisions.

    An alert that closed before it was more than pending is none of them.
    """

    __slots__ = ("_closed", "_open", "forgotten_at")

    def __init__(self) -> None:
        self.forgotten_at: float | None = None
        """When the newest alert closed that is not kept any more."""
        self._open: dict[str, _Open] = {}
        self._closed: dict[str, _Closed] = {}

    def take(self, alert: Alert) -> None:
        """Takes one revision; an older one than is known changes nothing."""
        name = alert.alert_id
        closed, known = self._closed.get(name), self._open.get(name)
        if (closed and alert.revision <= closed.revision) or (known and alert.revision <= known.newest.revision):
            return
        self._closed.pop(name, None)
        if known is None:
            steps = [] if closed is None else _decoder.decode(closed.packed).steps
            known = self._open[name] = _Open(alert, steps, was_told=closed is not None)
        known.newest = alert
        known.steps = _with(known.steps, _step(alert))
        known.was_told |= alert.state in ("active", "acknowledged", "latched")
        if alert.notify:
            known.notified_at = alert.at.timestamp()
        if alert.state == "closed":
            self._close(name)

    def judge(self, alert_id: str, usefulness: Usefulness) -> None:
        """Takes what somebody said of the use of an alert that may have closed."""
        closed = self._closed.get(alert_id)
        if closed is not None:
            judged = replace(_decoder.decode(closed.packed), feedback=usefulness)
            closed.packed = _encoder.encode(judged)

    def views(self) -> list[AlertView]:
        """All open ones, the most urgent first; then closed ones, the newest first, up to 200 in all."""
        views = [_view(known) for known in self._open.values() if known.was_told]
        views.sort(key=lambda view: (-RANK[view.priority], view.notified_at is None, view.since))
        newest = sorted(self._closed.values(), key=lambda closed: -closed.at)
        return views + [_decoder.decode(closed.packed) for closed in newest[: max(0, _MOST_CLOSED - len(views))]]

    @property
    def are_open(self) -> bool:
        """Whether any is pending or open."""
        return bool(self._open)

    def _close(self, name: str) -> None:
        """Packs an alert that is over, if anybody could have seen it."""
        known = self._open.pop(name)
        if not known.was_told and known.newest.revision == len(known.steps):
            return
        at = known.newest.at.timestamp()
        self._closed[name] = _Closed(known.newest.revision, at, _encoder.encode(_view(known)))
        if len(self._closed) > _MOST_CLOSED:
            oldest = min(self._closed, key=lambda each: self._closed[each].at)
            self.forgotten_at = max(self.forgotten_at or 0.0, self._closed.pop(oldest).at)


def _with(steps: list[Step], step: Step) -> list[Step]:
    """The revisions with one more; the first of all stays, the oldest of the others go."""
    steps = [*steps, step]
    return steps if len(steps) <= _MOST_STEPS else [steps[0], *steps[2:]]


def _step(alert: Alert) -> Step:
    return Step(
        revision=alert.revision,
        at=alert.at.timestamp(),
        state=alert.state,
        priority=alert.priority,
        stale=alert.stale,
        notify=alert.notify,
        reason=alert.reason,
    )


def _view(known: _Open) -> AlertView:
    alert = known.newest
    return AlertView(
        alert_id=alert.alert_id,
        revision=alert.revision,
        episode_id=alert.episode_id,
        kind=alert.kind,
        category=alert.category,
        code=alert.code,
        title=title(alert),
        direction=alert.direction,
        priority=alert.priority,
        state=alert.state,
        stale=alert.stale,
        since=alert.since.timestamp(),
        at=alert.at.timestamp(),
        notified_at=known.notified_at,
        reason=alert.reason,
        explanation=[_evidence(each) for each in alert.explanation],
        clears_when=alert.clears_when,
        device_id=alert.device_id,
        acknowledgement=None if alert.acknowledgement is None else _answered(alert.acknowledgement),
        snoozed_until=_seconds(alert.snoozed_until),
        inhibited_by=alert.inhibited_by,
        feedback=alert.feedback,
        policy=alert.policy,
        steps=known.steps,
    )


def _evidence(fact: Evidence) -> EvidenceView:
    sign = SIGNS.get(fact.code)
    return EvidenceView(
        code=fact.code,
        title=fact.code if sign is None else sign.title,
        unit=None if sign is None else sign.unit,
        value=fact.value,
        usual=fact.usual,
        points=fact.points,
        limit=fact.limit,
        at=_seconds(fact.at),
    )


def _answered(given: Answered) -> AnsweredView:
    return AnsweredView(
        by=given.by,
        at=given.at.timestamp(),
        priority=given.priority,
        reason=given.reason,
        expires_at=_seconds(given.expires_at),
    )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
