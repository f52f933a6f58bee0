"""The table of topics, and topics on a real Kafka."""

import uuid
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import MessageSizeTooLargeError
from kafka.structs import OffsetAndMetadata, TopicPartition

from models.events import Output
from streams.settings import Connection
from streams.topics import (
    _BY_OUTPUT,
    TOPICS,
    TopicError,
    create_topics,
    delete_topics,
    existing_topics,
    output_partition,
    topic_name,
)

BY_NAME = {topic.name: topic for topic in TOPICS}


@pytest.fixture
def client(broker: str) -> dict[str, Any]:
    return Connection(bootstrap_servers=broker).for_kafka_python()


@pytest.fixture
def prefix() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def admin(client: dict[str, Any]) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(**client)
    yield admin
    admin.close()


def test_every_output_has_a_topic_of_the_table() -> None:
    assert {output.__name__: _BY_OUTPUT[output] for output in get_args(Output)} == {
        "Assessment": "assessments",
        "Alert": "alerts",
        "Recommendation": "recommendations",
        "AnswerResult": "answers",
        "Example": "examples",
        "StayExample": "examples",
        "StayEnded": "examples",
        "DeadLetter": "dead-letters",
    }
    assert set(_BY_OUTPUT.values()) <= BY_NAME.keys()


def test_nothing_that_the_input_lets_in_is_too_large_for_an_output() -> None:
    input_bytes = BY_NAME["patient-events"].max_record_bytes

    assert BY_NAME["dead-letters"].max_record_bytes > input_bytes
    assert BY_NAME["assessments"].max_record_bytes >= 6 * input_bytes


def test_outputs_have_as_many_partitions_as_the_input_but_for_what_the_one_learner_reads_and_keeps() -> None:
    several = {topic.partitions for topic in TOPICS if topic.name not in {"examples", "learner-checkpoints"}}

    assert several == {BY_NAME["patient-events"].partitions}
    assert output_partition("alerts", 5) == 5
    assert output_partition("examples", 5) == 0


def test_topics_are_created_once(client: dict[str, Any], prefix: str) -> None:
    everything = sorted(topic_name(prefix, topic.name) for topic in TOPICS)

    assert create_topics(client, prefix) == everything
    assert create_topics(client, prefix) == []
    assert existing_topics(client, prefix) == everything


def test_checkpoints_are_compacted_and_time_is_that_of_the_wall(
    client: dict[str, Any], prefix: str, admin: KafkaAdminClient
) -> None:
    create_topics(client, prefix)

    checkpoints = configs(admin, topic_name(prefix, "checkpoints"))
    log = configs(admin, topic_name(prefix, "patient-events"))

    assert checkpoints["cleanup.policy"] == "compact"
    assert checkpoints["max.compaction.lag.ms"] == "60000"
    assert checkpoints["min.cleanable.dirty.ratio"] == "0.1"
    assert log["message.timestamp.type"] == "LogAppendTime"
    assert log["cleanup.policy"] == "delete"


def test_a_topic_with_other_partitions_is_told(client: dict[str, Any], prefix: str, admin: KafkaAdminClient) -> None:
    admin.create_topics({topic_name(prefix, "alerts"): {"num_partitions": 3}}, wait_for_metadata=True)

    with pytest.raises(TopicError, match=r"alerts has 3 partitions, but Vigil needs 8"):
        create_topics(client, prefix)


def test_a_fresh_start_removes_topics_and_what_was_committed(
    client: dict[str, Any], prefix: str, admin: KafkaAdminClient
) -> None:
    group, log = f"vigil-{prefix}", TopicPartition(topic_name(prefix, "patient-events"), 0)
    assert delete_topics(client, prefix, group) == []
    create_topics(client, prefix)
    admin.alter_group_offsets(group, {log: OffsetAndMetadata(0, "", -1)})

    assert delete_topics(client, prefix, group)
    assert existing_topics(client, prefix) == []
    assert not admin.list_group_offsets(group).get(group)
    assert create_topics(client, prefix)


def test_topics_whose_workers_still_run_are_not_removed(client: dict[str, Any], prefix: str) -> None:
    create_topics(client, prefix)
    worker = KafkaConsumer(topic_name(prefix, "patient-events"), **client, group_id=f"vigil-{prefix}")
    worker.poll(timeout_ms=5_000)

    with pytest.raises(TopicError, match="still run: stop them first"):
        delete_topics(client, prefix, f"vigil-{prefix}", timeout_seconds=0.2)

    assert existing_topics(client, prefix)
    worker.close()


def test_the_broker_refuses_what_is_too_large_for_the_input(client: dict[str, Any], prefix: str) -> None:
    create_topics(client, prefix)
    producer = KafkaProducer(**client, max_request_size=10_000_000, retries=0)

    sent = producer.send(topic_name(prefix, "patient-events"), b"x" * 2_000_000)

    with pytest.raises(MessageSizeTooLargeError):
        sent.get(20)
    producer.close()


def configs(admin: KafkaAdminClient, topic: str) -> dict[str, str]:
    resource = ConfigResource(ConfigResourceType.TOPIC, topic)
    described = admin.describe_configs([resource], config_filter="all")["topic"][topic]
    return {name: config["value"] for name, config in described.items()}
