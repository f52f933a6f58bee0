"""The fold over the patients of one partition: the clock, what falls due at a tick, and what can't be used."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import msgspec
from msgspec import UNSET, Struct, structs

from models import codec, patient
from models.alerting.answering import NotAccepted, Place, accepted, refused
from models.alerting.policy_book import InForce, PolicyBook
from models.answers import OF_ALERTS, AlertAnswer, Said
from models.census import Census, Tally
from models.checkpoints import BadCheckpoint
from models.events import (
    Assessment,
    DeadLetter,
    DeadLetterReason,
    DeliveryReport,
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
    Tick,
)
from models.gateways import KEY as GATEWAYS
from models.gateways import Gateways
from models.instants import instant_of, moment_of
from models.lookout import KEY as LOOKOUT
from models.lookout import Lookout
from models.picture import FORM, Patient, decode_patient, encode_patient, readable_patient
from models.risk import watch
from models.risk.prediction import UnusableModel
from models.schedule import Schedule
from models.snapshot import snapshot_of
from models.timeliness import untimely
from models.turn import Around

_PATIENT = b"patient/"
_PARTITION = b"partition"
_POLICY = b"policy"
_TIMED = (Reading, PatientContext)
_OF_A_PATIENT = (Reading, PatientContext, Outcome)
_MODELS = (ModelPublished, ModelWithdrawn)


class _Shared(Struct):
    """What the partition itself remembers."""

    clock: int | None = None
    ticks_ignored: int = 0
    looks_failed: int = 0


class PartitionFold:
    """State of one partition, and its one way forward: `advance`.

    Outputs depend on nothing but the bytes and offsets of the records, and never on a clock, a network or chance.
    `partitions` is how many there are: the silence of a gateway is told by one of them.
    With `alerts_only` it tells the same alerts and nothing else but what became of answers and what can't be used:
    what raises no alert (assessments, recommendations, lookout, learned risk, summaries) is left out, and so is what
    only a checkpoint needs. Such a fold is for a backtest and keeps no checkpoint.
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
        self._patients: dict[str, Patient] = {}
        self._shared = _Shared()
        self._alerts_only = alerts_only
        self._policy = InForce(policy)
        self._risk = watch.RiskWatch(self._patients)
        self._lookout = Lookout()
        self._gateways = Gateways(partition, partitions)
        self._schedule = Schedule(self._patients)
        self._changed: set[str] = set()
        self._is_shared_changed = self._is_policy_changed = False
        self._tally = Tally()

    # --- The fold ----------------------------------------------------------------------------------------------------

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """One record of the log: what is to be told of it, in order; never an exception for bad data."""
        try:
            event = codec.decode(value)
        except codec.Undecodable as unusable:
            return [self._dead(unusable.reason, unusable.detail, offset, key, value)]
        return self.take(event, value, offset=offset, key=key)

    def take(self, event: Event, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """One record that is decoded already, as where several folds take the same log; else as `advance`."""
        if isinstance(event, Tick):
            return self._tick(event, offset, key, value)
        if isinstance(event, _MODELS):
            return [] if self._alerts_only else self._take_model(event, offset, key, value)
        if isinstance(event, PolicyChanged):
            return self._change_policy(event, offset, key, value)
        if isinstance(event, GatewayHeartbeat):
            return self._hear(event, offset, key, value)
        if isinstance(event, OF_ALERTS):
            return self._fold_answer(event, offset, key, value)
        if not isinstance(event, _OF_A_PATIENT):
            return []
        untimely = self._untimely(event)
        if untimely is not None:
            return [self._dead(*untimely, offset, key, value)]
        outputs = self._fold_one(event.patient_id, partial(self._fold_event, event), offset, key, value)
        if isinstance(event, Reading) and not self._alerts_only and isinstance(told := outputs[0], Assessment):
            outputs[0] = self._look_on(event, told)
        return outputs

    def _change_policy(self, event: PolicyChanged, offset: int, key: bytes | None, value: bytes) -> list[Output]:
        """Another policy is in force, at once for whom it concerns; one that can't be meant changes nothing."""
        at = max(instant_of(event.at), self._shared.clock or 0)
        place = Place(self.partition, offset, self._origin)
        if self._policy.is_fixed:
            return [refused(event, at, place, "Another policy is being tried here.")]
        try:
            self._policy.change(event)
        except NotAccepted as complaint:
            return [refused(event, at, place, str(complaint))]
        outputs: list[Output] = []
        for patient_id, found in sorted(self._patients.items()):
            if self._policy.concerns(event, found):
                fold = partial(patient.fold_policy, found, at, self._around(found))
                outputs += self._fold_one(patient_id, fold, offset, key, value)
        self._is_policy_changed = True
        return [*outputs, accepted(event, at, place)]

    def _fold_answer(
        self, answer: AlertAnswer | DeliveryReport, offset: int, key: bytes | None, value: bytes
    ) -> list[Output]:
        """What somebody said, and what became of it; what is said of nobody known changes nothing."""
        said = Said(answer, Place(self.partition, offset, self._origin), self._shared.clock)
        if answer.patient_id is not None:
            if (known := self._patients.get(answer.patient_id)) is None:
                return said.refuse("No such patient is known here.")
            fold = partial(patient.fold_answer, known, said, self._around(known))
            return self._fold_one(known.id, fold, offset, key, value)
        if (gateway := self._gateways.find(answer.gateway_id)) is None:
            return said.refuse("No such gateway is known here.")
        return self._fold_gateway(gateway.id, partial(self._gateways.heed, gateway, said), offset, key, value)

    def _hear(self, event: GatewayHeartbeat, offset: int, key: bytes | None, value: bytes) -> list[Output]:
        """A gateway lives; what was held back of its patients while it did not is awaited anew."""
        was_unheard = self._gateways.is_unheard(event.gateway_id)
        fold = partial(self._gateways.hear, event, self._origin)
        outputs = self._fold_gateway(event.gateway_id, fold, offset, key, value)
        if was_unheard and not self._gateways.is_unheard(event.gateway_id) and self._shared.clock is not None:
            for known in sorted(self._patients.values(), key=_by_id):
                if any(alert.inhibited_by == "gateway" for alert in known.alerts):
                    again = partial(patient.await_again, known, event.gateway_id, self._around(known))
                    outputs += self._fold_one(known.id, again, offset, key, value)
        return outputs

    def _around(self, found: Patient) -> Around:
        """What the fold of a patient looks at beside the patient."""
        return Around(
            self._shared.clock,
            self._risk.foretell,
            self._policy.rules_of(found),
            self._gateways.is_unheard,
            self._alerts_only,
        )

    def _fold_event(self, event: Reading | PatientContext | Outcome) -> list[Output]:
        """Dispatches an event to its patient, who begins with the first event."""
        at = instant_of(event.at if isinstance(event, Outcome) else event.effective_at)
        found = self._patients.get(event.patient_id)
        if found is None:
            found = self._patients[event.patient_id] = Patient(event.patient_id, self._origin, at)
        found.origin = event.origin or self._origin
        if isinstance(event, Outcome):
            outputs = patient.fold_outcome(found, event, at, self._around(found))
        elif isinstance(event, Reading):
            outputs = patient.fold_reading(found, event, at, self._around(found))
        else:
            outputs = patient.fold_context(found, event, at, self._around)
        return outputs if self._alerts_only else self._follow(found, event, at, outputs)

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
        found = self._patients[event.patient_id]
        try:
            findings, forecasts, scores = self._lookout.look(found, at, now, self._policy.rules_of(found))
        except Exception:  # noqa: BLE001 - what looks on may fail, an alert may not
            self._lookout.forget(event.patient_id)
            self._shared.looks_failed += 1
            self._is_shared_changed = True
            return told
        return structs.replace(told, findings=findings or UNSET, forecasts=forecasts or UNSET, scores=scores)

    def _take_model(
        self, event: ModelPublished | ModelWithdrawn, offset: int, key: bytes | None, value: bytes
    ) -> list[Output]:
        """Another version of the learned risk is in force; one that can't be used is parked."""
        try:
            self._risk.take(event)
        except UnusableModel as unusable:
            return [self._dead("invalid", str(unusable), offset, key, value)]
        except Exception as error:  # noqa: BLE001 - a model may fail, a partition may not
            return [self._failed(error, offset, key, value)]
        return []

    def _tick(self, tick: Tick, offset: int, key: bytes | None, value: bytes) -> list[Output]:
        """Moves the clock, and only the patients for whom something fell due."""
        at = instant_of(tick.at)
        self._is_shared_changed = True
        if self._shared.clock is not None and at <= self._shared.clock:
            self._shared.ticks_ignored += 1
            return []
        self._shared.clock = at
        outputs: list[Output] = []
        for gateway_id in self._gateways.fallen_due(at):
            fold = partial(self._gateways.pass_time, gateway_id, at)
            outputs += self._fold_gateway(gateway_id, fold, offset, key, value)
        for patient_id in self._schedule.fallen_due(at):
            found = self._patients[patient_id]
            fold = partial(patient.fold_tick, found, self._around(found))
            outputs += self._fold_one(patient_id, fold, offset, key, value)
        if not self._alerts_only:
            outputs += self._risk.pass_time(at)
            outputs += self._risk.stays.pass_time(at)
        return outputs

    def _fold_one(
        self, patient_id: str, fold: Callable[[], list[Output]], offset: int, key: bytes | None, value: bytes
    ) -> list[Output]:
        """Folds one patient on; should that fail, puts the patient back as before and parks the record."""
        before = self._patients.get(patient_id)
        kept = None if before is None else snapshot_of(before)
        if not self._alerts_only:
            self._tally.remove(before)
        try:
            outputs = fold()
        except Exception as error:  # noqa: BLE001 - the one boundary: a record may fail, a partition may not
            self._put_back(patient_id, kept)
            outputs = [self._failed(error, offset, key, value)]
        after = self._patients.get(patient_id)
        if not self._alerts_only:
            self._tally.add(after)
        if after is not None:
            if not self._alerts_only:
                self._changed.add(patient_id)
            self._schedule.await_next(after)
        return outputs

    def _fold_gateway(
        self, gateway_id: str, fold: Callable[[], list[Output]], offset: int, key: bytes | None, value: bytes
    ) -> list[Output]:
        """Folds one gateway on; should that fail, puts it back as before and parks the record."""
        kept = self._gateways.snapshot_of(gateway_id)
        self._tally.count_alerts(kept, -1)
        try:
            outputs = fold()
        except Exception as error:  # noqa: BLE001 - as for a patient: a record may fail, a partition may not
            self._gateways.put_back(gateway_id, kept)
            outputs = [self._failed(error, offset, key, value)]
        self._tally.count_alerts(self._gateways.find(gateway_id), +1)
        return outputs

    def _put_back(self, patient_id: str, kept: Patient | None) -> None:
        if kept is None:
            self._patients.pop(patient_id, None)
            return
        self._patients[patient_id] = kept
        clock = self._shared.clock
        if kept.next_due is not None and clock is not None and kept.next_due <= clock:
            kept.next_due = None  # what failed at this tick would fail at each; the next event sets it again

    def _untimely(self, event: Event) -> tuple[DeadLetterReason, str] | None:
        """Why an event can't be used for its time."""
        if not isinstance(event, _TIMED):
            return None
        known = self._patients.get(event.patient_id)
        return untimely(event, self._shared.clock, None if known is None else known.known.setting)

    def _failed(self, error: Exception, offset: int, key: bytes | None, value: bytes) -> DeadLetter:
        return self._dead("fold-failed", f"{type(error).__name__}: {error}", offset, key, value)

    def _dead(self, reason: DeadLetterReason, detail: str, offset: int, key: bytes | None, value: bytes) -> DeadLetter:
        return DeadLetter(
            reason=reason,
            detail=detail,
            topic=self._topic,
            partition=self.partition,
            offset=offset,
            key=key,
            value=value,
        )

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries of the state that changed since the last call, by key; they count as kept from here on."""
        entries = [self._patient_entry(patient_id) for patient_id in sorted(self._changed)]
        if self._is_shared_changed:
            entries.append((_PARTITION, self._shared_entry()))
        if self._is_policy_changed:
            entries.append((_POLICY, self._policy_entry()))
        self._changed.clear()
        self._is_shared_changed = self._is_policy_changed = False
        others = [*self._risk.changed(), *self._lookout.changed(), *self._gateways.changed()]
        return entries + [_formed(entry) for entry in others]

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """The whole state, by key."""
        yield from map(_formed, self._gateways.entries())
        yield from map(_formed, self._lookout.entries())
        yield _PARTITION, self._shared_entry()
        if self._policy.is_told:
            yield _POLICY, self._policy_entry()
        for patient_id in sorted(self._patients):
            yield self._patient_entry(patient_id)
        yield from map(_formed, self._risk.entries())

    def readable(self) -> Iterator[tuple[str, object]]:
        """The whole state, by key, as plain values for people and for JSON."""
        yield from self._gateways.readable()
        yield from self._lookout.readable()
        yield _PARTITION.decode(), msgspec.to_builtins(self._shared)
        if self._policy.is_told:
            yield _POLICY.decode(), msgspec.to_builtins(self._policy.book)
        for patient_id in sorted(self._patients):
            yield (_PATIENT + patient_id.encode()).decode(), readable_patient(self._patients[patient_id])
        yield from self._risk.readable()

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; a later one of the same key replaces it. Raises BadCheckpoint."""
        try:
            form = value[0]
            if form != FORM:
                raise BadCheckpoint(f"entry {key!r} has form {form}, this version reads form {FORM}")
            if key == _PARTITION:
                self._shared = msgspec.msgpack.decode(value[1:], type=_Shared)
                self._gateways.go_on_at(self._shared.clock)
            elif key == _POLICY:
                self._policy.restore(msgspec.msgpack.decode(value[1:], type=PolicyBook))
            elif key == GATEWAYS:
                self._gateways.restore(value[1:], self._tally.count_alerts)
            elif key.startswith(_PATIENT):
                self._take_back(key[len(_PATIENT) :].decode(), decode_patient(value[1:]))
            elif key.startswith(watch.KEY):
                self._risk.restore(key, value[1:])
            elif key.startswith(LOOKOUT):
                self._lookout.restore(key, value[1:])
            else:
                raise BadCheckpoint(f"entry {key!r} is of no known kind")
        except (msgspec.MsgspecError, ValueError, IndexError, UnusableModel) as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error

    def _take_back(self, patient_id: str, restored: Patient) -> None:
        self._tally.remove(self._patients.get(patient_id))
        self._patients[patient_id] = restored
        self._tally.add(restored)
        self._schedule.await_next(restored)

    def _patient_entry(self, patient_id: str) -> tuple[bytes, bytes]:
        return _PATIENT + patient_id.encode(), bytes([FORM]) + encode_patient(self._patients[patient_id])

    def _policy_entry(self) -> bytes:
        return bytes([FORM]) + msgspec.msgpack.encode(self._policy.book)

    def _shared_entry(self) -> bytes:
        return bytes([FORM]) + msgspec.msgpack.encode(self._shared)

    # --- Looking in --------------------------------------------------------------------------------------------------

    def look_at(self, patient_id: str) -> Patient | None:
        """One patient's picture as it is now, to be read and not to be changed; None for one who is not known."""
        return self._patients.get(patient_id)

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


def _by_id(found: Patient) -> str:
    return found.id


def _formed(entry: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """An entry with the form that all entries begin with."""
    key, value = entry
    return key, bytes([FORM]) + value
