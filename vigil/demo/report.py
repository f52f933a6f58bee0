"""What the demo did, counted anew from what stands on the topics."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from consumers.outputs import TopicName, read
from models.events import Alert, Assessment
from producers.entry import Entry
from producers.feed import Refusal
from producers.replay.events_jsonl import expected_id
from producers.replay.sketch import sketch
from vigil.ledger import Ledger
from vigil.log_reader import read_topics
from vigil.run import Run
from vigil.simulation.judging import Seen
from vigil.simulation.report import Truth

Ending = Literal["through", "stopped", "duration"]
ByKind = dict[str, dict[str, int]]

OUTPUTS: tuple[TopicName, ...] = ("assessments", "alerts", "recommendations", "dead-letters")
_PRIORITIES = ("high", "medium", "low")


class Report(Struct, frozen=True, kw_only=True):
    """What was published and what came of it; `alerts` counts revisions, `raised` alerts that became active.

    `told` of those that were raised were notified at least once, the others shown as evidence of another alert;
    `notified` counts notifications, so what is over `told` are alerts notified again.
    `ended` says why it ended: all was through, someone stopped it, or its duration was over. `scenarios` are those that
    began in a simulated ward, each held against what it promises. `places` are the beds of
    their patients. `model_version` of the learned risk foretold last.
    """

    prefix: str
    ended: Ending
    seconds: float
    first_assessment_seconds: float | None
    patients: int
    published: int
    ticks: int
    processed: int
    readings: int
    measurements: int
    assessments: int
    alerts: int
    raised: ByKind
    told: int
    notified: ByKind
    recommendations: int
    model_version: int | None
    dead_letters: dict[str, int]
    missing: int
    doubled: int
    refused: list[Refusal]
    scenarios: list[Truth]
    places: dict[str, str]

    @property
    def failure(self) -> str | None:
        """What did not happen that should have, as one sentence."""
        if self.refused:
            first = self.refused[0]
            return (
                f"{len(self.refused)} records were refused by the broker; the first, {first.name}, is {first.reason}."
            )
        if self.missing or self.doubled or self.processed != self.published:
            return (
                f"Of {self.published} records {self.processed} were processed, {self.missing} readings have no output "
                f"and {self.doubled} too many: please report this."
            )
        return None

    @property
    def unkept(self) -> str | None:
        """What the scenarios promised in vain, or what nobody can tell of them, as one sentence."""
        broken = [truth for truth in self.scenarios if truth.unmet != []]
        if not broken:
            return None
        first = broken[0]
        why = " ".join(first.unmet or ["it is not over, or mixed with another."])
        return f"{len(broken)} scenarios did not go as expected; {first.scenario} of {first.patient_id}: {why}"


class Tally:
    """Everything that stands on the topics of outputs, counted once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._ours = ledger.reading_ids
        self.seen = Seen()
        self.patients: set[str] = set()
        self._raised: dict[str, tuple[str, str]] = {}
        self._told: set[str] = set()
        self._notified: Counter[tuple[str, str]] = Counter()

    def read(self, run: Run) -> None:
        """Reads the topics from their beginning to their end of now."""
        short_names = {run.topic(name): name for name in OUTPUTS}
        for records in read_topics(run.connection.for_aiokafka(), list(short_names)):
            for record in records:
                self._take(short_names[record.topic], record)

    def join_entered(self, run: Run, processed: Mapping[int, int]) -> None:
        """Lets what somebody entered on the page ask for an output as well, once the outputs are read.

        A reading that the workers had not got to, by `processed`, may wait for its output.
        """
        paid = self.ledger.reading_ids
        for records in read_topics(run.connection.for_aiokafka(), [run.topic("patient-events")]):
            for record in records:
                entered = _entry(record.value or b"")
                is_due = record.offset < processed.get(record.partition, 0) or entered.reading_id in paid
                if entered.reading_id and entered.reading_id not in self._ours and is_due:
                    self.ledger.publish(entered)

    def _take(self, topic: TopicName, record: Any) -> None:  # aiokafka ships no types
        headers = {name: value.decode() for name, value in record.headers}
        self.ledger.receive(topic, record.value or b"", headers.get("reason"))
        output = read(topic, record.value or b"", key=record.key, headers=record.headers)
        self.seen.take(output)
        if isinstance(output, Assessment):
            self.patients.add(output.patient_id)
        elif isinstance(output, Alert):
            self._count(output)

    def _count(self, alert: Alert) -> None:
        if alert.state == "active":
            known = self._raised.get(alert.alert_id, (alert.kind, alert.priority))[1]
            highest = min(known, alert.priority, key=_PRIORITIES.index)
            self._raised[alert.alert_id] = alert.kind, highest
        if alert.notify:
            self._told.add(alert.alert_id)
            self._notified[alert.kind, alert.priority] += 1

    @property
    def raised(self) -> ByKind:
        """Alerts that became active, by kind and the highest priority that they had."""
        return _by_kind(Counter(self._raised.values()))

    @property
    def told(self) -> int:
        """Alerts that were notified at least once."""
        return len(self._told)

    @property
    def notified(self) -> ByKind:
        """Notifications, by kind and priority."""
        return _by_kind(self._notified)


def _entry(value: bytes) -> Entry:
    envelope = sketch(value)
    measurements = 0 if envelope is None else len(envelope.measurements)
    return Entry(value, "", reading_id=expected_id(envelope), measurements=measurements)


def _by_kind(counts: Mapping[tuple[str, str], int]) -> ByKind:
    nested: ByKind = {}
    for (kind, priority), count in sorted(counts.items(), key=lambda item: (item[0][0], _PRIORITIES.index(item[0][1]))):
        if count:
            nested.setdefault(kind, {})[priority] = count
    return nested
