"""What a page is told on its stream, however slow it is and wherever it was cut."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from consumers.ward.book import Book
from consumers.ward.condition import Condition
from consumers.ward.past import Histories
from consumers.ward.stream import Stream
from consumers.ward.views.ward import Changes, State

Make = Callable[..., Any]
RESET = b"event: reset\ndata:\n\n"


@pytest.fixture
def book() -> Book:
    return Book("live", most=10)


@pytest.fixture
def condition(book: Book) -> Condition:
    return Condition(book, Histories())


@pytest.fixture
def stream(book: Book, condition: Condition) -> Stream:
    """The stream of a ward whose past is read."""
    condition.read_back = 1.0
    book.begin()
    return Stream(book, condition, lambda: 0.0)


def test_a_page_is_told_what_changed_under_the_number_it_resumes_with(
    stream: Stream, book: Book, assessment: Make
) -> None:
    since = book.seq
    book.take(assessment("p1"), (0, 0))

    told, seq = stream.changes_event(since)

    name, event, data = told.decode().strip().split("\n")
    assert (name, event) == (f"id: {book.run}.{book.seq}", "event: changes")
    changes = msgspec.json.decode(data.removeprefix("data: "), type=Changes)
    assert ([row.patient_id for row in changes.rows], changes.seq) == (["p1"], seq)
    assert stream.resumed(f"{book.run}.{seq}") == seq
    assert stream.changes_event(seq) == (b"", seq)


def test_a_page_that_took_nothing_for_long_gets_what_is_true_now_once(
    stream: Stream, book: Book, assessment: Make
) -> None:
    slow = book.seq
    for minutes in range(50):
        book.take(assessment("p1", minutes=minutes), (0, 0))
        stream.changes_event(book.seq - 1)

    told, _ = stream.changes_event(slow)

    data = told.decode().strip().split("\n")[-1].removeprefix("data: ")
    assert len(msgspec.json.decode(data, type=Changes).rows) == 1


@pytest.mark.parametrize("since", ["", "other.3", "RUN.", "RUN.-1", "RUN.²", "RUN.0", "RUN.99999"])
def test_a_page_that_can_not_be_told_on_starts_over_once(stream: Stream, book: Book, since: str) -> None:
    seq = stream.resumed(since.replace("RUN", book.run))

    told, seq = stream.changes_event(seq)

    assert told == RESET
    assert stream.changes_event(seq) == (b"", seq)


def test_while_the_past_is_read_only_that_is_told(stream: Stream, condition: Condition, book: Book) -> None:
    condition.read_back = 0.5

    assert stream.changes_event(None) == (b"", None)
    told = stream.state_event().decode().split("\n")[1].removeprefix("data: ")
    assert msgspec.json.decode(told, type=State).read_back == 0.5
