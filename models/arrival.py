"""What came of one reading, for who counts by gateway: through which it came, and how old it was."""

from collections.abc import Sequence
from typing import NamedTuple

from models.events import Assessment, DeviceType, Output, Reading, Refused
from models.instants import SECOND, instant_of


class Arrival(NamedTuple):
    """One reading as it was folded.

    `gateway_id` is None where the reading names none, and where no heartbeat of that gateway was ever heard: such a one
    may be the phone of one person, who must not be counted by name. `age_seconds` is by the clock of the log, so up to
    a tick's spacing too little, and never under 0; None before the first tick.
    """

    gateway_id: str | None
    device_type: DeviceType | None
    age_seconds: float | None
    refused: Sequence[Refused]
    is_parked: bool


def arrival_of(reading: Reading, told: Output, clock: int | None, *, is_heard: bool) -> Arrival:
    """What is counted of a reading: `told` is its assessment or dead letter, `is_heard` is said of its gateway."""
    return Arrival(
        gateway_id=reading.gateway_id if is_heard else None,
        device_type=reading.device_type,
        age_seconds=None if clock is None else max(0, clock - instant_of(reading.effective_at)) / SECOND,
        refused=told.refused if isinstance(told, Assessment) else (),
        is_parked=not isinstance(told, Assessment),
    )
