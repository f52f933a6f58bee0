"""Clinical decisions, Recommendations: people accept or decline what stands, and the last answer counts."""

import json

import pytest

from models.events import AnswerResult, Recommendation

LOW = {}
HIGH = {"HR": 135, "RR": 26, "SPO2": 90}


def proposed(ward, at="03:00:00", **signs):
    """A patient whose NEWS2 asks for a response, and the recommendation of it."""
    ward.adult("p1", at)
    ward.tick(at)
    ward.well("p1", at, **signs)
    return ward.recommendations(kind="response")[-1]


def told(outputs, record):
    """The only output of a type."""
    [found] = [output for output in outputs if isinstance(output, record)]
    return found


@pytest.mark.parametrize(("decision", "reason"), [("accepted", None), ("accepted", "on my way"), ("declined", "DNAR")])
def test_an_answer_is_told_with_the_recommendation_and_has_a_result(ward, decision, reason):
    asked = proposed(ward, **HIGH)

    outputs = ward.decide(asked, "03:00:30", decision, reason=reason, request_id="c1")

    answered, result = told(outputs, Recommendation), told(outputs, AnswerResult)
    assert (answered.recommendation_id, answered.state) == (asked.recommendation_id, decision)
    assert (answered.answered_by, answered.answered_at) == ("nurse", ward.time("03:00:30"))
    assert answered.answer_reason == reason
    assert (answered.text, answered.codes, answered.priority) == (asked.text, asked.codes, "high")
    assert (result.answer, result.accepted, result.request_id) == ("RecommendationAnswer", True, "c1")
    assert (result.patient_id, result.recommendation_id, result.alert_id) == ("p1", asked.recommendation_id, None)


def test_what_was_answered_is_not_proposed_again_while_it_stands(ward):
    ward.decide(proposed(ward, **HIGH), "03:00:30", "declined", reason="DNAR")
    before = len(ward.recommendations(kind="response"))

    for minute in range(1, 30):
        ward.tick(f"03:{minute:02}:00")
        ward.well("p1", f"03:{minute:02}:00", **HIGH)

    assert len(ward.recommendations(kind="response")) == before


def test_another_proposal_of_the_kind_asks_anew(ward):
    accepted = proposed(ward)
    ward.decide(accepted, "03:00:30", "accepted")

    ward.tick("03:10:00")
    ward.well("p1", "03:10:00", **HIGH)

    new = ward.recommendations(kind="response")[-1]
    assert new.recommendation_id != accepted.recommendation_id
    assert (new.state, new.answered_by, new.answered_at, new.answer_reason) == ("proposed", None, None, None)


def test_a_second_answer_takes_the_place_of_the_first(ward):
    asked = proposed(ward, **HIGH)
    ward.decide(asked, "03:00:30", "declined", reason="DNAR")

    outputs = ward.decide(asked, "03:01:00", "accepted", by="dr-3")

    answered = told(outputs, Recommendation)
    assert told(outputs, AnswerResult).accepted
    assert (answered.state, answered.answered_by, answered.answer_reason) == ("accepted", "dr-3", None)


def test_an_answered_recommendation_is_withdrawn_at_the_end_with_who_answered(ward):
    asked = proposed(ward, **HIGH)
    ward.decide(asked, "03:00:30", "accepted", by="dr-3")

    ward.outcome("p1", "03:30:00", "discharge")

    last = ward.recommendations(recommendation_id=asked.recommendation_id)[-1]
    assert (last.state, last.answered_by, last.at) == ("withdrawn", "dr-3", ward.time("03:30:00"))


def superseded(ward, asked):
    ward.tick("03:10:00")
    ward.well("p1", "03:10:00", **HIGH)
    return ward.decide(asked, "03:10:30", "accepted")


def withdrawn(ward, asked):
    ward.outcome("p1", "03:30:00", "discharge")
    return ward.decide(asked, "03:30:30", "accepted")


def of_another(ward, asked):
    ward.adult("p2", "03:01:00")
    return ward.decide(asked, "03:01:30", "accepted", patient_id="p2")


def of_nobody(ward, asked):
    return ward.decide(asked, "03:01:30", "accepted", patient_id="nobody")


def that_never_was(ward, asked):
    return ward.decide(asked, "03:01:30", "accepted", recommendation_id="r-0")


def without_a_reason(ward, asked):
    return ward.decide(asked, "03:01:30", "declined", reason=" ")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (superseded, "No such recommendation stands"),
        (withdrawn, "No such recommendation stands"),
        (of_another, "No such recommendation stands"),
        (that_never_was, "No such recommendation stands"),
        (of_nobody, "No such patient is known here."),
        (without_a_reason, "say why"),
    ],
)
def test_an_answer_to_what_does_not_stand_or_without_a_needed_reason_changes_nothing(ward, answer, why):
    asked = proposed(ward)

    outputs = answer(ward, asked)

    [result] = outputs
    assert (result.answer, result.accepted, result.recommendation_id is not None) == (
        "RecommendationAnswer",
        False,
        True,
    )
    assert why in result.detail
    assert ward.recommendations(state="accepted") == ward.recommendations(state="declined") == []


def test_an_answer_changes_no_alert(ward):
    asked = proposed(ward, **HIGH)
    before = len(ward.history())

    outputs = ward.decide(asked, "03:00:30", "accepted")

    assert {type(output) for output in outputs} == {Recommendation, AnswerResult}
    assert len(ward.history()) == before


def test_a_fold_that_was_restored_remembers_the_answer(ward, wards):
    asked = proposed(ward, **HIGH)
    ward.decide(asked, "03:00:30", "declined", reason="DNAR")
    restored = wards()
    for entry in ward.fold.entries():
        restored.fold.restore(*entry)

    restored.tick("03:01:00")
    restored.well("p1", "03:01:00", **HIGH)
    restored.outcome("p1", "03:02:00", "transfer")

    [last] = restored.recommendations(kind="response")
    assert (last.state, last.answered_by, last.answer_reason) == ("withdrawn", "nurse", "DNAR")


@pytest.mark.parametrize("field", ["patient_id", "recommendation_id", "at", "by", "decision"])
def test_an_answer_that_does_not_say_enough_is_a_dead_letter(ward, field):
    record = {
        "type": "RecommendationAnswer",
        "patient_id": "p1",
        "recommendation_id": "r1",
        "at": "2026-11-21T03:00:00Z",
        "by": "nurse",
        "decision": "accepted",
    }
    del record[field]

    [letter] = ward.send(json.dumps(record).encode())

    assert letter.reason == ("missing-patient" if field == "patient_id" else "invalid")
