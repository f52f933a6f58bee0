"""What one partition does for the learned risk: models come in, examples go out when their labels are known."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import msgspec
from msgspec import Struct, field

from models.events import Assessment, Example, ModelName, ModelPublished, ModelWithdrawn, OutcomeKind, Risk, Score
from models.instants import moment_of
from models.picture import Patient
from models.risk import stay_watch
from models.risk.features import known_of, named
from models.risk.labels import HIGH_POINTS, Course, Dropped, Verdicts, readable_course, unpack
from models.risk.prediction import Predictor
from models.risk.registry import Registry
from models.risk.stay_model import StayPredictor

KEY = b"risk/"
_COURSE = KEY + b"course/"
_SHARED = KEY + b"shared"
_MODELS = KEY + b"models/"
_STAY = KEY + stay_watch.KEY
_KNOWS_NOTHING = "0/7"


class _Shared(Struct):
    """What is not of one patient: how many examples were dropped, by reason, and how often all failed."""

    dropped: dict[str, int] = field(default_factory=dict)
    faults: int = 0


class RiskWatch:
    """The models in force and the examples that wait; what is not due costs nothing.

    It works in the shadow, so no fault of its own may keep a score or an alert back: one is counted, and stays here.
    """

    def __init__(self, patients: Mapping[str, Patient]) -> None:
        self.predictor: Predictor | None = None
        self.stays = stay_watch.StayWatch(patients, self._count_dropped, self._count_fault)
        self._registries: dict[ModelName, Registry] = {}
        self._changed_models: set[ModelName] = set()
        self._shared = _Shared()
        self._courses: dict[str, Course] = {}
        self._due: list[tuple[int, str]] = []
        self._changed: set[str] = set()
        self._is_shared_changed = self._is_shared_begun = False

    @property
    def dropped(self) -> dict[str, int]:
        """How many examples got no label, by reason."""
        return self._shared.dropped

    @property
    def faults(self) -> int:
        """How often a look at a patient failed."""
        return self._shared.faults

    @property
    def versions(self) -> dict[ModelName, int]:
        """The version in force of each model that has one."""
        return {model: found.kept[-1].version for model, found in self._registries.items() if found.kept}

    # --- Models ------------------------------------------------------------------------------------------------------

    def take(self, event: ModelPublished | ModelWithdrawn) -> None:
        """Scores with another version from here on, if the registry says so; raises UnusableModel."""
        registry = self._registries.setdefault(event.model, Registry())
        self._changed_models.add(event.model)
        if isinstance(event, ModelPublished):
            registry.publish(event)
        else:
            registry.withdraw(event)
        self._put_in_force(registry, event.model)

    def _put_in_force(self, registry: Registry, model: ModelName) -> None:
        found = registry.in_force
        if model == "stay":
            self.stays.predictor = found if isinstance(found, StayPredictor) else None
        else:
            self.predictor = found if isinstance(found, Predictor) else None

    def foretell(self, patient: Patient, score: Score, at: int) -> Risk | None:
        """What the model in force makes of a patient whose score applies; nothing without one, or when it fails."""
        predictor = self.predictor
        if predictor is None:
            return None
        try:
            return predictor.foretell(known_of(patient, score, at), patient)
        except Exception:  # noqa: BLE001 - in the shadow: the risk may fail, what was scored must be told
            self._count_fault()
            return None

    # --- Examples ----------------------------------------------------------------------------------------------------

    def follow(self, patient: Patient, told: Assessment, at: int, clock: int | None) -> list[Example]:
        """Takes note of one assessment: it may decide waiting examples and, of a reading, begin a new one."""
        return self._fenced(patient.id, partial(self._follow, patient, told, at, clock))

    def end(self, patient_id: str, kind: OutcomeKind, at: int) -> list[Example]:
        """Takes note of one outcome."""
        return self._fenced(patient_id, partial(self._end, patient_id, kind, at))

    def pass_time(self, clock: int) -> list[Example]:
        """Tells the examples of which nothing bad came, of those patients only for whom one is due."""
        examples: list[Example] = []
        while self._due and self._due[0][0] <= clock:
            _, patient_id = heapq.heappop(self._due)
            examples += self._fenced(patient_id, partial(self._pass_time, patient_id, clock))
        return examples

    def _fenced(self, patient_id: str, look: Callable[[], list[Example]]) -> list[Example]:
        """One look at a patient; should it fail, the patient's course begins anew and what waited is dropped."""
        course = self._courses.get(patient_id)
        waiting = 0 if course is None else len(course.waiting)
        try:
            return look()
        except Exception:  # noqa: BLE001 - in the shadow: an example may be lost, an alert may not
            self._count_fault()
            if patient_id in self._courses:
                self._courses[patient_id] = Course()
                self._changed.add(patient_id)
            if waiting:
                self._count_dropped("fault", waiting)
            return []

    def _follow(self, patient: Patient, told: Assessment, at: int, clock: int | None) -> list[Example]:
        score = told.news2
        if clock is None or told.duplicate or score is None or score.known_points is None:
            return []
        course = self._courses.get(patient.id)
        if score.known_points >= HIGH_POINTS:
            return [] if course is None else self._settle(patient.id, course.turn_bad(at, "news2"))
        if told.amended or told.reading_id is None or score.completeness == _KNOWS_NOTHING:
            return []
        known = known_of(patient, score, at) if course is None or course.may_open(at) else None
        if course is None:
            course = self._courses[patient.id] = Course()
        if course.see(at):
            self._changed.add(patient.id)
        if known is not None:
            told_of = patient.known
            opened = course.open(at, score.known_points, known, patient.origin, sex=told_of.sex, ward=told_of.ward)
            heapq.heappush(self._due, (opened.due, patient.id))
            self._changed.add(patient.id)
        return []

    def _end(self, patient_id: str, kind: OutcomeKind, at: int) -> list[Example]:
        course = self._courses.get(patient_id)
        return [] if course is None else self._settle(patient_id, course.end(at, kind))

    def _pass_time(self, patient_id: str, clock: int) -> list[Example]:
        return self._settle(patient_id, self._courses[patient_id].pass_time(clock))

    def _settle(self, patient_id: str, verdicts: Verdicts) -> list[Example]:
        examples = [
            Example(
                patient_id=patient_id,
                at=moment_of(found.example.at),
                known_at=moment_of(found.known_at),
                label=found.reason != "nothing",
                reason=found.reason,
                known_points=found.example.known_points,
                features=named(unpack(found.example.packed)),
                sex=found.example.sex,
                ward=found.example.ward,
                origin=found.example.origin,
            )
            for found in verdicts.labelled
        ]
        if examples or verdicts.dropped:
            self._changed.add(patient_id)
        for reason in verdicts.dropped:
            self._count_dropped(reason, 1)
        return examples

    def _count_dropped(self, reason: Dropped, examples: int) -> None:
        self._shared.dropped[reason] = self._shared.dropped.get(reason, 0) + examples
        self._touch_shared()

    def _count_fault(self) -> None:
        self._shared.faults += 1
        self._touch_shared()

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries that changed since the last call, by key."""
        entries = [self._course_entry(patient_id) for patient_id in sorted(self._changed)]
        entries += [self._models_entry(model) for model in sorted(self._changed_models)]
        if self._is_shared_changed:
            entries.append(self._shared_entry())
        entries += [(KEY + key, value) for key, value in self.stays.changed()]
        self._changed.clear()
        self._changed_models.clear()
        self._is_shared_changed = False
        return entries

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of it, by key."""
        for patient_id in sorted(self._courses):
            yield self._course_entry(patient_id)
        for model in sorted(self._registries):
            yield self._models_entry(model)
        if self._is_shared_begun:
            yield self._shared_entry()
        for key, value in self.stays.entries():
            yield KEY + key, value

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of it, by key, as plain values."""
        for patient_id in sorted(self._courses):
            yield (_COURSE + patient_id.encode()).decode(), readable_course(self._courses[patient_id])
        for model in sorted(self._registries):
            yield (_MODELS + model.encode()).decode(), msgspec.to_builtins(self._registries[model])
        yield _SHARED.decode(), msgspec.to_builtins(self._shared)
        for key, value in self.stays.readable():
            yield KEY.decode() + key, value

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; raises msgspec.MsgspecError or ValueError on anything else."""
        if key == _SHARED:
            self._shared = msgspec.msgpack.decode(value, type=_Shared)
            self._is_shared_begun = True
        elif key.startswith(_MODELS):
            model = msgspec.convert(key[len(_MODELS) :].decode(), ModelName)
            self._registries[model] = msgspec.msgpack.decode(value, type=Registry)
            self._put_in_force(self._registries[model], model)
        elif key.startswith(_STAY):
            self.stays.restore(key[len(KEY) :], value)
        elif key.startswith(_COURSE):
            patient_id = key[len(_COURSE) :].decode()
            course = self._courses[patient_id] = msgspec.msgpack.decode(value, type=Course)
            for example in course.waiting:
                unpack(example.packed)
                heapq.heappush(self._due, (example.due, patient_id))
        else:
            raise ValueError("no entry of the learned risk")

    def _touch_shared(self) -> None:
        self._is_shared_changed = self._is_shared_begun = True

    def _course_entry(self, patient_id: str) -> tuple[bytes, bytes]:
        return _COURSE + patient_id.encode(), msgspec.msgpack.encode(self._courses[patient_id])

    def _models_entry(self, model: ModelName) -> tuple[bytes, bytes]:
        return _MODELS + model.encode(), msgspec.msgpack.encode(self._registries[model])

    def _shared_entry(self) -> tuple[bytes, bytes]:
        return _SHARED, msgspec.msgpack.encode(self._shared)
