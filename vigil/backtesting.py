"""The fold without Kafka: the same records through the same code, so the same bytes."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from typing import IO

import msgspec
from msgspec import Struct

from models import codec
from models.events import Alert, DeadLetter, Origin, Output
from models.partition import PartitionFold
from producers.replay.exported import Placed, read_line
from producers.replay.sketch import sketch
from streams.topics import topic_of
from vigil.placement import Placement


class Backtest:
    """A log folded in memory, one fold a partition; outputs wait in temporary files until they are sorted."""

    def __init__(self, partitions: int, origin: Origin, outputs: ExitStack) -> None:
        self._folds = [
            PartitionFold(partition, partitions=partitions, origin=origin) for partition in range(partitions)
        ]
        self._placement = Placement(partitions)
        spool = tempfile.TemporaryFile
        self._outputs: list[IO[bytes]] = [outputs.enter_context(spool()) for _ in range(partitions)]
        self.counts: Counter[str] = Counter()
        self.dead_letters: Counter[str] = Counter()

    def fold(self, lines: Iterable[bytes]) -> None:
        """Folds a file's lines in their order; empty lines say nothing."""
        for line in lines:
            record = line.removesuffix(b"\n").removesuffix(b"\r")
            if record:
                self._fold_record(record)

    @property
    def found_records(self) -> bool:
        """Whether anything could be read as a record of a known type."""
        strange = self.dead_letters["undecodable"] + self.dead_letters["unknown-type"]
        return self.counts["records"] + self.counts["ticks"] > strange

    def write_outputs(self, out: IO[bytes]) -> None:
        """Every output as on its topic, by partition, then in the order of the log; a dead letter as a record."""
        for spooled in self._outputs:
            spooled.seek(0)
            shutil.copyfileobj(spooled, out)

    def write_state(self, out: IO[bytes]) -> None:
        """The state at the end, as JSON: for each partition its checkpoint entries, readable."""
        state = {str(fold.partition): dict(fold.readable()) for fold in self._folds}
        out.write(msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")

    def _fold_record(self, record: bytes) -> None:
        placed = read_line(record)
        envelope = sketch(record if placed is None else placed.value)
        self.counts["ticks" if envelope is not None and envelope.type == "Tick" else "records"] += 1
        self.counts["readings"] += envelope is not None and envelope.type == "Reading"
        if placed is not None:
            self._advance(self._placement.keep(placed))
            return
        for place in self._placement.places(record, envelope):
            self._advance(place)

    def _advance(self, place: Placed) -> None:
        spooled = self._outputs[place.partition]
        for output in self._folds[place.partition].advance(place.value, offset=place.offset, key=place.key):
            self._count(output)
            spooled.write(codec.encode(output) + b"\n")

    def _count(self, output: Output) -> None:
        if isinstance(output, DeadLetter):
            self.dead_letters[output.reason] += 1
            return
        self.counts[topic_of(output)] += 1
        self.counts["notified"] += isinstance(output, Alert) and output.notify


class BacktestReport(Struct, frozen=True, kw_only=True):
    """What a backtest folded, and what came out."""

    records: int
    ticks: int
    readings: int
    assessments: int
    alerts: int
    notified: int
    recommendations: int
    examples: int
    dead_letters: dict[str, int]
    seconds: float
    panels_per_second: float
