"""The feed against a real Kafka."""

import gc
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models.partitioning import partition_of
from producers.entry import Entry
from producers.feed import Feed, FeedFailed
from streams.settings import Connection
from streams.topics import create_topics, topic_name
from tests.waiting import until
from vigil.broker import Broker
from vigil.log_reader import read_topics


@pytest.fixture
def connection(broker: str) -> Connection:
    return Connection(bootstrap_servers=broker)


@pytest.fixture
def log(connection: Connection) -> str:
    prefix = f"replay-{uuid.uuid4().hex}"
    create_topics(connection.for_kafka_python(), prefix)
    return topic_name(prefix, "patient-events")


@pytest.fixture
def read_back(connection: Connection, log: str) -> Callable[[], list[Any]]:
    return lambda: [
        record for batch in read_topics(connection.for_aiokafka(), [log], in_order=True) for record in batch
    ]


@pytest.fixture
def forgotten_sockets(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Collects the sockets of refused connections here, before a log record can hold them: kafka-python closes none."""
    with caplog.at_level(logging.CRITICAL, logger="kafka"):
        yield
    gc.collect()


refuses_connections = pytest.mark.filterwarnings("ignore:.*socket.socket.*:pytest.PytestUnraisableExceptionWarning")


def test_it_knows_how_many_of_its_records_stand_before_an_offset(connection: Connection, log: str) -> None:
    with Feed(log, connection.for_kafka_python()) as feed:
        for number, is_tick in enumerate([True, False, True, False, True]):
            feed.publish(Entry(b"{}", f"r{number}", partition=3, is_tick=is_tick))

    told = [feed.published_before({3: offset}) for offset in range(6)]

    assert told == [0, 0, 1, 1, 2, 2]
    assert feed.published_before({}) == 0


def test_each_patient_has_one_partition_and_keeps_the_order(
    connection: Connection, log: str, read_back: Callable[[], list[Any]]
) -> None:
    entries = [Entry(b"%d" % number, f"r{number}", b"p%d" % (number % 50)) for number in range(3000)]

    with Feed(log, connection.for_kafka_python()) as feed:
        for entry in entries:
            feed.publish(entry)

    found = read_back()
    assert feed.published == len(found) == 3000
    assert {record.partition for record in found} == set(range(8))
    assert all(record.partition == partition_of(record.key.decode(), 8) for record in found)
    for partition in range(8):
        numbers = [int(record.value) for record in found if record.partition == partition]
        assert numbers == sorted(numbers)


def test_the_highest_confirmed_offset_of_each_partition_is_known(
    connection: Connection, log: str, read_back: Callable[[], list[Any]]
) -> None:
    with Feed(log, connection.for_kafka_python()) as feed:
        for number in range(100):
            feed.publish(Entry(b"x", "x", partition=number % 3, is_tick=number % 2 == 0))

    assert (feed.published, feed.ticks) == (50, 50)
    assert feed.acknowledged == {0: 33, 1: 32, 2: 32}
    assert {record.partition: record.offset for record in read_back()} == feed.acknowledged


def test_a_record_that_is_too_large_is_refused_by_name_and_the_rest_goes(
    connection: Connection, log: str, read_back: Callable[[], list[Any]]
) -> None:
    with Feed(log, connection.for_kafka_python()) as feed:
        assert feed.publish(Entry(b"a", "line 1"))
        assert not feed.publish(Entry(b"b" * 1024 * 1024, "line 2"))
        assert feed.publish(Entry(b"c", "line 3"))

    assert [refusal.name for refusal in feed.refused] == ["line 2"]
    assert [record.value for record in read_back()] == [b"a", b"c"]


def test_the_largest_record_that_is_not_refused_arrives(
    connection: Connection, log: str, read_back: Callable[[], list[Any]]
) -> None:
    value = b"b" * (1024 * 1024 - 128)

    with Feed(log, connection.for_kafka_python()) as feed:
        feed.publish(Entry(value, "line 1"))

    assert not feed.refused
    assert [record.value for record in read_back()] == [value]


def test_a_topic_that_is_not_there_is_told(connection: Connection) -> None:
    with pytest.raises(FeedFailed, match="there is no topic"):
        Feed("nowhere.patient-events", connection.for_kafka_python())


def publish_and_wait(feed: Feed) -> None:
    """Publishes one record and waits until it is confirmed."""
    feed.publish(Entry(b"b", "line 2"))
    feed.flush()


def publish_slowly(feed: Feed) -> None:
    """Publishes a record now and then for at most four times as long as the feed waits for a broker."""

    def published() -> bool:
        feed.publish(Entry(b"b", "line 2"))
        return False

    until(published, "the feed gives up", seconds=12)


@refuses_connections
@pytest.mark.usefixtures("forgotten_sockets")
@pytest.mark.parametrize("go_on", [publish_and_wait, publish_slowly])
def test_a_broker_that_goes_away_for_too_long_ends_the_feed(go_on: Callable[[Feed], None], tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        client = {"bootstrap_servers": [broker.address]}
        create_topics(client, "replay-x")
        with closing(Feed("replay-x.patient-events", client, timeout_seconds=3)) as feed:
            feed.publish(Entry(b"a", "line 1"))
            feed.flush()
            broker.stop()

            with pytest.raises(FeedFailed, match=r"can't deliver .* 1 records are confirmed"):
                go_on(feed)

    assert not [thread for thread in threading.enumerate() if "producer" in thread.name]
