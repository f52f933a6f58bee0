"""Records to JSON bytes and back; what can't be read is named, never guessed."""

import json
from datetime import UTC, datetime
from typing import Any, cast, get_args

import msgspec

from models.events import VERSION, DeadLetterReason, Event, PatientContext, Reading, Record

PATIENTLESS = frozenset({"Tick", "ModelPublished", "ModelWithdrawn"})
"""Records of no patient: they stand in every partition."""

_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_encoder = msgspec.json.Encoder()
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2300, 1, 1, tzinfo=UTC)  # de-identified records are moved by up to two centuries
_MOST_DIGITS = 300
_types = {event.__name__ for event in get_args(Event)}


class Undecodable(Exception):
    """A record that can't be used, with its dead-letter reason."""

    def __init__(self, reason: DeadLetterReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def decode(value: bytes) -> Event:
    """One record of `patient-events`; raises Undecodable with the reason that the dead letter will bear."""
    try:
        event = _events.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        event = _decode_slowly(value, error)
    if event.v != VERSION:
        raise Undecodable("unknown-version", f"version {event.v}, only {VERSION} is known")
    at = event.effective_at if isinstance(event, (Reading, PatientContext)) else event.at
    if not _EARLIEST <= at < _LATEST:
        raise Undecodable("invalid", f"time {at.isoformat()} is not of these centuries")
    return event


def encode(record: Record) -> bytes:
    """One record as one line of JSON, without a line end."""
    return _encoder.encode(record)


def _decode_slowly(value: bytes, error: Exception) -> Event:
    """Tells why a record did not decode; lets NaN and 1e999 through, for quality to refuse by name."""
    try:
        plain = json.loads(value.decode(), parse_int=_integer)
        json.dumps(plain, ensure_ascii=False).encode()  # half a character can be read, but never written
    except (ValueError, RecursionError) as cause:
        raise Undecodable("undecodable", str(cause)) from cause
    if not isinstance(plain, dict):
        raise Undecodable("undecodable", "not a JSON object")
    _check_envelope(plain)
    try:
        return cast("Event", msgspec.convert(plain, Event))
    except msgspec.ValidationError as cause:
        raise Undecodable("invalid", str(cause)) from error


def _integer(digits: str) -> int | float:
    """A whole number, or infinity for one that no float can hold, which quality refuses by name."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _check_envelope(plain: dict[str, Any]) -> None:
    kind = plain.get("type")
    if not isinstance(kind, str) or kind not in _types:
        raise Undecodable("unknown-type", f"type {kind!r}")
    version = plain.get("v", VERSION)
    if version != VERSION:
        raise Undecodable("unknown-version", f"version {version!r}, only {VERSION} is known")
    if kind not in PATIENTLESS and not plain.get("patient_id"):
        raise Undecodable("missing-patient", "patient_id is missing or empty")
