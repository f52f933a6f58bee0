"""All that is measured of the detectors, as a table."""

from msgspec import Struct

from benchmarks.detectors.cost import Cost, costs
from benchmarks.detectors.worth import Worth, played, worths
from benchmarks.machine import Machine

_NOTHING = Worth(caught={}, false_per_patient_day=0.0)
_HEADS = ("detector", "speaks of", "false a patient-day", "us a panel", "bytes a patient")


class DetectorReport(Struct, frozen=True, kw_only=True):
    """What each detector adds and costs, by its file."""

    machine: Machine
    panels: int
    patients: int
    played: dict[str, int]
    worth: dict[str, Worth]
    cost: dict[str, Cost]

    @property
    def told(self) -> str:
        """The report as a table in Markdown."""
        rows = [_HEADS, tuple("---" for _ in _HEADS), *(self._row(name, cost) for name, cost in self.cost.items())]
        return "\n".join([*(f"| {' | '.join(row)} |" for row in rows), "", self.machine.told])

    def _row(self, name: str, cost: Cost) -> tuple[str, ...]:
        worth = self.worth.get(name, _NOTHING)
        says_something = name in self.worth
        caught = [
            f"{scenario} {count}/{self.played[scenario]}{'' if category == 'physiological' else ' ' + category}"
            for scenario, counts in worth.caught.items()
            for category, count in sorted(counts.items())
        ]
        shared = "" if cost.bytes_per_partition is None else f", {cost.bytes_per_partition:,} a partition"
        size = "in the picture" if cost.bytes_per_patient is None else f"{cost.bytes_per_patient:g}{shared}"
        false = f"{worth.false_per_patient_day:g}" if says_something else "0"
        return name, ", ".join(caught) or "-", false, f"{cost.microseconds:.2f}", size


def measure_detectors(panels: int, patients: int, rounds: int, watched: int) -> DetectorReport:
    """Folds made-up panels for the cost, and simulated wards for the worth."""
    return DetectorReport(
        machine=Machine.now(),
        panels=panels,
        patients=patients,
        played=played(rounds),
        worth=worths(rounds, watched),
        cost=costs(panels, patients),
    )
