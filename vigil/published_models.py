"""The versions of the model on a log: reading what was published, and taking one back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kafka import KafkaProducer
from msgspec import Struct

from models import codec
from models.events import ModelPublished, ModelWithdrawn, Quality
from streams.topics import topic_name
from vigil.log_reader import read_topics

_TIMEOUT_SECONDS = 30


class PublishedVersion(Struct, frozen=True):
    """One version as the log of partition 0 tells of it."""

    version: int
    at: datetime
    by: str
    quality: Quality
    withdrawn_by: str | None = None
    reason: str | None = None


def published_versions(client: Mapping[str, Any], prefix: str) -> list[PublishedVersion]:
    """Every version that came into force, the lowest first, and whether it was withdrawn again."""
    found: dict[int, PublishedVersion] = {}
    for records in read_topics(client, [topic_name(prefix, "patient-events")], partitions=[0]):
        for record in records:
            if record.value is not None and b'"Model' in record.value:
                _take(found, record.value)
    return list(found.values())


def described(found: PublishedVersion) -> str:
    """A version and how well it and those before it foretold, for people."""
    quality = found.quality
    auroc = f"AUROC {_figure(quality.auroc)} (NEWS2 alone {_figure(quality.news2_auroc)})"
    return f"version {found.version}: {auroc}, Brier {_figure(quality.brier)} on {quality.examples:,} examples"


def withdraw(client: Mapping[str, Any], prefix: str, withdrawal: ModelWithdrawn) -> int:
    """Tells every partition that a version is not trusted any more, and returns how many those are."""
    topic, value = topic_name(prefix, "patient-events"), codec.encode(withdrawal)
    producer = KafkaProducer(**client, acks="all", enable_idempotence=True)
    try:
        partitions = sorted(producer.partitions_for(topic))
        for future in [producer.send(topic, value, partition=partition) for partition in partitions]:
            future.get(_TIMEOUT_SECONDS)
    finally:
        producer.close()
    return len(partitions)


def _take(found: dict[int, PublishedVersion], value: bytes) -> None:
    try:
        event = codec.decode(value)
    except codec.Undecodable:
        return
    if isinstance(event, ModelPublished) and event.version > max(found, default=-1):
        found[event.version] = PublishedVersion(event.version, event.at, event.by, event.quality)
    if isinstance(event, ModelWithdrawn):
        for version, kept in found.items():
            if version >= event.version and kept.withdrawn_by is None:
                found[version] = PublishedVersion(version, kept.at, kept.by, kept.quality, event.by, event.reason)


def _figure(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.3f}"
