"""A ward to write acceptance scenarios in: JSON records go in, outputs come out, and questions are asked about them.

Only the public contract is used (`PartitionFold.advance` and the records of `models.events`), so that the scenarios say
what the clinical decisions say and nothing of how they are met.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from models import codec
from models.events import Alert, AnswerResult, Assessment, DeadLetter, Output, Recommendation
from models.partition import PartitionFold
from tests.acceptance.stories import tell

DAY = datetime(2026, 11, 21, tzinfo=UTC)

SIGNS = {
    "HR": ("8867-4", "/min"),
    "RR": ("9279-1", "/min"),
    "SPO2": ("59408-5", "%"),
    "TEMP": ("8310-5", "Cel"),
    "SBP": ("8480-6", "mm[Hg]"),
    "DBP": ("8462-4", "mm[Hg]"),
    "MAP": ("8478-0", "mm[Hg]"),
    "GLUCOSE": ("2339-0", "mg/dL"),
    "CGM": ("99504-3", "mg/dL"),
    "ACVPU": ("67775-7", None),
    "GCS": ("9269-2", "{score}"),
    "FIO2": ("3150-0", "%"),
    "FLOW": ("3151-8", "L/min"),
}
"""Short names of what is measured: LOINC code and the unit it is sent in unless a test says another."""

STANDING = {"active", "acknowledged", "latched"}
"""States of an alert that someone still has to deal with."""


def time(when: str | datetime) -> datetime:
    """An instant: `03:00:00` is of the scenarios' day, `2026-11-22T03:00:00` of its own."""
    if isinstance(when, datetime):
        return when
    if "T" in when:
        return datetime.fromisoformat(when).replace(tzinfo=UTC)
    hours, minutes, seconds = (int(part) for part in when.split(":"))
    return DAY + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def wire_time(when: str | datetime) -> str:
    """An instant as RFC 3339 has it."""
    return time(when).isoformat().replace("+00:00", "Z")


def measurement(sign: str, value: Any) -> dict[str, Any]:
    """One measurement as a device sends it; a pair is a value in a unit of its own."""
    code, unit = SIGNS.get(sign, (sign, None))
    if isinstance(value, tuple):
        value, unit = value
    return {"code": code, "value": value, "unit": unit}


class Ward:
    """One partition, what it was told and what it said."""

    def __init__(self, partition: int = 0, **settings: Any) -> None:
        self.partition = partition
        self.fold = PartitionFold(partition, **settings)
        self.log: list[bytes] = []
        self.outputs: list[Output] = []
        self._readings = 0

    # --- What happens -------------------------------------------------------------------------------------------------

    time = staticmethod(time)

    def send(self, record: dict[str, Any] | bytes) -> list[Output]:
        """Puts one record on the log and folds it."""
        value = record if isinstance(record, bytes) else json.dumps(record).encode()
        self.log.append(value)
        outputs = self.fold.advance(value, offset=len(self.log) - 1)
        self.outputs += outputs
        return outputs

    def tick(self, at: str | datetime, **fields: Any) -> list[Output]:
        """It is now `at`."""
        return self.send({"type": "Tick", "at": wire_time(at), **fields})

    def ticks(self, start: str | datetime, until: str | datetime, every: float = 5) -> list[Output]:
        """The clock runs, both ends included."""
        return [output for at in instants(start, until, every) for output in self.tick(at)]

    def reading(
        self,
        patient: str,
        at: str | datetime,
        *,
        device: str = "d1",
        measurements: list[dict[str, Any]] | None = None,
        received_at: str | datetime | None = None,
        reading_id: str | None = None,
        fields: dict[str, Any] | None = None,
        **signs: Any,
    ) -> Any:
        """A device measures; gives the one assessment, or the one dead letter, that the reading must have."""
        self._readings += 1
        reading_id = reading_id or f"{device}-{self._readings}"
        outputs = self.send(
            {
                "type": "Reading",
                "reading_id": reading_id,
                "patient_id": patient,
                "device_id": device,
                "effective_at": wire_time(at),
                "received_at": wire_time(received_at or at),
                "measurements": measurements or [measurement(sign, value) for sign, value in signs.items()],
                **(fields or {}),
            }
        )
        return the_only([output for output in outputs if answers(output, reading_id)])

    def observe(self, patient: str, at: str | datetime, **signs: Any) -> Any:
        """A hand measures, now and then: spot values."""
        return self.typed("manual", patient, at, **{"device": "hand", **signs})

    def typed(self, device_type: str, patient: str, at: str | datetime, **signs: Any) -> Any:
        """A device that says its type measures."""
        return self.reading(patient, at, fields={"device_type": device_type}, **{"device": device_type, **signs})

    def stream(self, patient: str, start: str | datetime, until: str | datetime, every: float = 5, **signs: Any) -> Any:
        """A device measures at even spacing, both ends included, after a tick of each instant; the last answer."""
        answer = None
        for at in instants(start, until, every):
            self.tick(at)
            answer = self.reading(patient, at, **signs)
        return answer

    def context(self, patient: str, at: str | datetime = "00:00:00", **fields: Any) -> Any:
        """Something is said of the patient; gives the one assessment, or the one dead letter, that it must have."""
        record = {"type": "PatientContext", "patient_id": patient, "effective_at": wire_time(at), **fields}
        outputs = self.send(record)
        return the_only([output for output in outputs if isinstance(output, Assessment | DeadLetter)])

    def adult(self, patient: str, at: str | datetime = "00:00:00", **fields: Any) -> Any:
        """An adult of whom all is known that is not measured: alert, on air, SpO2 scale 1."""
        known = {"age": 60, "on_oxygen": False, "consciousness": "A", "spo2_scale": 1}
        return self.context(patient, at, **{**known, **fields})

    def well(self, patient: str, at: str | datetime, **signs: Any) -> Any:
        """A hand measures all vital signs of NEWS2 at once, at no points but for those that the test names."""
        return self.observe(patient, at, **{"RR": 16, "SPO2": 97, "SBP": 120, "HR": 72, "TEMP": 36.8, **signs})

    def acknowledge(
        self,
        alert: Alert,
        at: str | datetime,
        by: str = "nurse",
        expires_at: str | datetime | None = None,
        **more: Any,
    ) -> list[Output]:
        """A clinician has seen this revision of an alert."""
        return self.send(
            {
                "type": "Acknowledgement",
                "patient_id": alert.patient_id,
                "alert_id": alert.alert_id,
                "revision": alert.revision,
                "at": wire_time(at),
                "by": by,
                "expires_at": wire_time(expires_at) if expires_at else None,
                **more,
            }
        )

    def snooze(self, alert: Alert, at: str | datetime, until: str | datetime, **more: Any) -> AnswerResult:
        """A clinician wants not to hear of an alert until then; gives what became of that."""
        return self.answer("Snooze", alert, at, until=wire_time(until), revision=alert.revision, **more)

    def feedback(self, alert: Alert, at: str | datetime, usefulness: str = "not-actionable") -> AnswerResult:
        """A clinician says of what use an alert was; gives what became of that."""
        return self.answer("Feedback", alert, at, usefulness=usefulness)

    def answer(self, kind: str, alert: Alert, at: str | datetime, **more: Any) -> AnswerResult:
        """A clinician says something of an alert of a patient or of a gateway; gives what became of that."""
        whose = {"patient_id": alert.patient_id, "gateway_id": alert.gateway_id}
        record = {"type": kind, "alert_id": alert.alert_id, "at": wire_time(at), "by": "nurse", **whose, **more}
        return the_only([output for output in self.send(record) if isinstance(output, AnswerResult)])

    def pause(self, patient: str, at: str | datetime, until: str | datetime, **more: Any) -> AnswerResult:
        """A clinician wants to hear of no limit and no silence of a patient until then; gives what became of that."""
        record = {"type": "Pause", "patient_id": patient, "at": wire_time(at), "until": wire_time(until)}
        outputs = self.send({**record, "by": "nurse", "reason": "washing", **more})
        return the_only([output for output in outputs if isinstance(output, AnswerResult)])

    def decide(self, recommendation: Recommendation, at: str | datetime, decision: str, **more: Any) -> list[Output]:
        """A clinician accepts or declines a recommendation."""
        about = {"patient_id": recommendation.patient_id, "recommendation_id": recommendation.recommendation_id}
        record = {"type": "RecommendationAnswer", "at": wire_time(at), "by": "nurse", "decision": decision}
        return self.send({**record, **about, **more})

    def report(self, alert: Alert, at: str | datetime, *, delivered: bool = False) -> list[Output]:
        """Nobody could be reached for an alert, or somebody could."""
        whose = {"patient_id": alert.patient_id, "gateway_id": alert.gateway_id}
        record = {"type": "DeliveryReport", "alert_id": alert.alert_id, "revision": alert.revision, **whose}
        return self.send({**record, "at": wire_time(at), "delivered": delivered, "receivers": ["phone"]})

    def heartbeat(self, gateway: str, at: str | datetime) -> list[Output]:
        """A gateway lives."""
        return self.send({"type": "GatewayHeartbeat", "gateway_id": gateway, "at": wire_time(at)})

    def outcome(self, patient: str, at: str | datetime, kind: str) -> list[Output]:
        """What really happened to the patient."""
        return self.send({"type": "Outcome", "patient_id": patient, "at": wire_time(at), "kind": kind})

    # --- What was said ------------------------------------------------------------------------------------------------

    def said(self, record: type, /, **wanted: Any) -> list[Any]:
        """All outputs of a type whose fields are as wanted, in order."""
        return [output for output in self.outputs if isinstance(output, record) and matches(output, wanted)]

    def history(self, **wanted: Any) -> list[Alert]:
        """All revisions of alerts whose fields are as wanted."""
        return self.said(Alert, **wanted)

    def notified(self, **wanted: Any) -> list[Alert]:
        """The revisions that somebody is told of."""
        return self.history(notify=True, **wanted)

    def alerts(self, **wanted: Any) -> list[Alert]:
        """The last revision of each alert, if its fields are as wanted."""
        latest = {alert.alert_id: alert for alert in self.said(Alert)}
        return [alert for alert in latest.values() if matches(alert, wanted)]

    def alert(self, **wanted: Any) -> Alert:
        """The last revision of the only alert that is as wanted."""
        return the_only(self.alerts(**wanted))

    def standing(self, **wanted: Any) -> list[Alert]:
        """The alerts that are active, acknowledged or latched."""
        return [alert for alert in self.alerts(**wanted) if alert.state in STANDING]

    def ever_stood(self, **wanted: Any) -> list[Alert]:
        """The revisions in which an alert was more than pending."""
        return [alert for alert in self.history(**wanted) if alert.state in STANDING]

    def assessments(self, **wanted: Any) -> list[Assessment]:
        """All assessments whose fields are as wanted."""
        return self.said(Assessment, **wanted)

    def assessment(self, **wanted: Any) -> Assessment:
        """The last assessment."""
        return self.assessments(**wanted)[-1]

    def recommendations(self, **wanted: Any) -> list[Recommendation]:
        """All recommendations whose fields are as wanted."""
        return self.said(Recommendation, **wanted)

    def dead_letters(self, **wanted: Any) -> list[DeadLetter]:
        """All dead letters whose fields are as wanted."""
        return self.said(DeadLetter, **wanted)

    def encoded(self) -> list[bytes]:
        """All outputs as they would stand on their topics."""
        return [codec.encode(output) for output in self.outputs]


def instants(start: str | datetime, until: str | datetime, every: float) -> Iterator[datetime]:
    """Instants at even spacing, both ends included."""
    at, last = time(start), time(until)
    while at <= last:
        yield at
        at += timedelta(seconds=every)


def answers(output: Output, reading_id: str) -> bool:
    """Whether an output is what a reading gave: its assessment, or its dead letter."""
    return isinstance(output, DeadLetter) or (isinstance(output, Assessment) and output.reading_id == reading_id)


def matches(output: Any, wanted: dict[str, Any]) -> bool:
    """Whether all the fields are as wanted."""
    return all(getattr(output, field) == value for field, value in wanted.items())


def the_only(found: list[Any]) -> Any:
    """The one thing that there should be."""
    assert len(found) == 1, f"one expected, {len(found)} found: {found}"
    return found[0]


@pytest.fixture
def ward() -> Ward:
    """A ward that nothing has happened in."""
    return Ward()


@pytest.fixture(scope="session")
def wards() -> type[Ward]:
    """For scenarios that need more than one ward, or one of their own settings."""
    return Ward


@pytest.fixture(scope="module", params=range(12))
def story(request: pytest.FixtureRequest) -> Ward:
    """A ward to which a random story was told; not to be told more."""
    ward = Ward()
    tell(ward, Random(request.param))
    return ward


@pytest.fixture(scope="module")
def retold(story: Ward) -> list[tuple[bytes, list[Output]]]:
    """Each record of a story, and what another ward says to it."""
    ward = Ward()
    return [(value, ward.send(value)) for value in story.log]
