"""What holds of a ward's outputs whatever the log says, as random stories tell it."""

import json
from collections import Counter

import pytest

from models import codec
from models.events import Alert, Assessment, DeadLetter, Output
from tests.acceptance.stories import PATIENTS


def test_each_reading_has_one_assessment_or_one_dead_letter(retold):
    for value, outputs in retold:
        answers = [o for o in outputs if isinstance(o, DeadLetter) or getattr(o, "reading_id", None)]
        if b'"Reading"' in value:
            assert len(answers) == 1, value
        assert not [o for o in outputs if isinstance(o, DeadLetter) and o.reason == "fold-failed"], outputs


def test_each_context_has_one_assessment_or_one_dead_letter(retold):
    for value, outputs in retold:
        if b'"PatientContext"' in value:
            assert sum(isinstance(output, Assessment | DeadLetter) for output in outputs) == 1, value


def test_what_is_said_for_a_record_of_a_patient_is_of_that_patient(retold):
    for value, outputs in retold:
        spoken_of = {o.patient_id for o in outputs if not isinstance(o, DeadLetter)}
        if spoken_of and b'"Tick"' not in value:
            assert spoken_of == {json.loads(value).get("patient_id")}


def test_revisions_are_unique_and_count_up_and_an_id_stands_for_one_alert(story):
    revisions: dict[str, list[Alert]] = {}
    for alert in story.history():
        revisions.setdefault(alert.alert_id, []).append(alert)
    for history in revisions.values():
        numbers = [alert.revision for alert in history]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len({(a.patient_id, a.kind, a.code, a.direction, a.since) for a in history}) == 1


def test_alerts_live_by_their_states(story):
    state: dict[str, str] = {}
    priorities: dict[str, set[str]] = {}
    for alert in story.history():
        before = state.get(alert.alert_id)
        if before in {None, "closed"}:
            assert alert.state == "pending", "an alert begins pending, again if it is back with the same since"
        if alert.state == "pending":
            assert before in {None, "pending", "closed"}
            assert not alert.notify
        priorities.setdefault(alert.alert_id, set()).add(alert.priority)
        if alert.state == "latched":
            assert alert.category == "physiological"
            assert "high" in priorities[alert.alert_id]
        if alert.notify:
            assert alert.state == "active"
        is_technical = alert.kind in ("no-data", "gateway", "delivery")
        assert alert.category == ("technical" if is_technical else "physiological")
        if (before, alert.state) == ("pending", "active"):
            assert alert.since <= alert.at
        assert alert.reason
        assert alert.clears_when
        assert alert.explanation or alert.kind == "gateway"
        state[alert.alert_id] = alert.state


def test_a_patient_has_at_most_one_open_episode_and_a_device_one_technical_alert(story, wards):
    again = wards()
    for value in story.log:
        again.send(value)
        for patient in PATIENTS:
            standing = again.standing(patient_id=patient)
            technical = [(alert.kind, alert.device_id) for alert in standing if alert.category == "technical"]
            episodes = {a.episode_id for a in standing if a.category == "physiological" and a.state != "latched"}
            assert len(technical) == len(set(technical))
            assert len(episodes) <= 1
            assert None not in episodes


def test_of_what_fires_at_one_record_one_physiological_alert_a_patient_is_told(retold):
    for _, outputs in retold:
        alerts = [output for output in outputs if isinstance(output, Alert)]
        told = Counter(a.patient_id for a in alerts if a.notify and a.category == "physiological")
        assert not told or max(told.values()) == 1, [a for a in alerts if a.notify]


def test_a_score_is_an_interval_that_adds_up(story):
    for assessment in story.assessments():
        score = assessment.news2
        if score is None or score.not_applicable:
            continue
        parts = list(score.parts.values())
        unknown = sorted(name for name, part in score.parts.items() if part.state != "fresh")
        assert score.known_points == sum(part.points or 0 for part in parts if part.state == "fresh")
        assert score.max_possible == sum(part.max_points for part in parts)
        assert score.known_points <= score.max_possible <= 20
        assert score.completeness == f"{7 - len(unknown)}/7"
        assert sorted(score.missing + score.stale) == unknown
        assert Counter(part.state for part in parts)["missing"] == len(score.missing)


def test_every_output_is_strict_json_of_its_type(story):
    for output in story.outputs:
        plain = json.loads(codec.encode(output), parse_constant=pytest.fail)
        assert plain["type"] == type(output).__name__
        assert isinstance(output, Output)
