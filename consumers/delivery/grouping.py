"""Calls to one receiver that go in one message."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from consumers.delivery.plan import Call
from models.events import Priority

MOST_IN_ONE = 50
RANK: dict[Priority, int] = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One message to one receiver, of one route: its calls, the most urgent first."""

    receiver: str
    calls: tuple[Call, ...]

    @property
    def key(self) -> str:
        """The call's own key, or for several one that is the same for the same calls."""
        keys = [call.key for call in self.calls]
        return keys[0] if len(keys) == 1 else hashlib.sha256("\x1f".join(sorted(keys)).encode()).hexdigest()[:32]

    @property
    def priority(self) -> Priority:
        """That of the most urgent."""
        return self.calls[0].alert.priority


def batches(pending: Iterable[Call], now: datetime) -> Iterator[Batch]:
    """What is to be sent now; a group of which one call is due takes those along that still wait for more."""
    groups: dict[tuple[object, ...], list[Call]] = defaultdict(list)
    for call in pending:
        groups[_group(call)].append(call)
    for group in groups.values():
        if any(call.due <= now for call in group):
            group.sort(key=_urgency)
            for first in range(0, len(group), MOST_IN_ONE):
                yield Batch(receiver=group[0].receiver, calls=tuple(group[first : first + MOST_IN_ONE]))


def _group(call: Call) -> tuple[object, ...]:
    """What the calls of one message share; without `group_by` each is alone."""
    route = call.route
    if not route.group_by:
        return (call.key,)
    return (call.receiver, route.name, *(getattr(call.alert, name) for name in route.group_by))


def _urgency(call: Call) -> tuple[int, datetime, str]:
    return (RANK[call.alert.priority], call.alert.at, call.alert.alert_id)
