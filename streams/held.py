"""The partitions that this worker holds."""

import asyncio
from collections.abc import Iterable
from typing import Any

from aiokafka import TopicPartition

from streams.partition import Partition, Surroundings


class HeldPartitions:
    """Opens partitions when they are assigned, feeds them, and closes them when they are revoked."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._held: dict[TopicPartition, Partition] = {}
        self._early: dict[TopicPartition, list[list[Any]]] = {}
        self.was_assigned = False

    def all(self) -> list[Partition]:
        """Every partition held now."""
        return list(self._held.values())

    def full(self) -> set[TopicPartition]:
        """Those for which fetching should wait."""
        return {source for source, partition in self._held.items() if partition.inbox.is_full}

    def assign(self, sources: Iterable[TopicPartition]) -> None:
        """Opens what is not held yet, whether or not a record waits in it."""
        self.was_assigned = True
        early, self._early = self._early, {}
        for source in sources:
            if source not in self._held:
                self._held[source] = Partition(source.partition, self._around)
            for batch in early.get(source, ()):
                self._held[source].inbox.offer(batch)

    def feed(self, source: TopicPartition, batch: list[Any]) -> None:  # Any: records of the Kafka client.
        """Gives a partition a fetched batch; the first may come before the word that it is assigned."""
        if partition := self._held.get(source):
            self._around.metrics.received(len(batch))
            partition.inbox.offer(batch)
        else:
            self._early.setdefault(source, []).append(batch)

    async def revoke(self, sources: Iterable[TopicPartition]) -> None:
        """Closes partitions, side by side."""
        closing = [self._held.pop(source) for source in list(sources) if source in self._held]
        await asyncio.gather(*(partition.close() for partition in closing))

    async def close(self) -> None:
        """Closes all of them."""
        await self.revoke(self._held)
