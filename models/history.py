"""The last values of one code of one patient, in time order."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import isnan
from operator import sub
from struct import Struct as Layout
from typing import Literal

from models.instants import MINUTE, SECOND

KEPT = 64
_SPACINGS = 8
LEAST_SPACINGS = 4
_CONTINUOUS_SPACING = 60 * SECOND
_MEDIAN_WINDOW = MINUTE
_BEFORE_ALL_TIME = -(2**63)
_TIME, _DEVICE = Layout("q"), Layout("B")
_MOST_IN_FOUR_BYTES = 2.0**24

ValuesFormat = Literal["f", "d"]


class _Form:
    """How a column of values is kept: as floats of 4 bytes, or of 8."""

    def __init__(self, code: ValuesFormat) -> None:
        self.code: ValuesFormat = code
        self.value = Layout(code)
        self.values = tuple(Layout(f"{count}{code}") for count in range(KEPT + 1))


_WHOLE, _ANY = _Form("f"), _Form("d")


class History:
    """At most 64 (time, value, device) of one code; two values of one time are both kept, the later in the log last.

    It is never changed: adding gives another one, so that whoever holds the old one can go back to it. `at` and `value`
    are the newest. A value of NaN stands for "told to be unknown" (a context's null); `devices` numbers a patient's
    devices, one byte each. Values take 4 bytes each while all are whole numbers, as those of most vital signs are.
    """

    __slots__ = ("_form", "_times", "_values", "at", "devices", "value")

    def __init__(self, times: bytes, values: bytes, devices: bytes, at: int, value: float, form: _Form) -> None:
        self._form = form
        self._times = times
        self._values = values
        self.devices = devices
        self.at = at
        self.value = value

    @property
    def times(self) -> "memoryview[int]":
        """When each was measured, in microseconds since 1970."""
        return memoryview(self._times).cast("q")

    @property
    def values(self) -> "memoryview[float]":
        """The values."""
        return memoryview(self._values).cast(self._form.code)

    @property
    def values_format(self) -> ValuesFormat:
        """How the values are kept: "f" in 4 bytes, "d" in 8."""
        return self._form.code

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
        form, values = self._form, self._values
        if form is _WHOLE and not (value.is_integer() and -_MOST_IN_FOUR_BYTES <= value <= _MOST_IN_FOUR_BYTES):
            form, values = _ANY, array("d", self.values).tobytes()
        item = form.value.pack(value)
        if time >= self.at:
            times, devices = _with_time(self._times, time), _with_device(self.devices, device)
            return History(times, _with(values, item), devices, time, value, form)
        place = bisect_right(self.times, time)
        oldest = 1 if len(self) >= KEPT else 0
        if place < oldest:
            return self
        return History(
            _inserted(self._times, _TIME.pack(time), oldest, place),
            _inserted(values, item, oldest, place),
            _inserted(self.devices, _DEVICE.pack(device), oldest, place),
            self.at,
            self.value,
            form,
        )

    def after(self, time: int) -> tuple[list[int], list[float]]:
        """Times and values of all that was measured after a time, without what was told to be unknown."""
        start = bisect_right(self.times, time)
        times, values = list(self.times[start:]), list(self.values[start:])
        if not any(map(isnan, values)):
            return times, values
        known = [place for place, value in enumerate(values) if not isnan(value)]
        return [times[place] for place in known], [values[place] for place in known]

    def index_at(self, time: int) -> int:
        """Index of the value that was current at that time, or -1."""
        return _index_at(self._times, time)

    def expected_interval(self, device: int, least: int = LEAST_SPACINGS) -> int | None:
        """Median of the device's last 8 spacings, in microseconds; None with fewer than `least`."""
        return _expected_interval(self._times, self.devices, device, least)

    @property
    def median(self) -> float:
        """Median of the newest value's device within the 60 s up to and with that value."""
        first = _first_of_last_minute(self._times, self.devices)
        if first is None:
            return self.median_before(len(self) - 1)
        count = len(self.devices) - first
        return _middle(sorted(self._form.values[count].unpack_from(self._values, first * self._form.value.size)))

    def median_before(self, index: int) -> float:
        """Median of the same device's values within the 60 s up to and with an index."""
        device, end, times = self.devices[index], index + 1, self.times
        start = bisect_left(times, times[index] - _MEDIAN_WINDOW, 0, end)
        return _middle(sorted(self.values[at] for at in range(start, end) if self.devices[at] == device))


EMPTY = History(b"", b"", b"", _BEFORE_ALL_TIME, float("nan"), _WHOLE)


def history_of(times: "array[int]", values: "array[float]", devices: bytes) -> History:
    """The history of columns of one length, with the values kept as they are given."""
    if not devices:
        return EMPTY
    form = _WHOLE if values.typecode == _WHOLE.code else _ANY
    return History(times.tobytes(), values.tobytes(), devices, times[-1], values[-1], form)


def _middle(ordered: Sequence[float]) -> float:
    count = len(ordered)
    return (ordered[count // 2] + ordered[(count - 1) // 2]) / 2


def _with(column: bytes, item: bytes) -> bytes:
    """A column with one more item; the oldest of a full one gives way."""
    return (column[len(item) :] if len(column) == KEPT * len(item) else column) + item


def _inserted(column: bytes, item: bytes, oldest: int, place: int) -> bytes:
    """A column from its oldest item on, with one more at a place."""
    width = len(item)
    return column[oldest * width : place * width] + item + column[place * width :]


# What follows is of times and devices alone. It is remembered, and its results are one object to all who ask, because
# the signs of one panel share their times, and most patients have one device.


@lru_cache(maxsize=256)
def _with_time(times: bytes, time: int) -> bytes:
    return _with(times, _TIME.pack(time))


@lru_cache(maxsize=256)
def _with_device(devices: bytes, device: int) -> bytes:
    return _with(devices, _DEVICE.pack(device))


@lru_cache(maxsize=256)
def _index_at(times: bytes, time: int) -> int:
    return bisect_right(memoryview(times).cast("q"), time) - 1


@lru_cache(maxsize=256)
def _first_of_last_minute(times: bytes, devices: bytes) -> int | None:
    """Index of the first value within 60 s of the last one; None where another device has a part in them."""
    instants = memoryview(times).cast("q")
    first = bisect_left(instants, instants[-1] - _MEDIAN_WINDOW)
    return first if devices.count(devices[-1], first) == len(devices) - first else None


@lru_cache(maxsize=256)
def _expected_interval(times: bytes, devices: bytes, device: int, least: int) -> int | None:
    """Median of a device's last 8 spacings; None with fewer than `least`."""
    instants, newest = memoryview(times).cast("q"), -_SPACINGS - 1
    own = instants[newest:].tolist()
    if devices.count(device, newest) < len(own):
        own = [time for time, number in zip(instants, devices, strict=True) if number == device][newest:]
    spacings: list[int] = sorted(map(sub, own[1:], own))
    count = len(spacings)
    if count < least:
        return None
    return (spacings[count // 2] + spacings[(count - 1) // 2]) // 2


def is_continuous(interval: int | None) -> bool:
    """Whether a stream of such spacing counts as continuous (clinical decisions, Readings)."""
    return interval is not None and interval <= _CONTINUOUS_SPACING
