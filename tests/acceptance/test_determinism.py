"""Design 1 and 6: the fold is a function of its bytes, and what holds of its outputs whatever the log says."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import codec
from models.events import Alert, Assessment, DeadLetter, Output

ROOT = Path(__file__).parents[2]
PATIENTS = ["p1", "p2", "p3"]
GATEWAYS = ["g25", "g1"]
"""One whose silence this partition tells, and one of another partition."""
EXTREMES = {
    "HR": [0, 28, 49, 72, 75, 121, 135, 300, 301, -100, float("nan"), "72"],
    "RR": [0, 7, 16, 18, 21, 25, 31, 101],
    "SPO2": [0, 75, 79, 85, 89, 91, 95, 97, 101],
    "SBP": [19, 85, 95, 120, 125, 165, 230],
    "DBP": [70, 71, 72, 145],
    "TEMP": [35.0, 35.9, 36.8, 37.0, 39.1, 98.6, (104, "[degF]")],
    "GLUCOSE": [39, 53, 65, 100, 260],
    "CGM": [39, "LOW", 65, 100],
    "ACVPU": ["A", "V", "X"],
    "GCS": [15, 9],
    "FIO2": [21, 40],
    "FLOW": [0, 2],
}
GARBAGE = [b"", b"{", b"null", b"[]", b'{"type": "Tick"}', b'{"type": "Snooze", "patient_id": "p1"}', b"\xff\xfe\x00"]

STORIES = range(12)

examples = settings(max_examples=300, deadline=None, derandomize=True, database=None)


# --- A story: some minutes, or hours, of a ward where everything may happen -------------------------------------------


@pytest.fixture(scope="module", params=STORIES)
def story(wards, request):
    """A ward to which a random story was told; not to be told more."""
    ward = wards()
    tell(ward, Random(request.param))
    return ward


def tell(ward, random, records=200):
    """Tells a random story to a ward."""
    now = ward.time("03:00:00")
    for patient in PATIENTS:
        ward.adult(patient, now, ward="A1", setting=random.choice(["ward", "home", None]))
    for _ in range(records):
        now += timedelta(seconds=random.choice([0, 1, 5, 5, 5, 15, 30, 60, 900]))
        random.choice(HAPPENINGS)(ward, random, now)


def clock(ward, random, now):
    ward.tick(now)


def stream(ward, random, now):
    patient = random.choice(PATIENTS)
    signs = {sign: random.choice(EXTREMES[sign]) for sign in random.sample(["HR", "RR", "SPO2", "SBP"], 2)}
    for step in range(random.choice([1, 6, 12])):
        at = now + timedelta(seconds=5 * step)
        if random.random() < 0.5:
            ward.tick(at)
        gateway = {"gateway_id": random.choice(GATEWAYS)}
        ward.reading(patient, at, device=random.choice(["d1", "d1", "d2"]), fields=gateway, **signs)


def measure(ward, random, now):
    signs = random.sample(sorted(EXTREMES), random.choice([1, 2, 5]))
    device_type = random.choice(["monitor", "wearable", "cgm", "fingerstick", "laboratory", "manual"])
    values = {sign: random.choice(EXTREMES[sign]) for sign in signs}
    ward.typed(device_type, random.choice(PATIENTS), now, **values)


def late_or_early(ward, random, now):
    away = timedelta(seconds=random.choice([-700_000, -90_000, -7_200, -90, -30, 30, 90, 590, 700]))
    ward.observe(random.choice(PATIENTS), now + away, received_at=now, HR=random.choice([72, 125, 150]), SPO2=97)


def answer(ward, random, now):
    alerts = [output for output in ward.outputs if isinstance(output, Alert)]
    if alerts:
        expires_at = random.choice([None, now + timedelta(seconds=20)])
        ward.acknowledge(random.choice(alerts[-20:]), now, expires_at=expires_at)


def silence(ward, random, now):
    alerts = [output for output in ward.outputs if isinstance(output, Alert)]
    until = now + timedelta(seconds=random.choice([0, 60, 900, 14_400, 20_000]))
    if not alerts or random.random() < 0.3:
        ward.pause(random.choice(PATIENTS), now, until)
        return
    alert = random.choice(alerts[-20:])
    random.choice(
        [
            lambda: ward.snooze(alert, now, until),
            lambda: ward.feedback(alert, now),
            lambda: ward.report(alert, now, delivered=random.random() < 0.5),
        ]
    )()


def beat(ward, random, now):
    ward.heartbeat(random.choice(GATEWAYS), now - timedelta(seconds=random.choice([0, 0, 0, 40, -90])))


def news(ward, random, now):
    patient = random.choice(PATIENTS)
    if random.random() < 0.1:
        ward.outcome(patient, now, random.choice(["death", "deterioration", "discharge", "transfer"]))
    else:
        said = random.choice([{"on_oxygen": True}, {"on_oxygen": None}, {"spo2_scale": 2}, {"age": 10}, {"age": 60}])
        ward.context(patient, now, **said)


def repeat(ward, random, now):
    ward.send(random.choice(ward.log))


def garbage(ward, random, now):
    ward.send(random.choice(GARBAGE))


HAPPENINGS = [clock, stream, stream, measure, measure, late_or_early, answer, news, repeat, garbage, silence, beat]


# --- The same bytes give the same bytes -------------------------------------------------------------------------------


def test_the_same_log_gives_the_same_outputs_and_state_byte_for_byte(story, wards):
    again = wards()
    for value in story.log:
        again.send(value)

    assert again.encoded() == story.encoded()
    assert list(again.fold.entries()) == list(story.fold.entries())


def test_a_state_restored_again_and_again_goes_on_byte_for_byte(story, wards):
    outputs, fold_before = [], None
    for start in range(0, len(story.log), 37):
        ward = wards()
        ward.log = story.log[:start]
        for key, value in fold_before.entries() if fold_before else []:
            ward.fold.restore(key, value)
        for value in story.log[start : start + 37]:
            ward.send(value)
        outputs += ward.encoded()
        fold_before = ward.fold

    assert outputs == story.encoded()
    assert list(fold_before.entries()) == list(story.fold.entries())


@pytest.mark.parametrize("every", [1, 7, 100])
def test_what_has_changed_since_is_enough_to_restore_the_state(story, wards, every):
    follower, kept = wards(), {}
    for number, value in enumerate(story.log):
        follower.send(value)
        if number % every == 0:
            kept.update(follower.fold.changed())
    kept.update(follower.fold.changed())
    restored = wards()
    for key, value in kept.items():
        restored.fold.restore(key, value)

    assert follower.fold.changed() == []
    assert list(restored.fold.entries()) == list(story.fold.entries())


def test_the_state_is_sorted_by_key(story):
    keys = [key for key, _ in story.fold.entries()]

    assert keys == sorted(keys)
    assert b"partition" in keys
    assert b"patient/p1" in keys


FOLD_A_LOG = """
import hashlib, json, sys
from models import codec
from models.partition import PartitionFold
fold, digest = PartitionFold(0), hashlib.sha256()
for offset, value in enumerate(json.load(sys.stdin)):
    for output in fold.advance(bytes.fromhex(value), offset=offset):
        digest.update(codec.encode(output))
for key, value in fold.entries():
    digest.update(key + value)
print(digest.hexdigest())
"""


def test_no_order_depends_on_the_hash_seed(wards):
    ward = wards()
    tell(ward, Random(0), records=400)
    expected = hashlib.sha256()
    for value in ward.encoded():
        expected.update(value)
    for key, value in ward.fold.entries():
        expected.update(key + value)

    digests = {
        subprocess.run(
            [sys.executable, "-c", FOLD_A_LOG],
            input=json.dumps([value.hex() for value in ward.log]),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("0", "1", "4711")
    }

    assert digests == {expected.hexdigest()}


# --- What always holds ------------------------------------------------------------------------------------------------


def test_each_reading_has_one_assessment_or_one_dead_letter(story, wards):
    again = wards()
    for value in story.log:
        outputs = again.send(value)
        answers = [o for o in outputs if isinstance(o, DeadLetter) or getattr(o, "reading_id", None)]
        if b'"Reading"' in value:
            assert len(answers) == 1, value
        assert not [o for o in outputs if isinstance(o, DeadLetter) and o.reason == "fold-failed"], outputs


def test_each_context_has_one_assessment_or_one_dead_letter(story, wards):
    again = wards()
    for value in story.log:
        outputs = again.send(value)
        if b'"PatientContext"' in value:
            assert sum(isinstance(output, Assessment | DeadLetter) for output in outputs) == 1, value


def test_what_is_said_for_a_record_of_a_patient_is_of_that_patient(story, wards):
    again = wards()
    for value in story.log:
        spoken_of = {o.patient_id for o in again.send(value) if not isinstance(o, DeadLetter)}
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


def test_of_what_fires_at_one_record_one_physiological_alert_a_patient_is_told(story, wards):
    again = wards()
    for value in story.log:
        alerts = [output for output in again.send(value) if isinstance(output, Alert)]
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


@examples
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(GARBAGE)), max_size=5))
def test_garbage_is_one_dead_letter_each_and_never_an_exception(wards, values):
    ward = wards()

    for value in values:
        [letter] = ward.send(value)
        assert isinstance(letter, DeadLetter)
        assert letter.value == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
READING = {
    "type": "Reading",
    "reading_id": "d1-1",
    "patient_id": "p1",
    "device_id": "d1",
    "effective_at": "2026-11-21T03:00:00Z",
    "received_at": "2026-11-21T03:00:00Z",
    "measurements": [{"code": "8867-4", "value": 72, "unit": "/min"}],
}


spoilt_fields = st.dictionaries(
    st.sampled_from([*sorted(READING), "device_type", "origin", "v"]), json_values, max_size=2
)
spoilt_measurements = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["8867-4", "9279-1", "59408-5", "8310-5", "67775-7", "9269-2", "3150-0", "2339-0"]),
        "value": json_values,
        "unit": st.sampled_from(["/min", "%", "Cel", "[degF]", "{score}", "mmol/L", None, "kg"]),
    }
)
spoilt_readings = spoilt_fields | st.fixed_dictionaries({"measurements": st.lists(spoilt_measurements, max_size=3)})


@examples
@given(st.lists(spoilt_readings, min_size=1, max_size=6))
def test_a_reading_spoilt_in_any_field_is_one_assessment_or_one_dead_letter(wards, spoilt):
    ward = wards()
    ward.tick("03:00:00")

    for changes in spoilt:
        if changes.get("type") == "Tick":
            continue
        outputs = ward.send(json.dumps({**READING, **changes}).encode())
        answers = [output for output in outputs if isinstance(output, Assessment | DeadLetter)]
        assert len(answers) == 1, changes
        assert getattr(answers[0], "reason", None) != "fold-failed", answers
        codec.encode(answers[0])
