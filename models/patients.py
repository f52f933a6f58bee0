"""All patients of one partition: each folded on alone, put back should that fail, awaited, counted and kept."""

from collections.abc import Callable, Iterator

from models.census import Tally
from models.events import Origin, Output
from models.picture import Patient, decode_patient, encode_patient, readable_patient
from models.schedule import Schedule
from models.snapshot import snapshot_of

KEY = b"patient/"


class Patients:
    """The patients by id; with `alerts_only` nobody counts them and no checkpoint keeps them."""

    def __init__(self, tally: Tally, *, alerts_only: bool = False) -> None:
        self.known: dict[str, Patient] = {}
        self._tally = tally
        self._alerts_only = alerts_only
        self._schedule = Schedule(self.known)
        self._changed: set[str] = set()

    def find(self, patient_id: str | None) -> Patient | None:
        """A patient of whom anything was told."""
        return self.known.get(patient_id or "")

    def admit(self, patient_id: str, origin: Origin, at: int) -> Patient:
        """A patient, who begins with the first event at `at`."""
        found = self.known.get(patient_id)
        if found is None:
            found = self.known[patient_id] = Patient(patient_id, origin, admitted_at=at)
        return found

    def fallen_due(self, clock: int) -> list[str]:
        """Those with something due by then, in order of due time and id."""
        return self._schedule.fallen_due(clock)

    @property
    def awaited(self) -> int:
        """How many due times are awaited."""
        return len(self._schedule)

    def fold(self, patient_id: str, fold: Callable[[], list[Output]], clock: int | None) -> list[Output]:
        """Folds one patient on; should that raise, the patient is as before, and what was raised goes on."""
        before = self.known.get(patient_id)
        kept = None if before is None else snapshot_of(before)
        if not self._alerts_only:
            self._tally.remove(before)
        try:
            return fold()
        except BaseException:
            self._put_back(patient_id, kept, clock)
            raise
        finally:
            self._take_note(patient_id)

    def _put_back(self, patient_id: str, kept: Patient | None, clock: int | None) -> None:
        if kept is None:
            self.known.pop(patient_id, None)
            return
        self.known[patient_id] = kept
        if kept.next_due is not None and clock is not None and kept.next_due <= clock:
            kept.next_due = None  # what failed at this tick would fail at each; the next event sets it again

    def _take_note(self, patient_id: str) -> None:
        after = self.known.get(patient_id)
        if not self._alerts_only:
            self._tally.add(after)
        if after is not None:
            if not self._alerts_only:
                self._changed.add(patient_id)
            self._schedule.await_next(after)

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries that changed since the last call, by key."""
        entries = [self._entry(patient_id) for patient_id in sorted(self._changed)]
        self._changed.clear()
        return entries

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of them, by key."""
        return map(self._entry, sorted(self.known))

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of them, by key, as plain values."""
        for patient_id in sorted(self.known):
            yield (KEY + patient_id.encode()).decode(), readable_patient(self.known[patient_id])

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one back; raises msgspec.MsgspecError or ValueError on anything else."""
        patient_id, restored = key[len(KEY) :].decode(), decode_patient(value)
        self._tally.remove(self.known.get(patient_id))
        self.known[patient_id] = restored
        self._tally.add(restored)
        self._schedule.await_next(restored)

    def _entry(self, patient_id: str) -> tuple[bytes, bytes]:
        return KEY + patient_id.encode(), encode_patient(self.known[patient_id])
