"""The reference job as a fold of Vigil's engine: the same transport, transactions and checkpoints as the full job."""

from datetime import UTC, datetime
from typing import cast

import msgspec

from benchmarks.reference.job import Assessed, Patient, assess, decode
from benchmarks.reference.state import BadState, decode_state, encode_state
from models.census import Census
from models.checkpoints import BadCheckpoint
from models.events import Anomaly, Assessment, DeadLetter, Output, Score


class ReferenceFold:
    """The patients of one partition."""

    clock = None
    """This job is told no time."""

    arrival = None
    """Nor of any gateway."""

    def __init__(self, partition: int) -> None:
        self._partition = partition
        self._patients: dict[str, Patient] = {}
        self._changed: set[str] = set()

    @property
    def census(self) -> Census:
        """How many patients there are; there are no alerts."""
        monitored: dict[str | None, int] = {None: len(self._patients)}
        return Census(
            monitored=monitored,
            never_scored={},
            without_risk={},
            open_alerts={},
            oldest_unanswered={},
            clock=None,
            gateways_heard={},
            ticks_ignored=0,
            looks_failed=0,
            examples_dropped={},
            risk_faults=0,
            model_versions={},
        )

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """One panel gives one assessment; what is no panel gives a dead letter."""
        try:
            panel = decode(value)
        except msgspec.DecodeError as error:
            return [self._dead(str(error), offset, key, value)]
        patient = self._patients.get(panel.patient_id)
        if patient is None:
            patient = self._patients[panel.patient_id] = Patient()
        self._changed.add(panel.patient_id)
        return [as_output(assess(patient, panel))]

    def changed(self) -> list[tuple[bytes, bytes]]:
        """The state of each patient who had a panel since the last call."""
        entries = [(name.encode(), encode_state(self._patients[name])) for name in sorted(self._changed)]
        self._changed.clear()
        return entries

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one patient back; raises BadCheckpoint."""
        try:
            self._patients[key.decode()] = decode_state(value)
        except BadState as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error

    def _dead(self, detail: str, offset: int, key: bytes | None, value: bytes) -> DeadLetter:
        return DeadLetter(
            reason="undecodable",
            detail=detail,
            topic="patient-events",
            partition=self._partition,
            offset=offset,
            key=key,
            value=value,
        )


def as_output(assessed: Assessed) -> Assessment:
    """The assessment as the engine writes it, which is larger than what the peers write."""
    return Assessment(
        patient_id=assessed.patient_id,
        at=datetime.fromtimestamp(assessed.at, UTC),
        reading_id=None,
        monitored=True,
        amended=False,
        duplicate=False,
        refused=[],
        flags=[],
        news2=Score(known_points=assessed.news2),
        anomaly=Anomaly(score=assessed.anomaly, deviations=[]),
        risk=cast("None", assessed.risk),  # A bare number, for which the full job's records have no field.
        origin="replay",
        ward=None,
        bed=None,
    )
