"""Records to bytes and back, and the one reason for bytes that are no record."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from models import codec
from models.events import DeadLetterReason, Event, Output, PolicyChanged

READING = {
    "type": "Reading",
    "reading_id": "r1",
    "patient_id": "p1",
    "device_id": "d1",
    "effective_at": "2026-11-21T03:00:00Z",
    "measurements": [{"code": "8867-4", "value": 72, "unit": "/min"}],
}


_FIRST, _LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1900, 2299))


def records(kind: type) -> st.SearchStrategy[Any]:
    """Any record of a type, from what msgspec knows of it."""
    return of(inspect.type_info(kind))


def of(info: inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StructType(cls=kind, fields=fields):
            required = {field.name: of(field.type) for field in fields if field.required}
            optional = {field.name: of(field.type) for field in fields if not field.required}
            return st.fixed_dictionaries(required, optional=optional).map(lambda told: kind(**told))
        case inspect.UnionType(types=types):
            return st.one_of([of(one) for one in types])
        case inspect.Metadata(type=inner):
            return of(inner)
        case inspect.ListType(item_type=item):
            return st.lists(of(item), max_size=3)
        case inspect.DictType(value_type=value):
            return st.dictionaries(st.text(max_size=5), of(value), max_size=2)
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.StrType(min_length=least):
            return st.text(min_size=least or 0, max_size=8)
        case inspect.IntType(ge=least, le=most):
            return st.integers(-(2**63) if least is None else least, 2**63 - 1 if most is None else most)
        case inspect.FloatType(ge=least, le=most):
            return st.floats(least, most, allow_nan=False, allow_infinity=False)
    return {
        inspect.BoolType: st.booleans(),
        inspect.NoneType: st.none(),
        inspect.BytesType: st.binary(max_size=8),
        inspect.DateTimeType: st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)),
    }[type(info)]


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_an_event_comes_back_from_its_bytes(kind: type) -> None:
    @given(records(kind))
    def comes_back(event: Any) -> None:
        event = msgspec.structs.replace(event, v=1, **subject_of(event))
        value = codec.encode(event)

        assert b"\n" not in value
        assert codec.decode(value) == event

    comes_back()


@pytest.mark.parametrize("kind", get_args(Output), ids=lambda kind: kind.__name__)
def test_an_output_comes_back_from_its_bytes(kind: type) -> None:
    @given(records(kind))
    def comes_back(output: Any) -> None:
        value = codec.encode(output)

        assert b"\n" not in value
        assert msgspec.json.decode(value, type=Output) == output
        json.loads(value)

    comes_back()


def subject_of(event: Any) -> dict[str, Any]:
    """What an event must say of whom it is, where that is one of several."""
    if isinstance(event, PolicyChanged):
        named = {"site": {}, "ward": {"ward": "A1"}, "patient": {"patient_id": "p1"}}[event.scope]
        return {"ward": None, "patient_id": None, **named}
    if hasattr(event, "alert_id") and event.patient_id is None:
        return {"gateway_id": "g1"}
    return {}


ANSWER = {"type": "Snooze", "alert_id": "a1", "revision": 1, "at": "2026-11-21T03:00:00Z", "by": "nurse"}
ANSWER["until"] = "2026-11-21T03:10:00Z"
POLICY = {"type": "PolicyChanged", "version": "1", "at": "2026-11-21T03:00:00Z", "by": "dr", "reason": "trial"}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (ANSWER, "missing-patient"),
        ({**ANSWER, "patient_id": ""}, "missing-patient"),
        ({**POLICY, "scope": "ward", "policy": None}, "invalid"),
        ({**POLICY, "scope": "site", "ward": "A1", "policy": None}, "invalid"),
        ({**POLICY, "scope": "patient", "patient_id": "p1", "policy": {"limit": {}}}, "invalid"),
        ({**POLICY, "scope": "site", "policy": {"limits": {"8867-4": {"delay_seconds": 61}}}}, "invalid"),
        ({**POLICY, "scope": "site", "policy": {"limits": {"8867-4": {"delay_seconds": -1}}}}, "invalid"),
    ],
)
def test_an_answer_says_of_whom_it_is_and_a_policy_only_what_there_is(record: dict[str, Any], reason: str) -> None:
    assert reason_of(json.dumps(record).encode()) == reason


def reason_of(value: bytes) -> str:
    with pytest.raises(codec.Undecodable) as refused:
        codec.decode(value)
    assert refused.value.detail
    return refused.value.reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "undecodable"),
        (b"{", "undecodable"),
        (b"\xff\xfe", "undecodable"),
        (b"null", "undecodable"),
        (b"[1]", "undecodable"),
        (b'"Reading"', "undecodable"),
        (b"[" * 100_000, "undecodable"),
        pytest.param(json.dumps(READING).encode("utf-16"), "undecodable", id="utf-16"),
        pytest.param(b"\xef\xbb\xbf" + json.dumps(READING).encode(), "undecodable", id="with a byte order mark"),
        (json.dumps(READING).encode() + b"{}", "undecodable"),
        (json.dumps({**READING, "patient_id": "p\ud800"}).encode(), "undecodable"),
        (b"{}", "unknown-type"),
    ],
)
def test_bytes_that_are_no_record(value: bytes, reason: str) -> None:
    assert reason_of(value) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "Alert"}, "unknown-type"),
        ({"type": None}, "unknown-type"),
        ({"type": ["Reading"]}, "unknown-type"),
        ({"type": "reading"}, "unknown-type"),
        ({"v": 2}, "unknown-version"),
        ({"v": 0}, "unknown-version"),
        ({"v": "1"}, "unknown-version"),
        ({"v": 2, "measurements": 5}, "unknown-version"),
        ({"patient_id": None}, "missing-patient"),
        ({"patient_id": ""}, "missing-patient"),
        ({"patient_id": 7}, "invalid"),
        ({"patient_id": "p" * 257}, "invalid"),
        ({"reading_id": ""}, "invalid"),
        ({"effective_at": "yesterday"}, "invalid"),
        ({"effective_at": "2026-11-21T03:00:00"}, "invalid"),
        ({"effective_at": 1_795_230_000}, "invalid"),
        ({"effective_at": "9999-12-31T23:59:59-12:00"}, "invalid"),
        ({"effective_at": "0001-01-01T00:00:00+12:00"}, "invalid"),
        ({"measurements": None}, "invalid"),
        ({"measurements": [{"value": 72}]}, "invalid"),
        ({"measurements": [{"code": "8867-4", "value": [72]}]}, "invalid"),
        ({"device_type": "toaster"}, "invalid"),
        ({"origin": "elsewhere"}, "invalid"),
    ],
)
def test_a_spoiled_record_has_one_reason(changes: dict[str, Any], reason: str) -> None:
    assert reason_of(json.dumps({**READING, **changes}).encode()) == reason


@pytest.mark.parametrize("field", READING)
def test_nothing_required_may_be_absent(field: str) -> None:
    reasons = {"type": "unknown-type", "patient_id": "missing-patient"}
    value = json.dumps({name: told for name, told in READING.items() if name != field}).encode()

    assert reason_of(value) == reasons.get(field, "invalid")


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "true", '"x"', "null"])
def test_a_bad_value_is_left_for_quality_to_refuse(literal: str) -> None:
    value = json.dumps(READING).replace('"value": 72', f'"value": {literal}').encode()

    assert codec.decode(value).measurements[0].value != 72


def test_fields_that_are_not_known_are_passed_over() -> None:
    assert codec.decode(json.dumps({**READING, "colour": "blue"}).encode()) == codec.decode(
        json.dumps(READING).encode()
    )


@pytest.mark.parametrize("at", ["2026-11-21T04:30:00+01:30", "2026-11-20T22:00:00-05:00", "2026-11-21T03:00:00.000Z"])
def test_an_instant_may_be_of_any_zone(at: str) -> None:
    event = codec.decode(json.dumps({**READING, "effective_at": at}).encode())

    assert event.effective_at == codec.decode(json.dumps(READING).encode()).effective_at


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def reason_if_any(value: bytes) -> str | None:
    """The reason why bytes are no record; anything but an event or a reason is an error."""
    try:
        assert isinstance(codec.decode(value), get_args(Event))
    except codec.Undecodable as refused:
        return refused.reason
    return None


@given(st.sampled_from(sorted(READING)), json_values)
def test_one_strange_field_is_a_record_or_has_a_reason(field: str, strange: Any) -> None:
    reason = reason_if_any(json.dumps({**READING, field: strange}).encode())

    assert reason in (None, *get_args(DeadLetterReason))


@given(st.binary(max_size=60), st.integers(0, 200))
def test_a_spoiled_byte_is_a_record_or_has_a_reason(garbage: bytes, at: int) -> None:
    value = json.dumps(READING).encode()

    reason = reason_if_any(value[:at] + garbage + value[at + len(garbage) :])

    assert reason in (None, *get_args(DeadLetterReason))
