"""Gateways and their heartbeats: the silence of one is one alert, in place of one for each patient behind it.

Only ticks and heartbeats count, in the order of the log, so that catching up on a backlog neither hides a silence nor
makes one up. Every partition knows who is silent; the one that a gateway's id hashes to tells it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from models.alerting import episodes
from models.alerting.judging import judge
from models.alerting.lifecycle import Lifecycle
from models.alerting.subject import Subject, share_no_alerts
from models.alerting.verdict import Verdict
from models.answers import Said
from models.census import Tally
from models.clock import Clock
from models.events import GatewayHeartbeat, Origin, Output
from models.instants import DAY, MINUTE, SECOND, instant_of, moment_of
from models.partitioning import partition_of
from models.wording import duration

KEY = b"gateways"
SILENT_AFTER = MINUTE
"""So long without a heartbeat, and it is told."""
DOUBTED_AFTER = 30 * SECOND
"""So long without one, and what its patients' devices do not say is held back, until it is silent or back.

Or the devices, last heard a moment before the last heartbeat, would be told one by one just before the gateway is.
"""
_FORGOTTEN_AFTER = 7 * DAY
_MOST = 1000
_AHEAD = MINUTE


class Gateway(Subject, kw_only=True):
    """One gateway that was heard: when last, by event time in microseconds, and its alert while it is silent."""

    heard: int
    is_silent: bool = False

    @property
    def gateway_id(self) -> str | None:
        """The gateway itself."""
        return self.id


class Gateways:
    """The gateways that one partition has heard, at most 1,000: of a later one nothing is expected."""

    def __init__(self, partition: int, partitions: int, tally: Tally, clock: Clock) -> None:
        self._partition = partition
        self._partitions = partitions
        self._tally = tally
        self._known: dict[str, Gateway] = {}
        self._clock = clock
        self._next_due: int | None = None
        self._is_changed = self._is_begun = False

    def find(self, gateway_id: str | None) -> Gateway | None:
        """A gateway that was heard."""
        return self._known.get(gateway_id or "")

    def is_unheard(self, gateway_id: str | None) -> bool:
        """Whether it was heard once, but for half a minute it was not."""
        found, now = self._known.get(gateway_id or ""), self._clock.now
        return found is not None and now is not None and now - found.heard >= DOUBTED_AFTER

    @property
    def heard(self) -> dict[str, datetime]:
        """When each was heard last, by event time."""
        return {each.id: moment_of(each.heard) for each in self._known.values()}

    # --- The fold ----------------------------------------------------------------------------------------------------

    def hear(self, event: GatewayHeartbeat, origin: Origin) -> list[Output]:
        """One heartbeat, at its own time, unless that lies ahead of the clock by over a minute."""
        at, now = instant_of(event.at), self._clock.now
        if now is not None and at > now + _AHEAD:
            at = now
        found = self._known.get(event.gateway_id)
        if found is None:
            if len(self._known) >= _MOST:
                return []
            found = self._known[event.gateway_id] = Gateway(event.gateway_id, origin, heard=at)
        self._is_changed = self._is_begun = True
        found.heard, found.origin = max(found.heard, at), event.origin or origin
        is_fresh = now is None or now - found.heard < SILENT_AFTER
        if found.next_due is None:
            self._await(found)  # What failed at a tick is tried again from here on.
        if not (found.is_silent and is_fresh):
            return []
        found.is_silent = False
        lifecycle = Lifecycle(found, max(at, now or at))
        if self._tells_of(found):
            judge(lifecycle, _verdict(found, lifecycle.at))
        return self._end(found, lifecycle)

    def fallen_due(self, clock: int) -> list[str]:
        """The ids of the gateways of which something is due by then."""
        if self._next_due is None or clock < self._next_due:
            return []
        fallen = sorted(
            each.id for each in self._known.values() if each.next_due is not None and each.next_due <= clock
        )
        self._next_due = min(
            (each.next_due for each in self._known.values() if each.next_due is not None and each.next_due > clock),
            default=None,
        )
        return fallen

    def pass_time(self, gateway_id: str, clock: int) -> list[Output]:
        """What a tick brings for one gateway: it is silent now, or an answer has expired, or it is forgotten."""
        found = self._known[gateway_id]
        self._is_changed = True
        lifecycle = Lifecycle(found, clock, is_tick=True)
        if clock - found.heard >= _FORGOTTEN_AFTER:
            lifecycle.end_all("It was not heard for 7 days, and nothing is expected of it any more.")
            del self._known[gateway_id]
            return list(lifecycle.told)
        if clock - found.heard >= SILENT_AFTER and not found.is_silent:
            found.is_silent = True
            if self._tells_of(found):
                judge(lifecycle, _verdict(found, clock))
        lifecycle.pass_time()
        return self._end(found, lifecycle)

    def heed(self, gateway: Gateway, said: Said) -> list[Output]:
        """One answer about an alert of a gateway, or one report of its delivery."""
        self._is_changed = True
        outputs = said.heed(Lifecycle(gateway, said.at))
        self._await(gateway)
        return outputs

    def _end(self, found: Gateway, lifecycle: Lifecycle) -> list[Output]:
        episodes.settle(lifecycle)
        self._await(found)
        return list(lifecycle.told)

    def _tells_of(self, gateway: Gateway) -> bool:
        return partition_of(gateway.id, self._partitions) == self._partition

    def _await(self, found: Gateway) -> None:
        """Awaits what is due next; a heartbeat only puts it off, so what is awaited may turn out to be nothing yet."""
        silent = found.heard + (_FORGOTTEN_AFTER if found.is_silent else SILENT_AFTER)
        found.next_due = min([silent, *(due for alert in found.alerts for due in alert.dues)])
        self._next_due = found.next_due if self._next_due is None else min(self._next_due, found.next_due)

    # --- Going back --------------------------------------------------------------------------------------------------

    def fold(self, gateway_id: str, fold: Callable[[], list[Output]]) -> list[Output]:
        """Folds one gateway on; should that raise, the gateway is as before, and what was raised goes on."""
        kept = self._snapshot_of(gateway_id)
        self._tally.count_alerts(kept, -1)
        try:
            return fold()
        except BaseException:
            self._put_back(gateway_id, kept)
            raise
        finally:
            self._tally.count_alerts(self.find(gateway_id), +1)

    def _snapshot_of(self, gateway_id: str) -> Gateway | None:
        """A gateway as it is now, which nothing that befalls it from here on reaches."""
        found = self._known.get(gateway_id)
        if found is None:
            return None
        kept = replace(found)
        share_no_alerts(kept)
        return kept

    def _put_back(self, gateway_id: str, kept: Gateway | None) -> None:
        """Goes back to how a gateway was; what failed at a tick is not tried again at each."""
        if kept is None:
            self._known.pop(gateway_id, None)
            return
        self._known[gateway_id] = kept
        now = self._clock.now
        if kept.next_due is not None and now is not None and kept.next_due <= now:
            kept.next_due = None

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """The entry, if anything changed since the last call."""
        entries = list(self.entries()) if self._is_changed else []
        self._is_changed = False
        return entries

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of it, by key; nothing before the first was heard."""
        if self._is_begun:
            yield KEY, msgspec.msgpack.encode(list(self._known.values()))

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of it, by key, as plain values."""
        if self._is_begun:
            yield KEY.decode(), msgspec.to_builtins(self._known)

    def restore(self, _key: bytes, value: bytes) -> None:
        """Takes the entry back; raises msgspec.MsgspecError on anything else."""
        found = msgspec.msgpack.decode(value, type=list[Gateway])
        for gateway in self._known.values():
            self._tally.count_alerts(gateway, -1)
        self._known, self._is_begun = {each.id: each for each in found}, True
        for gateway in found:
            self._tally.count_alerts(gateway, +1)
        self._next_due = min((each.next_due for each in found if each.next_due is not None), default=None)


def _verdict(gateway: Gateway, now: int) -> Verdict:
    heard = gateway.heard
    return Verdict(
        kind="gateway",
        category="technical",
        state="bad" if gateway.is_silent else "clear",
        priority="medium",
        at=heard,
        reason=f"Gateway {gateway.id} has sent no heartbeat for {duration(now - heard)}: its patients may be unwatched."
        if gateway.is_silent
        else f"Gateway {gateway.id} is heard again.",
        clears_when="A heartbeat comes from the gateway.",
    )
