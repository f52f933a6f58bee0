"""What is remembered of one device of one patient: what it streams, how steadily, and what it has sent already."""

from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct, field

from models.history import LEAST_SPACINGS, History, is_continuous
from models.instants import MINUTE
from models.vital_signs import VitalSign

_IDS_KEPT = 64
_DIGEST_BYTES = 8
_SPOT_DEVICES = frozenset({"fingerstick", "laboratory", "manual"})
_CONTINUOUS_DEVICE = "cgm"


class Patience(Struct, frozen=True, gc=False):
    """How long a continuous stream may be silent: so many expected intervals, at least so many microseconds."""

    intervals: float = 3
    at_least: int = MINUTE


class Stream(Struct, frozen=True, gc=False):
    """One code from one device: its newest value's time, its kind, its expected interval in microseconds when known."""

    last: int
    interval: int | None = None
    is_continuous: bool = False
    is_silent: bool = False

    def silent_from(self, patience: Patience) -> int | None:
        """When it counts as silent if nothing more comes; a spot stream never does."""
        if not self.is_continuous or self.interval is None:
            return None
        waits = int(patience.intervals * self.interval)
        return self.last + (max(patience.at_least, waits))

    def is_overdue(self, now: int, patience: Patience) -> bool:
        """Whether it counts as silent."""
        silent_from = self.silent_from(patience)
        return silent_from is not None and now >= silent_from


class Device(Struct, gc=False):
    """One device of one patient: its number in the histories, its type, its streams by code, its last reading ids.

    Of each of the last 64 ids 8 bytes of a hash are kept: ids may be long, and two that differ agree in them by chance
    once in 10^19. `gateway` is the one through which its newest reading came.
    """

    number: int
    type: str | None = None
    heard: int = 0
    streams: dict[str, Stream] = field(default_factory=dict)
    reading_ids: bytes = b""
    gateway: str | None = None


def follow_stream(history: History, device: Device, sign: VitalSign) -> Stream:
    """Brings a device's stream up to the newest value of a sign, with its kind (device table first, else spacing)."""
    is_spot = sign.is_always_spot or device.type in _SPOT_DEVICES
    is_continuous_by_type = device.type == _CONTINUOUS_DEVICE and not is_spot
    least = 1 if is_continuous_by_type else LEAST_SPACINGS  # So by its type: the first spacing tells what to expect.
    interval = None if is_spot else history.expected_interval(device.number, least)
    before = device.streams.get(sign.code)
    is_silent = before is not None and before.is_silent
    stream = device.streams[sign.code] = _stream(history.at, interval, is_continuous_by_type, is_silent)
    return stream


@lru_cache(maxsize=16)
def _stream(last: int, interval: int | None, is_continuous_by_type: bool, is_silent: bool) -> Stream:
    """One object for all signs of a panel, which as a rule agree in all of this."""
    return Stream(last, interval, is_continuous_by_type or is_continuous(interval), is_silent)


def remember_reading(device: Device, reading_id: str) -> bool:
    """Keeps a reading id among the device's last 64; False when it is among them already."""
    known, digest = device.reading_ids, blake2b(reading_id.encode(), digest_size=_DIGEST_BYTES).digest()
    at = known.find(digest)
    while at % _DIGEST_BYTES and at >= 0:
        at = known.find(digest, at + 1)
    if at >= 0:
        return False
    device.reading_ids = (known + digest)[-_IDS_KEPT * _DIGEST_BYTES :]
    return True
