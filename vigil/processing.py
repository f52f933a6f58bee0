"""How far the workers are with what was published, by what their group has committed."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from vigil.errors import CommandFailed

_POLL_SECONDS = 0.25


class WorkersFailed(CommandFailed):
    """The workers did not do what they should; their log says more."""


class Committed:
    """What a group has committed of one topic."""

    def __init__(self, client: Mapping[str, Any], group: str, topic: str) -> None:
        self._admin = KafkaAdminClient(**client)
        self._group = group
        self._topic = topic

    def offsets(self) -> dict[int, int]:
        """The offset of the next record to be processed, by partition; none before the first commit."""
        found: Mapping[TopicPartition, Any] = self._admin.list_group_offsets(self._group).get(self._group, {})
        return {place.partition: next_.offset for place, next_ in found.items() if place.topic == self._topic}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._admin.close()


def processed(committed: Mapping[int, int], published: Mapping[int, int]) -> int:
    """How many records up to the given last offsets are done; this log begins at 0 and has no gaps."""
    return sum(min(committed.get(partition, 0), last + 1) for partition, last in published.items())


def wait_until_processed(
    committed: Callable[[], Mapping[int, int]],
    published: Mapping[int, int],
    *,
    stall_seconds: float,
    tell: Callable[[int], None],
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Waits for the last published offset of each partition; it is an error when nothing moves for so long."""
    total = sum(last + 1 for last in published.values())
    done, moved_at = -1, now()
    while True:
        found = max(done, processed(_ask(committed), published))
        tell(found)
        if found >= total:
            return
        if found > done:
            done, moved_at = found, now()
        if now() - moved_at > stall_seconds:
            raise WorkersFailed(
                f"The workers stand still: {found} of {total} records done and nothing for {stall_seconds:.0f} s."
            )
        sleep(_POLL_SECONDS)


def _ask(committed: Callable[[], Mapping[int, int]]) -> Mapping[int, int]:
    """A broker that is away for a moment is a stand-still, not yet an error."""
    try:
        return committed()
    except KafkaError:
        return {}
