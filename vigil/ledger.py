"""The account of one run: what was published against what came out, as a read_committed reader sees it."""

from collections import Counter

import msgspec
from msgspec import Struct

from producers.entry import Entry
from producers.replay.events_jsonl import expected_id
from producers.replay.sketch import sketch


class _AssessmentSketch(Struct, frozen=True):
    reading_id: str | None = None


class _AlertSketch(Struct, frozen=True):
    notify: bool = False


_assessments = msgspec.json.Decoder(_AssessmentSketch)
_alerts = msgspec.json.Decoder(_AlertSketch)


class Ledger:
    """Counts a run; each publication of a reading id asks for one output, an assessment or a dead letter."""

    def __init__(self) -> None:
        self.readings = 0
        self.measurements = 0
        self.counts: Counter[str] = Counter()
        self.dead_letters: Counter[str] = Counter()
        self._owed: dict[str, int] = {}

    def publish(self, entry: Entry) -> None:
        """Notes one record that was published."""
        if entry.reading_id is None:
            return
        self.readings += entry.reading_id != ""
        self.measurements += entry.measurements
        self._owed[entry.reading_id] = self._owed.get(entry.reading_id, 0) + 1

    @property
    def reading_ids(self) -> frozenset[str]:
        """Every reading id that was published, or has an output."""
        return frozenset(self._owed)

    def receive(self, topic: str, value: bytes, reason: str | None = None) -> None:
        """Notes one output, by the short name of its topic and, for a dead letter, with its reason."""
        self.counts[topic] += 1
        if topic == "assessments":
            self._pay(_assessments.decode(value).reading_id)
        elif topic == "alerts":
            self.counts["notified"] += _alerts.decode(value).notify
        elif topic == "dead-letters":
            self.dead_letters[reason or "unknown"] += 1
            self._pay(expected_id(sketch(value)))

    @property
    def missing(self) -> int:
        """Reading ids with fewer outputs than publications."""
        return sum(owed > 0 for owed in self._owed.values())

    @property
    def doubled(self) -> int:
        """Reading ids with more outputs than publications."""
        return sum(owed < 0 for owed in self._owed.values())

    def _pay(self, reading_id: str | None) -> None:
        if reading_id is not None:
            self._owed[reading_id] = self._owed.get(reading_id, 0) - 1
