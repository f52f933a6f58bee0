"""Records to JSON bytes and back; what can't be read is named, never guessed."""

import json
from datetime import UTC, datetime
from typing import Any, cast, get_args

import msgspec

from models.events import (
    VERSION,
    AboutAnAlert,
    DeadLetterReason,
    Event,
    PatientContext,
    PolicyChanged,
    Reading,
    Record,
)

PATIENTLESS = frozenset({"Tick", "ModelPublished", "ModelWithdrawn", "GatewayHeartbeat"})
"""Records of no patient: they stand in every partition."""

OF_GATEWAYS_TOO = frozenset(event.__name__ for event in get_args(Event) if issubclass(event, AboutAnAlert))
"""Records about an alert of a patient, or of a gateway: of one of them they must say which."""

_POLICY = "PolicyChanged"

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
    if isinstance(event, (Reading, PatientContext)):
        at = event.effective_at
    else:
        at = event.at
        _check_subject(event)
    if not _EARLIEST <= at < _LATEST:
        raise Undecodable("invalid", f"time {at.isoformat()} is not of these centuries")
    return event


def is_for_all(kind: str | None, patient_id: str | None) -> bool:
    """Whether a record of that type stands in every partition: it is of no patient, or a policy for more than one."""
    return kind in PATIENTLESS or (kind == _POLICY and not patient_id)


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


def _check_subject(event: Event) -> None:
    """Whether it says of whom it is, where that is one of several."""
    if isinstance(event, AboutAnAlert) and event.patient_id is None and event.gateway_id is None:
        raise Undecodable("missing-patient", "neither patient_id nor gateway_id says of whom the alert is")
    if isinstance(event, PolicyChanged):
        named = {"site": None, "ward": event.ward, "patient": event.patient_id}[event.scope]
        others = {event.ward, event.patient_id} - {named, None}
        if (event.scope != "site" and not named) or others:
            raise Undecodable("invalid", f"a policy of scope {event.scope} names its {event.scope} and nothing else")


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
    if plain.get("patient_id") or is_for_all(kind, None):
        return
    if kind not in OF_GATEWAYS_TOO:
        raise Undecodable("missing-patient", "patient_id is missing or empty")
    if not plain.get("gateway_id"):
        raise Undecodable("missing-patient", "neither patient_id nor gateway_id says of whom the alert is")
