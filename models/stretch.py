"""The values of one code that came since somebody last looked."""

from msgspec import Struct

from models.history import History
from models.instants import MINUTE
from models.picture import Patient, Vital
from models.vital_signs import SIGNS, VitalSign

_EARLIEST = -(2**63)
_QUICK_MINUTES = 2.0


class Stretch(Struct, frozen=True, gc=False):
    """A code's values from index `first` of its history on; there is at least one.

    `is_continuous` is of the stream of the newest value's device. `values` are those of the stretch and up to two
    before it, so that the last one seen is among them with its neighbour.
    """

    sign: VitalSign
    vital: Vital
    first: int
    is_continuous: bool
    values: list[float]
    seen: int
    """How many of `values` stand before the stretch."""
    since: int | None
    """When somebody last looked."""

    @property
    def history(self) -> History:
        """All that is kept of the code."""
        return self.vital.history

    @property
    def is_of_one_device(self) -> bool:
        """Whether one device told all of the values."""
        devices = self.history.devices[self.first - self.seen :]
        return devices.count(devices[-1]) == len(devices)

    @property
    def minutes(self) -> float:
        """How long the newest value stands for: since the last look if continuous, else since the one before."""
        times = self.history.times
        if self.is_continuous:
            return 0.0 if self.since is None else (times[-1] - self.since) / MINUTE
        return (times[-1] - times[-2]) / MINUTE if len(times) > 1 else 0.0

    @property
    def is_quick(self) -> bool:
        """Whether it is of a continuous stream, and so short that what moved in it moved at once."""
        return self.is_continuous and self.minutes <= _QUICK_MINUTES

    @property
    def is_after_gap(self) -> bool:
        """Whether a continuous stream paused for two minutes before it, or comes from another device than before."""
        if self.first == 0 or not self.is_continuous:
            return False
        times, devices = self.history.times, self.history.devices
        pause = times[self.first] - times[self.first - 1]
        return pause >= 2 * MINUTE or devices[self.first] != devices[self.first - 1]


def stretches(patient: Patient, since: int | None) -> list[Stretch]:
    """What came after an instant, of each sign that has a usual; of all time when nobody looked before."""
    found, earliest = [], _EARLIEST if since is None else since
    for code, vital in patient.vitals.items():
        sign, history = SIGNS.get(code), vital.history
        if history.at <= earliest or sign is None or sign.baseline is None:
            continue
        first = 0 if since is None else history.index_at(since) + 1
        seen = min(first, 2)
        values = list(history.values[first - seen :])
        continuous = patient.is_continuous(code, history.devices[-1])
        found.append(Stretch(sign, vital, first, continuous, values, seen, since))
    return found
