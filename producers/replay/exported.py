"""The form of an exported log: where each record stood comes first, and its own bytes can be had back exactly."""

import base64
import binascii
import json
import re

from msgspec import Struct

from producers.replay.sketch import Sketch, sketch

_PLACE = re.compile(rb'\{"partition":(\d{1,9}),"offset":(\d{1,18}),')
_RAW = b'"key":'


class Placed(Struct, frozen=True):
    """One record of a log and where it stood."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes


def export_line(record: Placed) -> bytes:
    """One line: the record itself after its place or, where that could not be had back, all of it in base64."""
    place = b'{"partition":%d,"offset":%d,' % (record.partition, record.offset)
    if _reads_back(record):
        return place + record.value[1:]
    key = json.dumps(None if record.key is None else base64.b64encode(record.key).decode())
    return place + b'"key":%s,"raw":"%s"}' % (key.encode(), base64.b64encode(record.value))


def read_line(line: bytes) -> Placed | None:
    """The record of an exported line; nothing when the line does not say where it stood."""
    place = _PLACE.match(line)
    if place is None:
        return None
    partition, offset = int(place[1]), int(place[2])
    if line.startswith(_RAW, place.end()):
        return _read_raw(partition, offset, line)
    value = b"{" + line[place.end() :]
    return Placed(partition, offset, key_of(sketch(value)), value)


def key_of(envelope: Sketch | None) -> bytes | None:
    """The key that a record has unless someone gave it another: its patient, if it names one."""
    if envelope is None or not envelope.patient_id:
        return None
    try:
        return envelope.patient_id.encode()
    except UnicodeEncodeError:  # JSON can name half a character.
        return None


def _reads_back(record: Placed) -> bool:
    value = record.value
    if b"\n" in value or b"\r" in value or not value.startswith(b"{") or value[1:].startswith((_RAW, b"}")):
        return False
    envelope = sketch(value)
    return envelope is not None and key_of(envelope) == record.key


def _read_raw(partition: int, offset: int, line: bytes) -> Placed | None:
    try:
        raw = json.loads(line)
        key = None if raw["key"] is None else base64.b64decode(raw["key"], validate=True)
        return Placed(partition, offset, key, base64.b64decode(raw["raw"], validate=True))
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None
