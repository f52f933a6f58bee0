"""A history on its way to and from a checkpoint: exact, the same bytes on every machine, and easy to compress."""

import sys
from array import array
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import Any, Literal

from msgspec import Struct

from models.history import KEPT, History, ValuesFormat, history_of


class PackedHistory(Struct, array_like=True):
    """Columns as little-endian bytes; `times` are the first and then the spacings, which are much alike.

    Values are floats of 4 bytes or of 8, as the history keeps them.
    """

    times: bytes
    values: bytes
    devices: bytes


def pack(history: History) -> PackedHistory:
    """The history as it is kept."""
    values = _little_endian(history.values_format, history.values.tobytes())
    return PackedHistory(_spacings(history.times.tobytes()), values.tobytes(), history.devices)


def unpack(packed: PackedHistory) -> History:
    """The history again; raises ValueError on columns of uneven length."""
    kind: ValuesFormat = "f" if len(packed.values) == len(packed.devices) * 4 else "d"
    times, values = _times(packed.times), _little_endian(kind, packed.values)
    if not len(times) == len(values) == len(packed.devices) <= KEPT:
        raise ValueError("a history of uneven length")
    return history_of(times, values, packed.devices)


# Both are remembered because the signs of one device share their times.


@lru_cache(maxsize=64)
def _spacings(times: bytes) -> bytes:
    instants = array("q", times)
    spacings = array("q", [*instants[:1], *map(sub, instants[1:], instants)])
    kept: bytes = _little_endian("q", spacings.tobytes()).tobytes()
    return kept


@lru_cache(maxsize=64)
def _times(spacings: bytes) -> "array[int]":
    return array("q", accumulate(_little_endian("q", spacings)))


def _little_endian(kind: Literal["q"] | ValuesFormat, column: bytes) -> Any:  # an array of that kind
    """Numbers from this machine's order of bytes to little-endian, or back."""
    numbers = array(kind, column)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
