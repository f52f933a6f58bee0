"""Each call is tried until it is taken, whatever a receiver does; a real HTTP server fails, hangs and refuses."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from consumers.delivery.book import Book
from consumers.delivery.channel import Channel, Message, Surroundings
from consumers.delivery.channels import CHANNELS
from consumers.delivery.grouping import Batch
from consumers.delivery.metrics import DeliveryMetrics
from consumers.delivery.outbox import Outbox
from consumers.delivery.plan import pending
from consumers.delivery.rendering import Renderer, template_of
from tests.consumers.delivery.receiving import SECRET, Receiving, receiving
from tests.waiting import eventually

Make = Callable[..., Any]
At = Callable[[float], datetime]
QUICK = {"retry_seconds": 0.01, "retry_most_seconds": 0.02, "timeout_seconds": 0.3, "rate_per_minute": 60_000}


class Office:
    """Who hands batches out: wants them until told otherwise, and keeps what became of each."""

    def __init__(self) -> None:
        self.is_wanted = True
        self.delivered_to: list[tuple[str, int]] = []
        self.refusals: list[str] = []
        self.troubles: list[str] = []
        self.unmade = 0

    def still_wanted(self, batch: Batch) -> Batch | None:
        return batch if self.is_wanted else None

    def delivered(self, batch: Batch, tries: int) -> None:
        self.delivered_to.append((batch.key, tries))

    def in_trouble(self, batch: Batch, told: str) -> None:
        self.troubles.append(told)

    def refused(self, batch: Batch, told: str) -> None:
        self.refusals.append(told)

    def not_made(self, batch: Batch) -> None:
        self.unmade += 1

    @property
    def ended(self) -> int:
        return len(self.delivered_to) + len(self.refusals) + self.unmade

    async def until(self, ended: int) -> None:
        await eventually(lambda: self.ended >= ended, f"{ended} calls ended", 15)


class Sleeps:
    """Sleeps not at all, and keeps for how long it was to be."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def batches(live: Make, route: Make, at: At) -> Callable[..., list[Batch]]:
    """Makes so many batches of one alert each, of these priorities in turn."""

    def make(number: int, *priorities: str) -> list[Batch]:
        book = Book(0)
        for each in range(number):
            priority = priorities[each % len(priorities)] if priorities else "medium"
            book.take(live(alert_id=f"a{each}", priority=priority), offset=each, heard_at=at(0))
        return [Batch(receiver="hub", calls=tuple(pending(each, [route()], at(0)))) for each in book]

    return make


def webhook(url: str, **settings: Any) -> Any:
    return CHANNELS["webhook"].Settings(name="hub", url=url, secret=SECRET, **(QUICK | settings))


def outbox(settings: Any, office: Office, *, channel: Channel | None = None, **more: Any) -> Outbox:
    around = Surroundings(client={}, echo=print)
    opened = channel or CHANNELS[settings.kind].open_channel(settings, around)
    renderer = Renderer(settings.name, template_of(settings.kind))
    metrics = more.pop("metrics", DeliveryMetrics())
    return Outbox(settings, opened, renderer, office=office, metrics=metrics, **more)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await scenario()

    asyncio.run(bounded())


def test_each_alert_is_delivered_though_calls_fail_and_time_out_and_its_key_stays_the_same(batches: Make) -> None:
    office, given = Office(), batches(200)

    async def scenario() -> None:
        async with receiving(failing=0.3, hanging=0.1) as program:
            box = outbox(webhook(program.url, concurrency=16, burst=1000), office)
            for batch in given:
                box.put(batch)
            await office.until(200)
            await box.stop(1)
            check(program)

    def check(program: Receiving) -> None:
        by_alert: dict[str, set[str]] = {}
        for key, payload in program.calls:
            by_alert.setdefault(payload["data"]["alerts"][0]["alert_id"], set()).add(key)
        assert {key for key, _ in program.taken} == {batch.key for batch in given}
        assert sorted(by_alert) == sorted(batch.calls[0].alert.alert_id for batch in given)
        assert [alert for alert, keys in by_alert.items() if len(keys) != 1] == []
        assert len(program.calls) > 280
        # Of a try that timed out a busy receiver may have heard nothing.
        assert sum(tries for _, tries in office.delivered_to) >= len(program.calls)

    run(scenario)


@pytest.mark.parametrize("status", [500, 502, 503, 408, 425, 429, 599])
def test_what_may_pass_is_tried_again(status: int, batches: Make) -> None:
    assert outcome([status, 200], batches) == (2, ["delivered"])


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422, 301, 307])
def test_what_will_not_pass_is_refused_at_once(status: int, batches: Make) -> None:
    assert outcome([status, 200], batches) == (1, [f"status {status}"])


def outcome(answers: list[int], batches: Make) -> tuple[int, list[str]]:
    """How many calls a receiver had that answers so, and how it ended."""
    office, found = Office(), []

    async def scenario() -> None:
        async with receiving(answers=answers) as program:
            box = outbox(webhook(program.url), office)
            box.put(batches(1)[0])
            await office.until(1)
            await box.stop(1)
            found.append(len(program.calls))

    run(scenario)
    return found[0], office.refusals or ["delivered"]


def test_a_receiver_is_left_alone_for_as_long_as_it_asks(batches: Make) -> None:
    office, sleeps = Office(), Sleeps()
    answers = [
        {"Retry-After": "7"},
        {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"},
        {"Retry-After": "86400"},
        {},
        200,
    ]

    async def scenario() -> None:
        async with receiving(answers=answers) as program:
            box = outbox(webhook(program.url), office, sleep=sleeps)
            box.put(batches(1)[0])
            await office.until(1)
            await box.stop(1)

    run(scenario)

    asked, past, a_day, none = sleeps.seconds
    assert (asked, a_day) == (7, 600)
    assert past < 1
    assert none < 1


def test_it_waits_twice_as_long_each_time_up_to_the_longest(batches: Make) -> None:
    office, sleeps = Office(), Sleeps()

    async def scenario() -> None:
        async with receiving(answers=[503] * 8 + [200]) as program:
            box = outbox(webhook(program.url, retry_seconds=1, retry_most_seconds=20), office, sleep=sleeps)
            box.put(batches(1)[0])
            await office.until(1)
            await box.stop(1)

    run(scenario)

    assert office.delivered_to[0][1] == 9
    for number, seconds in enumerate(sleeps.seconds):
        assert min(2**number, 20) <= seconds <= min(2**number + 1, 20)


def test_a_slow_receiver_holds_up_nobody_else(batches: Make) -> None:
    slow_office, quick_office = Office(), Office()

    async def scenario() -> None:
        async with receiving(hanging=1) as slow, receiving() as quick:
            boxes = [
                outbox(webhook(slow.url, timeout_seconds=60), slow_office),
                outbox(webhook(quick.url), quick_office),
            ]
            for batch in batches(10):
                for box in boxes:
                    box.put(batch)
            await quick_office.until(10)
            assert slow_office.ended == 0
            await asyncio.gather(*(box.stop(0.1) for box in boxes))

    run(scenario)


def test_high_priorities_pass_first_where_the_rate_holds_back_and_none_is_dropped(batches: Make) -> None:
    office, order = Office(), list[str]()

    class Noting:
        async def send(self, message: Message) -> None:
            order.append(message.items[0].alert.priority)

        async def close(self) -> None:
            """Nothing is held."""

    async def scenario() -> None:
        settings = webhook("http://127.0.0.1:9", burst=1, rate_per_minute=6_000, concurrency=1)
        box = outbox(settings, office, channel=Noting())
        for batch in batches(9, "low", "medium", "high"):
            box.put(batch)
        await office.until(9)
        await box.stop(1)

    run(scenario)

    assert order == ["low", *["high"] * 3, *["medium"] * 3, *["low"] * 2]  # The first found the way free.


def test_a_call_that_nobody_needs_any_more_is_not_made_again(batches: Make) -> None:
    office, sleeps = Office(), Sleeps()

    async def scenario() -> None:
        async with receiving(failing=1) as program:

            async def answered_meanwhile(seconds: float) -> None:
                office.is_wanted = False

            box = outbox(webhook(program.url), office, sleep=answered_meanwhile)
            box.put(batches(1)[0])
            await office.until(1)
            await box.stop(1)
            assert len(program.calls) == 1

    run(scenario)

    assert (office.unmade, office.delivered_to, sleeps.seconds) == (1, [], [])


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 999999 ?\r\n\r\n",
        b"\x00" * 99,
    ],
)
def test_a_receiver_that_answers_rubbish_is_tried_again_and_is_no_crash(answer: bytes, batches: Make) -> None:
    office = Office()
    calls = 0

    async def scenario() -> None:
        async def rubbish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal calls
            calls += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer if calls < 3 else b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(rubbish, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        box = outbox(webhook(f"http://127.0.0.1:{port}/"), office)
        box.put(batches(1)[0])
        await office.until(1)
        await box.stop(1)
        server.close()

    run(scenario)

    assert office.delivered_to[0][1] == 3
    assert all(told.startswith("no ") for told in office.troubles)


def test_an_error_that_nobody_thought_of_costs_one_try_and_not_the_process(batches: Make) -> None:
    office = Office()

    class Broken:
        tries = 0

        async def send(self, message: Message) -> None:
            self.tries += 1
            if self.tries == 1:
                raise KeyError("patient-4711")

        async def close(self) -> None:
            """Nothing is held."""

    async def scenario() -> None:
        box = outbox(webhook("http://127.0.0.1:9"), office, channel=Broken())
        box.put(batches(1)[0])
        await office.until(1)
        await box.stop(1)

    run(scenario)

    assert office.delivered_to[0][1] == 2
    assert office.troubles == ["the channel failed (KeyError)"]


def test_no_line_of_the_log_holds_a_patient_a_place_or_an_address(
    batches: Make, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office()

    async def scenario() -> None:
        async with receiving(answers=[503, "hang", 404]) as program:
            box = outbox(webhook(f"{program.url}?token=t0ken"), office)
            box.put(batches(1)[0])
            await office.until(1)
            await box.stop(1)

    with caplog.at_level(logging.DEBUG, logger="consumers"):
        run(scenario)

    assert len(caplog.messages) == 3
    assert [word for word in ("p1", "A1", "t0ken", "NEWS2") if word in caplog.text] == []


def test_what_becomes_of_messages_is_counted_from_nought(batches: Make) -> None:
    office, metrics = Office(), DeliveryMetrics()
    metrics.serve(["hub"], dict)

    async def scenario() -> None:
        async with receiving(answers=[503, 200, 404]) as program:
            box = outbox(webhook(program.url, concurrency=1), office, metrics=metrics)
            for number, batch in enumerate(batches(2), start=1):
                box.put(batch)
                await office.until(number)
            await box.stop(1)

    sample = metrics.registry.get_sample_value
    assert sample("vigil_deliveries_total", {"receiver": "hub", "result": "delivered"}) == 0
    run(scenario)

    assert sample("vigil_deliveries_total", {"receiver": "hub", "result": "delivered"}) == 1
    assert sample("vigil_deliveries_total", {"receiver": "hub", "result": "refused"}) == 1
    assert sample("vigil_delivery_failed_tries_total", {"receiver": "hub"}) == 2


def test_a_stop_waits_for_what_is_out_and_makes_no_more_calls(batches: Make) -> None:
    office = Office()

    async def scenario() -> None:
        entered, stopping, may_go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

        class Slow:
            async def send(self, message: Message) -> None:
                entered.set()
                await may_go_on.wait()

            async def close(self) -> None:
                """Nothing is held."""

        async def stop() -> None:
            stopping.set()
            await box.stop(10)

        box = outbox(webhook("http://127.0.0.1:9", concurrency=1, timeout_seconds=30), office, channel=Slow())
        for batch in batches(3):
            box.put(batch)
        await entered.wait()
        stopped = asyncio.create_task(stop())
        await stopping.wait()
        may_go_on.set()
        await stopped

    run(scenario)

    assert len(office.delivered_to) == 1
