"""How often the monitors of a ward measure: slowly as a rule, closely round each scripted deterioration."""

from collections.abc import Sequence

from msgspec import Struct

_CLOSE_SECONDS = 1.0


class Pace(Struct, frozen=True, kw_only=True):
    """Every so many seconds, and each second within `close_minutes` before and after a deterioration; 0: never so."""

    every_seconds: float = 10.0
    close_minutes: float = 0.0

    def pause_seconds(self, seconds: float, deteriorations: Sequence[float]) -> float:
        """How long a monitor that has just measured waits, given when its patient's deteriorations come."""
        reach = 60 * self.close_minutes
        if reach and any(abs(seconds - at) <= reach for at in deteriorations):
            return _CLOSE_SECONDS
        begins = [at - reach - seconds for at in deteriorations if reach and at - reach > seconds]
        return min([self.every_seconds, *begins])
