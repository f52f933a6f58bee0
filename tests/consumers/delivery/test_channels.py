"""What every channel keeps to, found by discovery, against the real thing on the other side."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiokafka import AIOKafkaConsumer
from aiosmtpd.controller import Controller
from kafka.admin import KafkaAdminClient
from standardwebhooks import Webhook, WebhookVerificationError

from consumers.delivery.channel import Channel, DeliveryFailed, Message, Surroundings
from consumers.delivery.channels import CHANNELS
from consumers.delivery.channels.webhook import seconds_of
from consumers.delivery.rendering import Renderer, template_of
from consumers.delivery.sample import sample
from models.events import Alert
from streams.settings import Connection
from tests.consumers.delivery.receiving import SECRET, receiving

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
NOWHERE = "127.0.0.1:9"  # the port of discard, where nothing listens

Arrived = Callable[[], Awaitable[list[str]]]
"""What reached the other side, one text for each message or alert, with its key where that kind has one."""
Stand = Callable[[], AbstractAsyncContextManager[tuple[Channel, Arrived]]]
"""An open channel to something real, and what arrived there."""


@asynccontextmanager
async def console(_broker: str) -> AsyncIterator[tuple[Channel, Arrived]]:
    printed: list[str] = []
    settings = CHANNELS["console"].Settings(name="output")

    async def arrived() -> list[str]:
        return printed

    yield CHANNELS["console"].open_channel(settings, Surroundings(client={}, echo=printed.append)), arrived


@asynccontextmanager
async def webhook(_broker: str) -> AsyncIterator[tuple[Channel, Arrived]]:
    async with receiving() as program:
        settings = CHANNELS["webhook"].Settings(name="hub", url=program.url, secret=SECRET)

        async def arrived() -> list[str]:
            return [f"{key} {payload['data']['text']}" for key, payload in program.taken]

        yield CHANNELS["webhook"].open_channel(settings, Surroundings(client={}, echo=print)), arrived


class Inbox:
    """A real SMTP server's handler, which keeps each mail."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's to name
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"

    def texts(self, kind: str) -> list[str]:
        """The parts of one kind of all mails, each after its subject."""
        return [
            f"{mail['Subject']}\n{part.get_payload(decode=True).decode()}"
            for mail in self.mails
            for part in mail.walk()
            if part.get_content_type() == kind
        ]


@asynccontextmanager
async def mail(**settings: Any) -> AsyncIterator[tuple[Channel, Inbox]]:
    """A channel to a real SMTP server, and what lies in it."""
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    url = f"mailto://127.0.0.1:{server.port}?from=vigil@ward.example&to=nurse@ward.example&mode=insecure"
    chosen = CHANNELS["apprise"].Settings(name="mail", url=url, **settings)
    try:
        yield CHANNELS["apprise"].open_channel(chosen, Surroundings(client={}, echo=print)), inbox
    finally:
        server.stop()


@asynccontextmanager
async def apprise(_broker: str) -> AsyncIterator[tuple[Channel, Arrived]]:
    """A service of Apprise that may be called as often as one likes, unlike mail."""
    texts: list[str] = []

    async def take(request: web.Request) -> web.Response:
        texts.append((await request.json())["message"])
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = CHANNELS["apprise"].Settings(name="json", url=f"json://127.0.0.1:{runner.addresses[0][1]}")

    async def arrived() -> list[str]:
        return texts

    try:
        yield CHANNELS["apprise"].open_channel(settings, Surroundings(client={}, echo=print)), arrived
    finally:
        await runner.cleanup()


@asynccontextmanager
async def kafka(broker: str) -> AsyncIterator[tuple[Channel, Arrived]]:
    connection, topic = Connection(bootstrap_servers=broker), f"pagers-{free_port()}"
    admin = KafkaAdminClient(**connection.for_kafka_python())
    admin.create_topics({topic: {"num_partitions": 1}}, wait_for_metadata=True)
    admin.close()
    settings = CHANNELS["kafka"].Settings(name="topic", topic=topic)
    channel = CHANNELS["kafka"].open_channel(settings, Surroundings(client=connection.for_aiokafka(), echo=print))

    async def arrived() -> list[str]:
        reader = AIOKafkaConsumer(topic, **connection.for_aiokafka(), auto_offset_reset="earliest")
        await reader.start()
        try:
            records = [record for found in (await reader.getmany(timeout_ms=5_000)).values() for record in found]
            told = [json.loads(record.value) for record in records]
            keys = [dict(record.headers)["idempotency-key"].decode() for record in records]
            return [f"{key} {alert['reason']}" for key, alert in zip(keys, told, strict=True)]
        finally:
            await reader.stop()

    yield channel, arrived


STANDS: dict[str, Callable[[str], AbstractAsyncContextManager[tuple[Channel, Arrived]]]] = {
    "apprise": apprise,
    "console": console,
    "kafka": kafka,
    "webhook": webhook,
}
# The settings of each kind with a secret in them, and nobody on the other side.
LOST: dict[str, dict[str, Any]] = {
    "apprise": {"url": f"json://user:passw0rd@{NOWHERE}"},
    "kafka": {"topic": "nowhere"},
    "webhook": {"url": f"http://{NOWHERE}/?token=passw0rd", "secret": SECRET},
}


@pytest.fixture(params=sorted(CHANNELS))
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    name: str = request.param
    return name  # type: ignore[return-value]


def message(kind: str, suffix: str = ".txt", *, seconds: int = 0) -> Message:
    return Renderer("nurse", template_of(kind, suffix)).message(
        sample("nurse", NOW + timedelta(seconds=seconds)), NOW + timedelta(seconds=seconds), is_test=True
    )


# --- The contract -----------------------------------------------------------------------------------------------------


def test_every_channel_has_a_stand_here_and_words_for_each_setting(kind: str) -> None:
    assert kind in STANDS
    assert (CHANNELS[kind].__doc__ or "").strip()
    assert [name for name, field in CHANNELS[kind].Settings.model_fields.items() if not field.description] == []


def test_what_is_sent_arrives_and_what_is_sent_again_bears_the_same_key(kind: str, broker: str) -> None:
    async def scenario() -> list[str]:
        async with STANDS[kind](broker) as (channel, arrived):
            for _ in range(2):
                await channel.send(message(kind))
            await channel.send(message(kind, seconds=1))
            found = await arrived()
            await channel.close()
            return found

    first, again, other = asyncio.run(scenario())

    assert "test" in first.lower()
    if kind in {"webhook", "kafka"}:
        assert first.split()[0] == again.split()[0] != other.split()[0]


@pytest.mark.parametrize("lost", sorted(LOST))
def test_with_nobody_on_the_other_side_it_fails_in_a_way_that_may_pass_and_tells_no_secret(lost: str) -> None:
    settings = CHANNELS[lost].Settings(name="lost", **LOST[lost])

    async def scenario() -> DeliveryFailed:
        client = Connection(bootstrap_servers=NOWHERE).for_aiokafka()
        channel: Channel = CHANNELS[lost].open_channel(settings, Surroundings(client=client, echo=print))
        try:
            with pytest.raises(DeliveryFailed) as told:
                await channel.send(message(lost))
        finally:
            await channel.close()
        return told.value

    failure = asyncio.run(scenario())

    assert failure.retryable
    for secret in ("passw0rd", SECRET):
        assert secret not in f"{failure} {settings!r}"


# --- One by one -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "suffix"), [("text", ".txt"), ("html", ".html")])
def test_mail_goes_through_a_real_server(form: str, suffix: str) -> None:
    async def scenario() -> list[str]:
        async with mail(format=form) as (channel, inbox):
            await channel.send(message("apprise", suffix))
            return inbox.texts("text/html" if form == "html" else "text/plain")

    [text] = asyncio.run(scenario())

    assert text.startswith("TEST of Vigil's delivery: nobody needs to act\n")
    assert ("<strong>test</strong>" if form == "html" else "This is a test of Vigil's delivery to nurse.") in text


def test_a_signature_is_of_the_whole_body_the_key_and_the_time() -> None:
    signed = Webhook(SECRET)
    body, at = '{"a":1}', datetime.now(UTC)
    headers = {
        "webhook-id": "key",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signed.sign("key", at, body),
    }

    assert signed.verify(body, headers) == {"a": 1}
    for spoiled in ({"webhook-id": "other"}, {"webhook-timestamp": str(int(at.timestamp()) - 1)}):
        with pytest.raises(WebhookVerificationError):
            signed.verify(body, headers | spoiled)
    with pytest.raises(WebhookVerificationError):
        signed.verify(body + " ", headers)


def test_a_program_on_a_topic_gets_the_whole_alert(broker: str, alert: Callable[..., Alert]) -> None:
    from consumers.delivery.channel import Item

    told = Message(key="k", at=NOW, title="", text="", facts={}, items=(Item(key="k", alert=alert(), round=0, step=0),))

    async def scenario() -> list[str]:
        async with kafka(broker) as (channel, arrived):
            await channel.send(told)
            found = await arrived()
            await channel.close()
            return found

    assert asyncio.run(scenario()) == [f"k {alert().reason}"]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("0", 0), ("Sat, 21 Nov 2026 03:01:00 GMT", 60), ("soon", None), ("-1", None), ("", None)],
)
def test_retry_after_is_seconds_or_a_date(told: str, seconds: float | None) -> None:
    assert seconds_of(told, NOW) == seconds


@pytest.mark.parametrize(
    "topic", ["live.alerts", "simulated.patient-events", "replay-x.deliveries", "live-icu.x", "a b"]
)
def test_a_topic_of_vigils_own_is_no_receiver(topic: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        CHANNELS["kafka"].Settings(name="topic", topic=topic)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_templates_of_all_channels_are_shipped() -> None:
    folder = Path(__file__).parents[3] / "consumers/delivery/templates"

    assert {template_of(kind).parent for kind in CHANNELS} == {folder}
