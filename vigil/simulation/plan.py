"""What is to be simulated: everything but when it begins."""

from datetime import datetime, timedelta

from msgspec import Struct

from producers.simulator.case import Plan, UnfitPatient
from producers.simulator.pace import Pace
from producers.simulator.ward import Ward
from vigil.errors import CommandFailed


class WardPlan(Struct, frozen=True, kw_only=True):
    """A ward that can be opened at any time; without `lasts` it never closes."""

    patients: int
    wearers: int
    cases: tuple[Plan, ...]
    seed: int
    lasts: timedelta | None
    pace: Pace | None = None

    def opened(self, at: datetime) -> Ward:
        """The ward from that time on; raises CommandFailed when a scenario can't befall whom it should."""
        try:
            return Ward(
                at,
                patients=self.patients,
                wearers=self.wearers,
                plans=self.cases,
                seed=self.seed,
                lasts=self.lasts,
                pace=self.pace,
            )
        except UnfitPatient as error:
            raise CommandFailed(str(error)) from error
