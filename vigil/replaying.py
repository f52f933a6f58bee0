"""Playing a recording through a running system, and accounting for every record of it."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

from msgspec import Struct

from producers.entry import Entry
from producers.feed import Feed, Refusal
from producers.pace import paced
from streams.learner.settings import learner_group
from vigil.connection import told_in_one_line
from vigil.learned import Models, Told, models_of
from vigil.ledger import Ledger
from vigil.log_reader import read_topics
from vigil.processing import Committed, wait_until_processed
from vigil.published_models import PublishedVersion
from vigil.recording import Recording, readable
from vigil.run import Run
from vigil.stopping import StoppedEarly, StopRequest, stop_on_request

_OUTPUTS = ("assessments", "alerts", "recommendations", "dead-letters")
_EXAMPLES = "examples"
_STALL_SECONDS = 60.0


class Teller(Protocol):
    """Tells a person how far it is."""

    def publishing(self, records: int) -> None:
        """So many records are on their way."""

    def processing(self, done: int, total: int) -> None:
        """The workers are done with so many of the records, ticks included."""

    def counting(self, outputs: int) -> None:
        """So many outputs are read back."""


class Report(Struct, frozen=True, kw_only=True):
    """What was published and what came of it; `seconds` is from the first record to the last one's processing.

    `unpublished` says of each model why there is no version of it, if there was a learner. One that was stopped early
    tells what was done until then; `missing` are then readings without an output so far.
    """

    run: str
    prefix: str
    stopped_early: bool
    published: int
    ticks: int
    processed: int
    readings: int
    measurements: int
    assessments: int
    alerts: int
    notified: int
    recommendations: int
    examples: int
    model: PublishedVersion | None
    stay_model: PublishedVersion | None
    unpublished: dict[str, str]
    dead_letters: dict[str, int]
    missing: int
    doubled: int
    refused: list[Refusal]
    skipped: dict[str, int]
    unreadable: tuple[str, ...]
    seconds: float
    panels_per_second: float


def replay(run: Run, recording: Recording, name: str, speed: float | None, tell: Teller) -> Report:
    """Publishes, waits for the workers, reads what came out and accounts for it (no speed: as fast as it goes).

    Ctrl-C or SIGTERM ends the publishing and the waiting, not the account; a second one ends everything.
    """
    ledger, skipped = Ledger(), Counter[str]()
    with told_in_one_line(), readable(), stop_on_request() as stop:
        began = time.monotonic()
        feed, is_through = _publish(run, recording, speed, ledger, skipped, tell, stop)
        done = _await_workers(run, feed, tell, stop)
        seconds = time.monotonic() - began
        _count_outputs(run, ledger, tell)
        models = _await_learner(run, tell) if run.has_learner and not stop.is_made else Models()
    return Report(
        run=name,
        prefix=run.prefix,
        stopped_early=not is_through or done < feed.published,
        published=feed.published,
        ticks=feed.ticks,
        processed=done,
        readings=ledger.readings,
        measurements=ledger.measurements,
        assessments=ledger.counts["assessments"],
        alerts=ledger.counts["alerts"],
        notified=ledger.counts["notified"],
        recommendations=ledger.counts["recommendations"],
        examples=ledger.counts[_EXAMPLES],
        model=models.in_force.get("deterioration"),
        stay_model=models.in_force.get("stay"),
        unpublished=models.unpublished,
        dead_letters=dict(ledger.dead_letters),
        missing=ledger.missing,
        doubled=ledger.doubled,
        refused=feed.refused,
        skipped=dict(skipped),
        unreadable=recording.unreadable,
        seconds=round(seconds, 3),
        panels_per_second=round(min(ledger.readings, done) / seconds, 1),
    )


def _publish(
    run: Run,
    recording: Recording,
    speed: float | None,
    ledger: Ledger,
    skipped: Counter[str],
    tell: Teller,
    stop: StopRequest,
) -> tuple[Feed, bool]:
    """The feed, all of it confirmed, and whether the recording is through."""
    with Feed(run.topic("patient-events"), run.connection.for_kafka_python()) as feed:
        entries: Iterator[Entry] = recording.entries(feed.partitions, skipped)
        if speed is not None:
            entries = paced(entries, speed, time.monotonic, stop.sleep)
        for number, entry in enumerate(entries):
            if stop.is_made:
                break
            if feed.publish(entry):
                ledger.publish(entry)
            if number % 1000 == 0 or speed is not None:
                tell.publishing(number)
    return feed, not stop.is_made


def _await_workers(run: Run, feed: Feed, tell: Teller, stop: StopRequest) -> int:
    """Waits until all is processed, unless someone stops it, and tells how many records, without ticks, are."""
    total = sum(last + 1 for last in feed.acknowledged.values())
    seen: dict[int, int] = {}

    def told(done: int) -> None:
        tell.processing(done, total)
        stop.check()

    with Committed(run.connection.for_kafka_python(), run.group, feed.topic) as committed, suppress(StoppedEarly):

        def offsets() -> dict[int, int]:
            seen.update(committed.offsets())
            return seen

        wait_until_processed(offsets, feed.acknowledged, stall_seconds=_STALL_SECONDS, tell=told, sleep=stop.sleep)
    return feed.published_before(seen)


def _await_learner(run: Run, tell: Teller) -> Models:
    """Waits until every example is learned, and gives the versions that are then in force."""
    group, client = learner_group(run.prefix), run.connection.for_kafka_python()
    told, last = Told(), -1
    for records in read_topics(run.connection.for_aiokafka(), [run.topic(_EXAMPLES)], partitions=[0]):
        for record in records:
            told.take(record.value or b"")
            last = record.offset
    with Committed(client, group, run.topic(_EXAMPLES)) as committed:
        wait_until_processed(
            committed.offsets,
            {0: last},
            stall_seconds=_STALL_SECONDS,
            tell=lambda done: tell.processing(done, last + 1),
        )
    return models_of(run.connection.for_aiokafka(), run.prefix, told)


def _count_outputs(run: Run, ledger: Ledger, tell: Teller) -> None:
    short_names = {run.topic(name): name for name in _OUTPUTS}
    counted = 0
    client = run.connection.for_aiokafka()
    for records in read_topics(client, list(short_names)):
        for record in records:
            ledger.receive(short_names[record.topic], record.value or b"", _reason(record))
        counted += len(records)
        tell.counting(counted)
    for records in read_topics(client, [run.topic(_EXAMPLES)], partitions=[0]):
        ledger.counts[_EXAMPLES] += len(records)


def _reason(record: Any) -> str | None:  # aiokafka ships no types
    return next((value.decode() for name, value in record.headers if name == "reason"), None)
