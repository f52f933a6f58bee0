"""A simulated ward on its way to Kafka, as fast as it happens or faster."""

import time
from contextlib import closing
from datetime import UTC, datetime

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from producers.feed import Feed
from producers.pace import paced
from producers.simulator.simulation import simulated
from streams.settings import Connection
from streams.topics import PARTITIONS, create_topics, delete_topics, topic_name
from vigil.connection import told_in_one_line
from vigil.errors import CommandFailed
from vigil.run import group_of
from vigil.simulation.plan import WardPlan
from vigil.simulation.report import SimulationReport, Tally, report_of
from vigil.stopping import stop_on_request
from vigil.telling import ProgressBar

_EVERY = 1000


def prepare(connection: Connection, prefix: str, *, fresh: bool) -> None:
    """Makes the topics of a prefix, and refuses a log that holds records already: it has a time of its own."""
    client = connection.for_kafka_python()
    with told_in_one_line():
        if fresh:
            delete_topics(client, prefix, group_of(prefix))
        create_topics(client, prefix)
        log = topic_name(prefix, "patient-events")
        with closing(KafkaAdminClient(**client)) as admin:
            places = [TopicPartition(log, partition) for partition in range(PARTITIONS)]
            ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    if any(end.offset for end in ends.values()):
        raise CommandFailed(f"{log} holds records already: empty it with --fresh, or take a prefix simulated-NAME.")


def publish(
    connection: Connection, prefix: str, plan: WardPlan, *, start: datetime | None, speed: float | None
) -> SimulationReport:
    """Publishes until the ward closes or someone stops it; it opens at `start`, else now.

    A first Ctrl-C or SIGTERM ends it with everything confirmed and counted.
    """
    tally = Tally()
    log = topic_name(prefix, "patient-events")
    with told_in_one_line(), ProgressBar() as progress, stop_on_request() as stop:
        with Feed(log, connection.for_kafka_python()) as feed:
            ward = plan.opened(start or datetime.now(UTC))
            entries = simulated(ward, feed.partitions)
            if speed is not None:
                entries = paced(entries, speed, time.monotonic, stop.sleep)
            for number, entry in enumerate(entries):
                if stop.is_made:
                    break
                if feed.publish(entry):
                    tally.take(entry)
                if number % _EVERY == 0 or speed is not None:
                    progress.publishing(number)
        stopped_early = stop.is_made and plan.lasts is not None
        return report_of(plan, ward, tally, to=log, stopped_early=stopped_early, refused=feed.refused)
