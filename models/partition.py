"""The fold over the patients of one partition: the clock, what falls due at a tick, and what can't be used."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from models import codec, patient
from models.alerting.answering import NotAccepted, Place, accepted, refused
from models.alerting.policy_book import KEY as POLICY
from models.alerting.policy_book import InForce, PolicyBook
from models.answers import OF_ALERTS, Said, Spoken
from models.arrival import Arrival, arrival_of
from models.census import Census, Tally
from models.checkpoints import Checkpoints
from models.clock import KEY as CLOCK
from models.clock import Clock
from models.events import (
    Assessment,
    Event,
    GatewayHeartbeat,
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
from models.instants import instant_of
from models.log_record import LogRecord
from models.lookout import KEY as LOOKOUT
from models.onlookers import Onlookers
from models.patients import KEY as PATIENT
from models.patients import Patients
from models.picture import FORM, Patient
from models.risk.watch import KEY as RISK
from models.timeliness import untimely
from models.turn import Around

_TIMED = (Reading, PatientContext)
_OF_A_PATIENT = (Reading, PatientContext, Outcome)


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
        self._clock = Clock()
        self._arrived: tuple[Reading, Output] | None = None
        self._tally = Tally()
        self._patients = Patients(self._tally, alerts_only=alerts_only)
        self._gateways = Gateways(partition, partitions, self._tally, self._clock)
        self._policy = InForce(policy)
        self._onlookers = Onlookers(self._patients.known, self._policy.rules_of, self._clock)
        self._checkpoints = Checkpoints(
            FORM,
            {
                CLOCK: self._clock,
                GATEWAYS: self._gateways,
                LOOKOUT: self._onlookers.lookout,
                POLICY: self._policy,
                PATIENT: self._patients,
                RISK: self._onlookers.risk,
            },
        )

    # --- The fold ----------------------------------------------------------------------------------------------------

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """One record of the log: what is to be told of it, in order; never an exception for bad data."""
        try:
            event = codec.decode(value)
        except codec.Undecodable as unusable:
            self._arrived = None
            return [self._record(value, offset, key).parked(unusable.reason, unusable.detail)]
        return self.take(event, value, offset=offset, key=key)

    def take(self, event: Event, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """One record that is decoded already, as where several folds take the same log; else as `advance`."""
        record, self._arrived = self._record(value, offset, key), None
        if isinstance(event, _OF_A_PATIENT):
            outputs = self._fold_event(event, record)
            if isinstance(event, Reading) and outputs:
                self._arrived = event, outputs[0]
            return outputs
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
        return self._onlookers.take_model(event, record)

    def _record(self, value: bytes, offset: int, key: bytes | None) -> LogRecord:
        return LogRecord(self._topic, self.partition, offset, key, value)

    def _fold_patient(self, patient_id: str, fold: Callable[[], list[Output]], record: LogRecord) -> list[Output]:
        """Folds one patient on; should that fail, parks the record."""
        try:
            return self._patients.fold(patient_id, fold, self._clock.now)
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
        if not self._clock.move(at):
            return []
        outputs: list[Output] = []
        for gateway_id in self._gateways.fallen_due(at):
            outputs += self._fold_gateway(gateway_id, partial(self._gateways.pass_time, gateway_id, at), record)
            if self._gateways.find(gateway_id) is None:
                outputs += self._await_again(gateway_id, record)
        for patient_id in self._patients.fallen_due(at):
            found = self._patients.known[patient_id]
            outputs += self._fold_patient(patient_id, partial(patient.fold_tick, found, self._around(found)), record)
        if not self._alerts_only:
            outputs += self._onlookers.pass_time(at)
        return outputs

    def _change_policy(self, event: PolicyChanged, record: LogRecord) -> list[Output]:
        """Another policy is in force, at once for whom it concerns; one that can't be meant changes nothing."""
        at = max(instant_of(event.at), self._clock.now or 0)
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
        said = Said(answer, Place(self.partition, record.offset, self._origin), self._clock.now)
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
                fold = partial(patient.await_again, known, gateway_id, self._clock.now or 0, self._around(known))
                outputs += self._fold_patient(patient_id, fold, record)
        return outputs

    def _fold_event(self, event: Reading | PatientContext | Outcome, record: LogRecord) -> list[Output]:
        """An event of a patient, unless it is of a time that can't be used."""
        if isinstance(event, _TIMED):
            known = self._patients.find(event.patient_id)
            strange = untimely(event, self._clock.now, None if known is None else known.known.setting)
            if strange is not None:
                return [record.parked(*strange)]
        outputs = self._fold_patient(event.patient_id, partial(self._fold_on, event), record)
        if isinstance(event, Reading) and not self._alerts_only and isinstance(told := outputs[0], Assessment):
            outputs[0] = self._onlookers.look_on(self._patients.known[event.patient_id], told)
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
        return outputs if self._alerts_only else self._onlookers.follow(found, event, at, outputs)

    def _around(self, found: Patient) -> Around:
        """What the fold of a patient looks at beside the patient."""
        return Around(
            self._clock.now,
            self._onlookers.risk.foretell,
            self._policy.rules_of(found),
            self._gateways.is_unheard,
            self._alerts_only,
        )

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries of the state that changed since the last call, by key; they count as kept from here on."""
        return self._checkpoints.changed()

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """The whole state, in order of keys."""
        return self._checkpoints.entries()

    def readable(self) -> Iterator[tuple[str, object]]:
        """The whole state, in order of keys, as plain values for people and for JSON."""
        return self._checkpoints.readable()

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; a later one of the same key replaces it. Raises BadCheckpoint."""
        self._checkpoints.restore(key, value)

    # --- Looking in --------------------------------------------------------------------------------------------------

    def look_at(self, patient_id: str) -> Patient | None:
        """One patient's picture as it is now, to be read and not to be changed; None for one who is not known."""
        return self._patients.find(patient_id)

    # --- Counts ------------------------------------------------------------------------------------------------------

    @property
    def arrival(self) -> Arrival | None:
        """What came of the record that was folded last, if it was a reading; worked out only where it is asked for."""
        if self._arrived is None:
            return None
        reading, told = self._arrived
        is_heard = self._gateways.find(reading.gateway_id) is not None
        return arrival_of(reading, told, self._clock.now, is_heard=is_heard)

    @property
    def clock(self) -> datetime | None:
        """The time of the last tick."""
        return self._clock.moment

    @property
    def census(self) -> Census:
        """What is watched and open now."""
        risk = self._onlookers.risk
        return self._tally.census(
            clock=self._clock.moment,
            ticks_ignored=self._clock.ticks_ignored,
            looks_failed=self._clock.looks_failed,
            examples_dropped=dict(risk.dropped),
            risk_faults=risk.faults,
            model_versions=risk.versions,
            gateways_heard=self._gateways.heard,
        )
