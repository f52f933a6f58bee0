"""The embedded broker: what its users rely on, and each way in which it can fail."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import psutil
import pytest
import tenacity
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from vigil.broker import Broker, BrokerError, BrokerSettings
from vigil.broker.folder import cluster_id, new_cluster_id

LONGEST_STOP = 100
VIGIL = [sys.executable, "-m", "vigil", "broker", "--json", "--port", "0", "--folder"]
MIB = 1024 * 1024


def settings(**changes: object) -> BrokerSettings:
    return BrokerSettings(**{"lock_timeout": 0, **changes})


def ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def wait_until_ended(pid: int) -> None:
    try:
        process = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda is_over: not is_over),
        stop=tenacity.stop_after_delay(LONGEST_STOP),
        wait=tenacity.wait_fixed(0.05),
    )(ended, process)


def publish(address: str, topic: str, values: list[bytes]) -> None:
    with KafkaAdminClient(bootstrap_servers=address) as admin:
        admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    for value in values:
        producer.send(topic, value).get(timeout=30)
    producer.close()


def read(address: str, topic: str) -> list[bytes]:
    consumer = KafkaConsumer(
        topic, bootstrap_servers=address, auto_offset_reset="earliest", consumer_timeout_ms=3000, group_id=None
    )
    values = [record.value for record in consumer]
    consumer.close()
    return values


@pytest.fixture
def small_disk(tmp_path: Path, requires_root: None) -> Iterator[Path]:
    """Mounts a disk of 100 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", disk], check=True)


def fill(disk: Path) -> None:
    """Leaves no room on the disk."""
    with (disk / "ballast").open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, shutil.disk_usage(disk).free)


@contextlib.contextmanager
def create_topic_apart(address: str, topic: str) -> Iterator[None]:
    """Asks for a topic in another process, which may hang as it likes when the broker dies of it."""
    ask = [sys.executable, "-m", "kafka.admin", "-b", address, "topics", "create", "-t", topic]
    client = subprocess.Popen([*ask, "--num-partitions", "100"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        client.kill()
        client.wait()


class Alone:
    """A `vigil broker` in a process of its own, which a test that fails does not leave behind."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen([*VIGIL, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def end(self) -> tuple[int, str]:
        _, complaint = self.process.communicate(timeout=LONGEST_STOP)
        return self.process.returncode, complaint


def test_a_started_broker_has_answered(broker: str) -> None:
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        cluster = admin.describe_cluster()

    assert [f"{node['host']}:{node['port']}" for node in cluster["brokers"]] == [broker]


def test_an_unknown_topic_is_not_created_by_asking_for_it(broker: str) -> None:
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        admin.describe_topics(["mistyped"])

        assert "mistyped" not in admin.list_topics()


def test_data_outlive_a_kill_and_a_change_of_port(tmp_path: Path) -> None:
    with Broker(tmp_path) as first:
        publish(first.address, "kept", [b"one", b"two"])
        os.kill(first.pid, signal.SIGKILL)
        first.wait(LONGEST_STOP)
        first_id = cluster_id(tmp_path)

    with Broker(tmp_path) as second:
        values = read(second.address, "kept")

    assert values == [b"one", b"two"]
    assert second.address != first.address
    assert cluster_id(tmp_path) == first_id


def test_a_broker_can_be_stopped_twice_and_started_again_at_its_address(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    with broker:
        address, pid = broker.address, broker.pid
    broker.stop()
    with broker:
        again = broker.address

    assert not psutil.pid_exists(pid)
    assert again == address
    assert "shutting down" in (tmp_path / "broker.log").read_text()


def test_a_broker_listens_on_loopback_only_and_in_a_session_of_its_own(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        sockets = psutil.Process(broker.pid).net_connections(kind="inet")
        session = os.getsid(broker.pid)

    listening = {s.laddr.ip.removeprefix("::ffff:") for s in sockets if s.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
    assert session != os.getsid(0)


def test_a_broker_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    thread = threading.Thread(target=broker.start)
    thread.start()
    thread.join()

    still_runs = broker.wait(timeout=0.5) is None
    broker.stop()

    assert still_runs


def test_a_broker_does_without_a_cache_that_is_broken(tmp_path: Path) -> None:
    cache = tmp_path / "broken.aot"
    cache.write_bytes(b"not what Java wrote")

    with Broker(tmp_path / "folder", java_options=[f"-XX:AOTCache={cache}"]) as broker:
        assert broker.wait(timeout=0) is None


@pytest.mark.parametrize("ctrl_c", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_cleanly(tmp_path: Path, ctrl_c: signal.Signals) -> None:
    with Alone(tmp_path) as alone:
        alone.process.send_signal(ctrl_c)

        assert alone.end() == (0, "")

    assert not psutil.pid_exists(alone.ready["pid"])


def test_no_orphan_stays_when_the_parent_is_killed(tmp_path: Path) -> None:
    with Alone(tmp_path) as alone:
        alone.process.kill()

    wait_until_ended(alone.ready["pid"])
    with Broker(tmp_path):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_no_orphan_stays_when_the_guard_is_killed(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        kafka = psutil.Process(broker.pid)
        kafka.parent().kill()

        wait_until_ended(kafka.pid)


def test_the_command_says_that_its_broker_died(tmp_path: Path) -> None:
    with Alone(tmp_path) as alone:
        os.kill(alone.ready["pid"], signal.SIGKILL)

        status, complaint = alone.end()

    assert status == 1
    assert complaint.startswith("vigil: The broker has died")
    assert complaint.count("\n") == 1


def test_a_taken_port_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(BrokerError, match=rf"Port {port} is taken.*--port"):
            Broker(tmp_path, port=port).start()


def test_a_folder_in_use_is_an_error_that_names_its_broker(tmp_path: Path) -> None:
    with (
        Broker(tmp_path) as first,
        pytest.raises(BrokerError, match=rf"in use by another broker at {first.address} \(process {first.pid}\)"),
    ):
        Broker(tmp_path, settings=settings()).start()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BrokerError, match=r"cannot be used.*--folder"):
        Broker(tmp_path / "file" / "folder").start()


def test_a_new_cluster_id_is_never_taken_for_an_option() -> None:
    drawn = {new_cluster_id() for _ in range(5_000)}  # One in 64 would begin with a hyphen.

    assert len(drawn) == 5_000
    assert {len(one) for one in drawn} == {22}
    assert not [one for one in drawn if one.startswith("-")]


def test_a_program_that_fails_in_words_of_its_own_is_quoted(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"17.0.2\"'\necho 'tool: the option is unknown'\nexit 1\n")
    java.chmod(0o755)

    with pytest.raises(BrokerError, match=r"it last said 'tool: the option is unknown'"):
        Broker(tmp_path / "folder", settings=settings(java=java)).start()


def test_a_broker_that_dies_while_it_starts_says_why(tmp_path: Path) -> None:
    with Broker(tmp_path):
        pass
    (tmp_path / "data" / "meta.properties").write_text("version=1\ncluster.id=another\nnode.id=7\n")

    with pytest.raises(BrokerError, match=r"The broker has died: Stored node id 7 .*broker\.log"):
        Broker(tmp_path).start()


def test_an_old_java_is_an_error_that_names_its_version(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)

    with pytest.raises(BrokerError, match="is Java 11, the broker needs 17"):
        Broker(tmp_path, settings=settings(java=java)).start()


def test_a_java_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match=r"VIGIL_JAVA=.* does not run"):
        Broker(tmp_path, settings=settings(java=tmp_path / "none")).start()


def test_a_full_disk_is_an_error_at_the_start(small_disk: Path) -> None:
    fill(small_disk)

    with pytest.raises(BrokerError, match=r"The disk of .* is full \(0 MB free\)"):
        Broker(small_disk / "folder").start()


def test_a_disk_that_fills_up_ends_the_command_with_the_reason(small_disk: Path) -> None:
    with Alone(small_disk / "folder") as alone:
        fill(small_disk)
        with create_topic_apart(alone.ready["address"], "large"):
            status, complaint = alone.end()

    assert status == 1
    assert "is full" in complaint
    assert complaint.count("\n") == 1
