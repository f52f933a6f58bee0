"""Fields of a record that Vigil does not know: a feed's own, which is allowed, or one that is perhaps mistyped."""

import difflib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args

import msgspec
from msgspec import Struct

from models.events import Event, Measurement

_LIKENESS = 0.75
_FIELDS = {
    event.__name__: frozenset({"type"} | {field.encode_name for field in msgspec.structs.fields(event)})
    for event in get_args(Event)
}
_OF_A_MEASUREMENT = frozenset(field.encode_name for field in msgspec.structs.fields(Measurement))


class UnknownField(Struct, frozen=True, omit_defaults=True):
    """One field that no record of this type has, and the missing one that it is perhaps meant to be."""

    field: str
    perhaps: str | None = None


def unknown_fields(value: bytes) -> list[UnknownField]:
    """The unknown fields of a record and of its measurements, each once; none of what can't be read."""
    try:
        record = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    kind = record.get("type") if isinstance(record, dict) else None
    if not isinstance(kind, str) or kind not in _FIELDS:
        return []
    found = dict.fromkeys(_unknown(record, _FIELDS[kind]))
    measurements = record.get("measurements")
    for measurement in measurements if isinstance(measurements, list) else []:
        if isinstance(measurement, dict):
            found |= dict.fromkeys(_unknown(measurement, _OF_A_MEASUREMENT))
    return list(found)


def _unknown(told: dict[str, Any], known: frozenset[str]) -> Iterator[UnknownField]:
    for name in told:
        if name not in known:
            yield UnknownField(name, _meant(name, frozenset(known - told.keys())))


@lru_cache(maxsize=1024)
def _meant(name: str, missing: frozenset[str]) -> str | None:
    """The missing field whose name is the most like this one, whatever the case and the underscores."""
    plain = {_plain(field): field for field in sorted(missing)}
    closest = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=_LIKENESS)
    return plain[closest[0]] if closest else None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
