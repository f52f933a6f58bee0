"""Who is to be called for an alert, and when: worked out from the alert, its routes and the ledger, for any time.

Step follows step until somebody answers, and after the last one the first again if the route repeats. A step comes
early when nobody of the step before it took its call within the route's patience, or all of them refused it for good.
Of the calls to one receiver only the newest is due: who comes back from an outage is not told the same ten times.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from consumers.delivery.book import Open
from consumers.delivery.route import Route
from consumers.delivery.routing import routes_of
from models.events import Alert

_SHORTEST = timedelta(seconds=1)
_LONGEST = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One receiver is called for one notification, at one step of one round; until it is due it waits for its group.

    `alert` is the notifying revision, `newest` the newest one.
    """

    partition: int
    tenure: object
    alert: Alert
    newest: Alert
    heard_at: datetime
    route: Route
    receiver: str
    round: int
    step: int
    due: datetime

    @property
    def key(self) -> str:
        """The idempotency key: the same whenever, and by whichever process, this call is repeated."""
        return key_of(self.alert, self.receiver, self.round, self.step)


def key_of(alert: Alert, receiver: str, round_: int, step: int) -> str:
    """A hash of the alert, its notifying revision, the receiver, and which call to it this is."""
    parts = (alert.alert_id, alert.revision, receiver, round_, step)
    return hashlib.sha256("\x1f".join(map(str, ("delivery", *parts))).encode()).hexdigest()[:32]


def calls(each: Open, routes: Iterable[Route], now: datetime) -> list[Call]:
    """The calls that are due for an open alert, or wait for their group, whether they were made or not.

    Of one that closed before anybody was told of it, only those that are being made.
    """
    if each.is_answered(now):
        return []
    found: dict[str, Call] = {}
    for route in routes_of(each.notification, routes):
        for call in _of_route(each, route, now):
            if not each.is_over or call.key in each.handed:
                found.setdefault(call.key, call)
    return list(found.values())


def pending(each: Open, routes: Iterable[Route], now: datetime) -> list[Call]:
    """The calls that are still to be made."""
    settled = each.delivered.keys() | each.failed.keys()
    return [call for call in calls(each, routes, now) if call.key not in settled]


def next_look(each: Open, routes: Iterable[Route], now: datetime) -> datetime:
    """When something may be due that is not now, if nothing else is heard of the alert: at most an hour ahead.

    With calls under way it is in a second, for then it hangs on patience.
    """
    routes = list(routes)
    if each.is_answered(now):
        until = each.newest.snoozed_until
        return min(now + _LONGEST, max(until, now + _SHORTEST) if until is not None else now + _LONGEST)
    if pending(each, routes, now):
        return now + _SHORTEST
    found = [at for route in routes_of(each.notification, routes) for at in _scheduled_after(each, route, now)]
    return min([*found, now + _LONGEST])


def _scheduled_after(each: Open, route: Route, now: datetime) -> Iterator[datetime]:
    """The times after now at which a step of this round or the next one is due by its schedule."""
    if route.quiet_hours is not None:
        yield now + _SHORTEST
        return
    start, escalate = _start(each, route), timedelta(seconds=route.escalate_after_seconds or 0)
    number = _round(route, start, now)
    for round_ in (number, number + 1) if route.repeat_seconds is not None else (number,):
        first = start + round_ * _length(route)
        times = (first + step * escalate for step in range(len(route.receivers)))
        yield from (at for at in times if at > now)


def is_unreached(each: Open, routes: Iterable[Route], now: datetime) -> bool:
    """Whether nobody took any call for an alert within the patience of all its routes."""
    if each.delivered or each.is_answered(now):
        return False
    ways = list(routes_of(each.notification, routes))
    return all(now >= _patience_ends(each, way, _start(each, way)) for way in ways)


def _of_route(each: Open, route: Route, now: datetime) -> Iterator[Call]:
    """The newest call of each step that has begun to wait or is due."""
    if route.quiet_hours is not None and route.quiet_hours.end_after(now) is not None:
        return
    start = _start(each, route)
    number = _round(route, start, now)
    this = list(_of_round(each, route, start, number, now))
    begun = {call.step for call in this}
    yield from this
    if number > 0:
        yield from (call for call in _of_round(each, route, start, number - 1, now) if call.step not in begun)


def _of_round(each: Open, route: Route, start: datetime, number: int, now: datetime) -> Iterator[Call]:
    first = due = start + number * _length(route)
    joins_at = first - (_group_wait(each, route) if number == 0 else timedelta(0))
    for step, receivers in enumerate(route.receivers):
        of_step = [
            Call(
                partition=each.partition,
                tenure=each.tenure,
                alert=each.notification,
                newest=each.newest,
                heard_at=each.heard_at,
                route=route,
                receiver=receiver,
                round=number,
                step=step,
                due=due,
            )
            for receiver in receivers
        ]
        if joins_at > now and not _is_settled(each, of_step):
            return
        yield from of_step
        scheduled = first + (step + 1) * timedelta(seconds=route.escalate_after_seconds or 0)
        joins_at = due = min(scheduled, _given_up_at(each, of_step, _patience_ends(each, route, due)))


def _is_settled(each: Open, of_step: list[Call]) -> bool:
    """Whether a step that came early was taken or refused: then it has begun, whatever became of the one before."""
    return any(call.key in each.delivered or call.key in each.failed for call in of_step)


def _group_wait(each: Open, route: Route) -> timedelta:
    """How long a first call waits for more of its group; an urgent one does not."""
    return timedelta(seconds=route.group_wait_seconds if each.notification.priority != "high" else 0)


def _patience_ends(each: Open, route: Route, due: datetime) -> datetime:
    """Until when a call that is due may take; after an outage from when the partition was taken over."""
    return max(due, each.tenure.began_at or due) + timedelta(seconds=route.patience_seconds)


def _given_up_at(each: Open, of_step: list[Call], patience_ends: datetime) -> datetime:
    """When a step has failed: at the last refusal if all refused, else when patience ends; never once one took it."""
    keys = [call.key for call in of_step]
    if any(key in each.delivered for key in keys):
        return datetime.max.replace(tzinfo=patience_ends.tzinfo)
    if all(key in each.failed for key in keys):
        return min(patience_ends, max(each.failed[key] for key in keys))
    return patience_ends


def _start(each: Open, route: Route) -> datetime:
    """When a notification's first step is due: once its group was waited for, and the quiet hours that it fell in."""
    quiet_until = route.quiet_hours.end_after(each.begins_at) if route.quiet_hours is not None else None
    return (quiet_until or each.begins_at) + _group_wait(each, route)


def _length(route: Route) -> timedelta:
    """How long a round takes: through its steps, and on to the next one."""
    steps = (len(route.receivers) - 1) * (route.escalate_after_seconds or 0)
    return timedelta(seconds=steps + (route.repeat_seconds or 0))


def _round(route: Route, start: datetime, now: datetime) -> int:
    """Which round it is, from 0; without repeats there is only the first."""
    return 0 if route.repeat_seconds is None else max((now - start) // _length(route), 0)
