"""What the board says of a ward, without Kafka, clock or terminal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consumers.board import Board
from models.events import (
    DeadLetter,
    Forecast,
    ModelWithdrawn,
    OtherScores,
    Outcome,
    PatientContext,
    Risk,
    Score,
    ShockIndex,
)

Make = Callable[..., Any]
START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
WITHDRAWN = ModelWithdrawn(version=7, at=START, by="dr-3", reason="another ward")


@pytest.fixture
def board() -> Board:
    return Board()


def places(board: Board) -> list[str]:
    return [row.patient_id for row in board.ranked()]


# --- The learned risk -------------------------------------------------------------------------------------------------


def test_the_version_that_foretold_last_is_known_and_records_of_models_are_counted(
    board: Board, assessment: Make
) -> None:
    board.take(WITHDRAWN)
    board.take(assessment("p1", risk=Risk(version=7, probability=0.1, drivers=[])))
    board.take(assessment("p1", minutes=1, risk=Risk(version=5, probability=0.1, drivers=[])))
    board.take(assessment("p1", minutes=2))

    assert (board.model_version, board.model_records) == (5, 1)


# --- Forecasts --------------------------------------------------------------------------------------------------------


def forecast(state: Any, minutes: float | None, code: str = "8867-4") -> Forecast:
    slope = None if minutes is None else 30.0
    return Forecast(
        code=code,
        direction="high",
        state=state,
        limit=120,
        value=104,
        slope_per_hour=slope,
        minutes=minutes,
        from_=START,
    )


def test_a_forecast_stands_beside_the_patient_until_it_is_over(board: Board, assessment: Make) -> None:
    board.take(assessment("p1", forecasts=[forecast("begun", 30)]))
    board.take(assessment("p1", minutes=10))
    [begun] = board.ranked()
    board.take(assessment("p1", minutes=20, forecasts=[forecast("over", None)]))

    assert begun.forecasts == ("heart rate over 120 in 20m?",)
    assert board.ranked()[0].forecasts == ()


def test_the_soonest_forecast_is_said_first(board: Board, assessment: Make) -> None:
    board.take(assessment("p1", forecasts=[forecast("begun", 30), forecast("begun", 10, code="9279-1")]))

    assert board.ranked()[0].forecasts == ("respiratory rate over 120 in 10m?", "heart rate over 120 in 30m?")


# --- Other scores -----------------------------------------------------------------------------------------------------

UNKNOWN = Score(known_points=0, max_possible=3, completeness="0/3", missing=[], stale=[])


def others(**known: Any) -> OtherScores:
    given = {
        "mews": UNKNOWN,
        "qsofa": UNKNOWN,
        "vitals_only_sirs": UNKNOWN,
        "shock_index": ShockIndex(least=0, most=15),
    }
    return OtherScores(**(given | known))


def test_other_scores_stand_beside_the_patient_with_their_age(board: Board, assessment: Make) -> None:
    mews = Score(known_points=3, max_possible=5, completeness="4/5", missing=["temperature"], stale=[])
    index = ShockIndex(value=0.7, least=0.7, most=0.7, completeness="2/2")

    board.take(assessment("p1", scores=others(mews=mews, shock_index=index)))
    board.take(assessment("p1", minutes=2))

    assert board.ranked()[0].beside == "MEWS 3-5, shock index 0.70 2m"


def test_of_scores_that_know_nothing_and_of_who_has_left_nothing_is_said(board: Board, assessment: Make) -> None:
    known = Score(known_points=1, max_possible=1, completeness="3/3", missing=[], stale=[])
    board.take(assessment("p1", scores=others()))
    board.take(assessment("p2", scores=others(qsofa=known)))
    board.take(assessment("p2", minutes=1, monitored=False, news2=None))

    assert {row.beside for row in board.ranked()} == {""}


# --- Scales -----------------------------------------------------------------------------------------------------------


def test_a_saturation_that_is_scored_by_scale_2_is_marked(board: Board, assessment: Make, part: Make) -> None:
    board.take(PatientContext(patient_id="p1", effective_at=START, spo2_scale=2))
    board.take(PatientContext(patient_id="p1", effective_at=START, age=70))
    for patient_id in ("p1", "p2"):
        board.take(assessment(patient_id, oxygen_saturation=part(1, 87)))

    said = {row.patient_id: next(each.said for each in row.vitals if each.name == "SpO2") for row in board.ranked()}

    assert said == {"p1": "87 sc2 +1", "p2": "87 +1"}


# --- Ranking ----------------------------------------------------------------------------------------------------------


def test_an_empty_ward_has_no_rows(board: Board) -> None:
    assert board.ranked() == []
    assert board.newest_alerts() == []
    assert board.advice() == []


def test_the_higher_priority_comes_before_more_points(board: Board, assessment: Make, part: Make, alert: Make) -> None:
    board.take(assessment("many-points", heart_rate=part(3, 140), temperature=part(3, 34)))
    board.take(assessment("medium", heart_rate=part(2, 115)))
    board.take(assessment("high", heart_rate=part(0, 80)))
    board.take(alert("medium"))
    board.take(alert("high", priority="high"))

    assert places(board) == ["high", "medium", "many-points"]


def test_of_equal_priority_more_known_points_come_first_then_the_most_possible(
    board: Board, assessment: Make, part: Make
) -> None:
    board.take(assessment("two", heart_rate=part(2, 115)))
    board.take(assessment("three", heart_rate=part(3, 135)))
    board.take(assessment("two-at-most", heart_rate=part(2, 115), temperature=part(0, 37)))

    assert places(board) == ["three", "two", "two-at-most"]


def test_who_has_no_score_comes_last_and_is_told_why(board: Board, assessment: Make) -> None:
    board.take(assessment("child", news2=Score(not_applicable="not for this age")))
    board.take(assessment("adult"))

    rows = board.ranked()

    assert [row.patient_id for row in rows] == ["adult", "child"]
    assert (rows[1].score.word, rows[1].score.level, rows[1].vitals) == ("not for this age", None, ())


# --- The picture ------------------------------------------------------------------------------------------------------


def test_a_score_is_an_interval_with_its_completeness(board: Board, assessment: Make, part: Make) -> None:
    board.take(assessment(level="low-medium", heart_rate=part(3, 135), temperature=part(0, 37.0)))

    (row,) = board.ranked()

    assert (row.score.word, row.score.interval, row.score.completeness) == ("low-medium", "3-18", "2/7")


def test_a_score_with_nothing_unknown_is_one_number(board: Board, assessment: Make, part: Make) -> None:
    parts = {name: part(0, 1) for name in assessment().news2.parts} | {"heart_rate": part(2, 115)}

    board.take(assessment(**parts))

    assert board.ranked()[0].score.interval == "2"


def test_a_score_of_which_no_part_is_known_claims_no_level(board: Board, assessment: Make) -> None:
    board.take(assessment(level="low"))

    score = board.ranked()[0].score

    assert (score.level, score.word, score.interval) == (None, "not known", "0-21")


def test_stale_and_missing_values_say_so_in_words(board: Board, assessment: Make, part: Make) -> None:
    board.take(
        assessment(
            minutes=120,
            heart_rate=part(3, 135, minutes=110),
            systolic_blood_pressure=part(0, 88, is_stale=True),
            consciousness=part(3, "C", minutes=119),
        )
    )

    vitals = {vital.name: (vital.said, vital.aged) for vital in board.ranked()[0].vitals}

    assert vitals["HR"] == ("135 +3", "10m")
    assert vitals["BP"] == ("88", "stale 2h")
    assert vitals["RR"] == ("-", "missing")
    assert vitals["ACVPU"] == ("C +3", "1m")


def test_ages_go_on_in_event_time_with_the_other_patients(board: Board, assessment: Make, part: Make) -> None:
    board.take(assessment("p1", heart_rate=part(0, 80)))
    board.take(assessment("p2", minutes=30))

    row = next(row for row in board.ranked() if row.patient_id == "p1")

    assert next(vital.aged for vital in row.vitals if vital.name == "HR") == "30m"


def test_a_late_assessment_never_takes_the_place_of_a_newer_one(board: Board, assessment: Make, part: Make) -> None:
    board.take(assessment(minutes=60, heart_rate=part(3, 135, minutes=60)))

    board.take(assessment(minutes=10, amended=True, heart_rate=part(0, 80, minutes=10)))
    board.take(assessment(minutes=50, heart_rate=part(0, 81, minutes=50)))

    assert board.ranked()[0].score.interval == "3-21"
    assert board.assessments == 3


def test_what_came_later_within_a_minute_is_newer_though_it_is_of_an_earlier_second(
    board: Board, assessment: Make, part: Make
) -> None:
    board.take(assessment(minutes=60))

    board.take(assessment(minutes=59.5, heart_rate=part(3, 135, minutes=59.5)))

    assert board.ranked()[0].score.interval == "3-21"


@pytest.mark.parametrize(("later_points", "trend"), [(3, 2), (1, 0), (0, -1)])
def test_the_trend_compares_the_same_parts_an_hour_apart(
    board: Board, assessment: Make, part: Make, later_points: int, trend: int
) -> None:
    board.take(assessment(heart_rate=part(1, 95)))

    board.take(
        assessment(minutes=60, heart_rate=part(later_points, 100, minutes=60), temperature=part(3, 34, minutes=60))
    )

    assert board.ranked()[0].score.trend == trend


def test_the_trend_of_a_score_that_comes_every_few_seconds_is_the_same(
    board: Board, assessment: Make, part: Make
) -> None:
    def passes(minutes: range, *points: int) -> int | None:
        for seconds in range(minutes.start * 60, minutes.stop * 60, 20):
            at = seconds / 60
            worn = points[seconds // 20 % len(points)]
            board.take(assessment("p1", minutes=at, heart_rate=part(worn, 80.0, at)))
        return board.ranked()[0].score.trend

    assert [passes(range(30), 0), passes(range(30, 80), 3), passes(range(80, 130), 1)] == [None, 3, -2]
    assert passes(range(130, 230), 0, 1) in (-1, 0, 1)
    assert passes(range(230, 231), 3) in (2, 3)


def test_without_an_earlier_value_there_is_no_trend(board: Board, assessment: Make, part: Make) -> None:
    board.take(assessment(heart_rate=part(1, 95)))
    board.take(assessment(minutes=59, heart_rate=part(3, 135, minutes=59)))

    assert board.ranked()[0].score.trend is None


# --- The end ----------------------------------------------------------------------------------------------------------


def test_who_died_or_left_is_not_ranked_but_counted(board: Board, assessment: Make) -> None:
    board.take(assessment("p1"))
    board.take(assessment("p2"))

    board.take(Outcome(patient_id="p1", at=START + timedelta(hours=1), kind="death"))

    assert places(board) == ["p2"]
    assert board.ended == {"death": 1}


def test_an_outcome_that_is_read_before_the_last_assessments_still_ends(board: Board, assessment: Make) -> None:
    board.take(assessment("p1"))
    board.take(Outcome(patient_id="p1", at=START + timedelta(hours=1), kind="discharge"))

    board.take(assessment("p1", minutes=59))

    assert places(board) == []


def test_who_is_admitted_again_is_watched_again(board: Board, assessment: Make) -> None:
    board.take(assessment("p1"))
    board.take(Outcome(patient_id="p1", at=START + timedelta(hours=1), kind="discharge"))

    board.take(assessment("p1", minutes=90))

    assert places(board) == ["p1"]


# --- Alerts -----------------------------------------------------------------------------------------------------------


def test_a_closed_alert_vanishes(board: Board, assessment: Make, alert: Make) -> None:
    board.take(assessment())
    board.take(alert())

    board.take(alert(revision=3, state="closed", notify=False))

    assert board.ranked()[0].alerts == ()
    assert board.newest_alerts() == []


def test_a_pending_alert_is_not_open_yet(board: Board, assessment: Make, alert: Make) -> None:
    board.take(assessment())

    board.take(alert(revision=1, state="pending", notify=False))

    assert board.ranked()[0].alerts == ()


def test_evidence_stands_beside_its_alert_but_is_not_told_as_new(board: Board, assessment: Make, alert: Make) -> None:
    board.take(assessment())
    board.take(alert(alert_id="lead"))
    board.take(alert(alert_id="evidence", notify=False, kind="limit", code="8867-4"))

    assert [line.alert_id for line in board.ranked()[0].alerts] == ["lead", "evidence"]
    assert [line.alert_id for line in board.newest_alerts()] == ["lead"]
    assert [line.alert_id for line in board.newly_notified()] == ["lead"]


def test_evidence_whose_alert_has_closed_is_told_for_itself(board: Board, assessment: Make, alert: Make) -> None:
    board.take(assessment())
    board.take(alert(alert_id="lead"))
    board.take(alert(alert_id="evidence", notify=False, kind="limit", code="8867-4"))
    board.take(alert(alert_id="lead", revision=9, state="closed", notify=False))

    assert [line.alert_id for line in board.newest_alerts()] == ["evidence"]


def test_the_newest_notification_comes_first_even_of_an_old_alert(board: Board, alert: Make) -> None:
    board.take(alert("p1", minutes=1))
    board.take(alert("p2", minutes=2))
    board.take(alert("p1", minutes=3, revision=3, priority="high"))

    assert [line.patient_id for line in board.newest_alerts()] == ["p1", "p2"]


def test_an_older_revision_changes_nothing(board: Board, alert: Make) -> None:
    board.take(alert(revision=5, priority="high"))

    board.take(alert(revision=4, priority="low"))

    assert board.newest_alerts()[0].priority == "high"


def test_a_notification_is_told_once_even_if_it_closed_meanwhile(board: Board, alert: Make) -> None:
    board.take(alert())
    board.take(alert(revision=3, state="closed", notify=False))

    assert [line.reason for line in board.newly_notified()] == ["NEWS2 is 5 (medium)."]
    assert board.newly_notified() == []


def test_an_alert_of_a_limit_is_called_by_its_sign(board: Board, alert: Make) -> None:
    board.take(alert(kind="limit", code="8867-4", direction="low", stale=True))

    (line,) = board.newest_alerts()

    assert (line.title, line.state_words) == ("heart rate low", "active, stale")


# --- The rest ---------------------------------------------------------------------------------------------------------


def test_one_recommendation_for_several_patients_is_one_line_the_most_urgent_first(
    board: Board, assessment: Make, part: Make, recommendation: Make
) -> None:
    board.take(assessment("p1"))
    board.take(assessment("p2", heart_rate=part(3, 135)))
    board.take(recommendation("p1"))
    board.take(recommendation("p2"))
    board.take(recommendation("p1", kind="measure", priority="low", text="Measure again."))

    assert [(advice.text, advice.places) for advice in board.advice()] == [
        ("Call urgently.", ("A1 p2", "A1 p1")),
        ("Measure again.", ("A1 p1",)),
    ]


def test_a_withdrawn_recommendation_no_longer_stands(board: Board, assessment: Make, recommendation: Make) -> None:
    board.take(assessment())
    board.take(recommendation(recommendation_id="old"))
    board.take(recommendation(recommendation_id="new", text="Call now."))

    board.take(recommendation(recommendation_id="old", state="withdrawn"))
    still = [advice.text for advice in board.advice()]
    board.take(recommendation(recommendation_id="new", state="withdrawn"))

    assert still == ["Call now."]
    assert board.advice() == []


def test_what_somebody_accepted_stands_below_what_still_asks(
    board: Board, assessment: Make, recommendation: Make
) -> None:
    board.take(assessment("p1"))
    board.take(assessment("p2"))
    for patient in ("p1", "p2"):
        board.take(recommendation(patient, priority="high"))
    board.take(recommendation("p1", kind="measure", priority="low", text="Measure again."))

    board.take(recommendation("p1", priority="high", state="accepted", answered_by="dr-3"))

    assert [(advice.text, advice.places, advice.accepted_by) for advice in board.advice()] == [
        ("Call urgently.", ("A1 p2",), None),
        ("Measure again.", ("A1 p1",), None),
        ("Call urgently.", ("A1 p1",), "dr-3"),
    ]


def test_a_declined_recommendation_leaves_and_is_back_should_somebody_accept_it(
    board: Board, assessment: Make, recommendation: Make
) -> None:
    board.take(assessment())
    board.take(recommendation())

    board.take(recommendation(state="declined", answered_by="dr-3", answer_reason="comfort care"))
    declined = board.advice()
    board.take(recommendation(state="accepted", answered_by="dr-4"))

    assert declined == []
    assert [advice.accepted_by for advice in board.advice()] == ["dr-4"]


def test_dead_letters_are_counted_by_reason(board: Board) -> None:
    letter = DeadLetter(reason="invalid", detail="", topic="t", partition=0, offset=0, key=None, value=b"")

    board.take(letter)
    board.take(letter)

    assert board.dead_letters == {"invalid": 2}
