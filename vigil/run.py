"""One run from nothing: a broker unless one is given, the topics of a prefix, and supervised workers on them."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from consumers.delivery.settings import delivery_group
from streams.learner.settings import learner_group
from streams.settings import Connection, WorkerSettings
from streams.topics import PARTITIONS, create_topics, delete_topics, existing_topics, topic_name
from vigil.broker import Broker
from vigil.commands.worker import worker_commands
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.learner_command import learner_command
from vigil.processing import WorkersFailed
from vigil.settings import load
from vigil.stopping import terminated_as_by_ctrl_c
from vigil.supervisor import Supervisor


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is running: where Kafka is, which topics are worked on, and by whom."""

    prefix: str
    connection: Connection
    supervisor: Supervisor
    log_file: Path
    has_learner: bool = False

    @property
    def group(self) -> str:
        """The consumer group of the workers."""
        return group_of(self.prefix)

    def topic(self, name: str) -> str:
        """The full name of a topic of this run."""
        return topic_name(self.prefix, name)


def group_of(prefix: str) -> str:
    """The consumer group of the workers on a prefix."""
    return load(WorkerSettings, prefix=prefix).group


@contextlib.contextmanager
def running(
    prefix: str,
    *,
    broker: str | None,
    folder: Path | None,
    workers: int,
    fresh: bool,
    metrics_port: int = 0,
    learner: bool = False,
) -> Iterator[Run]:
    """Starts everything and stops it again, in reverse; a used prefix is refused unless `fresh` empties it.

    With no workers of its own it leaves the work to those that run on the prefix already. With neither a broker nor a
    folder an embedded broker is started whose data are forgotten at the end; the workers' log is kept when it was they
    who failed.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(terminated_as_by_ctrl_c())
        home = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vigil-run-")))
        connection = _given(broker) or connect(stack.enter_context(Broker(home)).address)
        prepare = _prepare if workers else _join
        prepare(connection, prefix, fresh=fresh)
        log_file = home / "workers.log"
        if workers:
            stack.enter_context(_log_kept_on_failure(log_file, is_kept_anyway=folder is not None))
        home.mkdir(parents=True, exist_ok=True)
        log = stack.enter_context(log_file.open("ab"))
        commands = worker_commands(connection.bootstrap_servers, prefix, workers, metrics_port=metrics_port)
        commands += [learner_command(connection.bootstrap_servers, prefix, metrics_port=0)] if learner else []
        supervisor = stack.enter_context(Supervisor(commands, output=log))
        yield Run(prefix=prefix, connection=connection, supervisor=supervisor, log_file=log_file, has_learner=learner)


def _given(broker: str | None) -> Connection | None:
    """The connection to a broker that someone named, on the command line or in the environment."""
    connection = connect(broker)
    return connection if "bootstrap_servers" in connection.model_fields_set else None


@contextlib.contextmanager
def _log_kept_on_failure(log_file: Path, *, is_kept_anyway: bool) -> Iterator[None]:
    try:
        yield
    except WorkersFailed as error:
        kept = log_file
        if not is_kept_anyway:
            kept = Path(tempfile.mkdtemp(prefix="vigil-failed-")) / log_file.name
            shutil.copy(log_file, kept)
        raise WorkersFailed(f"{error.message} The workers' log: {kept}") from error


def _prepare(connection: Connection, prefix: str, *, fresh: bool) -> None:
    client = connection.for_kafka_python()
    with told_in_one_line():
        if fresh:
            delete_topics(client, prefix, group_of(prefix), learner_group(prefix), delivery_group(prefix))
        elif existing_topics(client, prefix):
            raise CommandFailed(f"The topics {prefix}.* are used already: take another name, or --fresh to empty them.")
        create_topics(client, prefix)


def _join(connection: Connection, prefix: str, *, fresh: bool) -> None:
    """Insists on topics that somebody else made and works on, in whose log nothing is yet."""
    client = connection.for_kafka_python()
    if fresh:
        raise CommandFailed("--fresh would empty the topics under the workers that run: take another name.")
    with told_in_one_line():
        if not existing_topics(client, prefix):
            raise CommandFailed(
                f"There are no topics {prefix}.* to join: start `vigil worker --prefix {prefix}` on the same --broker "
                "first, or leave --workers 0 out."
            )
        if _is_used(client, topic_name(prefix, "patient-events")):
            raise CommandFailed(f"The topics {prefix}.* are used already: take another name, with workers on it.")


def _is_used(client: Mapping[str, Any], log: str) -> bool:
    places = [TopicPartition(log, partition) for partition in range(PARTITIONS)]
    with closing(KafkaAdminClient(**client)) as admin:
        ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    return any(ends[place].offset > 0 for place in places)
