"""The topics: one table of names, partitions, retention and sizes, and how to make and remove them."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupIdNotFoundError,
    NonEmptyGroupError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
    for_code,
)

from models.events import (
    Alert,
    AnswerResult,
    Assessment,
    DeadLetter,
    Example,
    Output,
    Recommendation,
    StayEnded,
    StayExample,
)

PARTITIONS = 8
CURRENT = "alerts-current"
_DAY_MS = 24 * 60 * 60 * 1000
_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One row of the table.

    `retention_ms` is by the wall clock of the broker: event time there would let retention delete a replay of old
    recordings.
    """

    name: str
    partitions: int = PARTITIONS
    retention_ms: int = 30 * _DAY_MS
    max_record_bytes: int = 8 * _MIB
    more: Mapping[str, str] = field(default_factory=dict)

    def configs(self) -> dict[str, str]:
        """The broker's settings of this topic."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(self.max_record_bytes),
            "message.timestamp.type": "LogAppendTime",
            **self.more,
        }


_COMPACTED = {
    "cleanup.policy": "compact",
    "segment.bytes": str(32 * _MIB),
    "min.cleanable.dirty.ratio": "0.1",
    "max.compaction.lag.ms": "60000",
}

# An assessment tells each refused measurement again, in up to six times the bytes; a dead letter adds its reason. What
# the input lets in must never be too large for an output, or it would stop its partition.
TOPICS: tuple[Topic, ...] = (
    Topic(name="patient-events", max_record_bytes=_MIB),
    Topic(name="assessments"),
    Topic(name="alerts", retention_ms=90 * _DAY_MS),
    Topic(name=CURRENT, retention_ms=-1, more=_COMPACTED),
    Topic(name="recommendations", retention_ms=90 * _DAY_MS),
    Topic(name="dead-letters", retention_ms=90 * _DAY_MS),
    Topic(name="answers", retention_ms=90 * _DAY_MS),
    Topic(name="deliveries", retention_ms=90 * _DAY_MS),
    Topic(name="examples", partitions=1),
    Topic(name="checkpoints", retention_ms=-1, max_record_bytes=16 * _MIB, more=_COMPACTED),
    Topic(name="learner-checkpoints", partitions=1, retention_ms=-1, max_record_bytes=16 * _MIB, more=_COMPACTED),
)

_PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}
_BY_OUTPUT: dict[type[Output], str] = {
    Assessment: "assessments",
    Alert: "alerts",
    Recommendation: "recommendations",
    AnswerResult: "answers",
    Example: "examples",
    StayExample: "examples",
    StayEnded: "examples",
    DeadLetter: "dead-letters",
}


_FORGOTTEN = {"OK", GroupIdNotFoundError.__name__}
_NOT_YET = {NonEmptyGroupError.__name__, NotCoordinatorError.__name__, CoordinatorLoadInProgressError.__name__}


class TopicError(Exception):
    """The topics are not as they must be; the message is one line that says what to do."""


def topic_name(prefix: str, name: str) -> str:
    """The full name of a topic of the table."""
    return f"{prefix}.{name}"


def topic_of(output: Output) -> str:
    """The short name of the topic that an output goes to."""
    return _BY_OUTPUT[type(output)]


def output_partition(name: str, partition: int) -> int:
    """Where an output of that input partition goes: to the same one, unless its topic has only one."""
    return 0 if _PARTITIONS[name] == 1 else partition


def existing_topics(client: Mapping[str, Any], prefix: str) -> list[str]:
    """The full names of the topics of the table that exist."""
    with _admin(client) as admin:
        return sorted(_partitions(admin, prefix))


def create_topics(client: Mapping[str, Any], prefix: str) -> list[str]:
    """Makes the topics that are not there yet, names them, and checks the partitions of those that are."""
    with _admin(client) as admin:
        existing = _partitions(admin, prefix)
        wanted = {topic_name(prefix, topic.name): topic for topic in TOPICS}
        missing = wanted.keys() - existing.keys()
        if missing:
            _create(admin, {name: wanted[name] for name in missing})
        for name, partitions in existing.items():
            _check(name, partitions, wanted[name])
        return sorted(missing)


def delete_topics(client: Mapping[str, Any], prefix: str, *groups: str, timeout_seconds: float = 10) -> list[str]:
    """Removes the topics of a run and what its groups committed, so that it can start afresh, and names them.

    A worker that has just stopped counts as a member until its session times out.
    """
    with _admin(client) as admin:
        for group in groups:
            complaint = f"workers of group {group} still run: stop them first"
            _wait_until(partial(_is_forgotten, admin, group), timeout_seconds, complaint)
        existing = sorted(_partitions(admin, prefix))
        if existing:
            admin.delete_topics(existing)
            _wait_until(lambda: not _partitions(admin, prefix), timeout_seconds, f"topics {prefix}.* do not go away")
        return existing


@contextmanager
def _admin(client: Mapping[str, Any]) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(**client)
    try:
        yield admin
    finally:
        admin.close()


def _partitions(admin: KafkaAdminClient, prefix: str) -> dict[str, int]:
    """How many partitions each existing topic of the table has."""
    names = [topic_name(prefix, topic.name) for topic in TOPICS]
    return {
        found["name"]: len(found["partitions"]) for found in admin.describe_topics(names) if not found["error_code"]
    }


def _check(name: str, partitions: int, topic: Topic) -> None:
    if partitions != topic.partitions:
        raise TopicError(
            f"topic {name} has {partitions} partitions, but Vigil needs {topic.partitions}: "
            "use another prefix, or delete the topic (patients would change places if it were altered)"
        )


def _create(admin: KafkaAdminClient, topics: Mapping[str, Topic]) -> None:
    """Makes topics that another worker may be making at the same time."""
    rows = {name: {"num_partitions": topic.partitions, "configs": topic.configs()} for name, topic in topics.items()}
    created = admin.create_topics(rows, raise_errors=False)
    for answer in created["topics"]:
        error = for_code(answer["error_code"])
        if answer["error_code"] and error is not TopicAlreadyExistsError:
            raise TopicError(f"topic {answer['name']} can't be made: {answer['error_message'] or error.__name__}")
    admin.wait_for_topics(list(topics), timeout_ms=30_000)


def _is_forgotten(admin: KafkaAdminClient, group: str) -> bool:
    """Forgets what a group committed, and says whether that is done: not while it has members or no coordinator."""
    try:
        answer = admin.delete_groups([group])[group]
    except CoordinatorNotAvailableError:
        return False
    if answer not in _FORGOTTEN | _NOT_YET:
        raise TopicError(f"group {group} can't be deleted: {answer}")
    return answer in _FORGOTTEN


def _wait_until(is_done: Callable[[], bool], timeout_seconds: float, complaint: str) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not is_done():
        if time.monotonic() > deadline:
            raise TopicError(complaint)
        time.sleep(0.1)
