"""What one partition does for the risk over a stay: examples at fixed hours, their label at its end, and forecasts."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from models.events import Assessment, OutcomeKind, StayEnded, StayExample, StayRisk
from models.instants import HOUR, moment_of
from models.outlook import score_of
from models.picture import Patient
from models.risk.labels import Dropped
from models.risk.stay_features import ASKED_AT, MEASURED, known, read
from models.risk.stay_model import StayPredictor

KEY = b"stay/"
_NEVER = 2**63 - 1
_NO_STAY = -1
_HOME = "home"
_DIED: dict[OutcomeKind, bool | None] = {"death": True, "discharge": False, "transfer": None}
_Found = TypeVar("_Found")


class Stay(Struct, array_like=True, gc=False):
    """How far one stay is: how many of the hours have passed, and at how many of those there was an example.

    `due` is from when on a reading is looked at, `begun` when the stay began; -1 while there is none.
    """

    begun: int
    due: int
    passed: int = 0
    examples: int = 0

    @property
    def next_hour(self) -> int | None:
        """When it is to be asked about next; None when all hours have passed."""
        if self.begun == _NO_STAY or self.passed == len(ASKED_AT):
            return None
        return self.begun + ASKED_AT[self.passed] * HOUR


class StayWatch:
    """The stays of one partition. A reading that is not due costs one comparison, and a tick nothing for a patient.

    It works in the shadow: a fault of its own costs an example or a forecast, is counted, and stays here.
    """

    def __init__(
        self,
        patients: Mapping[str, Patient],
        count_dropped: Callable[[Dropped, int], None],
        count_fault: Callable[[], None],
    ) -> None:
        self.predictor: StayPredictor | None = None
        self._patients = patients
        self._count_dropped = count_dropped
        self._count_fault = count_fault
        self._stays: dict[str, Stay] = {}
        self._hours: list[tuple[int, str]] = []
        self._changed: set[str] = set()

    def is_due(self, patient_id: str, at: int) -> bool:
        """Whether an assessment at that time is to be looked at."""
        stay = self._stays.get(patient_id)
        return stay is None or at >= stay.due

    def look(self, patient: Patient, told: Assessment, at: int) -> tuple[Assessment, list[StayExample]]:
        """An assessment that is due, with what is foretold of the stay, and the example if the hour has come."""
        as_it_is: tuple[Assessment, list[StayExample]] = told, []
        if told.amended or told.duplicate or not told.monitored:
            return as_it_is
        return self._fenced(partial(self._look, patient, told, at), as_it_is)

    def _look(self, patient: Patient, told: Assessment, at: int) -> tuple[Assessment, list[StayExample]]:
        stay = self._stay_of(patient)
        if at < stay.due:
            return told, []
        examples = self._asked(patient, stay, at)
        stay.due = at + HOUR if at < stay.begun + ASKED_AT[-1] * HOUR else _NEVER
        if stay.next_hour is not None:
            stay.due = min(stay.due, stay.next_hour)
        self._changed.add(patient.id)
        risk = self._fenced(partial(self._foretell, patient, stay, at), None)
        return told if risk is None else replace(told, stay_risk=risk), examples

    def pass_time(self, clock: int) -> list[StayExample]:
        """The examples of those patients of whom nothing came since their hour."""
        examples: list[StayExample] = []
        while self._hours and self._hours[0][0] <= clock:
            _, patient_id = heapq.heappop(self._hours)
            patient, stay = self._patients.get(patient_id), self._stays[patient_id]
            if patient is None or not patient.monitored or stay.next_hour is None:
                continue
            examples += self._asked(patient, stay, clock)
            self._await(patient_id)
        return examples

    def end(self, patient: Patient, kind: OutcomeKind, at: int) -> list[StayEnded]:
        """What became of a stay; one that nobody was ever asked about is counted."""
        return self._fenced(partial(self._end, patient, kind, at), [])

    def _end(self, patient: Patient, kind: OutcomeKind, at: int) -> list[StayEnded]:
        stay = self._stays.get(patient.id)
        if stay is None or stay.begun == _NO_STAY or kind not in _DIED:
            return []
        self._stays[patient.id] = Stay(begun=_NO_STAY, due=0)
        self._changed.add(patient.id)
        died = _DIED[kind]
        if not stay.examples:
            if _is_concerned(patient):
                self._count_dropped("never-asked", 1)
            return []
        if died is None:
            self._count_dropped("left", stay.examples)
        return [
            StayEnded(
                patient_id=patient.id,
                admitted_at=moment_of(stay.begun),
                at=moment_of(at),
                died=died,
                origin=patient.origin,
            )
        ]

    def _stay_of(self, patient: Patient) -> Stay:
        """How far a patient's stay is; another one begins with another admission."""
        stay = self._stays.get(patient.id)
        if stay is None or stay.begun != patient.admitted_at:
            begun = patient.admitted_at
            stay = self._stays[patient.id] = Stay(begun=begun, due=begun + ASKED_AT[0] * HOUR)
            self._changed.add(patient.id)
            self._await(patient.id)
        return stay

    def _await(self, patient_id: str) -> None:
        hour = self._stays[patient_id].next_hour
        if hour is not None:
            heapq.heappush(self._hours, (hour, patient_id))

    def _asked(self, patient: Patient, stay: Stay, at: int) -> list[StayExample]:
        return self._fenced(partial(self._ask, patient, stay, at), [])

    def _ask(self, patient: Patient, stay: Stay, at: int) -> list[StayExample]:
        """The example of the last hour that has passed, if one has and anything was measured."""
        passed = [hour for hour in ASKED_AT[stay.passed :] if stay.begun + hour * HOUR <= at]
        if not passed:
            return []
        stay.passed += len(passed)
        self._changed.add(patient.id)
        if not _is_concerned(patient):
            return []
        features = read(patient, stay.begun, at)
        if not any(features[f"{sign}.measured"] for sign in MEASURED):
            return []
        stay.examples += 1
        return [
            StayExample(
                patient_id=patient.id,
                admitted_at=moment_of(stay.begun),
                at=moment_of(at),
                hour=passed[-1],
                known_points=score_of(patient, at)[1].known_points or 0,
                features=known(features),
                sex=patient.known.sex,
                ward=patient.known.ward,
                origin=patient.origin,
            )
        ]

    def _foretell(self, patient: Patient, stay: Stay, at: int) -> StayRisk | None:
        if self.predictor is None or not _is_concerned(patient):
            return None
        found = self.predictor.foretell(read(patient, stay.begun, at))
        return found if found.known else None

    def _fenced(self, look: Callable[[], _Found], otherwise: _Found) -> _Found:
        try:
            return look()
        except Exception:  # noqa: BLE001 - in the shadow: a forecast may be lost, an alert may not
            self._count_fault()
            return otherwise

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries that changed since the last call, by key."""
        entries = [self._entry(patient_id) for patient_id in sorted(self._changed)]
        self._changed.clear()
        return entries

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of it, by key."""
        yield from map(self._entry, sorted(self._stays))

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of it, by key, as plain values."""
        for patient_id in sorted(self._stays):
            yield (KEY + patient_id.encode()).decode(), msgspec.structs.asdict(self._stays[patient_id])

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; raises msgspec.MsgspecError on anything else."""
        patient_id = key[len(KEY) :].decode()
        self._stays[patient_id] = msgspec.msgpack.decode(value, type=Stay)
        self._await(patient_id)

    def _entry(self, patient_id: str) -> tuple[bytes, bytes]:
        return KEY + patient_id.encode(), msgspec.msgpack.encode(self._stays[patient_id])


def _is_concerned(patient: Patient) -> bool:
    """Whether this is an adult's stay in hospital; whoever is watched at home does not stay anywhere."""
    return patient.applies_to_adults and patient.known.setting != _HOME
