"""Clinical decisions, Readings: what can't be used is a dead letter with its reason and its original bytes."""

import json

import pytest

READING = {
    "type": "Reading",
    "reading_id": "d1-1",
    "patient_id": "p1",
    "device_id": "d1",
    "effective_at": "2026-11-21T03:00:00Z",
    "received_at": "2026-11-21T03:00:00Z",
    "measurements": [{"code": "8867-4", "value": 72, "unit": "/min"}],
}


def without(*fields):
    return {field: value for field, value in READING.items() if field not in fields}


def with_limit(high):
    """A context whose own limit is no number: in force, it would silence its alarm for good."""
    context = {"type": "PatientContext", "patient_id": "p1", "effective_at": "2026-11-21T03:00:00Z"}
    told = json.dumps({**context, "limits": {"8867-4": {"high": 0}}})
    return told.replace('"high": 0', f'"high": {high}').encode()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\x00\xff\xfe garbage", "undecodable"),
        (b"", "undecodable"),
        (json.dumps(READING).encode()[:-9], "undecodable"),
        ({**READING, "type": "Horoscope"}, "unknown-type"),
        (without("type"), "unknown-type"),
        ({"type": "Alert", "patient_id": "p1"}, "unknown-type"),
        ({**READING, "v": 2}, "unknown-version"),
        ({"type": "Tick", "at": "2026-11-21T03:00:00Z", "v": 99}, "unknown-version"),
        (without("patient_id"), "missing-patient"),
        ({**READING, "patient_id": ""}, "missing-patient"),
        ({**READING, "patient_id": None}, "missing-patient"),
        ({"type": "Outcome", "at": "2026-11-21T03:00:00Z", "kind": "death"}, "missing-patient"),
        (without("effective_at"), "invalid"),
        (without("measurements"), "invalid"),
        (without("device_id"), "invalid"),
        ({**READING, "effective_at": "yesterday"}, "invalid"),
        ({**READING, "effective_at": "2026-11-21T03:00:00"}, "invalid"),
        ({**READING, "measurements": "HR 72"}, "invalid"),
        ({**READING, "patient_id": 7}, "invalid"),
        ({"type": "Tick", "at": None}, "invalid"),
        ({"type": "Outcome", "patient_id": "p1", "at": "2026-11-21T03:00:00Z", "kind": "holiday"}, "invalid"),
        (with_limit("NaN"), "invalid"),
        (with_limit("Infinity"), "invalid"),
        (with_limit("1e400"), "invalid"),
    ],
)
def test_what_cannot_be_used_becomes_a_dead_letter_with_its_reason(ward, value, reason):
    outputs = ward.send(value)

    assert [type(output).__name__ for output in outputs] == ["DeadLetter"]
    assert outputs[0].reason == reason
    assert outputs[0].detail


def test_a_dead_letter_keeps_original_bytes_and_position(wards):
    ward = wards(partition=5)
    ward.tick("03:00:00")

    [letter] = ward.send(b'{"type": "Reading", ')

    assert letter.value == b'{"type": "Reading", '
    assert (letter.topic, letter.partition, letter.offset) == ("patient-events", 5, 1)


@pytest.mark.parametrize("effective_at", ["2026-11-21T03:30:00Z", "2026-11-01T03:00:00Z"])
def test_a_reading_out_of_time_is_a_dead_letter_with_its_original_bytes(ward, effective_at):
    ward.tick("03:00:00")
    value = json.dumps({**READING, "effective_at": effective_at}).encode()

    [letter] = ward.send(value)

    assert letter.value == value


def test_after_a_dead_letter_the_next_record_goes_on(ward):
    ward.send(b"garbage")

    assert ward.observe("p1", "03:00:00", HR=135).news2.known_points == 3


def test_a_dead_letter_leaves_no_trace_in_the_patient(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72)
    ward.observe("p1", "03:30:00", HR=150)

    assert len(ward.dead_letters(reason="future")) == 1
    assert ward.observe("p1", "03:00:05", RR=16).news2.parts["heart_rate"].value == 72
