"""The Faust app: one agent that hands each fetched batch to its partition, and the signals that open and close them."""

import logging
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import faust
from faust.types import TP

from streams.held import HeldPartitions
from streams.partition import Surroundings
from streams.topics import PARTITIONS, topic_name
from streams.transport import BatchTransport, FetchedBatch

# Any below: Faust's own types are not published for checking.


class Undecoded(faust.Schema):
    """Bytes reach the agent as they are: what Faust can't decode it acknowledges, and it would be lost."""

    def loads_key(self, app: Any, message: Any, **_: Any) -> None:
        """Gives no key; each record of a batch has its own."""

    def loads_value(self, app: Any, message: Any, **_: Any) -> FetchedBatch:
        """Gives the batch."""
        batch: FetchedBatch = message.value
        return batch


class VigilApp(faust.App):
    """A Faust app without tables, web server and producer of its own."""

    logger = logging.getLogger("faust.app")

    class BootStrategy(faust.App.BootStrategy):
        """Starts what reads; partitions write by themselves."""

        enable_kafka_producer = False
        enable_web = False

    def _create_directories(self) -> None:
        """Makes none: they would hold tables."""


def build_app(around: Surroundings, held: HeldPartitions) -> VigilApp:
    """An app that works on the log of one prefix; it must be made inside the running loop."""
    settings = around.settings
    app = VigilApp(
        settings.group,
        broker=[f"kafka://{server}" for server in around.client["bootstrap_servers"]],
        autodiscover=False,
        broker_heartbeat_interval=settings.heartbeat_seconds,
        broker_session_timeout=settings.session_timeout_seconds,
        datadir=Path(tempfile.gettempdir()) / settings.group,
        store="memory://",
        stream_wait_empty=True,
        table_standby_replicas=0,  # Otherwise the assignor gives a late worker nothing.
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=PARTITIONS,
        web_enabled=False,  # Faust's own listens on every interface.
    )
    app.transport = BatchTransport(app.conf.broker_consumer, app, around=around, held=held)
    _connect(app, topic_name(settings.prefix, "patient-events"), held)
    return app


def _connect(app: VigilApp, log: str, held: HeldPartitions) -> None:
    source = app.topic(
        log, schema=Undecoded(key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    )

    @app.agent(source, name="monitor")
    async def monitor(batches: AsyncIterator[FetchedBatch]) -> None:
        async for batch in batches:
            held.feed(batch.source, batch)

    @app.on_partitions_assigned.connect(weak=False)
    async def on_assigned(_: Any, assigned: set[TP], **_more: Any) -> None:
        held.assign(tp for tp in assigned if tp.topic == log)

    @app.on_partitions_revoked.connect(weak=False)
    async def on_revoked(_: Any, revoked: set[TP], **_more: Any) -> None:
        await held.revoke(revoked)
