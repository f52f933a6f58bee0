"""One partition's transactions: outputs, checkpoint and input offset together, or not at all."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from streams.outgoing import Outgoing
from streams.topics import output_partition, topic_name

_BATCH_BYTES = 512 * 1024  # 1,000 checkpoint entries of 3 KB take 30 ms, instead of 150 ms with the default of 16 KB.

# Kafka 4 answers "not enough replicas" while it still ends the transaction before; the default of 100 ms is latency.
_RETRY_MS = 20


class TransactionLog:
    """The only writer of one partition's outputs: opening it shuts out whoever wrote before, dead or asleep.

    After any error it must not be used again: the client's sequence numbers are wrong from then on.
    """

    def __init__(
        self, source: TopicPartition, *, client: Mapping[str, Any], prefix: str, group: str, timeout_seconds: float
    ) -> None:
        self._source = source
        self._prefix = prefix
        self._group = group
        self._producer = AIOKafkaProducer(
            **client,
            transactional_id=f"{group}-{source.topic}-{source.partition}",
            transaction_timeout_ms=int(timeout_seconds * 1000),
            max_batch_size=_BATCH_BYTES,
            retry_backoff_ms=_RETRY_MS,
        )

    async def open(self) -> None:
        """Fences the writer before this one and ends what it left open."""
        await self._producer.start()

    async def commit(self, records: Iterable[Outgoing], following: int) -> None:
        """Writes records and the offset of the next input in one transaction."""
        await self._producer.begin_transaction()
        sent = [await self._send(topic, same) for topic, same in _by_topic(records).items()]
        offsets = {self._source: OffsetAndMetadata(following, "")}
        await self._producer.send_offsets_to_transaction(offsets, self._group)
        # Before the commit: the client would commit over a batch that failed.
        await asyncio.gather(*(future for futures in sent for future in futures))
        await self._producer.commit_transaction()

    async def reach_broker(self) -> bool:
        """Whether a broker answers; may take long."""
        return bool(await self._producer.client.force_metadata_update())

    async def close(self) -> None:
        """Closes the connections; may hang when the broker is gone."""
        await self._producer.stop()

    async def _send(self, topic: str, records: list[Outgoing]) -> list[asyncio.Future[Any]]:
        """Hands whole batches to the client, which costs a tenth of handing it each record."""
        full_name, partition = topic_name(self._prefix, topic), output_partition(topic, self._source.partition)
        futures, batch = [], self._producer.create_batch()
        for record in records:
            # A batch takes its first record whatever the size, so one too large for a batch travels alone.
            if not _append(batch, record):
                futures.append(await self._producer.send_batch(batch, full_name, partition=partition))
                batch = self._producer.create_batch()
                _append(batch, record)
        batch.close()
        futures.append(await self._producer.send_batch(batch, full_name, partition=partition))
        return futures


def _by_topic(records: Iterable[Outgoing]) -> dict[str, list[Outgoing]]:
    topics: dict[str, list[Outgoing]] = {}
    for record in records:
        topics.setdefault(record.topic, []).append(record)
    return topics


def _append(batch: Any, record: Outgoing) -> bool:  # Any: the client's builder has no public type.
    return batch.append(timestamp=None, key=record.key, value=record.value, headers=list(record.headers)) is not None
