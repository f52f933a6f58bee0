"""`vigil topics` and `vigil dead-letters` on a real Kafka."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaProducer

from streams.settings import Connection
from streams.topics import TOPICS, create_topics
from vigil.cli import cli
from vigil.log_reader import read_topics

Run = Callable[..., Result]


@pytest.fixture
def prefix() -> str:
    return f"replay-{uuid.uuid4().hex}"


@pytest.fixture
def client(broker: str) -> Connection:
    return Connection(bootstrap_servers=broker)


@pytest.fixture
def vigil(broker: str) -> Run:
    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cli, [*map(str, arguments), "--broker", broker, "--json"])

    return run


@pytest.fixture
def producer(client: Connection) -> Iterator[KafkaProducer]:
    with closing(KafkaProducer(**client.for_kafka_python())) as producer:
        yield producer


def test_topics_are_made_once_and_listed(vigil: Run, prefix: str) -> None:
    made = json.loads(vigil("topics", "create", "--prefix", prefix).output)["created"]

    again = json.loads(vigil("topics", "create", "--prefix", prefix).output)["created"]

    listed = json.loads(vigil("topics", "list").output)["topics"]
    assert len(made) == len(TOPICS)
    assert again == []
    assert [row for row in listed if row["topic"] == f"{prefix}.patient-events"] == [
        {"topic": f"{prefix}.patient-events", "partitions": 8, "offsets": 0}
    ]


def test_an_export_is_by_partition_and_offset_with_both_first(
    vigil: Run, client: Connection, prefix: str, producer: KafkaProducer, tmp_path: Path
) -> None:
    create_topics(client.for_kafka_python(), prefix)
    for partition, key, value in [
        (3, b"p1", b'{"type":"Outcome","patient_id":"p1"}'),
        (1, None, b'{"type":"Tick"}'),
        (3, b"p1", b"not JSON"),
    ]:
        producer.send(f"{prefix}.patient-events", value, key, partition=partition).get(30)

    done = vigil("topics", "export", tmp_path / "log.jsonl", "--prefix", prefix)

    assert json.loads(done.output)["records"] == 3
    assert (tmp_path / "log.jsonl").read_bytes().splitlines() == [
        b'{"partition":1,"offset":0,"type":"Tick"}',
        b'{"partition":3,"offset":0,"type":"Outcome","patient_id":"p1"}',
        b'{"partition":3,"offset":1,"key":"cDE=","raw":"%s"}' % base64.b64encode(b"not JSON"),
    ]


@pytest.mark.parametrize(
    "command", [["topics", "export", "x.jsonl"], ["dead-letters", "list"], ["dead-letters", "replay"]]
)
def test_topics_that_are_not_there_are_told(vigil: Run, prefix: str, command: list[str]) -> None:
    done = vigil(*command, "--prefix", prefix)

    assert isinstance(done.exception, SystemExit)
    assert (done.exit_code, "There is no topic" in done.output) == (1, True)
    assert not Path("x.jsonl").exists()


def test_an_export_into_a_folder_that_is_not_there_is_told(vigil: Run, client: Connection, prefix: str) -> None:
    create_topics(client.for_kafka_python(), prefix)

    done = vigil("topics", "export", "/nowhere/log.jsonl", "--prefix", prefix)

    assert done.exit_code == 1
    assert "can't be written (No such file or directory)" in done.output


@pytest.fixture
def letters(client: Connection, prefix: str, producer: KafkaProducer) -> str:
    """Three dead letters: two undecodable in partition 2, one invalid in partition 5."""
    create_topics(client.for_kafka_python(), prefix)
    log = f"{prefix}.patient-events"
    for partition, offset, reason, key, value in [
        (2, 7, "undecodable", b"p1", b"\xff garbage"),
        (2, 9, "undecodable", None, b"more"),
        (5, 0, "invalid", b"p2", b'{"type":"Reading"}'),
    ]:
        fields = {"reason": reason, "detail": "d", "topic": log, "partition": str(partition), "offset": str(offset)}
        headers = [(name, text.encode()) for name, text in fields.items()]
        producer.send(f"{prefix}.dead-letters", value, key, headers, partition).get(30)
    return prefix


def test_dead_letters_are_listed_with_everything(vigil: Run, letters: str) -> None:
    listed = json.loads(vigil("dead-letters", "list", "--prefix", letters).output)["dead_letters"]

    assert [(each["reason"], each["partition"], each["offset"], each["key"]) for each in listed] == [
        ("undecodable", 2, 7, "cDE="),
        ("undecodable", 2, 9, None),
        ("invalid", 5, 0, "cDI="),
    ]
    assert base64.b64decode(listed[0]["value"]) == b"\xff garbage"


def test_a_list_in_words_says_why_and_where(broker: str, letters: str) -> None:
    listed = CliRunner().invoke(cli, ["dead-letters", "list", "--prefix", letters, "--broker", broker])

    lines = listed.output.splitlines()
    assert lines[0] == "undecodable: d"
    assert lines[1].split()[0] == f"{letters}.patient-events/2/7"
    assert lines[-1] == "3 dead letters."


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        (["--reason", "undecodable"], 2),
        (["--reason", "undecodable", "--reason", "invalid"], 3),
        (["--partition", "5"], 1),
        (["--partition", "2", "--offset", "9"], 1),
        (["--reason", "future"], 0),
    ],
)
def test_dead_letters_are_selected(vigil: Run, letters: str, selection: list[str], count: int) -> None:
    listed = json.loads(vigil("dead-letters", "list", "--prefix", letters, *selection).output)["dead_letters"]

    assert len(listed) == count


def test_dead_letters_go_back_to_their_partition_as_they_were_and_once(
    vigil: Run, client: Connection, letters: str
) -> None:
    first = json.loads(vigil("dead-letters", "replay", "--prefix", letters, "--partition", "2").output)
    second = json.loads(vigil("dead-letters", "replay", "--prefix", letters).output)

    assert (first["selected"], first["replayed"], first["before"]) == (2, 2, 0)
    assert (second["selected"], second["replayed"], second["before"]) == (3, 1, 2)
    assert log_of(client, letters) == [
        (2, b"p1", b"\xff garbage"),
        (2, None, b"more"),
        (5, b"p2", b'{"type":"Reading"}'),
    ]


def test_what_a_replay_could_not_mend_is_passed_over_unless_asked_for(
    vigil: Run, letters: str, producer: KafkaProducer
) -> None:
    replay = ["dead-letters", "replay", "--prefix", letters, "--partition", "2"]
    vigil(*replay, "--offset", "7")  # It stands at offset 0 now.
    producer.send(f"{letters}.patient-events", b"from a device", partition=2).get(30)
    for offset in (b"0", b"1"):
        headers = [("reason", b"invalid"), ("topic", f"{letters}.patient-events".encode()), ("offset", offset)]
        producer.send(f"{letters}.dead-letters", b"at " + offset, None, headers, 2).get(30)

    later = json.loads(vigil(*replay).output)
    again = json.loads(vigil(*replay, "--again").output)

    assert (later["selected"], later["replayed"], later["before"]) == (4, 2, 2)
    assert (again["selected"], again["replayed"], again["before"]) == (4, 4, 0)


def test_dead_letters_go_again_on_request(vigil: Run, client: Connection, letters: str) -> None:
    for _ in range(2):
        vigil("dead-letters", "replay", "--prefix", letters, "--partition", "5", "--again")

    assert log_of(client, letters) == [(5, b"p2", b'{"type":"Reading"}')] * 2


def log_of(client: Connection, prefix: str) -> list[tuple[int, Any, Any]]:
    batches = read_topics(client.for_aiokafka(), [f"{prefix}.patient-events"], in_order=True)
    return [(record.partition, record.key, record.value) for batch in batches for record in batch]


def test_policies_are_tried_on_what_a_log_holds_and_on_a_part_of_it(
    vigil: Run, client: Connection, prefix: str, producer: KafkaProducer, tmp_path: Path
) -> None:
    create_topics(client.for_kafka_python(), prefix)
    policy = tmp_path / "strict.toml"
    policy.write_text('version = "strict"\n[limits.heart_rate]\nhigh = 100\ndelay_seconds = 0\n')
    for minute, rate in enumerate((72, 110, 110)):
        at = f"2026-01-01T00:{minute:02d}:00Z"
        measured = [{"code": "8867-4", "value": rate, "unit": "/min"}]
        reading = {"type": "Reading", "reading_id": at, "patient_id": "p1", "device_id": "d1", "effective_at": at}
        for value in (reading | {"measurements": measured}, {"type": "Tick", "at": at}):
            producer.send(f"{prefix}.patient-events", json.dumps(value).encode(), b"p1", partition=2).get(30)

    whole = vigil("backtest", "--prefix", prefix, "--policy", policy)
    nothing = vigil("backtest", "--prefix", prefix, "--policy", policy, "--to", "2020-01-01T00:00:00Z")
    nowhere = vigil("backtest", "--prefix", "replay-none", "--policy", policy)

    found = json.loads(whole.output)
    assert (found["source"], found["readings"]) == (f"{prefix}.patient-events", 3)
    assert [side["worth"]["alerts"] for side in found["sides"][-2:]] == [0, 1]
    assert "tells of no patient" in nothing.output
    assert "There is no topic replay-none.patient-events" in nowhere.output
