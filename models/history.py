"""The last values of one code of one patient, in time order."""

import sys
from array import array
from bisect import bisect_left, bisect_right
from typing import Any, Literal

from msgspec import Struct

from models.instants import MINUTE, SECOND

KEPT = 64
_SPACINGS = 8
LEAST_SPACINGS = 4
_CONTINUOUS_SPACING = 60 * SECOND
_MEDIAN_WINDOW = MINUTE


class History:
    """At most 64 (time, value, device) of one code; two values of one time are both kept, the later in the log last.

    A value of NaN stands for "told to be unknown" (a context's null); `devices` numbers a patient's devices.
    """

    __slots__ = ("devices", "times", "values")

    def __init__(self) -> None:
        self.times = array("q")
        self.values = array("d")
        self.devices = array("B")

    def __len__(self) -> int:
        return len(self.times)

    def holds(self, time: int, value: float, device: int) -> bool:
        """Whether this very value of this device and time is among those kept."""
        at = bisect_left(self.times, time)
        while at < len(self.times) and self.times[at] == time:
            if self.values[at] == value and self.devices[at] == device:
                return True
            at += 1
        return False

    def add(self, time: int, value: float, device: int) -> bool:
        """Keeps a value in its place; False when it is older than all of a full history."""
        times = self.times
        if not times or time >= times[-1]:
            times.append(time)
            self.values.append(value)
            self.devices.append(device)
        else:
            at = bisect_right(times, time)
            if at == 0 and len(times) >= KEPT:
                return False
            times.insert(at, time)
            self.values.insert(at, value)
            self.devices.insert(at, device)
        if len(times) > KEPT:
            del times[0], self.values[0], self.devices[0]
        return True

    def index_at(self, time: int) -> int:
        """Index of the value that was current at that time, or -1."""
        return bisect_right(self.times, time) - 1

    def expected_interval(self, device: int, upto: int, least: int = LEAST_SPACINGS) -> int | None:
        """Median of the device's last 8 spacings up to an index, in microseconds; None with fewer than `least`."""
        times, devices = self.times, self.devices
        own: list[int] = []
        at = upto
        while at >= 0 and len(own) <= _SPACINGS:
            if devices[at] == device:
                own.append(times[at])
            at -= 1
        spacings = sorted(own[k] - own[k + 1] for k in range(len(own) - 1))
        count = len(spacings)
        if count < least:
            return None
        return (spacings[count // 2] + spacings[(count - 1) // 2]) // 2

    def median_before(self, index: int) -> float:
        """Median of the same device's values within the 60 s up to and with an index."""
        times, values, devices = self.times, self.values, self.devices
        earliest, device = times[index] - _MEDIAN_WINDOW, devices[index]
        window: list[float] = []
        at = index
        while at >= 0 and times[at] >= earliest:
            if devices[at] == device:
                window.append(values[at])
            at -= 1
        window.sort()
        count = len(window)
        return (window[count // 2] + window[(count - 1) // 2]) / 2

    def packed(self) -> "PackedHistory":
        """The same as bytes, little-endian."""
        return PackedHistory(_bytes(self.times), _bytes(self.values), bytes(self.devices))

    @classmethod
    def unpacked(cls, packed: "PackedHistory") -> "History":
        """The history of such bytes; raises ValueError when they are of odd length."""
        history = cls()
        history.times = _array("q", packed.times)
        history.values = _array("d", packed.values)
        history.devices = _array("B", packed.devices)
        if not len(history.times) == len(history.values) == len(history.devices) <= KEPT:
            raise ValueError("a history of uneven length")
        return history


class PackedHistory(Struct, array_like=True):
    """A history on its way to or from a checkpoint."""

    times: bytes
    values: bytes
    devices: bytes


def is_continuous(interval: int | None) -> bool:
    """Whether a stream of such spacing counts as continuous (clinical decisions, Readings)."""
    return interval is not None and interval <= _CONTINUOUS_SPACING


def _bytes(numbers: Any) -> bytes:  # an array of whole numbers or of floats
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return bytes(numbers)


def _array(kind: Literal["q", "d", "B"], raw: bytes) -> Any:  # an array of that kind
    numbers: Any = array(kind)
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
