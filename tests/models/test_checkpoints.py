"""What a partition remembers comes back from its checkpoint exactly, or not at all."""

import json
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checkpoints import BadCheckpoint
from models.codec import encode
from models.instants import instant_of
from models.partition import PartitionFold
from models.picture import FORM, Patient, decode_patient, encode_patient

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
FORMED = bytes([FORM])
SIGNS = {"8867-4": "/min", "9279-1": "/min", "59408-5": "%", "8480-6": "mm[Hg]", "8310-5": "Cel", "2339-0": "mg/dL"}


EVENTS = ["tick", "reading", "reading", "reading", "context", "outcome", "model", "withdrawal", "heartbeat", "pause"]
QUALITY = {"examples": 9, "positives": 1, "auroc": 0.7, "news2_auroc": 0.6, "brier": 0.1, "log_loss": None}


def at(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


@st.composite
def logs(draw: st.DrawFn) -> list[bytes]:
    """A log of three patients: readings good and bad, contexts, outcomes, ticks, and models that come and go."""
    records: list[dict[str, Any]] = []
    seconds = 0
    for number in range(draw(st.integers(5, 40))):
        seconds += draw(st.sampled_from([0, 1, 5, 20, 60, 600, 4000]))
        patient = draw(st.sampled_from(["p1", "p2", "é"]))
        match draw(st.sampled_from(EVENTS)):
            case "tick":
                records.append({"type": "Tick", "at": at(seconds)})
            case "reading":
                code = draw(st.sampled_from(sorted(SIGNS)))
                value = draw(st.sampled_from([0, 25, 37, 75, 92, 97, 130, 200, 999]))
                records.append(
                    {
                        "type": "Reading",
                        "reading_id": f"r{draw(st.integers(0, number))}",
                        "patient_id": patient,
                        "device_id": draw(st.sampled_from(["d1", "d2"])),
                        "gateway_id": draw(st.sampled_from([None, "g1"])),
                        "effective_at": at(seconds - draw(st.sampled_from([0, 0, 0, 30, 300]))),
                        "measurements": [{"code": code, "value": value, "unit": SIGNS[code]}],
                    }
                )
            case "context":
                fields = draw(
                    st.sampled_from(
                        [
                            {"age": 12},
                            {"age": 60},
                            {"on_oxygen": None},
                            {"setting": "home"},
                            {"ward": "A"},
                            {"ward": None},
                        ]
                    )
                )
                records.append({"type": "PatientContext", "patient_id": patient, "effective_at": at(seconds), **fields})
            case "outcome":
                kind = draw(st.sampled_from(["discharge", "deterioration", "death"]))
                records.append({"type": "Outcome", "patient_id": patient, "at": at(seconds), "kind": kind})
            case "heartbeat":
                gateway = draw(st.sampled_from(["g1", "g2"]))
                records.append({"type": "GatewayHeartbeat", "gateway_id": gateway, "at": at(seconds)})
            case "pause":
                until = at(seconds + draw(st.sampled_from([0, 60, 4000])))
                records.append({"type": "Pause", "patient_id": patient, "at": at(seconds), "until": until})
                records[-1] |= {"by": "n", "reason": "washing"}
            case "model":
                version = draw(st.integers(0, 9))
                weights = [{"feature": "heart_rate.high", "weight": version, "mean": 0.1, "spread": 2}]
                records.append({"type": "ModelPublished", "version": version, "at": at(seconds), "by": "learner"})
                records[-1] |= {"intercept": -1, "weights": weights, "quality": QUALITY}
            case "withdrawal":
                version = draw(st.integers(0, 9))
                records.append(
                    {"type": "ModelWithdrawn", "version": version, "at": at(seconds), "by": "c", "reason": ""}
                )
    return [json.dumps(record).encode() for record in records]


def outputs_of(fold: PartitionFold, log: list[bytes], *, first: int = 0) -> list[bytes]:
    return [encode(output) for offset, value in enumerate(log, first) for output in fold.advance(value, offset=offset)]


@given(logs(), st.data())
def test_a_fold_that_was_restored_goes_on_as_if_nothing_had_been(log: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(log)), label="cut")
    whole, first, second = PartitionFold(0), PartitionFold(0), PartitionFold(0)
    expected = outputs_of(whole, log)

    told = outputs_of(first, log[:cut])
    for entry in first.entries():
        second.restore(*entry)
    told += outputs_of(second, log[cut:], first=cut)

    assert told == expected
    assert list(second.entries()) == list(whole.entries())
    assert second.census == whole.census


@given(logs())
def test_what_changed_adds_up_to_the_whole(log: list[bytes]) -> None:
    fold, kept = PartitionFold(0), {}
    for offset, value in enumerate(log):
        fold.advance(value, offset=offset)
        if offset % 3 == 0:
            kept.update(fold.changed())
    kept.update(fold.changed())

    written = {key: value for key, value in fold.entries() if key != b"partition"}

    assert {key: value for key, value in kept.items() if key != b"partition"} == written
    assert fold.changed() == []


@given(logs())
def test_a_picture_comes_back_from_its_bytes(log: list[bytes]) -> None:
    fold = PartitionFold(0)
    outputs_of(fold, log)

    for key, value in fold.entries():
        if key.startswith(b"patient/"):
            assert encode_patient(decode_patient(value[1:])) == value[1:]


@given(logs())
def test_the_counts_that_are_kept_up_are_those_of_the_state(log: list[bytes]) -> None:
    fold = PartitionFold(0)

    for offset, value in enumerate(log):
        fold.advance(value, offset=offset)

    patients = [decode_patient(value[1:]) for key, value in fold.entries() if key.startswith(b"patient/")]
    standing = [(patient.known.ward, alert) for patient in patients for alert in patient.alerts]
    standing = [(ward, alert) for ward, alert in standing if alert.state != "pending"]
    census = fold.census
    monitored = [patient for patient in patients if patient.monitored]
    assert census.monitored == Counter(patient.known.ward for patient in monitored)
    assert sum(census.never_scored.values()) == sum(not patient.scored for patient in monitored)
    assert census.never_scored.keys() == census.monitored.keys()
    reasons = [
        (patient.known.ward, why_without_risk(patient, census.model_versions.get("deterioration")))
        for patient in monitored
    ]
    without = {key: count for key, count in census.without_risk.items() if count}
    assert without == Counter((ward, reason) for ward, reason in reasons if reason)
    assert {ward for ward, _ in census.without_risk} == set(census.monitored)
    of_gateways = Counter({key: count for key, count in census.open_alerts.items() if key[0] == "gateway"})
    of_patients = Counter((alert.kind, alert.priority, ward) for ward, alert in standing)
    assert census.open_alerts == of_patients + of_gateways
    unanswered = [
        (ward, alert.since)
        for ward, alert in standing
        if alert.priority == "high" and alert.state in ("active", "latched")
    ]
    oldest = {ward: min(since for other, since in unanswered if other == ward) for ward, _ in unanswered}
    assert {ward: instant_of(since) for ward, since in census.oldest_unanswered.items()} == oldest


def test_entries_stand_in_the_order_of_their_keys() -> None:
    fold = PartitionFold(0)
    for number in (5, 3, 9, 10):
        fold.advance(
            json.dumps({"type": "PatientContext", "patient_id": f"p{number}", "effective_at": at(0)}).encode(), offset=0
        )

    keys = [key for key, _ in fold.entries()]

    assert keys == sorted(keys)
    assert [key for key, _ in fold.changed()] == keys[1:]


def test_a_recommendation_that_was_kept_before_people_could_answer_is_read() -> None:
    fold, restored = PartitionFold(0), PartitionFold(0)
    fold.advance(json.dumps({"type": "PatientContext", "patient_id": "p", "effective_at": at(0)}).encode(), offset=0)
    kept = dict(fold.entries())
    patient = msgspec.msgpack.decode(zlib.decompress(kept[b"patient/p"][1:]))
    for proposed in patient["proposed"].values():
        del proposed["answered_by"], proposed["answered_at"], proposed["answer_reason"]

    for key, value in kept.items():
        is_patient = key == b"patient/p"
        older = FORMED + zlib.compress(msgspec.msgpack.encode(patient)) if is_patient else value
        restored.restore(key, older)

    assert patient["proposed"]
    assert list(restored.entries()) == list(fold.entries())


@pytest.mark.parametrize("cut", [0, 1, 2, 10, -1])
def test_a_damaged_entry_is_an_error(cut: int) -> None:
    fold = PartitionFold(0)
    fold.advance(json.dumps({"type": "PatientContext", "patient_id": "p", "effective_at": at(0)}).encode(), offset=0)
    key, value = list(fold.entries())[1]

    with pytest.raises(BadCheckpoint):
        PartitionFold(0).restore(key, value[:cut])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"patient/p", b"\x63" + b"\x80"),
        (b"patient/p", FORMED + b"\x80"),
        (b"patient/p", FORMED + b"garbage"),
        (b"patient/\xff", FORMED + b"\x80"),
        (b"partition", FORMED + b"\x90"),
        (b"gateways", FORMED + b"\x80"),
        (b"risk/shared", FORMED + b"\x90"),
        (b"risk/course/p", FORMED + b"\x80"),
        (b"risk/course/p", FORMED + msgspec.msgpack.encode([0, [[0, 1, b"short", "live", True]]])),
        (b"risk/elsewhere", FORMED + b"\x80"),
        (b"lookout/patient/p", FORMED + b"\x80"),
        (b"lookout/trees", FORMED + b"\x80"),
        (b"lookout/trees", FORMED + zlib.compress(msgspec.msgpack.encode([1, b"", 0, b"", b""]))),
        (b"lookout/elsewhere", FORMED + b"\x80"),
        (b"elsewhere", FORMED + b"\x80"),
        (b"\x00checkpoint", FORMED + b"\x80"),
    ],
)
def test_what_is_no_entry_is_an_error(key: bytes, value: bytes) -> None:
    with pytest.raises(BadCheckpoint):
        PartitionFold(0).restore(key, value)


def test_a_patient_on_a_monitor_takes_at_most_three_kilobytes() -> None:
    fold = PartitionFold(0)
    for second in range(600):
        signs = {"8867-4": 72 + second % 17, "9279-1": 15.1 + second % 5, "59408-5": 96 + second % 4 / 10}
        signs |= {"8480-6": 118 + second % 13, "8310-5": 36.8 + second % 3 / 10, "2339-0": 101 + second % 23}
        record = {"type": "Reading", "reading_id": f"{second:036d}", "patient_id": "p", "device_id": "d"}
        measurements = [{"code": code, "value": value, "unit": SIGNS[code]} for code, value in signs.items()]
        value = json.dumps({**record, "effective_at": at(second), "measurements": measurements}).encode()
        fold.advance(value, offset=second)

    kept = dict(fold.changed())

    assert kept.keys() == {b"patient/p", b"lookout/patient/p", b"lookout/trees", b"risk/stay/p"}
    assert sum(len(value) for key, value in kept.items() if key.endswith(b"/p")) <= 3 * 1024
    assert len(kept[b"risk/stay/p"]) <= 32


def why_without_risk(patient: Patient, model_version: int | None) -> str | None:
    if not patient.applies_to_adults:
        return "not-applicable"
    if not patient.scored:
        return "nothing-known"
    return "no-model" if model_version is None else None
