"""The partitions that a worker holds."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

import streams.held
from streams.held import HeldPartitions
from streams.inbox import Inbox
from streams.metrics import Metrics

ZERO, ONE = TopicPartition("log", 0), TopicPartition("log", 1)


class Partition:
    """Takes the place of a real partition."""

    def __init__(self, number: int, _: Any) -> None:
        self.number = number
        self.inbox = Inbox(limit=100)
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> HeldPartitions:
    monkeypatch.setattr(streams.held, "Partition", Partition)
    around: Any = SimpleNamespace(metrics=Metrics())
    return HeldPartitions(around)


def batch(*offsets: int) -> Any:
    return [SimpleNamespace(offset=offset, timestamp=0, key=None, value=b"") for offset in offsets]


def taken(partition: Any) -> list[int]:
    return [record.offset for record in asyncio.run(partition.inbox.take(0))]


def test_an_assigned_partition_is_opened_though_no_record_comes(held: HeldPartitions) -> None:
    held.assign([ZERO, ONE])

    assert [partition.number for partition in held.all()] == [0, 1]
    assert held.was_assigned


def test_a_batch_reaches_its_partition(held: HeldPartitions) -> None:
    held.assign([ZERO, ONE])

    held.feed(ONE, batch(5, 6))

    assert [taken(partition) for partition in held.all()] == [[], [5, 6]]


def test_a_batch_that_comes_before_the_word_of_the_assignment_is_kept(held: HeldPartitions) -> None:
    held.feed(ZERO, batch(5, 6))

    held.assign([ZERO])

    assert taken(held.all()[0]) == [5, 6]


def test_a_partition_with_enough_to_do_is_full(held: HeldPartitions) -> None:
    held.assign([ZERO, ONE])
    held.feed(ZERO, batch(1))
    held.feed(ZERO, batch(2))

    assert held.full() == {ZERO}


def test_a_revoked_partition_is_closed_and_let_go(held: HeldPartitions) -> None:
    held.assign([ZERO, ONE])
    zero: Any = held.all()[0]

    asyncio.run(held.revoke({ZERO}))

    assert zero.is_closed
    assert [partition.number for partition in held.all()] == [1]
