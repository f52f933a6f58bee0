"""The last values of one code of one patient, in time order."""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from functools import lru_cache
from operator import sub
from struct import Struct as Layout

from models.instants import MINUTE, SECOND

KEPT = 64
_SPACINGS = 8
LEAST_SPACINGS = 4
_CONTINUOUS_SPACING = 60 * SECOND
_MEDIAN_WINDOW = MINUTE
_BEFORE_ALL_TIME = -(2**63)
_WIDTH = 8
_TIME, _VALUE, _DEVICE = Layout("q"), Layout("d"), Layout("B")


class History:
    """At most 64 (time, value, device) of one code; two values of one time are both kept, the later in the log last.

    It is never changed: adding gives another one, so that whoever holds the old one can go back to it. `at` and `value`
    are the newest. A value of NaN stands for "told to be unknown" (a context's null); `devices` numbers a patient's
    devices, one byte each.
    """

    __slots__ = ("_times", "_values", "_window", "at", "devices", "value")

    def __init__(self, times: bytes, values: bytes, devices: bytes, at: int, value: float) -> None:
        self._times = times
        self._values = values
        self.devices = devices
        self.at = at
        self.value = value
        self._window: array[float] | None = None

    @property
    def times(self) -> "memoryview[int]":
        """When each was measured, in microseconds since 1970."""
        return memoryview(self._times).cast("q")

    @property
    def values(self) -> "memoryview[float]":
        """The values."""
        return memoryview(self._values).cast("d")

    def __len__(self) -> int:
        return len(self.devices)

    def holds(self, time: int, value: float, device: int) -> bool:
        """Whether this very value of this device and time is among those kept."""
        if time > self.at:
            return False
        times = self.times
        at = bisect_left(times, time)
        while at < len(times) and times[at] == time:
            if self.values[at] == value and self.devices[at] == device:
                return True
            at += 1
        return False

    def adding(self, time: int, value: float, device: int) -> "History":
        """The history with one more value in its place; itself when that is older than all of a full history."""
        if time >= self.at:
            added = History(
                _shared_with(self._times, _TIME.pack(time)),
                _with(self._values, _VALUE.pack(value)),
                _shared_with(self.devices, _DEVICE.pack(device)),
                time,
                value,
            )
            if self._window is not None and device == self.devices[-1]:
                added._window = self._window_with(time, value, self._window)
            return added
        place = bisect_right(self.times, time)
        oldest = 1 if len(self) >= KEPT else 0
        if place < oldest:
            return self
        start, middle = oldest * _WIDTH, place * _WIDTH
        return History(
            self._times[start:middle] + _TIME.pack(time) + self._times[middle:],
            self._values[start:middle] + _VALUE.pack(value) + self._values[middle:],
            self.devices[oldest:place] + _DEVICE.pack(device) + self.devices[place:],
            self.at,
            self.value,
        )

    def index_at(self, time: int) -> int:
        """Index of the value that was current at that time, or -1."""
        return bisect_right(self.times, time) - 1

    def expected_interval(self, device: int, upto: int, least: int = LEAST_SPACINGS) -> int | None:
        """Median of the device's last 8 spacings up to an index, in microseconds; None with fewer than `least`."""
        end = upto + 1
        start = end - _SPACINGS - 1 if end > _SPACINGS else 0
        if self.devices.count(device, start, end) == end - start:
            return _median_spacing(self._times[start * _WIDTH : end * _WIDTH], least)
        own = [time for time, number in zip(self.times[:end], self.devices, strict=False) if number == device]
        return _median_spacing(array("q", own[-_SPACINGS - 1 :]).tobytes(), least)

    def median_before(self, index: int) -> float:
        """Median of the same device's values within the 60 s up to and with an index."""
        device, end, times = self.devices[index], index + 1, self.times
        start = bisect_left(times, times[index] - _MEDIAN_WINDOW, 0, end)
        if self.devices.count(device, start, end) == end - start:
            return _middle(sorted(self.values[start:end]))
        return _middle(sorted(self.values[at] for at in range(start, end) if self.devices[at] == device))

    @property
    def median(self) -> float:
        """Median of the newest value's device within the 60 s up to and with that value.

        The values that it is of stay sorted from one value to the next, for sorting them is most of its work.
        """
        if self._window is None:
            start = bisect_left(self.times, self.at - _MEDIAN_WINDOW)
            if self.devices.count(self.devices[-1], start) < len(self) - start:
                return self.median_before(len(self) - 1)
            self._window = array("d", sorted(self.values[start:]))
        return _middle(self._window)

    def _window_with(self, time: int, value: float, window: "array[float]") -> "array[float]":
        """The sorted values of the last 60 s with one more value; those that are too old by then are gone."""
        window, count = window[:], len(self)
        first = count - len(window)
        while first < count and (
            first + KEPT == count or _TIME.unpack_from(self._times, first * _WIDTH)[0] < time - _MEDIAN_WINDOW
        ):
            del window[bisect_left(window, _VALUE.unpack_from(self._values, first * _WIDTH)[0])]
            first += 1
        insort(window, value)
        return window


EMPTY = History(b"", b"", b"", _BEFORE_ALL_TIME, float("nan"))


def history_of(times: bytes, values: bytes, devices: bytes) -> History:
    """The history of columns of one length, in this machine's order of bytes."""
    if not devices:
        return EMPTY
    (at,), (value,) = _TIME.unpack_from(times, -_WIDTH), _VALUE.unpack_from(values, -_WIDTH)
    return History(times, values, devices, at, value)


def _middle(ordered: "Sequence[float]") -> float:
    count = len(ordered)
    return (ordered[count // 2] + ordered[(count - 1) // 2]) / 2


def _with(column: bytes, item: bytes) -> bytes:
    """A column with one more item; the oldest of a full one gives way."""
    return (column[len(item) :] if len(column) == KEPT * len(item) else column) + item


_shared_with = lru_cache(maxsize=256)(_with)  # the signs of one panel share their times, and most patients one device


@lru_cache(maxsize=1024)
def _median_spacing(times: bytes, least: int) -> int | None:
    """Median of the spacings between such times; remembered, for the signs of one panel share theirs."""
    own: array[int] = array("q", times)
    spacings: list[int] = sorted(map(sub, own[1:], own))
    count = len(spacings)
    if count < least:
        return None
    return (spacings[count // 2] + spacings[(count - 1) // 2]) // 2


def is_continuous(interval: int | None) -> bool:
    """Whether a stream of such spacing counts as continuous (clinical decisions, Readings)."""
    return interval is not None and interval <= _CONTINUOUS_SPACING
