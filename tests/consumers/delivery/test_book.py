"""What is open, what was delivered of it, and from where on a successor must read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from consumers.delivery.book import Book
from consumers.delivery.ledger import Delivery, about
from consumers.delivery.plan import key_of

Make = Callable[..., Any]
At = Callable[[float], datetime]


def test_only_what_somebody_is_to_be_told_of_is_kept(live: Make, at: At) -> None:
    book = Book(0)

    book.take(live(alert_id="evidence", notify=False), offset=0, heard_at=at(0))
    book.take(live(alert_id="told"), offset=1, heard_at=at(0))

    assert [each.notification.alert_id for each in book] == ["told"]


def test_an_alert_that_is_over_is_forgotten_and_a_latched_one_is_not(live: Make, at: At) -> None:
    book = Book(0)
    for number, state in enumerate(("closed", "latched")):
        book.take(live(alert_id=state), offset=number, heard_at=at(0))
        book.take(live(alert_id=state, revision=3, notify=False, state=state), offset=2 + number, heard_at=at(9))

    assert [each.notification.alert_id for each in book] == ["latched"]


def test_a_successor_reads_from_the_oldest_notification_of_what_is_open(live: Make, at: At) -> None:
    book = Book(0)
    assert book.watermark(7) == 7

    book.take(live(alert_id="first"), offset=7, heard_at=at(0))
    book.take(live(alert_id="second"), offset=9, heard_at=at(0))
    assert book.watermark(12) == 7

    book.take(live(alert_id="first", revision=3, state="closed", notify=False), offset=12, heard_at=at(1))
    assert book.watermark(13) == 9

    book.take(live(alert_id="second", revision=3, priority="high"), offset=13, heard_at=at(1))
    assert book.watermark(14) == 13


def test_a_revision_that_comes_again_changes_nothing(live: Make, at: At) -> None:
    book = Book(0)
    book.take(live(revision=4), offset=3, heard_at=at(0))

    book.take(live(revision=4, priority="high"), offset=3, heard_at=at(5))
    book.take(live(revision=3, state="closed"), offset=2, heard_at=at(5))

    [each] = book
    assert (each.notification.priority, each.offset) == ("medium", 3)


def test_worse_after_it_was_delivered_is_to_be_delivered_again(live: Make, at: At) -> None:
    book = Book(0)
    book.take(live(), offset=0, heard_at=at(0))
    book.remember(delivery(live(), at(1)))
    [each] = book
    assert each.delivered

    book.take(live(revision=3, priority="high"), offset=1, heard_at=at(2))

    [each] = book
    assert (each.notification.priority, each.delivered) == ("high", {})


def test_the_ledger_says_what_was_delivered_of_the_newest_notification_alone(live: Make, at: At) -> None:
    book = Book(0)
    book.take(live(revision=5), offset=0, heard_at=at(0))

    book.remember(delivery(live(revision=2), at(1)))
    book.remember(delivery(live(alert_id="unknown"), at(1)))
    [each] = book
    assert not each.delivered

    book.remember(delivery(live(revision=5), at(2)))
    assert list(each.delivered) == [key_of(live(revision=5), "nurse", 0, 0)]


def test_the_ledger_says_whether_it_stands_reported_that_nobody_was_reached(live: Make, at: At) -> None:
    book = Book(0)
    book.take(live(), offset=0, heard_at=at(0))
    [each] = book

    for result, is_reported in (("unreached", True), ("reached", False)):
        book.remember(about(live(), result, seconds=1, at=at(1)))  # type: ignore[arg-type]
        assert each.is_reported is is_reported


def test_what_was_raised_long_ago_waits_until_the_backlog_is_caught_up(live: Make, at: At) -> None:
    book = Book(0)
    book.take(live(0, alert_id="old"), offset=0, heard_at=at(3_600))
    [each] = book
    assert not book.may_go(each, at(3_604.9))

    book.take(live(60, alert_id="over", notify=False), offset=1, heard_at=at(3_603))
    assert not book.may_go(each, at(3_607.9))
    assert book.may_go(each, at(3_608))
    assert each.begins_at == at(3_608)


def test_no_alert_waits_for_a_backlog_longer_than_a_minute(live: Make, at: At) -> None:
    book = Book(0)
    for second in range(3_600, 3_700):
        book.take(live(0, alert_id=f"a{second}"), offset=second, heard_at=at(second))

    held = [each.notification.alert_id for each in book if not book.may_go(each, at(3_700))]

    assert held == [f"a{second}" for second in range(3_641, 3_700)]


def test_what_is_raised_now_waits_for_nothing_and_neither_does_what_has_a_time_of_its_own(live: Make, at: At) -> None:
    book = Book(0)
    book.take(live(0, alert_id="now"), offset=0, heard_at=at(60))
    book.take(live(0, alert_id="replayed", origin="replay"), offset=1, heard_at=at(99_999))
    book.take(live(0, alert_id="late"), offset=2, heard_at=at(61))

    assert [each.notification.alert_id for each in book if not book.may_go(each, at(61))] == ["late"]


def delivery(alert: Any, at: datetime) -> Delivery:
    return Delivery(
        alert_id=alert.alert_id,
        revision=alert.revision,
        subject=alert.subject,
        result="delivered",
        key=key_of(alert, "nurse", 0, 0),
        receiver="nurse",
        route="all",
        round=0,
        step=0,
        tries=1,
        seconds=1,
        at=at,
        origin=alert.origin,
    )
