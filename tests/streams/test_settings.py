"""The connection settings reach every client, whole."""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from pydantic import ValidationError

import producers.ticker
import streams.restore
import streams.topics
import streams.transaction
import streams.transport
from producers.ticker import Ticker
from streams.learner import study
from streams.learner.metrics import LearnerMetrics
from streams.learner.settings import LearnerSettings
from streams.settings import Connection, WorkerSettings, origin_of
from vigil.broker.ports import free_port

ROOT = Path(__file__).parents[2]


class StopHereError(Exception):
    """The client was made; nothing more is to happen."""


class Recorder:
    """Takes the place of a client class and keeps the arguments."""

    def __init__(self) -> None:
        self.arguments: dict[str, Any] = {}

    def __call__(self, **arguments: Any) -> Any:
        self.arguments = arguments
        raise StopHereError


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=vigil", "-days", "1"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


@pytest.fixture
def connection(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A connection with all there is, from the environment."""
    values = {
        "BOOTSTRAP_SERVERS": "a:1,b:2",
        "SECURITY_PROTOCOL": "SASL_SSL",
        "SASL_MECHANISM": "SCRAM-SHA-512",
        "SASL_USERNAME": "vigil",
        "SASL_PASSWORD": "secret",
        "TLS_CA": str(certificate),
        "TLS_CERTIFICATE": str(certificate),
    }
    for name, value in values.items():
        monkeypatch.setenv(f"VIGIL_KAFKA_{name}", value)
    return Connection()


def assert_complete(arguments: dict[str, Any]) -> None:
    assert arguments["bootstrap_servers"] == ["a:1", "b:2"]
    assert arguments["security_protocol"] == "SASL_SSL"
    assert arguments["sasl_mechanism"] == "SCRAM-SHA-512"
    assert arguments["sasl_plain_username"] == "vigil"
    assert arguments["sasl_plain_password"] == "secret"
    assert isinstance(arguments["ssl_context"], ssl.SSLContext)
    assert arguments["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert arguments["ssl_context"].check_hostname
    assert len(arguments["ssl_context"].get_ca_certs()) == 1


def test_they_reach_the_transactional_producer(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Recorder()
    monkeypatch.setattr(streams.transaction, "AIOKafkaProducer", made)

    with pytest.raises(StopHereError):
        streams.transaction.TransactionLog(
            TopicPartition("t", 0), client=connection.for_aiokafka(), prefix="p", group="g", timeout_seconds=1
        )

    assert_complete(made.arguments)


def test_they_reach_the_reader_of_checkpoints(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Recorder()
    monkeypatch.setattr(streams.restore, "AIOKafkaConsumer", made)

    with pytest.raises(StopHereError):
        asyncio.run(
            streams.restore.read_again(TopicPartition("t", 0), 0, limit=1, client=connection.for_aiokafka(), group="g")
        )

    assert_complete(made.arguments)


def test_they_reach_the_consumer_of_faust(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Recorder()
    monkeypatch.setattr(streams.transport, "AIOKafkaConsumer", made)
    around = SimpleNamespace(settings=WorkerSettings(instance_id="one"), client=connection.for_aiokafka())

    with pytest.raises(StopHereError):
        streams.transport.ReadCommittedThread._create_worker_consumer(SimpleNamespace(), SimpleNamespace(around=around))

    assert_complete(made.arguments)
    assert made.arguments["isolation_level"] == "read_committed"
    assert made.arguments["group_instance_id"] == "one"
    assert made.arguments["enable_auto_commit"] is False
    assert made.arguments["metadata_max_age_ms"] == 5_000, "a topic not known at once is asked for again"


def test_they_reach_the_reader_and_the_producer_of_the_learner(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, told = Recorder(), Recorder()
    monkeypatch.setattr(study, "AIOKafkaConsumer", read)
    monkeypatch.setattr(study, "AIOKafkaProducer", told)
    monkeypatch.setattr(study, "TransactionLog", lambda *_, **__: None)

    with pytest.raises(StopHereError):
        study.reader_of(LearnerSettings(instance_id="one"), connection.for_aiokafka())
    with pytest.raises(StopHereError):
        study.Study(LearnerSettings(), connection.for_aiokafka(), LearnerMetrics())

    assert_complete(read.arguments)
    assert read.arguments["isolation_level"] == "read_committed"
    assert read.arguments["group_instance_id"] == "one"
    assert read.arguments["enable_auto_commit"] is False
    assert_complete(told.arguments)
    assert (told.arguments["acks"], told.arguments["enable_idempotence"]) == ("all", True)


def test_they_reach_the_admin(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Recorder()
    monkeypatch.setattr(streams.topics, "KafkaAdminClient", made)

    with pytest.raises(StopHereError):
        streams.topics.create_topics(connection.for_kafka_python(), "live")

    assert_complete(made.arguments)


def test_they_reach_the_ticker(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Recorder()
    monkeypatch.setattr(producers.ticker, "KafkaProducer", made)

    with pytest.raises(StopHereError):
        Ticker("t", connection.for_kafka_python())._tick()

    assert_complete(made.arguments)


def test_a_plain_connection_needs_nothing_but_an_address() -> None:
    connection = Connection(bootstrap_servers="k:9092")

    assert connection.for_aiokafka() == {"bootstrap_servers": ["k:9092"], "security_protocol": "PLAINTEXT"}


OPEN_EACH = """
import sys
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from streams.settings import Connection
client = Connection(bootstrap_servers=sys.argv[1]).for_kafka_python() | {"bootstrap_timeout_ms": 50}
for open_client in (KafkaAdminClient, KafkaProducer, KafkaConsumer):
    try:
        open_client(**client)
    except KafkaError:
        print(open_client.__name__)
"""


def test_where_no_broker_listens_a_command_is_told_within_five_seconds() -> None:
    address = f"127.0.0.1:{free_port()}"

    # In a process of its own: of a refused connection kafka-python leaves sockets open and a thread that holds them.
    told = subprocess.run(
        [sys.executable, "-c", OPEN_EACH, address], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert 0 < Connection(bootstrap_servers=address).for_kafka_python()["bootstrap_timeout_ms"] <= 5_000
    assert told.stdout.split() == ["KafkaAdminClient", "KafkaProducer", "KafkaConsumer"]


@pytest.mark.parametrize(
    "incomplete",
    [
        {"security_protocol": "SASL_SSL", "sasl_username": "vigil"},
        {"security_protocol": "SSL", "tls_key": "key.pem"},
        {"security_protocol": "SSL", "tls_ca": "not-there.pem"},
        {"security_protocol": "SSL", "tls_certificate": __file__},
        {"security_protocol": "none"},
        {"bootstrap_servers": ""},
    ],
)
def test_incomplete_settings_are_refused(incomplete: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Connection.model_validate(incomplete)


def test_a_password_is_not_shown(connection: Connection) -> None:
    assert "secret" not in repr(connection)


@pytest.mark.parametrize(
    ("prefix", "origin"),
    [
        ("live", "live"),
        ("simulated", "simulated"),
        ("simulated-a", "simulated"),
        ("replay-monday", "replay"),
        ("ward-7", "live"),
    ],
)
def test_the_prefix_says_where_records_come_from(prefix: str, origin: str) -> None:
    assert origin_of(prefix) == origin
    assert WorkerSettings(prefix=prefix).origin == origin
