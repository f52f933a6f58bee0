"""Alerts of two policies held against each other: which both notify, earlier or later, and which only one does.

Two alerts are the same if they are of one patient, kind, code and direction and their times overlap, from when the
first was notified to when it was over. Each is matched once, in the order of time.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.events import Alert, AlertKind, Direction, Priority
from models.instants import instant_of

_OVER = frozenset({"closed", "latched"})


class Span(NamedTuple):
    """One alert that was notified, with each call: from the first until its condition was over, or the log was."""

    patient_id: str
    kind: AlertKind
    code: str | None
    direction: Direction | None
    calls: tuple[tuple[int, Priority], ...]
    until: int | None
    reason: str

    @property
    def at(self) -> int:
        """When somebody was first called."""
        return self.calls[0][0]

    @property
    def priority(self) -> Priority:
        """How urgent the first call was."""
        return self.calls[0][1]

    @property
    def condition(self) -> tuple[str, str, str, str]:
        """Of whom and what it is."""
        return (self.patient_id, self.kind, self.code or "", self.direction or "")


class Pair(NamedTuple):
    """One condition as two policies notify it; None where one does not."""

    first: Span | None
    second: Span | None

    @property
    def span(self) -> Span:
        """What there is of it, of the first if both have it."""
        span = self.first or self.second
        assert span is not None
        return span

    @property
    def later_by(self) -> int | None:
        """By how much the second is later, in microseconds; less than 0: earlier."""
        return None if self.first is None or self.second is None else self.second.at - self.first.at


class Spans:
    """The alerts that were notified, each from its first call to its end."""

    def __init__(self) -> None:
        self._open: dict[str, Span] = {}
        self._order: list[str] = []

    def take(self, alert: Alert) -> None:
        """Takes note of one revision."""
        known = self._open.get(alert.alert_id)
        if known is None:
            if alert.notify:
                self._order.append(alert.alert_id)
                self._open[alert.alert_id] = Span(
                    alert.subject,
                    alert.kind,
                    alert.code,
                    alert.direction,
                    ((instant_of(alert.at), alert.priority),),
                    None,
                    alert.reason,
                )
        elif alert.state in _OVER:
            self._open[alert.alert_id] = known._replace(until=instant_of(alert.at))
        elif alert.notify:
            calls = (*known.calls, (instant_of(alert.at), alert.priority))
            self._open[alert.alert_id] = known._replace(until=None, calls=calls)

    def found(self) -> list[Span]:
        """All of them, by condition and time."""
        spans = [self._open[alert_id] for alert_id in self._order]
        return sorted(spans, key=lambda span: (span.condition, span.at))


def matched(first: Sequence[Span], second: Sequence[Span]) -> list[Pair]:
    """Each alert of either policy once, by condition and time; both sequences are in that order."""
    pairs = [*_merged(first, second)]
    return sorted(pairs, key=lambda pair: (pair.span.patient_id, pair.span.at, pair.span.condition))


def _merged(first: Sequence[Span], second: Sequence[Span]) -> Iterator[Pair]:
    at, other = 0, 0
    while at < len(first) and other < len(second):
        ours, theirs = first[at], second[other]
        if _is_same(ours, theirs):
            yield Pair(ours, theirs)
            at, other = at + 1, other + 1
        elif (ours.condition, ours.at) <= (theirs.condition, theirs.at):
            yield Pair(ours, None)
            at += 1
        else:
            yield Pair(None, theirs)
            other += 1
    yield from (Pair(ours, None) for ours in first[at:])
    yield from (Pair(None, theirs) for theirs in second[other:])


def _is_same(ours: Span, theirs: Span) -> bool:
    if ours.condition != theirs.condition:
        return False
    begins_before_end = ours.until is None or theirs.at <= ours.until
    return begins_before_end and (theirs.until is None or ours.at <= theirs.until)
