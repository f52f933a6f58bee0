"""The clock of a live deployment: what time it is, said to every partition every few seconds."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from models import codec
from models.events import Origin, Tick

log = logging.getLogger(__name__)

_TIMEOUT_MS = 5_000
_CONFIRM_SECONDS = 2 * _TIMEOUT_MS / 1000 + 1

OpenProducer = Callable[[Mapping[str, Any]], Any]  # Any: kafka-python ships no types.


class Ticker:
    """Writes ticks until it is told to stop; a broker that goes away is waited for and told once.

    A second ticker is harmless: a tick that is not above a partition's clock is ignored.
    """

    def __init__(
        self,
        topic: str,
        client: Mapping[str, Any],
        *,
        origin: Origin = "live",
        every_seconds: float = 5.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        open_producer: OpenProducer | None = None,
    ) -> None:
        self._topic = topic
        self._client = client
        self._origin: Origin = origin
        self._every_seconds = every_seconds
        self._now = now
        self._open_producer = open_producer or _open_producer
        self._producer: Any = None
        self._silent_since: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Ticks until `stop` is set."""
        while not stop.is_set():
            try:
                self._tick()
            except KafkaError as error:
                self._complain(error)
            stop.wait(self._every_seconds)
        self._close()

    def _tick(self) -> None:
        """One tick to each partition, confirmed; an old one is never sent after a newer one."""
        if self._producer is None:
            self._producer = self._open_producer(self._client)
        value = codec.encode(Tick(at=self._now(), origin=self._origin))
        partitions = sorted(self._producer.partitions_for(self._topic))
        sent = [self._producer.send(self._topic, value, partition=partition) for partition in partitions]
        for future in sent:
            future.get(_CONFIRM_SECONDS)
        if self._silent_since is not None:
            log.warning("ticks again, after none since %s", self._silent_since.isoformat(timespec="seconds"))
            self._silent_since = None

    def _complain(self, error: KafkaError) -> None:
        """Says it once, and takes a new producer for the next tick: the old one may still try to send an old tick."""
        self._close()
        if self._silent_since is None:
            self._silent_since = self._now()
            log.warning("no tick reaches %s (%s: %s): going on trying", self._topic, type(error).__name__, error)

    def _close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError):  # It complains about what it gives up.
                producer.close(timeout=0)


def _open_producer(client: Mapping[str, Any]) -> Any:
    return KafkaProducer(
        **{
            **client,
            "acks": "all",
            "enable_idempotence": True,
            "allow_auto_create_topics": False,
            "bootstrap_timeout_ms": _TIMEOUT_MS,
            "request_timeout_ms": _TIMEOUT_MS,
            "delivery_timeout_ms": 2 * _TIMEOUT_MS,
            "max_block_ms": _TIMEOUT_MS,
            "metrics_enabled": False,
        }
    )
