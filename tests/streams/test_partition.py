"""One partition on a real Kafka: what is written, what is restored, and when it leaves."""

import asyncio
import json
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.structs import TopicPartition as KafkaPythonPartition

from streams.checkpoint import MARKER_KEY
from streams.leaving import ExitCode
from streams.topics import topic_name
from streams.transaction import TransactionLog
from tests.waiting import eventually


def test_outputs_checkpoint_and_offset_are_written_together(bench: Any) -> None:
    async def scenario() -> None:
        async with bench.opened() as partition:
            partition.inbox.offer(bench.publish(b"a", b"b"))
            await eventually(lambda: bench.processed == 2)

    bench.run(scenario)

    assert asyncio.run(bench.texts()) == ["1a", "2b"]
    assert committed(bench) == 2
    entries = {record.key: record.value for record in asyncio.run(bench.read("checkpoints"))}
    assert json.loads(entries.pop(MARKER_KEY)) == {"v": 1, "partition": 0, "offset": 2}
    assert entries == {b"p1": b"2"}


def test_outputs_go_to_the_partition_and_under_the_key_of_their_patient(bench: Any) -> None:
    async def scenario() -> list[Any]:
        async with bench.opened() as partition:
            partition.inbox.offer(bench.publish(b"a", key="ü".encode()))
            await eventually(lambda: bench.processed == 1)
        found: list[Any] = await bench.read("recommendations")
        return found

    found = bench.run(scenario)

    assert [(record.partition, record.key) for record in found] == [(0, "ü".encode())]


def test_a_poisoned_record_becomes_a_dead_letter_and_stops_nothing(bench: Any) -> None:
    async def scenario() -> list[Any]:
        async with bench.opened() as partition:
            partition.inbox.offer(bench.publish(b"a", b"poison", b"b"))
            await eventually(lambda: bench.processed == 3)
        found: list[Any] = await bench.read("dead-letters")
        return found

    (letter,) = bench.run(scenario)

    assert (letter.key, letter.value) == (b"p1", b"poison")
    assert letter.headers == (
        ("reason", b"undecodable"),
        ("detail", "é".encode()),
        ("topic", b"t"),
        ("partition", b"0"),
        ("offset", b"1"),
    )
    assert asyncio.run(bench.texts()) == ["1a", "2b"]
    assert committed(bench) == 3


def test_a_restart_after_a_crash_folds_silently_up_to_the_committed_offset(bench: Any) -> None:
    async def scenario() -> None:
        crashed = bench.open(checkpoint_seconds=3600)
        crashed.inbox.offer(bench.publish(b"a", b"b", b"c"))
        await eventually(lambda: bench.processed == 3)
        async with bench.opened() as partition:
            partition.inbox.offer(bench.publish(b"d"))
            await eventually(lambda: bench.processed == 4)

    bench.run(scenario)

    assert asyncio.run(bench.texts()) == ["1a", "2b", "3c", "4d"]
    assert [dict(fold.counts) for fold in bench.folds] == [{b"p1": 3}, {b"p1": 4}]
    assert bench.processed == 4


def test_what_was_folded_already_is_skipped(bench: Any) -> None:
    async def scenario() -> None:
        async with bench.opened() as partition:
            records = bench.publish(b"a", b"b", b"c")
            partition.inbox.offer(records[:2])
            partition.inbox.offer(records)
            partition.inbox.offer(records)
            await eventually(lambda: bench.processed == 3 and partition.inbox.is_empty)

    bench.run(scenario)

    assert asyncio.run(bench.texts()) == ["1a", "2b", "3c"]


def test_what_was_not_delivered_is_read_again(bench: Any) -> None:
    async def scenario() -> None:
        async with bench.opened() as partition:
            partition.inbox.offer(bench.publish(b"a", b"b", b"c")[2:])
            await eventually(lambda: bench.processed == 3)

    bench.run(scenario)

    assert asyncio.run(bench.texts()) == ["1a", "2b", "3c"]


def test_what_was_never_delivered_is_read_when_the_log_goes_on(bench: Any) -> None:
    async def scenario() -> None:
        async with bench.opened(checkpoint_seconds=0.2):
            bench.publish(b"a", b"b")
            bench.end_of_log = 2
            await eventually(lambda: bench.processed == 2)

    bench.run(scenario)

    assert asyncio.run(bench.texts()) == ["1a", "2b"]


def test_a_big_batch_becomes_several_transactions(bench: Any) -> None:
    async def scenario() -> None:
        async with bench.opened(transaction_records=10) as partition:
            partition.inbox.offer(bench.publish(*[b""] * 25))
            await eventually(lambda: bench.processed == 25)

    bench.run(scenario)

    assert bench.metrics.registry.get_sample_value("vigil_transactions_total") == 3
    assert len(asyncio.run(bench.texts())) == 25


def test_what_a_gateway_sent_is_counted_when_it_is_committed_and_not_again_when_it_is_caught_up_on(bench: Any) -> None:
    async def scenario() -> None:
        crashed = bench.open(checkpoint_seconds=3600)
        crashed.inbox.offer(bench.publish(b"reading", b"no reading", b"reading"))
        await eventually(lambda: bench.processed == 3)
        async with bench.opened() as partition:
            partition.inbox.offer(bench.publish(b"reading"))
            await eventually(lambda: bench.processed == 4)

    bench.run(scenario)

    labels = {"gateway": "g1", "device_type": "monitor"}
    assert bench.folds[1].counts == {b"p1": 4}
    assert bench.metrics.registry.get_sample_value("vigil_gateway_readings_total", labels) == 3


def test_outputs_and_checkpoints_larger_than_a_batch_are_written(bench: Any) -> None:
    big = b"x" * 900_000

    async def scenario() -> None:
        async with bench.opened() as partition:
            bench.folds[0].padding = b" " * 700_000
            partition.inbox.offer(
                [*bench.publish(big, big), *bench.publish(b"", key=b"p2"), *bench.publish(b"", key=b"p3")]
            )
            await eventually(lambda: bench.processed == 4)
        async with bench.opened() as partition:
            assert partition.checkpoint_bytes > 2_000_000

    bench.run(scenario)

    assert [len(text) for text in asyncio.run(bench.texts())] == [900_001, 900_001, 1, 1]
    assert bench.folds[1].counts == {b"p1": 2, b"p2": 1, b"p3": 1}


def test_a_partition_that_was_taken_over_leaves_and_writes_nothing(bench: Any) -> None:
    async def scenario() -> None:
        overtaken = bench.open()
        await eventually(lambda: overtaken.is_restored)
        async with bench.opened() as partition:
            records = bench.publish(b"a")
            overtaken.inbox.offer(records)
            await eventually(lambda: bool(bench.left))
            partition.inbox.offer(records)
            await eventually(lambda: bench.processed == 1)

    bench.run(scenario)

    assert bench.left == [(ExitCode.FENCED, "partition 0 was taken over by another worker")]
    assert asyncio.run(bench.texts()) == ["1a"]


def test_input_deleted_beyond_the_checkpoint_is_an_error_not_a_fresh_start(bench: Any) -> None:
    async def scenario() -> None:
        crashed = bench.open(checkpoint_seconds=3600)
        crashed.inbox.offer(bench.publish(b"a", b"b", b"c"))
        await eventually(lambda: bench.processed == 3)
        delete_before(bench, 2)
        bench.open()
        await eventually(lambda: bool(bench.left))

    bench.run(scenario)

    ((code, reason),) = bench.left
    assert code is ExitCode.UNUSABLE
    assert "begins at 2, after the checkpoint at 0" in reason


def test_input_deleted_before_its_turn_is_an_error(bench: Any) -> None:
    async def scenario() -> None:
        async with bench.opened() as partition:
            records = bench.publish(b"a", b"b", b"c")
            delete_before(bench, 2)
            partition.inbox.offer(records[2:])
            await eventually(lambda: bool(bench.left))

    bench.run(scenario)

    ((code, reason),) = bench.left
    assert code is ExitCode.UNUSABLE
    assert "records 0 to 1 were deleted before their turn" in reason
    assert committed(bench) == 0


def test_a_new_group_begins_where_the_log_begins_now_and_can_restart(bench: Any) -> None:
    async def scenario() -> None:
        bench.publish(b"a", b"b", b"c")
        delete_before(bench, 2)
        crashed = bench.open()
        await eventually(lambda: crashed.is_restored)
        async with bench.opened() as partition:
            assert partition.is_restored

    bench.run(scenario)

    assert committed(bench) == 2
    assert not bench.left


@pytest.mark.parametrize(
    ("marker", "complaint"),
    [
        (b'{"v": 2, "partition": 0, "offset": 0}', "has a format that this version does not know"),
        (b"garbage", "has a format that this version does not know"),
        (b'{"v": 1, "partition": 3, "offset": 0}', "was written for partition 3"),
        (b'{"v": 1, "partition": 0, "offset": 0}', "no committed offset"),
    ],
)
def test_a_checkpoint_that_is_not_understood_is_an_error(bench: Any, marker: bytes, complaint: str) -> None:
    async def scenario() -> None:
        producer = KafkaProducer(**bench.connection.for_kafka_python())
        producer.send(topic_name(bench.prefix, "checkpoints"), marker, MARKER_KEY, partition=0).get(20)
        producer.close()
        bench.open()
        await eventually(lambda: bool(bench.left))

    bench.run(scenario)

    ((code, reason),) = bench.left
    assert code is ExitCode.UNUSABLE
    assert complaint in reason


def test_an_error_in_the_fold_itself_commits_nothing(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with bench.opened() as partition:
            monkeypatch.setattr(bench.folds[0], "advance", lambda *_, **__: 1 / 0)
            partition.inbox.offer(bench.publish(b"a"))
            await eventually(lambda: bool(bench.left))

    bench.run(scenario)

    assert [code for code, _ in bench.left] == [ExitCode.FAILED]
    assert committed(bench) == 0


def test_a_stop_does_not_wait_for_a_broker_that_does_not_answer(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any) -> None:
        await asyncio.Event().wait()

    async def scenario() -> None:
        partition = bench.open(stop_timeout_seconds=0.2)
        await eventually(lambda: partition.is_restored)
        monkeypatch.setattr(TransactionLog, "commit", never)
        partition.inbox.offer(bench.publish(b"a"))
        await eventually(lambda: partition.busy_since is not None)
        with pytest.raises(Exception, match="does not answer"):
            await partition.close()

    bench.run(scenario)

    assert [code for code, _ in bench.left] == [ExitCode.UNANSWERED]


def test_a_close_in_the_middle_of_a_restore_lets_go(bench: Any) -> None:
    async def scenario() -> None:
        partition = bench.open()
        await partition.close()
        assert not partition.is_restored

    bench.run(scenario)

    assert not bench.left


def committed(bench: Any) -> int | None:
    """The offset of partition 0 that the group has committed."""
    admin = KafkaAdminClient(**bench.connection.for_kafka_python())
    try:
        offsets = admin.list_group_offsets(f"vigil-{bench.prefix}").get(f"vigil-{bench.prefix}", {})
    finally:
        admin.close()
    found = {place.partition: where.offset for place, where in offsets.items()}
    return found.get(0)


def delete_before(bench: Any, offset: int) -> None:
    log = topic_name(bench.prefix, "patient-events")
    admin = KafkaAdminClient(**bench.connection.for_kafka_python())
    try:
        admin.delete_records({KafkaPythonPartition(log, 0): offset})
    finally:
        admin.close()
