"""What each detector adds: of which simulated scenarios it speaks, and how often where nothing happens."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import UNSET, Struct

from models.events import Alert, Assessment, Output
from models.partition import PartitionFold
from producers.simulator.case import Plan
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.simulation import simulated
from producers.simulator.ward import Ward

_START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_ONSET = timedelta(hours=2)
_DAY = timedelta(days=1)
_OF_KIND = {"news2": "early_warning", "limit": "limits", "zero": "zero", "no-data": "silence", "anomaly": "anomaly"}
_PLAYED = (
    *("sepsis", "haemorrhage", "respiratory-failure", "tachyarrhythmia", "hypoglycaemia"),
    *("stuck-sensor", "sensor-offset", "sensor-off"),
)

Spoken = tuple[str, str, str, datetime]
"""A patient, a detector, its category and when it spoke."""


class Worth(Struct, frozen=True, kw_only=True):
    """How many of the cases of each scenario a detector spoke of, by category, and false ones a patient-day."""

    caught: dict[str, dict[str, int]]
    false_per_patient_day: float


def worths(rounds: int, patients: int) -> dict[str, Worth]:
    """What each detector said in wards where each scenario befalls one patient, and in one where nothing happens."""
    caught: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for seed in range(1, rounds + 1):
        for scenario, detector, category in _cases(seed):
            caught[detector][scenario][category] += 1
    quiet = Ward(_START, patients=patients, seed=rounds + 1, lasts=_DAY)
    false = Counter(detector for _, detector, _, _ in _spoken(quiet))
    return {
        detector: Worth(
            caught={name: dict(caught[detector][name]) for name in _PLAYED if name in caught[detector]},
            false_per_patient_day=round(false[detector] / patients, 2),
        )
        for detector in sorted({*caught, *false})
    }


def played(rounds: int) -> dict[str, int]:
    """How often each scenario is played."""
    return dict.fromkeys(_PLAYED, rounds)


def _cases(seed: int) -> set[tuple[str, str, str]]:
    """Which detectors spoke of which scenarios, while they took."""
    plans = [Plan(scenario=name, patient_id=f"p{number}", after=_ONSET) for number, name in enumerate(_PLAYED, 1)]
    lasts = _ONSET + max(SCENARIOS[name].takes for name in _PLAYED)
    ward = Ward(_START, patients=len(plans), plans=plans, seed=seed, lasts=lasts)
    over = {plan.patient_id: (plan.scenario, _START + _ONSET + SCENARIOS[plan.scenario].takes) for plan in plans}
    return {
        (over[patient][0], detector, category)
        for patient, detector, category, at in _spoken(ward)
        if patient in over and _START + _ONSET <= at <= over[patient][1]
    }


def _spoken(ward: Ward) -> Iterator[Spoken]:
    """All that begins: alerts that become active, findings and forecasts."""
    fold = PartitionFold(0, origin="simulated")
    active: set[str] = set()
    for offset, entry in enumerate(simulated(ward, 1)):
        for output in fold.advance(entry.value, offset=offset, key=entry.key):
            yield from _begun(output, active)


def _begun(output: Output, active: set[str]) -> Iterator[Spoken]:
    if isinstance(output, Alert) and output.state == "active" and output.alert_id not in active:
        active.add(output.alert_id)
        yield output.subject, _OF_KIND[output.kind], output.category, output.at
    if isinstance(output, Assessment) and output.findings is not UNSET:
        for found in output.findings:
            if found.state == "begun" or found.detector == "spike":
                yield output.patient_id, found.detector.replace("-", "_"), found.category, output.at
    if isinstance(output, Assessment) and output.forecasts is not UNSET:
        for foretold in output.forecasts:
            if foretold.state == "begun":
                yield output.patient_id, "trend", "physiological", output.at
