"""The learner on a real Kafka: what it keeps, what it tells again, and when it leaves."""

import asyncio
import gc
import json
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiokafka.errors import ProducerFenced
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.structs import TopicPartition

from models import codec
from models.events import Example
from streams.checkpoint import decode_marker
from streams.learner.metrics import LearnerMetrics
from streams.learner.settings import LearnerSettings
from streams.learner.study import Study, reader_of
from streams.leaving import UnusableError
from streams.topics import PARTITIONS, topic_name
from tests.waiting import eventually

START = datetime(2026, 11, 21, tzinfo=UTC)
ENOUGH = 700
"""So many examples make the learner publish."""


class School:
    """Learners of one prefix, in this process, one after the other or side by side."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.settings = LearnerSettings(prefix=bench.prefix)
        self.client = bench.connection.for_aiokafka()
        self.metrics = LearnerMetrics()

    def study(self) -> Study:
        return Study(self.settings, self.client, self.metrics)

    async def learn(self, study: Study, examples: int) -> None:
        """Lets a study read until it has learned so many examples."""
        reader = reader_of(self.settings, self.client)
        await reader.start()
        try:
            await eventually(lambda: bool(reader.assignment()))
            study.aim(reader)
            async with asyncio.timeout(30):
                while study._learner.near_term.gate.standing.lesson.examples < examples:
                    await study.learn_from(reader)
        finally:
            await reader.stop()

    def write(self, examples: int) -> None:
        pick = random.Random(1)
        producer = KafkaProducer(**self.bench.connection.for_kafka_python())
        for number in range(examples):
            producer.send(topic_name(self.bench.prefix, "examples"), example(number, pick), partition=0)
        producer.close()

    def figure(self, name: str) -> float | None:
        found: float | None = self.metrics.registry.get_sample_value(name, {"model": "deterioration"})
        return found

    async def told(self) -> list[int]:
        """The versions that stand in partition 0 of the log."""
        return [json.loads(record.value)["version"] for record in await self.bench.read("patient-events")]


def example(number: int, pick: random.Random) -> bytes:
    high = pick.gauss(0, 1)
    at, label = START + timedelta(hours=number), high > 0.5
    return codec.encode(
        Example(
            patient_id="p",
            at=at,
            known_at=at + timedelta(hours=6),
            label=label,
            reason="news2" if label else "nothing",
            known_points=2,
            features={"heart_rate.high": round(high, 3)},
            origin="live",
        )
    )


@pytest.fixture
def school(bench: Any) -> School:
    return School(bench)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]
    gc.collect()  # What a fenced client leaves behind complains here, and not in another test.


@pytest.mark.parametrize("seconds", [0, 60])
def test_what_is_learned_is_kept_or_learned_again_and_told_to_every_partition(school: School, seconds: float) -> None:
    school.settings = LearnerSettings(prefix=school.bench.prefix, checkpoint_seconds=seconds)
    school.write(ENOUGH)

    async def scenario() -> None:
        first, second = school.study(), school.study()
        await first.open()
        await school.learn(first, ENOUGH)
        kept = first._learner.changed()
        marker = decode_marker((await school.bench.read("learner-checkpoints"))[-1].value, 0)
        assert marker.offset == (0 if seconds else ENOUGH)
        await first.close()
        await second.open()
        assert second._learner.changed() == kept
        assert second._following == ENOUGH
        await second.close()

    run(scenario)

    assert school.figure("vigil_learner_examples_total") == ENOUGH
    version = school.figure("vigil_learner_version")
    assert version is not None
    assert school.figure("vigil_learner_auroc_ratio") > 0.6  # type: ignore[operator]
    assert set(asyncio.run(school.told())) >= {version}


def test_a_version_that_was_kept_but_not_told_is_told_by_the_next_learner(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.write(ENOUGH)

    async def scenario() -> None:
        dies, second = school.study(), school.study()
        await dies.open()
        with monkeypatch.context() as patched:
            patched.setattr(Study, "_publish", nothing)
            await school.learn(dies, ENOUGH)
        assert await school.told() == []
        await second.open()
        assert await school.told() == [each.version for each in second._learner.published]
        await second.close()
        await dies.close()

    run(scenario)

    ends = {TopicPartition(topic_name(school.bench.prefix, "patient-events"), n) for n in range(PARTITIONS)}
    assert all(end > 0 for end in end_offsets(school, ends))


def test_a_learner_that_was_overtaken_can_not_go_on(school: School) -> None:
    school.write(10)

    async def scenario() -> None:
        overtaken, second = school.study(), school.study()
        await overtaken.open()
        await second.open()
        with pytest.raises(ProducerFenced):
            await school.learn(overtaken, 10)
        await school.learn(second, 10)
        await second.close()
        await overtaken.close()

    run(scenario)

    assert school.figure("vigil_learner_examples_total") == 10


def test_examples_that_were_deleted_before_they_were_learned_are_an_error(school: School) -> None:
    school.write(20)

    async def scenario() -> None:
        study = school.study()
        await study.open()
        admin = KafkaAdminClient(**school.bench.connection.for_kafka_python())
        admin.delete_records({TopicPartition(topic_name(school.bench.prefix, "examples"), 0): 5})
        admin.close()
        with pytest.raises(UnusableError, match="examples 0 to 4 were deleted"):
            await school.learn(study, 20)
        await study.close()

    run(scenario)


async def nothing(_: Study) -> None:
    """Tells nobody."""


def end_offsets(school: School, places: set[TopicPartition]) -> list[int]:
    reader = KafkaConsumer(**school.bench.connection.for_kafka_python())
    ends: dict[TopicPartition, int] = reader.end_offsets(list(places))
    reader.close()
    return list(ends.values())
