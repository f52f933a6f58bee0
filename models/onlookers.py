"""What looks on and raises no alert: the learned risk, and the lookout once a minute.

Either may fail, and costs then what it has to tell and nothing else.
"""

from collections.abc import Callable, Mapping

from msgspec import UNSET, structs

from models.alerting.policy import Rules
from models.clock import Clock
from models.events import Assessment, ModelPublished, ModelWithdrawn, Outcome, Output, PatientContext, Reading
from models.instants import instant_of
from models.log_record import LogRecord
from models.lookout import Lookout
from models.picture import Patient
from models.risk.prediction import UnusableModel
from models.risk.watch import RiskWatch


class Onlookers:
    """Those of one partition; `rules_of` tells what is in force for a patient."""

    def __init__(self, patients: Mapping[str, Patient], rules_of: Callable[[Patient], Rules], clock: Clock) -> None:
        self.risk = RiskWatch(patients)
        self.lookout = Lookout()
        self._rules_of = rules_of
        self._clock = clock

    def follow(
        self, found: Patient, event: Reading | PatientContext | Outcome, at: int, outputs: list[Output]
    ) -> list[Output]:
        """What was told of an event, with what the learned risk has to tell of it."""
        if isinstance(event, Outcome):
            outputs += self.risk.end(found.id, event.kind, at)
            outputs += self.risk.stays.end(found, event.kind, at)
            if not found.monitored:
                self.lookout.forget(found.id)
        elif isinstance(told := outputs[0], Assessment):
            outputs += self.risk.follow(found, told, at, self._clock.now)
            if self.risk.stays.is_due(found.id, at):
                outputs[0], examples = self.risk.stays.look(found, told, at)
                outputs += examples
        return outputs

    def look_on(self, found: Patient, told: Assessment) -> Assessment:
        """What is told of a reading, with what a look has to tell."""
        if told.amended or told.duplicate or not told.monitored or not self.lookout.is_due(found.id, told.at):
            return told
        at = instant_of(told.at)
        now = at if self._clock.now is None else self._clock.now
        try:
            findings, forecasts, scores = self.lookout.look(found, at, now, self._rules_of(found))
        except Exception:  # noqa: BLE001 - what looks on may fail, an alert may not
            self.lookout.forget(found.id)
            self._clock.count_failed_look()
            return told
        return structs.replace(told, findings=findings or UNSET, forecasts=forecasts or UNSET, scores=scores)

    def take_model(self, event: ModelPublished | ModelWithdrawn, record: LogRecord) -> list[Output]:
        """Another version of a learned risk is in force; one that can't be used is parked."""
        try:
            self.risk.take(event)
        except UnusableModel as unusable:
            return [record.parked("invalid", str(unusable))]
        except Exception as error:  # noqa: BLE001 - a model may fail, a partition may not
            return [record.failed(error)]
        return []

    def pass_time(self, clock: int) -> list[Output]:
        """What a tick brings: examples whose labels are known by then."""
        return [*self.risk.pass_time(clock), *self.risk.stays.pass_time(clock)]
