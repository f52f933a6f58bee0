"""What a feed must know of a record that it passes on as it is: never more than its envelope."""

import json
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from models.codec import OF_GATEWAYS_TOO, is_for_all

_Instant = Annotated[datetime, Meta(tz=True)]


class Sketch(Struct, frozen=True):
    """The envelope of one record; a field that is absent, or is not what it should be, is null."""

    type: str | None = None
    patient_id: str | None = None
    gateway_id: str | None = None
    reading_id: str | None = None
    origin: Any = None  # Only whether there is one matters.
    effective_at: _Instant | None = None
    received_at: _Instant | None = None
    at: _Instant | None = None
    measurements: list[Any] = []

    @property
    def is_for_all(self) -> bool:
        """Whether it stands in every partition."""
        return is_for_all(self.type, self.patient_id)

    @property
    def subject(self) -> str | None:
        """Whose partition it belongs to: its patient's or, where it is about an alert of a gateway, the gateway's."""
        return self.patient_id or (self.gateway_id if self.type in OF_GATEWAYS_TOO else None)

    @property
    def moment(self) -> datetime | None:
        """When the log got it, as far as it says."""
        return self.received_at or self.effective_at or self.at


_decoder = msgspec.json.Decoder(Sketch)


def sketch(value: bytes) -> Sketch | None:
    """The envelope of a record, or nothing when it is no JSON object, by the measure of `models.codec`."""
    try:
        return _decoder.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _sketch_slowly(value)


def _sketch_slowly(value: bytes) -> Sketch | None:
    try:
        plain = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(plain, dict):
        return None
    believable = {}
    for field in msgspec.structs.fields(Sketch):
        try:
            believable[field.name] = msgspec.convert(plain.get(field.name, field.default), field.type)
        except msgspec.ValidationError:
            continue
    return Sketch(**believable)
