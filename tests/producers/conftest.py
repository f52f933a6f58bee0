"""What tests of simulated wards share: a ward's records, and what the fold makes of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.events import DeadLetter, Output
from models.partition import PartitionFold
from producers.entry import Entry
from producers.simulator.case import Plan
from producers.simulator.scenario import Scenario
from producers.simulator.simulation import simulated
from producers.simulator.ward import Ward

MORNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ONSET = timedelta(minutes=30)


class Simulated:
    """How tests make wards and read what comes of them."""

    morning = MORNING
    onset = ONSET

    @staticmethod
    def ward(**given: Any) -> Ward:
        """A small ward on a Monday morning."""
        return Ward(given.pop("start_time", MORNING), **{"patients": 2, "lasts": timedelta(hours=1)} | given)

    def of(self, scenario: Scenario, *others: str, seed: int = 1) -> Ward:
        """A ward of two, or a wearer, of whom the first has a scenario, and others on top of it."""
        patient_id = self.patient(scenario)
        return self.ward(
            patients=2 * (scenario.setting == "ward"),
            wearers=1 * (scenario.setting == "home"),
            plans=[Plan(scenario=name, patient_id=patient_id, after=ONSET) for name in (scenario.name, *others)],
            seed=seed,
            lasts=ONSET + scenario.takes + timedelta(minutes=2),
        )

    @staticmethod
    def patient(scenario: Scenario) -> str:
        """Whom a scenario befalls in these tests."""
        return "p1" if scenario.setting == "ward" else "w1"

    @staticmethod
    def folded(entries: Iterable[Entry]) -> list[Output]:
        """What one partition makes of records."""
        fold = PartitionFold(0, partitions=1, origin="simulated")
        return [
            output
            for offset, entry in enumerate(entries)
            for output in fold.advance(entry.value, offset=offset, key=entry.key)
        ]

    def outputs(self, ward: Ward, patient_id: str) -> list[Output]:
        """What comes of one patient in a ward with its clock, which is slower for those at home."""
        entries = simulated(ward, 1, timedelta(seconds=5 if patient_id.startswith("p") else 60))
        return [output for output in self.folded(entries) if is_of(output, patient_id)]


def is_of(output: Output, patient_id: str) -> bool:
    """Whether an output, or the record that could not be used, is of a patient, or of a gateway."""
    if isinstance(output, DeadLetter):
        return output.key == patient_id.encode()
    return output.patient_id in (patient_id, None)


@pytest.fixture(scope="session")
def simulation() -> Simulated:
    """How tests make wards and read what comes of them."""
    return Simulated()
