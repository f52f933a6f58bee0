"""Writing some records to the log of a prefix, and knowing that Kafka has them."""

from collections.abc import Iterable, Mapping
from typing import Any

from kafka import KafkaProducer

from streams.topics import topic_name

_TIMEOUT_SECONDS = 30

Placed = tuple[int, bytes | None, bytes]
"""A record with its partition and its key."""


def write(client: Mapping[str, Any], prefix: str, records: Iterable[Placed]) -> None:
    """Publishes records, and returns when the broker has confirmed all; raises KafkaError."""
    topic = topic_name(prefix, "patient-events")
    producer = KafkaProducer(**client, acks="all", enable_idempotence=True)
    try:
        futures = [producer.send(topic, value, key, partition=partition) for partition, key, value in records]
        for future in futures:
            future.get(_TIMEOUT_SECONDS)
    finally:
        producer.close()
