"""All that is kept of one patient but the course of values: it learns as a worker's picture does, by the same code."""

from typing import cast

from consumers.ward.dossier.advice import Advice
from consumers.ward.dossier.alerts import Alerts
from consumers.ward.dossier.limits import limits_in_force
from consumers.ward.dossier.outlook import Outlook
from consumers.ward.views.patient import (
    About,
    DeviceView,
    Entered,
    OutcomeView,
    PatientView,
)
from consumers.ward.views.ward import Row
from models.alerting.policy import Rules
from models.context import end_monitoring, learn_context, readmit
from models.device import Device
from models.events import DeviceType, Outcome, PatientContext, Reading, Refused
from models.instants import SECOND, instant_of
from models.intake import STATUS_SOURCES, take_status
from models.picture import CONSCIOUSNESS, OXYGEN, Patient
from models.quality import Trusted, judge
from models.vital_signs import SIGNS
from models.wording import said

_BY_HAND = "manual"
_MOST_ENTERED = 50
_MOST_OUTCOMES = 50
_ACVPU = SIGNS["67775-7"]


class Dossier:
    """One patient. `picture` is a worker's, of which only contexts, statuses, devices and the end of a stay are kept.

    It takes about 4 KB, 3 KB for each open alert and 1 KB for each closed one.
    """

    def __init__(self, patient_id: str, partition: int) -> None:
        self.partition = partition
        self.told_at: int | None = None
        """What the clock of the partition was when anything was last told of the patient; None before any tick."""
        self.picture = Patient(id=patient_id, origin="live")
        self.alerts = Alerts()
        self.advice = Advice()
        self.outlook = Outlook()
        self._outcomes: list[OutcomeView] = []
        self._entered: dict[str, Entered] = {}

    # --- Taking ------------------------------------------------------------------------------------------------------

    def begin(self, picture: Patient) -> None:
        """Begins with what a worker kept of the patient, before anything else is taken."""
        kept = self.picture
        kept.known, kept.monitored = picture.known, picture.monitored
        kept.ended_by, kept.ended_at = picture.ended_by, picture.ended_at
        kept.vitals = {status: picture.vitals[status] for status in (OXYGEN, CONSCIOUSNESS) if status in picture.vitals}
        for name, device in picture.devices.items():
            kept.devices[name] = Device(device.number, device.type, device.heard, gateway=device.gateway)

    def learn(self, context: PatientContext) -> None:
        """Learns what a context tells: an absent field is as before, null is unknown."""
        at = instant_of(context.effective_at)
        readmit(self.picture, context, at)
        learn_context(self.picture, context, at)

    def take_reading(self, reading: Reading) -> None:
        """Notes which device measured, what was entered by hand, and what tells of oxygen and consciousness."""
        at = instant_of(reading.effective_at)
        device = self.picture.device(reading.device_id, reading.device_type, at)
        if at >= device.heard:
            device.gateway = reading.gateway_id
        for measurement in reading.measurements:
            if measurement.code in STATUS_SOURCES:
                judged = judge(measurement, device.type)
                if not isinstance(judged, Refused):
                    take_status(self.picture, judged.sign.code, judged.value, at)
        if device.type == _BY_HAND:
            self._enter(reading)

    def end(self, outcome: Outcome) -> None:
        """Takes what really happened, which may end monitoring."""
        at = outcome.at.timestamp()
        view = OutcomeView(at=at, kind=outcome.kind)
        if view not in self._outcomes:
            self._outcomes = sorted([*self._outcomes, view], key=lambda each: each.at)[-_MOST_OUTCOMES:]
        if end_monitoring(self.picture, outcome.kind, instant_of(outcome.at)):
            self.outlook.end(at)

    # --- Telling -----------------------------------------------------------------------------------------------------

    def view(self, row: Row, run: str, seq: int, rules: Rules, known_from: float | None) -> PatientView:
        """All about the patient, by the rules in force."""
        return PatientView(
            run=run,
            seq=seq,
            monitored=self.picture.monitored,
            row=row,
            about=self._about(),
            alerts=self.alerts.views(),
            recommendations=self.advice.views(),
            devices=self._devices(),
            limits=list(limits_in_force(self.picture, rules)),
            risks=self.outlook.risks(),
            others=self.outlook.others(),
            findings=self.outlook.findings(),
            outcomes=self._outcomes,
            entered=sorted(self._entered.values(), key=lambda each: -each.at),
            known_from=_later(known_from, self.alerts.forgotten_at),
        )

    def _about(self) -> About:
        known, oxygen, letter = self.picture.known, self._status(OXYGEN), self._status(CONSCIOUSNESS)
        return About(
            age=known.age,
            sex=known.sex,
            pregnant=known.pregnant,
            on_oxygen=None if oxygen is None else bool(oxygen),
            spo2_scale=known.spo2_scale,
            consciousness=None if letter is None else _ACVPU.letters[int(letter)],
            setting=known.setting,
            conditions=known.conditions or [],
            medication=known.medication or [],
        )

    def _status(self, status: str) -> float | None:
        """The latest of what contexts and measurements tell; None for unknown."""
        vital = self.picture.vitals.get(status)
        return None if vital is None or vital.history.value != vital.history.value else vital.history.value

    def _devices(self) -> list[DeviceView]:
        devices = [
            DeviceView(
                device_id=name,
                device_type=cast("DeviceType | None", device.type),  # As readings tell it.
                gateway_id=device.gateway,
                heard_at=device.heard / SECOND,
            )
            for name, device in self.picture.devices.items()
        ]
        return sorted(devices, key=lambda device: -device.heard_at)

    def _enter(self, reading: Reading) -> None:
        """Notes what was entered by hand, as it counts; the same reading again is one."""
        texts = [_said(judge(measurement, _BY_HAND)) for measurement in reading.measurements]
        entered = Entered(at=reading.effective_at.timestamp(), by=reading.device_id, text=", ".join(texts))
        self._entered[reading.reading_id] = entered
        if len(self._entered) > _MOST_ENTERED:
            del self._entered[min(self._entered, key=lambda name: self._entered[name].at)]


def _said(judged: Trusted | Refused) -> str:
    """A value as it counts, or why it does not."""
    if not isinstance(judged, Refused):
        return said(judged.sign, judged.value)
    name = SIGNS[judged.code].title if judged.code in SIGNS else judged.code
    value = f"{judged.value:g}" if isinstance(judged.value, float) else judged.value
    return f"{name} {value} {judged.unit or ''}".rstrip() + f" (not believed: {judged.reason})"


def _later(one: float | None, other: float | None) -> float | None:
    return max((each for each in (one, other) if each is not None), default=None)
