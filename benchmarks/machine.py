"""What was measured on: figures of another machine, or of a busy one, say little beside these."""

import os
import platform
from datetime import UTC, datetime

from msgspec import Struct


class Machine(Struct, frozen=True, kw_only=True):
    """The machine, and how busy others kept it in the minute before."""

    at: datetime
    cores: int
    python: str
    load_average: float

    @classmethod
    def now(cls) -> "Machine":
        """This machine, now."""
        return cls(
            at=datetime.now(UTC).replace(microsecond=0),
            cores=os.cpu_count() or 1,
            python=platform.python_version(),
            load_average=round(os.getloadavg()[0], 2),
        )

    @property
    def told(self) -> str:
        """The machine in one line."""
        return (
            f"{self.at:%Y-%m-%d %H:%M} UTC, {self.cores} cores, Python {self.python}, "
            f"load average before {self.load_average:.2f}"
        )
