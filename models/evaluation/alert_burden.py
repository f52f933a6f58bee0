"""What alerts cost those who are called: how many, of what, for whom, how often in vain (reference 3.5).

An alert is raised once its condition holds, delay or no delay. It is notified when somebody is called for it, which may
happen more than once; one for which nobody was ever called is suppressed, for the reason that it names: `delay` where
its condition was over before the delay had passed, `episode` where it only stood by another as evidence.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from models.alerting.state import RANK
from models.events import Alert, Feedback, Usefulness
from models.instants import DAY, HOUR, MINUTE, instant_of

AGAIN_WITHIN = 15 * MINUTE
"""A second notification of one condition so soon, and no more urgent, tells nothing new: a duplicate."""

_HELD_BACK = "delay"
_EVIDENCE = "episode"
_NO_WARD = "unknown"
_DECIMALS = 4


class Delay(Struct, frozen=True, kw_only=True):
    """Minutes from the call to the answer."""

    median: float
    p95: float


class Burden(Struct, frozen=True, kw_only=True):
    """Counts, and for each patient-day where the name says so; a share is null where there is nothing to count.

    `notified` counts calls, `alerts_notified` the alerts that they were for; those and `suppressed` make up `raised`.
    `actionable` is the share of the alerts that somebody judged. `top_decile` is the share of all calls that the tenth
    of the patients with the most calls had.
    """

    raised: int
    notified: int
    alerts_notified: int
    suppressed: dict[str, int]
    duplicates: int
    acknowledged: int
    raised_per_patient_day: float | None
    notified_per_patient_day: float | None
    duplicates_per_patient_day: float | None
    acknowledged_per_patient_day: float | None
    suppressed_per_patient_day: dict[str, float]
    minutes_to_acknowledge: Delay | None
    judged: int
    actionable: float | None
    top_decile: float | None
    by_priority: dict[str, int]
    by_kind: dict[str, int]
    by_ward: dict[str, int]
    by_hour: list[int]


class _Course(Struct):
    """What became of one alert so far."""

    is_notified: bool = False
    notified_at: int = 0
    is_answered: bool = False
    inhibitor: str = _HELD_BACK
    feedback: Usefulness | None = None


class AlertBurden:
    """Counts the revisions of alerts as they are told, in the order of the log of each patient."""

    def __init__(self) -> None:
        self._courses: dict[str, _Course] = {}
        self._last_call: dict[tuple[str, str, str | None, str | None, str | None], tuple[int, int]] = {}
        self._calls_of: Counter[str] = Counter()
        self._by_priority: Counter[str] = Counter()
        self._by_kind: Counter[str] = Counter()
        self._by_ward: Counter[str] = Counter()
        self._by_hour = [0] * 24
        self._duplicates = 0
        self._to_answer: list[int] = []

    def take(self, alert: Alert) -> None:
        """Takes note of one revision."""
        course = self._courses.setdefault(alert.alert_id, _Course())
        at = instant_of(alert.at)
        if alert.notify:
            self._call(alert, at)
            course.is_notified, course.notified_at = True, at
        elif alert.state == "active" and course.inhibitor == _HELD_BACK:
            course.inhibitor = alert.inhibited_by or _EVIDENCE
        if alert.state == "acknowledged" and course.is_notified and not course.is_answered:
            course.is_answered = True
            self._to_answer.append(at - course.notified_at)
        course.feedback = alert.feedback or course.feedback

    def judge(self, feedback: Feedback) -> None:
        """Takes note of what somebody thought of an alert; of one that was not raised it says nothing."""
        course = self._courses.get(feedback.alert_id)
        if course is not None:
            course.feedback = feedback.usefulness

    def figures(self, patients: int, patient_days: float) -> Burden:
        """All of it, for so many patients over so long."""
        courses = self._courses.values()
        suppressed = Counter(course.inhibitor for course in courses if not course.is_notified)
        judged = [course.feedback for course in courses if course.is_notified and course.feedback is not None]
        notified, answered = sum(self._by_kind.values()), len(self._to_answer)

        def a_day(count: int) -> float | None:
            return round(count / patient_days, _DECIMALS) if patient_days else None

        return Burden(
            raised=len(courses),
            notified=notified,
            alerts_notified=sum(course.is_notified for course in courses),
            suppressed=dict(sorted(suppressed.items())),
            duplicates=self._duplicates,
            acknowledged=answered,
            raised_per_patient_day=a_day(len(courses)),
            notified_per_patient_day=a_day(notified),
            duplicates_per_patient_day=a_day(self._duplicates),
            acknowledged_per_patient_day=a_day(answered),
            suppressed_per_patient_day={
                reason: round(count / patient_days, _DECIMALS) for reason, count in sorted(suppressed.items())
            }
            if patient_days
            else {},
            minutes_to_acknowledge=_delay(self._to_answer),
            judged=len(judged),
            actionable=round(judged.count("actionable") / len(judged), _DECIMALS) if judged else None,
            top_decile=_top_decile(self._calls_of.values(), patients),
            by_priority=dict(sorted(self._by_priority.items(), key=lambda each: -RANK[each[0]])),
            by_kind=_greatest_first(self._by_kind),
            by_ward=_greatest_first(self._by_ward),
            by_hour=list(self._by_hour),
        )

    def _call(self, alert: Alert, at: int) -> None:
        condition = (alert.subject, alert.kind, alert.code, alert.direction, alert.device_id)
        rank = RANK[alert.priority]
        before = self._last_call.get(condition)
        if before is not None and at - before[0] < AGAIN_WITHIN and rank <= before[1]:
            self._duplicates += 1
        self._last_call[condition] = (at, rank)
        self._calls_of[alert.subject] += 1
        self._by_priority[alert.priority] += 1
        self._by_kind[alert.kind] += 1
        self._by_ward[alert.ward or _NO_WARD] += 1
        self._by_hour[at % DAY // HOUR] += 1


def _delay(microseconds: Sequence[int]) -> Delay | None:
    if not microseconds:
        return None
    ordered = sorted(microseconds)
    return Delay(median=_minutes(_quantile(ordered, 0.5)), p95=_minutes(_quantile(ordered, 0.95)))


def _quantile(ordered: Sequence[int], share: float) -> int:
    """The least value that so many are not above."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def _minutes(microseconds: int) -> float:
    return round(microseconds / MINUTE, 2)


def _top_decile(calls: Iterable[int], patients: int) -> float | None:
    """The share of the tenth of the patients, at least one, with the most calls."""
    most_first = sorted(calls, reverse=True)
    total = sum(most_first)
    return round(sum(most_first[: max(math.ceil(patients / 10), 1)]) / total, _DECIMALS) if total else None


def _greatest_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
