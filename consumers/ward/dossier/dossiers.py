"""All about each patient but the course of values: alerts, advice, limits, devices, what is known beside readings."""

from datetime import datetime

import msgspec

from consumers.ward.dossier.patient import Dossier
from consumers.ward.views.patient import PatientView
from consumers.ward.views.ward import Row
from models.alerting.answering import NotAccepted
from models.alerting.policy_book import KEY as POLICY
from models.alerting.policy_book import InForce
from models.checkpoints import BadCheckpoint
from models.events import (
    Alert,
    AnswerResult,
    Assessment,
    Event,
    Outcome,
    Output,
    PatientContext,
    PolicyChanged,
    Reading,
    Recommendation,
    Tick,
)
from models.instants import DAY, HOUR, instant_of
from models.patients import KEY as PATIENT
from models.picture import FORM, decode_patient
from models.timeliness import untimely

_KEPT_DAYS = 28

KEPT = (PATIENT, POLICY)
"""How the keys of those entries of a checkpoint begin that tell anything here."""


class Dossiers:
    """Takes the records of the log and of what workers told, each partition in its order, and knows what stands.

    A patient of whom nothing was told for `days` is forgotten, but not one with an open alert.
    """

    def __init__(self, *, days: int = _KEPT_DAYS) -> None:
        self._kept = days * DAY
        self._tended: dict[int, int] = {}
        self._dossiers: dict[str, Dossier] = {}
        self._clocks: dict[int, int] = {}
        self._policies: dict[int, InForce] = {}
        self._known_from: dict[int, float] = {}

    def take(self, record: Output | Event, partition: int) -> None:
        """Takes one record; what a worker would park or refuse changes nothing."""
        match record:
            case Tick():
                self._begin(record.at, partition)
                self._pass_time(instant_of(record.at), partition)
            case PolicyChanged():
                self._change(record, partition)
            case Reading() | PatientContext():
                self._take_timed(record, partition)
            case Outcome():
                self._dossier(record.patient_id, partition).end(record)
            case Assessment():
                self._dossier(record.patient_id, partition).outlook.take(record)
            case Alert() | Recommendation():
                self._take_told(record, partition)
            case AnswerResult():
                self._take_answer(record)
            case _:
                pass

    def restore(self, key: bytes, value: bytes, partition: int) -> None:
        """Takes an entry of a worker's checkpoint: what was told before all that is known from the topics.

        Of patients and policies alone; any other entry changes nothing. Raises BadCheckpoint.
        """
        if not key.startswith(KEPT):
            return
        if value[:1] != bytes([FORM]):
            raise BadCheckpoint(f"entry {key!r} is not of form {FORM}, the one that this version reads")
        try:
            if key.startswith(PATIENT):
                picture = decode_patient(value[1:])
                self._dossier(picture.id, partition).begin(picture)
            else:
                self._in_force(partition).restore(key, value[1:])
        except (msgspec.MsgspecError, ValueError) as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error

    def take_standing(self, alert: Alert, partition: int) -> None:
        """Takes an alert that stands though it was told before all that is known from the topics."""
        if alert.patient_id is not None:
            self._dossier(alert.patient_id, partition).alerts.take(alert)

    def view(self, patient_id: str, row: Row, run: str, seq: int) -> PatientView | None:
        """All about one patient beside the row that the ward view shows; None for one of whom nothing is known."""
        known = self._dossiers.get(patient_id)
        if known is None:
            return None
        rules = self._in_force(known.partition).rules_of(known.picture)
        return known.view(row, run, seq, rules, self._known_from.get(known.partition))

    def _begin(self, moment: datetime, partition: int) -> None:
        """Knows what is told in a partition from the earliest time of which anything there tells."""
        at = moment.timestamp()
        self._known_from[partition] = min(at, self._known_from.get(partition, at))

    def _pass_time(self, at: int, partition: int) -> None:
        """Moves a partition's clock; once an hour of it, forgets of whom nothing was told for long."""
        clock = self._clocks[partition] = max(at, self._clocks.get(partition, at))
        tended = self._tended.get(partition)
        if tended is not None and clock < tended + HOUR:
            return
        self._tended[partition] = clock
        for name, known in [each for each in self._dossiers.items() if each[1].partition == partition]:
            known.told_at = clock if known.told_at is None else known.told_at
            if known.told_at < clock - self._kept and not known.alerts.are_open:
                del self._dossiers[name]

    def _take_timed(self, record: Reading | PatientContext, partition: int) -> None:
        """Takes what is of a time that can be used."""
        known = self._dossiers.get(record.patient_id)
        setting = None if known is None else known.picture.known.setting
        if untimely(record, self._clocks.get(partition), setting) is not None:
            return
        dossier = self._dossier(record.patient_id, partition)
        if isinstance(record, Reading):
            dossier.take_reading(record)
        else:
            dossier.learn(record)

    def _take_told(self, told: Alert | Recommendation, partition: int) -> None:
        self._begin(told.at, partition)
        if isinstance(told, Recommendation):
            self._dossier(told.patient_id, partition).advice.take(told)
        elif told.patient_id is not None:
            self._dossier(told.patient_id, partition).alerts.take(told)

    def _take_answer(self, result: AnswerResult) -> None:
        """Takes what was said of the use of an alert: one that has closed tells it nowhere else."""
        known = self._dossiers.get(result.patient_id or "")
        if known is not None and result.accepted and result.alert_id is not None and result.usefulness is not None:
            known.alerts.judge(result.alert_id, result.usefulness)

    def _change(self, told: PolicyChanged, partition: int) -> None:
        """Takes a policy, unless it can't be meant: then no worker took it either, and its answer says why."""
        try:
            self._in_force(partition).change(told)
        except NotAccepted:
            return

    def _in_force(self, partition: int) -> InForce:
        found = self._policies.get(partition)
        if found is None:
            found = self._policies[partition] = InForce()
        return found

    def _dossier(self, patient_id: str, partition: int) -> Dossier:
        found = self._dossiers.get(patient_id)
        if found is None:
            found = self._dossiers[patient_id] = Dossier(patient_id, partition)
        found.told_at = self._clocks.get(partition)
        return found
