"""What the ward view is told, and what it is told again after a cut."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consumers.ward.book import Book
from consumers.ward.views.ward import Changes, Row
from models.events import AnswerResult, Measurement, Outcome, PatientContext, Pause, Reading, Refused, ScorePart, Tick

Make = Callable[..., Any]
START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
NOWHERE = (0, 0)


@pytest.fixture
def book() -> Book:
    """A ward whose past is read."""
    made = Book("live", most=10)
    made.begin()
    return made


def take(book: Book, *records: Any) -> None:
    for record in records:
        book.take(record, NOWHERE)


def row_of(book: Book, patient_id: str = "p1") -> Row:
    found = book.row(patient_id)
    assert found is not None
    return found


def changes(book: Book, since: int) -> Changes:
    found = book.changes(since)
    assert found is not None
    return found


def reading(patient_id: str = "p1", minutes: float = 0, device_id: str = "m1", **values: float) -> Reading:
    units = {"2339-0": "mg/dL", "8462-4": "mm[Hg]", "8867-4": "/min"}
    return Reading(
        reading_id=f"{patient_id}-{minutes}",
        patient_id=patient_id,
        device_id=device_id,
        effective_at=START + timedelta(minutes=minutes),
        measurements=[Measurement(code=code, value=value, unit=units[code]) for code, value in values.items()],
    )


def pause(minutes: float, until: float) -> Pause:
    at = START + timedelta(minutes=minutes)
    return Pause(patient_id="p1", at=at, until=START + timedelta(minutes=until), by="nurse-7", reason="in the scanner")


def result(offset: int, *, accepted: bool) -> AnswerResult:
    return AnswerResult(
        answer="Pause",
        accepted=accepted,
        detail="",
        at=START,
        by="nurse-7",
        partition=3,
        offset=offset,
        request_id=None,
        patient_id="p1",
        gateway_id=None,
        alert_id=None,
        origin="live",
    )


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_a_row_tells_the_interval_what_is_missing_and_the_age_of_each_value(
    book: Book, assessment: Make, part: Make
) -> None:
    take(book, assessment(minutes=5, heart_rate=part(2, 121.0, 4), temperature=part(1, 38.5, 0, is_stale=True)))

    row = row_of(book)
    assert row.score is not None
    assert (row.score.known, row.score.most, row.score.stale) == (2, 20, ["temperature"])
    assert (row.parts["heart_rate"].value, row.parts["heart_rate"].at) == (121.0, START.timestamp() + 240)
    missing = row.parts["consciousness"]
    assert (missing.value, missing.at, missing.points, missing.state) == (None, None, None, "missing")


def test_a_score_of_which_nothing_is_known_has_no_level(book: Book, assessment: Make) -> None:
    take(book, assessment())

    score = row_of(book).score
    assert score is not None
    assert (score.level, score.trend) == (None, None)


def test_rows_are_as_urgent_as_their_alerts_and_then_as_their_points(
    book: Book, assessment: Make, alert: Make, part: Make
) -> None:
    take(
        book,
        assessment("calm"),
        assessment("ill", heart_rate=part(3, 140.0)),
        assessment("low"),
        alert("low", priority="low"),
        assessment("high"),
        alert("high", priority="high"),
    )

    ranked = sorted(book.rows(), key=lambda row: row.urgency, reverse=True)
    assert [row.patient_id for row in ranked] == ["high", "low", "ill", "calm"]


def test_the_newest_values_of_signs_without_points_stand_beside_the_score(book: Book, assessment: Make) -> None:
    take(
        book,
        assessment(),
        reading(minutes=2, **{"2339-0": 90.0, "8867-4": 80.0}),
        reading(minutes=1, **{"2339-0": 300.0}),
        reading(minutes=3, **{"2339-0": 90_000.0}),
    )

    assert [(sign.code, sign.value) for sign in row_of(book).signs] == [("2339-0", 90.0)]


def test_the_signal_is_silent_stale_poor_good_or_none_at_all(book: Book, assessment: Make, alert: Make) -> None:
    refused = Refused(code="8867-4", value=-999.0, unit="/min", reason="sentinel")
    take(book, *(assessment(each, reading_id=each) for each in ("none", "good", "silent")))
    take(
        book, assessment("stale", heart_rate=ScorePart(points=None, max_points=3, value=80.0, at=START, state="stale"))
    )
    take(book, assessment("poor", reading_id="poor", refused=[refused]))
    take(book, *(reading(each) for each in ("good", "poor", "stale", "silent")), alert("silent", kind="no-data"))

    assert {row.patient_id: row.signal.state for row in book.rows()} == {
        "none": "none",
        "good": "good",
        "poor": "poor",
        "stale": "stale",
        "silent": "silent",
    }
    assert row_of(book, "poor").signal.refused == ["8867-4"]


def test_a_reading_from_the_future_is_not_heard(book: Book, assessment: Make) -> None:
    take(book, assessment(), reading(minutes=-5), reading(minutes=30))

    assert row_of(book).signal.heard_at == START.timestamp() - 300


def test_a_pause_stands_once_the_workers_accept_it_in_whichever_order_that_is_heard(
    book: Book, assessment: Make
) -> None:
    take(book, assessment())
    book.take(pause(0, 60), (3, 7))
    before = row_of(book).pause
    book.take(result(7, accepted=True), NOWHERE)
    begun = row_of(book).pause
    book.take(result(8, accepted=True), NOWHERE)
    book.take(pause(10, 10), (3, 8))

    assert (before, row_of(book).pause) == (None, None)
    assert begun is not None
    assert (begun.until, begun.by, begun.reason) == (START.timestamp() + 3600, "nurse-7", "in the scanner")


def test_a_pause_that_was_refused_never_stands_and_one_that_is_over_goes(book: Book, assessment: Make) -> None:
    take(book, assessment())
    book.take(pause(0, 60), (3, 7))
    book.take(result(7, accepted=False), NOWHERE)
    refused = row_of(book).pause
    book.take(pause(1, 60), (3, 8))
    book.take(result(8, accepted=True), NOWHERE)
    seq = book.seq
    take(book, Tick(at=START + timedelta(minutes=61)))

    assert refused is None
    assert [row.pause for row in changes(book, seq).rows] == [None]


def test_a_pause_that_was_over_before_it_is_heard_never_stands(book: Book, assessment: Make) -> None:
    take(book, assessment(), Tick(at=START + timedelta(minutes=61)))
    book.take(pause(0, 60), (3, 7))
    book.take(result(7, accepted=True), NOWHERE)

    assert row_of(book).pause is None


def test_recommendations_beyond_routine_are_counted_until_they_are_answered(
    book: Book, assessment: Make, recommendation: Make
) -> None:
    routine = recommendation(recommendation_id="l", kind="response", priority="low", patient_id="p2")
    take(book, assessment(), recommendation(), recommendation(recommendation_id="m", kind="measure"))
    take(book, assessment("p2"), routine)
    proposed = row_of(book).recommendations
    take(book, recommendation(state="accepted", answered_by="dr-3"))

    assert (proposed, row_of(book).recommendations) == (2, 1)
    assert row_of(book, "p2").recommendations == 0, "routine is asked of everybody"


# --- Alerts that stand ------------------------------------------------------------------------------------------------


def test_an_alert_that_stood_before_is_shown_though_nothing_else_is_known_of_the_patient(alert: Make) -> None:
    book = Book("live", most=10)
    book.take_standing("p1-alert", alert(revision=5, notify=False, state="acknowledged", kind="no-data"))
    book.begin()

    row = row_of(book)
    assert (row.score, row.ward, [each.alert_id for each in row.alerts]) == (None, "A1", ["p1-alert"])
    assert {part.state for part in row.parts.values()} == {"missing"}
    assert row.alerts[0].notified_at == START.timestamp()


def test_an_alert_that_stood_before_and_closed_is_gone(alert: Make) -> None:
    book = Book("live", most=10)
    book.take_standing("p1-alert", alert())
    book.take_standing("p1-alert", None)

    assert book.rows() == []


def test_of_an_alert_that_is_known_already_the_past_tells_when_it_called(alert: Make, assessment: Make) -> None:
    book = Book("live", most=10)
    book.take_standing("p1-alert", alert(minutes=9, revision=5, notify=False, state="acknowledged"))
    take(book, assessment(), alert(minutes=3, revision=2))
    book.begin()

    [brief] = row_of(book).alerts
    assert (brief.revision, brief.state, brief.notified_at) == (5, "acknowledged", START.timestamp() + 180)
    assert [call.alert.revision for call in book.calls()] == [2]


def test_an_alert_that_called_nobody_says_so_even_when_it_is_acknowledged(
    book: Book, assessment: Make, alert: Make
) -> None:
    take(book, assessment(), alert(notify=False, inhibited_by="episode"))
    take(book, alert(revision=3, notify=False, state="acknowledged"))

    assert [each.notified_at for each in row_of(book).alerts] == [None]


def test_a_gateway_has_alerts_of_its_own(book: Book, alert: Make) -> None:
    silent = {"kind": "gateway", "gateway_id": "g1", "alert_id": "g"}
    take(book, alert(None, **silent))
    seq = book.seq
    standing = [(each.gateway_id, each.alerts[0].alert_id) for each in book.gateways()]
    take(book, alert(None, revision=3, state="closed", notify=False, **silent))

    assert standing == [("g1", "g")]
    assert changes(book, seq).gateways == []


def test_an_alert_can_be_found_until_it_closes_and_for_feedback_after_that(
    book: Book, assessment: Make, alert: Make
) -> None:
    take(book, assessment(), alert(), alert(revision=3, state="closed", notify=False))

    assert book.alerts.find("p1-alert") is None
    assert book.alerts.find_or_closed("p1-alert") is not None


# --- Changes ----------------------------------------------------------------------------------------------------------


def test_only_rows_that_changed_since_are_told_and_each_once(book: Book, assessment: Make) -> None:
    take(book, assessment("p1"), assessment("p2"))
    seq = book.seq
    take(book, assessment("p2", minutes=1), assessment("p3"), assessment("p2", minutes=2))

    told = changes(book, seq)
    assert sorted(row.patient_id for row in told.rows) == ["p2", "p3"]
    assert told.seq == book.seq
    assert changes(book, book.seq).rows == []


def test_what_tells_nothing_new_of_somebody_hides_nothing_that_is(book: Book, assessment: Make) -> None:
    seq = book.seq
    take(book, assessment("p1"), PatientContext(patient_id="p2", effective_at=START, spo2_scale=2))

    assert [row.patient_id for row in changes(book, seq).rows] == ["p1"]


def test_whoever_leaves_is_gone_and_may_come_back(book: Book, assessment: Make) -> None:
    take(book, assessment())
    seq = book.seq
    take(book, Outcome(patient_id="p1", at=START + timedelta(minutes=1), kind="discharge"))
    left = changes(book, seq)
    take(book, assessment(minutes=2))

    assert (left.gone, left.rows, book.roster.shown) == (["p1"], [], 1)
    assert [row.patient_id for row in changes(book, seq).rows] == ["p1"]


def test_of_a_patient_who_was_never_shown_nothing_is_told(book: Book) -> None:
    take(book, reading("p9"), Outcome(patient_id="p9", at=START, kind="discharge"))

    assert (changes(book, 1).gone, changes(book, 1).rows, book.row("p9")) == ([], [], None)


@pytest.mark.parametrize("since", [0, 10_000])
def test_a_count_from_before_the_past_was_read_or_from_elsewhere_can_not_be_told_on(book: Book, since: int) -> None:
    assert book.changes(since) is None


def test_no_call_is_missed_across_a_cut_and_too_many_to_keep_start_the_page_over(
    book: Book, assessment: Make, alert: Make
) -> None:
    take(book, assessment())
    cut = book.seq
    take(book, *(alert(alert_id=f"a{n}", state="active") for n in range(200)))
    told = changes(book, cut)
    take(book, alert(alert_id="one-too-many"))

    assert [call.number for call in told.calls] == list(range(1, 201))
    assert book.changes(cut) is None
    assert [call.number for call in changes(book, told.seq).calls] == [201]


def test_a_call_whose_alert_has_closed_meanwhile_is_told_all_the_same(
    book: Book, assessment: Make, alert: Make
) -> None:
    take(book, assessment())
    cut = book.seq
    take(book, alert(), alert(revision=3, state="closed", notify=False))

    told = changes(book, cut)
    assert ([call.alert.revision for call in told.calls], told.rows[0].alerts) == ([2], [])


def test_calls_of_the_past_are_numbered_by_their_time_once_all_of_it_is_read(alert: Make, assessment: Make) -> None:
    book = Book("live", most=1_000)
    take(book, *(alert(f"p{n}", minutes=-n) for n in range(250)))
    unread = book.calls()
    book.begin()

    calls = book.calls()
    assert unread == []
    assert [call.number for call in calls] == list(range(1, 201))
    assert (calls[0].patient_id, calls[-1].patient_id) == ("p199", "p0")


# --- Too many ---------------------------------------------------------------------------------------------------------


def test_when_it_is_full_whoever_has_left_makes_room_and_else_it_is_said(assessment: Make) -> None:
    book = Book("live", most=2)
    book.begin()
    take(book, assessment("p1"), assessment("p2"))
    cut = book.seq
    take(book, assessment("p3"))
    full = set(book.roster.left_out)
    take(book, Outcome(patient_id="p1", at=START + timedelta(minutes=1), kind="death"), assessment("p4"))

    assert full == {"p3"}
    assert sorted(row.patient_id for row in book.rows()) == ["p2", "p4"]
    assert book.changes(cut) is None, "that p1 has gone can't be told any more"
