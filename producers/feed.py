"""The way into the log: records published in order, counted, and none lost in silence."""

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError
from msgspec import Struct

from models.partitioning import partition_of
from producers.entry import Entry

_LIMIT = "max.message.bytes"
_LINGER_MS = 20
_BATCH_BYTES = 256 * 1024
_REQUEST_BYTES = 4 * 1024 * 1024
_GRACE_SECONDS = 5.0  # The producer gives up first, and says why.
_PENDING_RECORDS = 20_000
_PENDING_BYTES = 64 * 1024 * 1024
_OVERHEAD_BYTES = 128  # What Kafka adds to a record that travels alone, and some.
_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)


class FeedFailed(Exception):
    """Records could not be delivered; the message is one line that says what to do."""


class Refusal(Struct, frozen=True):
    """One record that the broker does not take, and why."""

    name: str
    reason: str


class Feed:
    """Publishes to one topic, idempotently, with `acks=all`, in the order given.

    A record over the topic's size limit, taken before compression so that its dead letter fits as well, is refused
    and told; any other failure is the end of the feed: what was sent after it may be missing.
    `client` holds kafka-python's arguments for the connection; `timeout_seconds` is how long a broker may be gone.
    """

    def __init__(self, topic: str, client: Mapping[str, Any], *, timeout_seconds: float = 60) -> None:
        self.topic = topic
        self.published = 0
        self.ticks = 0
        self.refused: list[Refusal] = []
        self.acknowledged: dict[int, int] = {}
        """The highest offset that the broker has confirmed, by partition."""
        self._published_offsets: dict[int, array[int]] = {}
        self._timeout_seconds = timeout_seconds
        self._max_bytes, self.partitions = _describe(topic, client, timeout_seconds)
        self._partition_of_key: dict[bytes | None, int] = {None: 0}
        self._pending: deque[tuple[Any, Entry]] = deque()
        self._pending_bytes = 0
        self._producer = _producer(client, timeout_seconds, self._max_bytes)

    def publish(self, entry: Entry) -> bool:
        """Sends one record, waiting only while too many are under way; false when it is refused for its size."""
        if is_too_large(entry, self._max_bytes):
            self._refuse(entry, f"larger than the topic's {self._max_bytes} bytes")
            return False
        partition = self.partition(entry)
        try:
            future = self._producer.send(self.topic, entry.value, entry.key, list(entry.headers), partition)
        except KafkaError as error:
            raise self._failure(error) from error
        self._pending.append((future, entry))
        self._pending_bytes += len(entry.value)
        self._settle(_PENDING_RECORDS, _PENDING_BYTES)
        return True

    def partition(self, entry: Entry) -> int:
        """Where a record goes: to its own partition, or its patient's; what nobody can place goes to 0."""
        if entry.partition is not None:
            return entry.partition
        found = self._partition_of_key.get(entry.key)
        if found is None:
            key = entry.key or b""
            found = self._partition_of_key[key] = partition_of(key.decode(errors="replace"), self.partitions)
        return found

    def published_before(self, offsets: Mapping[int, int]) -> int:
        """How many of the confirmed records, without ticks, stand before an offset of their partition."""
        return sum(bisect_left(own, offsets.get(place, 0)) for place, own in self._published_offsets.items())

    def flush(self) -> None:
        """Waits until the broker has confirmed everything."""
        self._settle(0, 0)

    def close(self) -> None:
        """Leaves; what is not confirmed yet is given up."""
        self._producer._sender.force_close()  # close() alone would wait for a broker that is gone.
        self._producer.close(timeout=_GRACE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None:
                self.flush()
        finally:
            self.close()

    def _settle(self, records: int, size: int) -> None:
        """Takes what is confirmed by now, in order, and waits until at most so many records and bytes are under way.

        So a slow feed, too, hears within the timeout that a record could not be delivered.
        """
        pending = self._pending
        while pending and (pending[0][0].is_done or len(pending) > records or self._pending_bytes > size):
            self._confirm(*pending.popleft())

    def _confirm(self, future: Any, entry: Entry) -> None:  # kafka-python ships no types
        self._pending_bytes -= len(entry.value)
        try:
            sent = future.get(self._timeout_seconds + _GRACE_SECONDS)
        except _TOO_LARGE as error:
            return self._refuse(entry, str(error))
        except KafkaError as error:
            raise self._failure(error) from error
        self.acknowledged[sent.partition] = max(sent.offset, self.acknowledged.get(sent.partition, -1))
        if entry.is_tick:
            self.ticks += 1
        else:
            self.published += 1
            self._published_offsets.setdefault(sent.partition, array("q")).append(sent.offset)
        return None

    def _refuse(self, entry: Entry, reason: str) -> None:
        self.refused.append(Refusal(entry.name, reason))

    def _failure(self, error: KafkaError) -> FeedFailed:
        return FeedFailed(
            f"can't deliver to {self.topic} ({type(error).__name__}: {error}); {self.published} records are confirmed: "
            "see that the broker runs, then feed again into a new run"
        )


def is_too_large(entry: Entry, max_bytes: int) -> bool:
    """Whether a record is over the size that a topic takes, by its bytes before compression."""
    return len(entry.value) + len(entry.key or b"") + _OVERHEAD_BYTES > max_bytes


def _describe(topic: str, client: Mapping[str, Any], timeout_seconds: float) -> tuple[int, int]:
    """The largest record that the topic takes, in bytes, and its number of partitions."""
    arguments = {**client, "bootstrap_timeout_ms": int(timeout_seconds * 1000)}
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, [_LIMIT])
    try:
        with closing(KafkaAdminClient(**arguments)) as admin:
            description = admin.describe_topics([topic])[0]
            if description["error_code"]:
                raise FeedFailed(f"there is no topic {topic}: make it with `vigil topics create`")
            configs = admin.describe_configs([resource], config_filter="all")
            return int(configs["topic"][topic][_LIMIT]["value"]), len(description["partitions"])
    except KafkaError as error:
        raise FeedFailed(f"no broker answers ({error}): see that it runs, or name another with --broker") from error


def _producer(client: Mapping[str, Any], timeout_seconds: float, max_bytes: int) -> Any:  # kafka-python ships no types
    """One batch of a partition is under way at a time, so no retry can change the order.

    Compression pays twice: kafka-python computes its checksums in Python, and then over fewer bytes.
    """
    timeout_ms = int(timeout_seconds * 1000)
    return KafkaProducer(
        **{
            **client,
            "acks": "all",
            "enable_idempotence": True,
            "max_in_flight_requests_per_connection": 1,
            "compression_type": "gzip",
            "batch_size": min(_BATCH_BYTES, max_bytes),
            "linger_ms": _LINGER_MS,
            "max_request_size": max(_REQUEST_BYTES, max_bytes),
            "max_block_ms": timeout_ms,
            "request_timeout_ms": min(30_000, timeout_ms - _LINGER_MS),
            "delivery_timeout_ms": timeout_ms,
            "bootstrap_timeout_ms": timeout_ms,
            "metrics_enabled": False,
        }
    )
