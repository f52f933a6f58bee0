"""What alerts cost: each figure by its definition."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.evaluation.alert_burden import AlertBurden, Delay
from models.events import Alert, Feedback
from tests.an_alert import an_alert

START = datetime(2026, 1, 1, tzinfo=UTC)


def alert(alert_id: str, minute: float, **told: Any) -> Alert:
    """One revision; active and notified unless told otherwise."""
    at = START + timedelta(minutes=minute)
    plain: dict[str, Any] = {"alert_id": alert_id, "at": at, "since": START, "origin": "replay", "bed": None}
    return an_alert(**(plain | told))


def figures(*alerts: Alert, patients: int = 1, days: float = 1.0):
    burden = AlertBurden()
    for each in alerts:
        burden.take(each)
    return burden.figures(patients, days)


def test_what_was_raised_was_notified_or_suppressed_for_a_reason() -> None:
    found = figures(
        alert("notified", 0, state="pending", notify=False),
        alert("notified", 1),
        alert("over too soon", 0, state="pending", notify=False),
        alert("over too soon", 1, state="closed", notify=False),
        alert("evidence", 2, notify=False),
        alert("snoozed", 3, notify=False, inhibited_by="snooze"),
        days=2.0,
    )

    assert (found.raised, found.notified, found.alerts_notified) == (4, 1, 1)
    assert found.suppressed == {"delay": 1, "episode": 1, "snooze": 1}
    assert found.suppressed_per_patient_day == {"delay": 0.5, "episode": 0.5, "snooze": 0.5}
    assert (found.raised_per_patient_day, found.notified_per_patient_day) == (2.0, 0.5)


def test_a_second_call_for_one_condition_within_15_minutes_is_a_duplicate_unless_more_urgent() -> None:
    other = {"direction": "low"}

    assert figures(alert("a", 0), alert("b", 14)).duplicates == 1
    assert figures(alert("a", 0), alert("b", 15)).duplicates == 0
    assert figures(alert("a", 0), alert("a", 1, priority="high")).duplicates == 0
    assert figures(alert("a", 0), alert("b", 1, **other)).duplicates == 0
    assert figures(alert("a", 0), alert("b", 1, patient_id="p2")).duplicates == 0


def test_the_time_to_acknowledge_is_from_the_last_call() -> None:
    answers = [(f"a{number}", number) for number in range(1, 21)]
    told = [alert(name, 0) for name, _ in answers]
    told += [alert(name, minute, state="acknowledged", notify=False) for name, minute in answers]
    told += [alert("unheard", 0, notify=False), alert("unheard", 90, state="acknowledged", notify=False)]

    found = figures(*told)

    assert found.acknowledged == 20
    assert found.minutes_to_acknowledge == Delay(median=10.0, p95=19.0)
    assert figures(alert("a", 0)).minutes_to_acknowledge is None


def test_the_actionable_share_is_of_those_that_were_judged_last() -> None:
    burden = AlertBurden()
    for name in ("good", "bad", "unjudged"):
        burden.take(alert(name, 0))
    for name, usefulness in (("good", "not-actionable"), ("good", "actionable"), ("bad", "not-actionable")):
        burden.judge(Feedback(alert_id=name, at=START, by="n-1", usefulness=usefulness))
    burden.judge(Feedback(alert_id="never raised", at=START, by="n-1", usefulness="actionable"))

    found = burden.figures(1, 1.0)

    assert (found.judged, found.actionable) == (2, 0.5)


def test_the_top_decile_is_the_share_of_the_tenth_of_all_patients_with_most_calls() -> None:
    loud = [alert(f"loud {number}", 60 * number) for number in range(6)]
    others = [alert(f"other {number}", 0, patient_id=f"q{number}") for number in range(4)]

    assert figures(*loud, *others, patients=10).top_decile == 0.6
    assert figures(*loud, *others, patients=20).top_decile == 0.7
    assert figures(patients=20).top_decile is None


def test_calls_are_counted_by_priority_kind_ward_and_hour() -> None:
    found = figures(
        alert("a", 0), alert("b", 61, kind="news2", priority="high", ward=None), alert("c", 120, notify=False)
    )

    assert found.by_priority == {"high": 1, "medium": 1}
    assert found.by_kind == {"limit": 1, "news2": 1}
    assert found.by_ward == {"A1": 1, "unknown": 1}
    assert found.by_hour[:3] == [1, 1, 0]


def test_nobody_over_no_time_has_no_rates() -> None:
    found = figures(patients=0, days=0.0)

    assert (found.raised, found.raised_per_patient_day, found.top_decile) == (0, None, None)
