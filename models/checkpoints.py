"""What every state that is kept in Kafka has in common: it is read exactly, or not at all."""

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Protocol

import msgspec


class BadCheckpoint(Exception):
    """A checkpoint entry that this version can't read; going on without it would forget what was learned."""


class Part(Protocol):
    """A part of a state that keeps itself, under one key or under keys that begin alike."""

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries that changed since the last call, by key."""

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of it, by key."""

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of it, by key, as plain values."""

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; raises msgspec.MsgspecError or ValueError on anything else."""


class Checkpoints:
    """All parts of a state by their keys; each entry begins with one byte, the form that this version reads.

    A key that ends with "/" is what the keys of a part begin with; any other is the whole key of its one entry.
    """

    def __init__(self, form: int, parts: Mapping[bytes, Part]) -> None:
        self._form = form
        self._parts = parts

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries that changed since the last call, by key, part by part; they count as kept from here on."""
        return [self._formed(entry) for part in self._parts.values() for entry in part.changed()]

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """The whole state, in order of keys."""
        entries = [entry for part in self._parts.values() for entry in part.entries()]
        yield from map(self._formed, sorted(entries))

    def readable(self) -> Iterator[tuple[str, object]]:
        """The whole state, in order of keys, as plain values for people and for JSON."""
        rows = [row for part in self._parts.values() for row in part.readable()]
        yield from sorted(rows, key=itemgetter(0))

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; a later one of the same key replaces it. Raises BadCheckpoint."""
        if not value or value[0] != self._form:
            form = f"form {value[0]}" if value else "no form"
            raise BadCheckpoint(f"entry {key!r} has {form}, this version reads form {self._form}")
        part = next((part for own, part in self._parts.items() if _is_of(key, own)), None)
        if part is None:
            raise BadCheckpoint(f"entry {key!r} is of no known kind")
        try:
            part.restore(key, value[1:])
        except (msgspec.MsgspecError, ValueError, IndexError) as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error

    def _formed(self, entry: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        key, value = entry
        return key, bytes([self._form]) + value


def _is_of(key: bytes, own: bytes) -> bool:
    return key.startswith(own) if own.endswith(b"/") else key == own
