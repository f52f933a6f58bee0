"""Hands calls out when they are due, keeps what became of them, and reports where nobody could be reached."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from consumers.delivery import plan
from consumers.delivery.book import Book, Open
from consumers.delivery.configuration import Configuration
from consumers.delivery.grouping import Batch, batches
from consumers.delivery.journal import Entry
from consumers.delivery.ledger import Delivery, Result, about
from consumers.delivery.metrics import DeliveryMetrics
from consumers.delivery.routing import routes_of
from models import codec
from models.events import Alert, DeliveryReport, Priority

Topics = Mapping[str, str]
"""The full names of `patient-events` and `deliveries`."""


class Writes(Protocol):
    """Where records go."""

    def add(self, *entries: Entry) -> None:
        """Puts records at the end of what is to be written."""


class Takes(Protocol):
    """Where batches go."""

    def put(self, batch: Batch) -> None:
        """Begins to deliver it."""


class Dispatcher:
    """What is open of each partition held, and the outbox of each receiver."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        topics: Topics,
        journal: Writes,
        metrics: DeliveryMetrics,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.outboxes: MutableMapping[str, Takes] = {}
        self._routes = configuration.routes
        self._topics = topics
        self._journal = journal
        self._metrics = metrics
        self._now = now
        self._books: dict[int, Book] = {}
        metrics.serve(configuration.receivers, self.undelivered)

    def hold(self, book: Book) -> None:
        """A restored partition is this process's to deliver."""
        book.tenure.began_at = self._now()
        self._books[book.partition] = book

    def drop(self, partition: int) -> None:
        """A partition is another's; calls of it that are not out yet are not made."""
        self._books.pop(partition, None)

    def dispatch(self) -> None:
        """Hands out all that is due now, and reports what could not be delivered in time."""
        now = self._now()
        self._give_up_what_is_over(now)
        fresh = [call for each in self._due(now) for call in self._fresh(each, now)]
        for batch in batches(fresh, now):
            for call in batch.calls:
                self._open_of(call).handed.add(call.key)
            self.outboxes[batch.receiver].put(batch)
        self._report_unreached(now)

    def _give_up_what_is_over(self, now: datetime) -> None:
        """What closed before anybody was told of it is still told, but only as long as its routes have patience."""
        for book in self._books.values():
            for each in book:
                if each.is_over and plan.is_unreached(each, self._routes, now):
                    book.forget(each)

    def _fresh(self, each: Open, now: datetime) -> list[plan.Call]:
        """The calls for an alert that are not on their way; where there are none, when to look again is kept."""
        if each.look_again_at is not None and now < each.look_again_at:
            return []
        fresh = [call for call in plan.pending(each, self._routes, now) if call.key not in each.handed]
        each.look_again_at = None if fresh else plan.next_look(each, self._routes, now)
        return fresh

    def undelivered(self) -> dict[Priority, int]:
        """How many open, unanswered alerts nobody was told of yet, by priority."""
        now = self._now()
        found: dict[Priority, int] = {"low": 0, "medium": 0, "high": 0}
        for each in self._all():
            if each.delivered or each.is_over or each.is_answered(now):
                continue
            if any(routes_of(each.notification, self._routes)):
                found[each.notification.priority] += 1
        return found

    # --- What becomes of a batch -------------------------------------------------------------------------------------

    def still_wanted(self, batch: Batch) -> Batch | None:
        """The batch without the calls whose alert is answered, over or told anew, or that a newer one replaced."""
        now = self._now()
        wanted = []
        for call in batch.calls:
            each = self._find(call)
            due = {} if each is None else {found.key: found for found in plan.pending(each, self._routes, now)}
            if call.key in due:
                wanted.append(due[call.key])
            elif each is not None:
                each.handed.discard(call.key)
        return replace(batch, calls=tuple(wanted)) if wanted else None

    def delivered(self, batch: Batch, tries: int) -> None:
        """Keeps that a receiver took it, and takes a report back that nobody was reached."""
        now = self._now()
        for call in batch.calls:
            if (each := self._open_now(call)) is not None:
                self._settle(each, call, now)
            delivery = _delivery(call, tries, now)
            self._write("deliveries", call.partition, call.alert, codec.encode(delivery))

    def in_trouble(self, batch: Batch, told: str) -> None:
        """Keeps what went wrong, for a report."""
        for call in batch.calls:
            if (each := self._find(call)) is not None:
                each.trouble[call.receiver] = told

    def refused(self, batch: Batch, told: str) -> None:
        """A receiver will not take it; the next step comes the sooner for it."""
        self.in_trouble(batch, told)
        for call in batch.calls:
            if (each := self._find(call)) is not None:
                each.failed[call.key] = self._now()
                each.handed.discard(call.key)
                each.look_again_at = None

    def not_made(self, batch: Batch) -> None:
        """A call was not made: whoever is due now may be handed out again."""
        for call in batch.calls:
            if (each := self._find(call)) is not None:
                each.handed.discard(call.key)
                each.look_again_at = None

    def _settle(self, each: Open, call: plan.Call, now: datetime) -> None:
        if not each.delivered:
            self._metrics.first_delivery((now - each.heard_at).total_seconds())
        each.delivered[call.key] = now
        each.handed.discard(call.key)
        each.look_again_at = None
        if each.is_reported:
            self._report(each, "reached", [call.receiver], None, now)
        if each.is_over:
            self._books[each.partition].forget(each)

    # --- Reports -----------------------------------------------------------------------------------------------------

    def _report_unreached(self, now: datetime) -> None:
        """Once for each alert."""
        for each in self._due(now):
            if each.is_reported or each.delivered or each.is_over or not self._must_reach(each):
                continue
            if plan.is_unreached(each, self._routes, now):
                tried = sorted({call.receiver for call in plan.calls(each, self._routes, now)})
                self._report(each, "unreached", tried, _said(each.trouble, tried), now)

    def _must_reach(self, each: Open) -> bool:
        """Whether it is a fault when nobody is told: not of an alert that is on no route by intention."""
        alert = each.notification
        if alert.kind == "delivery":
            return False  # It says just this: there would be no end.
        has_route = any(routes_of(alert, self._routes))
        return has_route or (alert.origin == "live" and alert.priority != "low")

    def _report(self, each: Open, result: Result, receivers: list[str], detail: str | None, now: datetime) -> None:
        alert = each.notification
        each.is_reported = result == "unreached"
        self._metrics.report(result)
        report = DeliveryReport(
            patient_id=alert.patient_id,
            gateway_id=alert.gateway_id,
            alert_id=alert.alert_id,
            revision=alert.revision,
            at=now,
            delivered=result == "reached",
            receivers=receivers,
            detail=detail,
            origin=alert.origin,
        )
        self._write("patient-events", each.partition, alert, codec.encode(report))
        record = about(alert, result, seconds=(now - each.heard_at).total_seconds(), at=now)
        self._write("deliveries", each.partition, alert, codec.encode(record))

    # --- Finding -----------------------------------------------------------------------------------------------------

    def _due(self, now: datetime) -> Iterator[Open]:
        for book in self._books.values():
            yield from (each for each in book if book.may_go(each, now))

    def _all(self) -> Iterator[Open]:
        for book in self._books.values():
            yield from book

    def _find(self, call: plan.Call) -> Open | None:
        """The alert that a call was planned for; not one that was read anew since, whose calls are planned anew."""
        found = self._open_now(call)
        return found if found is not None and found.tenure is call.tenure else None

    def _open_now(self, call: plan.Call) -> Open | None:
        book = self._books.get(call.partition)
        return None if book is None else book.find(call.alert.alert_id, call.alert.revision)

    def _open_of(self, call: plan.Call) -> Open:
        found = self._find(call)
        assert found is not None, "a call that was just planned is of an alert that is open"
        return found

    def _write(self, topic: str, partition: int, alert: Alert, value: bytes) -> None:
        entry = Entry(topic=self._topics[topic], partition=partition, key=alert.subject.encode(), value=value)
        self._journal.add(entry)


def _delivery(call: plan.Call, tries: int, now: datetime) -> Delivery:
    return Delivery(
        alert_id=call.alert.alert_id,
        revision=call.alert.revision,
        subject=call.alert.subject,
        result="delivered",
        key=call.key,
        receiver=call.receiver,
        route=call.route.name,
        round=call.round,
        step=call.step,
        tries=tries,
        seconds=(now - call.heard_at).total_seconds(),
        at=now,
        origin=call.alert.origin,
    )


def _said(trouble: Mapping[str, str], tried: list[str]) -> str:
    """What went wrong at each receiver, or that none has answered, or that there is none."""
    told = "; ".join(f"{name}: {told}" for name, told in sorted(trouble.items()))
    return told or ("no answer yet" if tried else "no route takes it")
