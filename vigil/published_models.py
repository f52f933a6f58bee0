"""The versions of a model on a log: reading what was published, and going back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from models import codec
from models.events import ModelName, ModelPublished, ModelWithdrawn, Quality
from models.risk.prediction import UnusableModel
from models.risk.registry import Registry
from streams.topics import PARTITIONS, topic_name
from vigil.log_reader import read_topics
from vigil.log_writer import write


class PublishedVersion(Struct, frozen=True):
    """One version as the log of partition 0 tells of it."""

    version: int
    at: datetime
    by: str
    quality: Quality
    withdrawn_by: str | None = None
    reason: str | None = None


class ModelLog:
    """What was published and withdrawn of one model, in the order of the log, and what workers make of it."""

    def __init__(self, model: ModelName = "deterioration") -> None:
        self._model = model
        self.published: dict[int, ModelPublished] = {}
        self.withdrawn: dict[int, ModelWithdrawn] = {}
        self._registry = Registry()

    @property
    def kept(self) -> list[int]:
        """The versions that workers can still score with, the lowest first; the last one is in force."""
        return [each.version for each in self._registry.kept]

    @property
    def in_force(self) -> int | None:
        """The version that foretells now."""
        return self.kept[-1] if self.kept else None

    def versions(self) -> list[PublishedVersion]:
        """Every version that came into force, the lowest first, and whether it was withdrawn again."""
        return [self.summary(version) for version in self.published]

    def summary(self, version: int) -> PublishedVersion:
        """One version in short; raises KeyError where it never came into force."""
        model, withdrawal = self.published[version], self.withdrawn.get(version)
        return PublishedVersion(
            version,
            model.at,
            model.by,
            model.quality,
            None if withdrawal is None else withdrawal.by,
            None if withdrawal is None else withdrawal.reason,
        )

    def take(self, value: bytes) -> None:
        """Takes one record of the log; what is of no model, or can't be used, changes nothing."""
        try:
            event = codec.decode(value)
        except codec.Undecodable:
            return
        if not isinstance(event, ModelPublished | ModelWithdrawn) or event.model != self._model:
            return
        if isinstance(event, ModelPublished):
            self._publish(event)
        else:
            self._registry.withdraw(event)
            for version in self.published:
                if version >= event.version:
                    self.withdrawn.setdefault(version, event)

    def _publish(self, model: ModelPublished) -> None:
        is_new = model.version > self._registry.latest
        try:
            self._registry.publish(model)
        except UnusableModel:
            return
        if is_new:
            self.published[model.version] = model


def read_models(client: Mapping[str, Any], prefix: str, model: ModelName) -> ModelLog:
    """All that a log tells of a model."""
    found = ModelLog(model)
    for records in read_topics(client, [topic_name(prefix, "patient-events")], partitions=[0]):
        for record in records:
            if record.value is not None and b'"Model' in record.value:
                found.take(record.value)
    return found


def described(found: PublishedVersion) -> str:
    """A version and how well it and those before it foretold, for people."""
    quality = found.quality
    auroc = f"AUROC {figure(quality.auroc)} (NEWS2 alone {figure(quality.news2_auroc)})"
    return f"version {found.version}: {auroc}, Brier {figure(quality.brier)} on {quality.examples:,} examples"


def withdraw(client: Mapping[str, Any], prefix: str, withdrawal: ModelWithdrawn) -> int:
    """Tells every partition that versions are not trusted any more, and returns how many partitions there are."""
    value = codec.encode(withdrawal)
    write(client, prefix, ((partition, None, value) for partition in range(PARTITIONS)))
    return PARTITIONS


def figure(value: float | None) -> str:
    """A figure as it is told, to three decimals."""
    return "-" if value is None else f"{value:.3f}"
