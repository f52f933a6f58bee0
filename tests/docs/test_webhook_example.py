"""The receiver of docs/delivery.md believes only what is signed, and acts on no alert twice."""

import asyncio
import runpy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from consumers.delivery.channel import DeliveryFailed, Surroundings
from consumers.delivery.channels import CHANNELS
from consumers.delivery.rendering import Renderer, template_of
from consumers.delivery.sample import sample
from tests.consumers.delivery.receiving import SECRET

EXAMPLE = Path(__file__).parents[2] / "docs/examples/webhook.py"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def told(scenario: Callable[[str], Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the receiver printed while the scenario posted to it."""

    async def run() -> None:
        app = runpy.run_path(str(EXAMPLE))["application"](SECRET, tmp_path / "alerts.db")
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await scenario(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await runner.cleanup()

    asyncio.run(run())
    return capsys.readouterr().out.splitlines()


async def send(url: str, secret: str = SECRET, *, times: int = 1, is_test: bool = False) -> None:
    settings = CHANNELS["webhook"].Settings(name="own", url=url, secret=secret)
    channel = CHANNELS["webhook"].open_channel(settings, Surroundings(client={}, echo=print))
    message = Renderer("own", template_of("webhook")).message(sample("own", NOW), NOW, is_test=is_test)
    try:
        for _ in range(times):
            await channel.send(message)
    finally:
        await channel.close()


def test_an_alert_that_comes_again_is_acted_on_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = told(lambda url: send(url, times=3), tmp_path, capsys)
    after_a_restart = told(send, tmp_path, capsys)

    assert first == ["low nobody could be told of an alert place unknown"]
    assert after_a_restart == []


def test_a_test_is_answered_and_not_acted_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(lambda url: send(url, is_test=True), tmp_path, capsys) == []


def test_what_is_not_signed_with_the_secret_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(url: str) -> None:
        with pytest.raises(DeliveryFailed, match="status 401"):
            await send(url, "whsec_" + "b3RoZXI=" * 4)
        async with aiohttp.ClientSession() as session, session.post(url, data=b"{}") as answer:
            assert answer.status == 401

    assert told(scenario, tmp_path, capsys) == []
