"""A history on its way to and from a checkpoint: small, exact, and the same bytes on every machine."""

import sys
from array import array
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import Any

from msgspec import Struct

from models.history import KEPT, History, history_of

_UNSCALED = 0
_SCALES = (1, 10)


class PackedHistory(Struct, array_like=True):
    """Columns as little-endian bytes.

    `times` are the first and then the spacings, 64 bits each; `values` are 16-bit whole numbers of which `scale` make
    one, or 64-bit floats (scale 0) where that would not be exact.
    """

    times: bytes
    values: bytes
    devices: bytes
    scale: int


def pack(history: History) -> PackedHistory:
    """The history as it is kept."""
    scale, values = _pack_values(history.values.tobytes())
    return PackedHistory(_spacings(history.times.tobytes()), values, history.devices, scale)


def unpack(packed: PackedHistory) -> History:
    """The history again; raises ValueError on columns of uneven length."""
    times = array("q", accumulate(_numbers("q", packed.times)))
    values = _unpack_values(packed.values, packed.scale)
    if not len(times) == len(values) == len(packed.devices) <= KEPT:
        raise ValueError("a history of uneven length")
    return history_of(times.tobytes(), values.tobytes(), packed.devices)


@lru_cache(maxsize=64)
def _spacings(times: bytes) -> bytes:
    """Times as the first and what lies between; remembered, for the signs of one device share theirs."""
    instants = array("q", times)
    return _bytes("q", [*instants[:1], *map(sub, instants[1:], instants)])


def _pack_values(values: bytes) -> tuple[int, bytes]:
    numbers = array("d", values)
    for scale in _SCALES:
        try:
            whole = array("h", [round(number * scale) for number in numbers])
        except (ValueError, OverflowError):  # unknown, or too large
            break
        if array("d", [number / scale for number in whole]).tobytes() == values:
            return scale, _bytes("h", whole)
    return _UNSCALED, _bytes("d", numbers)


def _unpack_values(values: bytes, scale: int) -> "array[float]":
    if scale == _UNSCALED:
        return array("d", _numbers("d", values))
    return array("d", [number / scale for number in _numbers("h", values)])


def _bytes(kind: str, numbers: Iterable[float]) -> bytes:
    column = array(kind, numbers)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def _numbers(kind: str, column: bytes) -> Any:  # an array of that kind
    numbers = array(kind, column)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
