"""The live clock."""

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kafka.errors import KafkaConnectionError, KafkaTimeoutError

from models import codec
from models.events import Tick
from producers.ticker import Ticker

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class Producer:
    """Takes the place of kafka-python's producer; `failures` says how many sends fail first."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.sent: list[tuple[str, bytes, int]] = []
        self.is_closed = False

    def partitions_for(self, topic: str) -> set[int]:
        return {0, 1, 2}

    def send(self, topic: str, value: bytes, *, partition: int) -> Any:
        self.sent.append((topic, value, partition))
        return self

    def get(self, timeout: float) -> None:
        if self.failures:
            self.failures -= 1
            raise KafkaTimeoutError

    def close(self, timeout: float) -> None:
        self.is_closed = True


class Rounds(threading.Event):
    """Lets a ticker tick so many times, without waiting."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds = rounds
        self.waited: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        if len(self.waited) == self.rounds:
            self.set()
        return self.is_set()


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=5)
        return self.now


def test_each_partition_is_told_the_time() -> None:
    producer, rounds = Producer(), Rounds(2)

    Ticker("live.patient-events", {}, now=Clock(), open_producer=lambda _: producer).run(rounds)

    told = [(topic, codec.decode(value), partition) for topic, value, partition in producer.sent]
    first, second = (Tick(at=START + timedelta(seconds=seconds), origin="live") for seconds in (5, 10))
    assert told == [("live.patient-events", tick, partition) for tick in (first, second) for partition in (0, 1, 2)]
    assert rounds.waited == [5.0, 5.0]
    assert producer.is_closed


def test_a_broker_that_is_away_is_waited_for_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[Mapping[str, Any]] = []
    producer = Producer()

    def open_producer(client: Mapping[str, Any]) -> Producer:
        tries.append(client)
        if len(tries) < 4:
            raise KafkaConnectionError("nobody there")
        return producer

    with caplog.at_level(logging.WARNING):
        Ticker("t", {"bootstrap_servers": "x"}, now=Clock(), open_producer=open_producer).run(Rounds(5))

    assert len(producer.sent) == 6
    complaint, relief = caplog.messages
    assert complaint.startswith("no tick reaches t (KafkaConnectionError")
    assert relief.startswith("ticks again, after none since 2026-11-21T03:00:05")


def test_after_a_failure_a_new_producer_tells_the_new_time() -> None:
    producers = [Producer(failures=1), Producer()]
    opened = iter(producers)

    Ticker("t", {}, now=Clock(), open_producer=lambda _: next(opened)).run(Rounds(2))

    assert producers[0].is_closed
    times = [codec.decode(value) for _, value, _ in producers[1].sent]
    assert times == [Tick(at=START + timedelta(seconds=15), origin="live")] * 3
