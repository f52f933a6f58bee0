"""Alerts in lines of text: a table of those that stand, and all there is to say of one."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime

from consumers.board import words
from consumers.board.alerts import title
from models.events import Alert, AnswerResult, Evidence
from models.vital_signs import SIGNS
from vigil.alerts.reading import Story

_SHORTEST = 8
_HEADS = ("ID", "PRIORITY", "STATE", "WHO", "WHAT", "SINCE", "AGE", "ANSWERED", "WHY")
_EVIDENCE = ("SIGN", "VALUE", "USUAL", "LIMIT", "POINTS", "AT")
_HISTORY = ("REVISION", "AT", "STATE", "PRIORITY", "TOLD", "WHY")
_ANSWERS = ("AT", "ANSWER", "BY", "RESULT")


def table(alerts: Sequence[Alert], now: datetime) -> Iterator[str]:
    """One line an alert, in the order given."""
    short = shortest(alerts)
    yield from _aligned(
        [
            _HEADS,
            *(
                (
                    alert.alert_id[:short],
                    words.PRIORITY_WORDS[alert.priority],
                    f"{alert.state}, stale" if alert.stale else alert.state,
                    _who(alert),
                    title(alert),
                    f"{alert.since:%m-%d %H:%M}",
                    words.age(now - alert.since),
                    "; ".join(_answered(alert)) or "-",
                    alert.reason,
                )
                for alert in alerts
            ),
        ]
    )


def page(alert: Alert, story: Story, now: datetime) -> Iterator[str]:
    """All there is to say of one alert."""
    marks = words.PRIORITY_MARKS[alert.priority]
    state = f"{alert.state}, stale" if alert.stale else alert.state
    yield f"{marks} {words.PRIORITY_WORDS[alert.priority]} {state}  {_who(alert)}  {title(alert)}"
    yield alert.reason
    yield ""
    yield from _aligned([(f"{name}:", said) for name, said in _facts(alert, now)])
    yield "\nWhat it rests on"
    yield from _aligned([_EVIDENCE, *map(_evidence, alert.explanation)])
    yield "\nHistory"
    yield from _aligned([_HISTORY, *map(_revision, story.history)])
    yield "\nAnswers"
    yield from _aligned([_ANSWERS, *map(_result, story.answers)] if story.answers else [("none",)])


def shortest(alerts: Sequence[Alert]) -> int:
    """How many characters of an id tell all of these apart."""
    ids = sorted(alert.alert_id for alert in alerts)
    return max([_SHORTEST, *(_common(one, other) + 1 for one, other in itertools.pairwise(ids))])


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _who(alert: Alert) -> str:
    """Where, and who lies there."""
    place = words.place(alert.ward, alert.bed, alert.subject)
    return place if place == alert.subject else f"{place} ({alert.subject})"


def _facts(alert: Alert, now: datetime) -> Iterator[tuple[str, str]]:
    yield "id", f"{alert.alert_id}, revision {alert.revision} of {_moment(alert.at)}"
    yield "of", f"{'gateway' if alert.patient_id is None else 'patient'} {alert.subject}, {alert.origin}"
    yield "kind", f"{alert.kind}, {alert.category}" + (f", device {alert.device_id}" if alert.device_id else "")
    yield "since", f"{_moment(alert.since)}, {words.age(now - alert.since)}"
    yield "clears when", alert.clears_when
    yield from (("answered", said) for said in _answered(alert, whole=True))
    if alert.episode_id is not None:
        yield "episode", alert.episode_id
    if alert.policy is not None:
        yield "policy", alert.policy


def _answered(alert: Alert, *, whole: bool = False) -> Iterator[str]:
    """Who has answered what, and why nobody is notified."""
    answer = alert.acknowledgement
    if answer is not None:
        end = "" if answer.expires_at is None else f" until {_clock(answer.expires_at, whole=whole)}"
        yield f"acknowledged by {answer.by}{end}" + (f": {answer.reason}" if whole and answer.reason else "")
    elif alert.acknowledged_by is not None:
        yield f"acknowledged by {alert.acknowledged_by}"
    if alert.snoozed_until is not None:
        yield f"snoozed until {_clock(alert.snoozed_until, whole=whole)}"
    if alert.inhibited_by is not None:
        yield f"not notified: {alert.inhibited_by}"
    if alert.feedback is not None:
        yield f"feedback: {alert.feedback}"


def _clock(at: datetime, *, whole: bool) -> str:
    return _moment(at) if whole else words.moment(at)


def _evidence(told: Evidence) -> tuple[str, ...]:
    sign = SIGNS.get(told.code)
    at = "-" if told.at is None else _moment(told.at)
    numbers = (told.value, told.usual, told.limit, told.points)
    return (sign.title if sign else told.code, *map(_number, numbers), at)


def _number(value: float | str | None) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value:g}"


def _revision(told: Alert) -> tuple[str, ...]:
    state = f"{told.state}, stale" if told.stale else told.state
    why = " ".join([told.reason, *(f"({said})" for said in _answered(told))])
    return str(told.revision), _moment(told.at), state, told.priority, "yes" if told.notify else "no", why


def _result(told: AnswerResult) -> tuple[str, ...]:
    return _moment(told.at), told.answer, told.by, told.detail if told.accepted else f"Refused: {told.detail}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns as wide as they must be; what a record brought can't break a line."""
    plain = [["".join(char if char.isprintable() else "?" for char in cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    for row in plain:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
