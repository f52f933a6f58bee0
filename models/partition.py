"""The fold over the patients of one partition: the clock, what falls due at a tick, and what can't be used."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Protocol

import msgspec
from msgspec import UNSET, Struct, structs

from models import codec, patient
from models.alerting.answering import NotAccepted, Place, accepted, refused
from models.alerting.policy_book import KEY as POLICY
from models.alerting.policy_book import InForce, PolicyBook
from models.answers import OF_ALERTS, Said, Spoken
from models.census import Census, Tally
from models.checkpoints import BadCheckpoint
from models.events import (
    Assessment,
    Event,
    GatewayHeartbeat,
    ModelPublished,
    ModelWithdrawn,
    Origin,
    Outcome,
    Output,
    PatientContext,
    PolicyChanged,
    Reading,
    RecommendationAnswer,
    Tick,
)
from models.gateways import KEY as GATEWAYS
from models.gateways import Gateways
from models.instants import instant_of, moment_of
from models.log_record import LogRecord
from models.lookout import KEY as LOOKOUT
from models.lookout import Lookout
from models.patients import KEY as PATIENT
from models.patients import Patients
from models.picture import FORM, Patient
from models.risk import watch
from models.risk.prediction import UnusableModel
from models.timeliness import untimely
from models.turn import Around

_PARTITION = b"partition"
_TIMED = (Reading, PatientContext)
_OF_A_PATIENT = (Reading, PatientContext, Outcome)
_MODELS = (ModelPublished, ModelWithdrawn)


class _Shared(Struct):
    """What the partition itself remembers."""

    clock: int | None = None
    ticks_ignored: int = 0
    looks_failed: int = 0


class _Part(Protocol):
    """A part of the state that keeps itself in checkpoints, under keys that begin alike."""

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries that changed since the last call, by key."""

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of it, by key."""

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of it, by key, as plain values."""

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back."""


class PartitionFold:
    """State of one partition, and its one way forward: `advance`.

    Outputs depend on nothing but the bytes and offsets of the records, and never on a clock, a network or chance.
    `partitions` is how many there are: the silence of a gateway is told by one of them.
    With `alerts_only` it tells the same alerts and nothing else but what became of answers to them and what can't be
    used: what raises no alert (assessments, recommendations and their answers, lookout, learned risk, summaries) is
    left out, and so is what only a checkpoint needs. Such a fold is for a backtest and keeps no checkpoint.
    """

    def __init__(
        self,
        partition: int,
        *,
        partitions: int = 8,
        topic: str = "patient-events",
        origin: Origin = "live",
        policy: PolicyBook | None = None,
        alerts_only: bool = False,
    ) -> None:
        self.partition = partition
        self._topic = topic
        self._origin: Origin = origin
        self._alerts_only = alerts_only
        self._shared = _Shared()
        self._is_shared_changed = False
        self._tally = Tally()
        self._patients = Patients(self._tally, alerts_only=alerts_only)
        self._gateways = Gateways(partition, partitions, self._tally)
        self._policy = InForce(policy)
        self._risk = watch.RiskWatch(self._patients.known)
        self._lookout = Lookout()
        self._parts: dict[bytes, _Part] = {
            GATEWAYS: self._gateways,
            LOOKOUT: self._lookout,
            POLICY: self._policy,
            PATIENT: self._patients,
            watch.KEY: self._risk,
        }

    # --- The fold ----------------------------------------------------------------------------------------------------

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """One record of the log: what is to be told of it, in order; never an exception for bad data."""
        try:
            event = codec.decode(value)
        except codec.Undecodable as unusable:
            return [self._record(value, offset, key).parked(unusable.reason, unusable.detail)]
        return self.take(event, value, offset=offset, key=key)

    def take(self, event: Event, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """One record that is decoded already, as where several folds take the same log; else as `advance`."""
        record = self._record(value, offset, key)
        if isinstance(event, _OF_A_PATIENT):
            return self._fold_event(event, record)
        if isinstance(event, Tick):
            return self._tick(event, record)
        if isinstance(event, OF_ALERTS):
            return self._fold_answer(event, record)
        if isinstance(event, GatewayHeartbeat):
            return self._hear(event, record)
        if isinstance(event, PolicyChanged):
            return self._change_policy(event, record)
        if self._alerts_only:
            return []
        if isinstance(event, RecommendationAnswer):
            return self._fold_answer(event, record)
        return self._take_model(event, record)

    def _record(self, value: bytes, offset: int, key: bytes | None) -> LogRecord:
        return LogRecord(self._topic, self.partition, offset, key, value)

    def _fold_patient(self, patient_id: str, fold: Callable[[], list[Output]], record: LogRecord) -> list[Output]:
        """Folds one patient on; should that fail, parks the record."""
        try:
            return self._patients.fold(patient_id, fold, self._shared.clock)
        except Exception as error:  # noqa: BLE001 - the one boundary: a record may fail, a partition may not
            return [record.failed(error)]

    def _fold_gateway(self, gateway_id: str, fold: Callable[[], list[Output]], record: LogRecord) -> list[Output]:
        """Folds one gateway on; should that fail, parks the record."""
        try:
            return self._gateways.fold(gateway_id, fold)
        except Exception as error:  # noqa: BLE001 - as for a patient
            return [record.failed(error)]

    def _tick(self, tick: Tick, record: LogRecord) -> list[Output]:
        """Moves the clock, and only the gateways and patients for whom something fell due."""
        at = instant_of(tick.at)
        self._is_shared_changed = True
        if self._shared.clock is not None and at <= self._shared.clock:
            self._shared.ticks_ignored += 1
            return []
        self._shared.clock = at
        outputs: list[Output] = []
        for gateway_id in self._gateways.fallen_due(at):
            outputs += self._fold_gateway(gateway_id, partial(self._gateways.pass_time, gateway_id, at), record)
            if self._gateways.find(gateway_id) is None:
                outputs += self._await_again(gateway_id, record)
        for patient_id in self._patients.fallen_due(at):
            found = self._patients.known[patient_id]
            outputs += self._fold_patient(patient_id, partial(patient.fold_tick, found, self._around(found)), record)
        if not self._alerts_only:
            outputs += self._risk.pass_time(at)
            outputs += self._risk.stays.pass_time(at)
        return outputs

    def _change_policy(self, event: PolicyChanged, record: LogRecord) -> list[Output]:
        """Another policy is in force, at once for whom it concerns; one that can't be meant changes nothing."""
        at = max(instant_of(event.at), self._shared.clock or 0)
        place = Place(self.partition, record.offset, self._origin)
        if self._policy.is_fixed:
            return [refused(event, at, place, "Another policy is being tried here.")]
        try:
            self._policy.change(event)
        except NotAccepted as complaint:
            return [refused(event, at, place, str(complaint))]
        outputs: list[Output] = []
        for patient_id, found in sorted(self._patients.known.items()):
            if self._policy.concerns(event, found):
                fold = partial(patient.fold_policy, found, at, self._around(found))
                outputs += self._fold_patient(patient_id, fold, record)
        return [*outputs, accepted(event, at, place)]

    def _fold_answer(self, answer: Spoken, record: LogRecord) -> list[Output]:
        """What somebody said, and what became of it; what is said of nobody known changes nothing."""
        said = Said(answer, Place(self.partition, record.offset, self._origin), self._shared.clock)
        if answer.patient_id is not None:
            if (known := self._patients.find(answer.patient_id)) is None:
                return said.refuse("No such patient is known here.")
            return self._fold_patient(known.id, partial(patient.fold_answer, known, said, self._around(known)), record)
        if (gateway := self._gateways.find(answer.gateway_id)) is None:
            return said.refuse("No such gateway is known here.")
        return self._fold_gateway(gateway.id, partial(self._gateways.heed, gateway, said), record)

    def _hear(self, event: GatewayHeartbeat, record: LogRecord) -> list[Output]:
        """A gateway lives; what was held back of its patients while it did not is awaited anew."""
        was_unheard = self._gateways.is_unheard(event.gateway_id)
        fold = partial(self._gateways.hear, event, self._origin)
        outputs = self._fold_gateway(event.gateway_id, fold, record)
        if was_unheard and not self._gateways.is_unheard(event.gateway_id):
            outputs += self._await_again(event.gateway_id, record)
        return outputs

    def _await_again(self, gateway_id: str, record: LogRecord) -> list[Output]:
        """Awaits anew the devices behind a gateway whose silence was held back."""
        outputs: list[Output] = []
        for patient_id, known in sorted(self._patients.known.items()):
            if any(alert.inhibited_by == "gateway" for alert in known.alerts):
                fold = partial(patient.await_again, known, gateway_id, self._shared.clock or 0, self._around(known))
                outputs += self._fold_patient(patient_id, fold, record)
        return outputs

    def _fold_event(self, event: Reading | PatientContext | Outcome, record: LogRecord) -> list[Output]:
        """An event of a patient, unless it is of a time that can't be used."""
        if isinstance(event, _TIMED):
            known = self._patients.find(event.patient_id)
            strange = untimely(event, self._shared.clock, None if known is None else known.known.setting)
            if strange is not None:
                return [record.parked(*strange)]
        outputs = self._fold_patient(event.patient_id, partial(self._fold_on, event), record)
        if isinstance(event, Reading) and not self._alerts_only and isinstance(told := outputs[0], Assessment):
            outputs[0] = self._look_on(event, told)
        return outputs

    def _fold_on(self, event: Reading | PatientContext | Outcome) -> list[Output]:
        """Dispatches an event to its patient, who begins with the first event."""
        at = instant_of(event.at if isinstance(event, Outcome) else event.effective_at)
        found = self._patients.admit(event.patient_id, self._origin, at)
        found.origin = event.origin or self._origin
        if isinstance(event, Outcome):
            outputs = patient.fold_outcome(found, event, at, self._around(found))
        elif isinstance(event, Reading):
            outputs = patient.fold_reading(found, event, at, self._around(found))
        else:
            outputs = patient.fold_context(found, event, at, self._around)
        return outputs if self._alerts_only else self._follow(found, event, at, outputs)

    def _around(self, found: Patient) -> Around:
        """What the fold of a patient looks at beside the patient."""
        return Around(
            self._shared.clock,
            self._risk.foretell,
            self._policy.rules_of(found),
            self._gateways.is_unheard,
            self._alerts_only,
        )

    def _follow(
        self, found: Patient, event: Reading | PatientContext | Outcome, at: int, outputs: list[Output]
    ) -> list[Output]:
        """What was told of an event, with what the learned risk has to tell of it."""
        if isinstance(event, Outcome):
            outputs += self._risk.end(found.id, event.kind, at)
            outputs += self._risk.stays.end(found, event.kind, at)
            if not found.monitored:
                self._lookout.forget(found.id)
        elif isinstance(told := outputs[0], Assessment):
            outputs += self._risk.follow(found, told, at, self._shared.clock)
            if self._risk.stays.is_due(found.id, at):
                outputs[0], examples = self._risk.stays.look(found, told, at)
                outputs += examples
        return outputs

    def _look_on(self, event: Reading, told: Assessment) -> Assessment:
        """What is told of a reading, with what a look has to tell; one that fails costs this and nothing else."""
        if told.amended or told.duplicate or not told.monitored or not self._lookout.is_due(event.patient_id, told.at):
            return told
        at = instant_of(told.at)
        now = at if self._shared.clock is None else self._shared.clock
        found = self._patients.known[event.patient_id]
        try:
            findings, forecasts, scores = self._lookout.look(found, at, now, self._policy.rules_of(found))
        except Exception:  # noqa: BLE001 - what looks on may fail, an alert may not
            self._lookout.forget(event.patient_id)
            self._shared.looks_failed += 1
            self._is_shared_changed = True
            return told
        return structs.replace(told, findings=findings or UNSET, forecasts=forecasts or UNSET, scores=scores)

    def _take_model(self, event: ModelPublished | ModelWithdrawn, record: LogRecord) -> list[Output]:
        """Another version of a learned risk is in force; one that can't be used is parked."""
        try:
            self._risk.take(event)
        except UnusableModel as unusable:
            return [record.parked("invalid", str(unusable))]
        except Exception as error:  # noqa: BLE001 - a model may fail, a partition may not
            return [record.failed(error)]
        return []

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries of the state that changed since the last call, by key; they count as kept from here on."""
        entries = [(_PARTITION, msgspec.msgpack.encode(self._shared))] if self._is_shared_changed else []
        self._is_shared_changed = False
        for part in self._parts.values():
            entries += part.changed()
        return [_formed(entry) for entry in entries]

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """The whole state, in order of keys."""
        entries = [(_PARTITION, msgspec.msgpack.encode(self._shared))]
        for part in self._parts.values():
            entries += part.entries()
        yield from map(_formed, sorted(entries))

    def readable(self) -> Iterator[tuple[str, object]]:
        """The whole state, in order of keys, as plain values for people and for JSON."""
        rows: list[tuple[str, object]] = [(_PARTITION.decode(), msgspec.to_builtins(self._shared))]
        for part in self._parts.values():
            rows += part.readable()
        yield from sorted(rows, key=itemgetter(0))

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; a later one of the same key replaces it. Raises BadCheckpoint."""
        try:
            form = value[0]
            if form != FORM:
                raise BadCheckpoint(f"entry {key!r} has form {form}, this version reads form {FORM}")
            if key == _PARTITION:
                self._shared = msgspec.msgpack.decode(value[1:], type=_Shared)
                self._gateways.go_on_at(self._shared.clock)
                return
            part = next((part for prefix, part in self._parts.items() if key.startswith(prefix)), None)
            if part is None:
                raise BadCheckpoint(f"entry {key!r} is of no known kind")
            part.restore(key, value[1:])
        except (msgspec.MsgspecError, ValueError, IndexError, UnusableModel) as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error

    # --- Looking in --------------------------------------------------------------------------------------------------

    def look_at(self, patient_id: str) -> Patient | None:
        """One patient's picture as it is now, to be read and not to be changed; None for one who is not known."""
        return self._patients.find(patient_id)

    # --- Counts ------------------------------------------------------------------------------------------------------

    @property
    def clock(self) -> datetime | None:
        """The time of the last tick."""
        clock = self._shared.clock
        return None if clock is None else moment_of(clock)

    @property
    def census(self) -> Census:
        """What is watched and open now."""
        return self._tally.census(
            clock=self.clock,
            ticks_ignored=self._shared.ticks_ignored,
            looks_failed=self._shared.looks_failed,
            examples_dropped=dict(self._risk.dropped),
            risk_faults=self._risk.faults,
            model_versions=self._risk.versions,
        )


def _formed(entry: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """An entry with the form that all entries begin with."""
    key, value = entry
    return key, bytes([FORM]) + value
