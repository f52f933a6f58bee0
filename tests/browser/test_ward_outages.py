"""The ward page while its server, or Kafka, is gone and comes back: it says so, and misses nothing."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.waiting import until
from tests.watched_ward import WELL, Log, Server, working
from vigil.broker import Broker

PREFIX = "live-outages"


class Ward(NamedTuple):
    """A ward with a Kafka of its own, which can be killed."""

    kafka: Broker
    log: Log
    server: Server


@pytest.fixture(autouse=True)
def _soon() -> None:
    expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    with (
        Broker(tmp_path_factory.mktemp("kafka")) as kafka,
        working(kafka.address, PREFIX) as log,
        Server(kafka.address, PREFIX) as server,
    ):
        yield Ward(kafka, log, server)


def cover(page: Page) -> Locator:
    return page.get_by_role("alertdialog")


def row(page: Page, patient: str) -> Locator:
    return page.locator(".rows .row").filter(has_text=patient)


@contextmanager
def gone(kafka: Broker) -> Iterator[None]:
    """Kills a broker, and starts it again."""
    os.kill(kafka.pid, signal.SIGKILL)
    kafka.wait(30)
    kafka.stop()
    try:
        yield
    finally:
        kafka.start()


def notified(log: Log, patient: str) -> set[tuple[str, int]]:
    """Each time that an alert of a patient called somebody, as Kafka has it."""
    told = [each for each in log.told("alerts", "Alert") if each["notify"] and each["patient_id"] == patient]
    return {(each["alert_id"], each["revision"]) for each in told}


def test_a_server_that_was_killed_covers_the_page_and_its_calls_are_told_as_missed(page: Page, ward: Ward) -> None:
    log, server = ward.log, ward.server
    log.measure("seen", panel=WELL)
    page.goto(server.url)
    expect(row(page, "seen")).to_be_visible()

    with server.gone():
        expect(cover(page)).to_contain_text("No connection to the server")
        expect(cover(page)).to_contain_text("Nothing on this page can be taken for now.")
        expect(cover(page)).to_contain_text(re.compile(r"as of .* last heard \d+s ago"))
        log.measure("missed")
        until(lambda: bool(notified(log, "missed")), "a call while nobody could see it")

    expect(cover(page)).to_be_hidden()
    calls = page.locator(".missed li")
    expect(calls).to_have_count(len(notified(log, "missed")))
    expect(calls.first).to_contain_text("missed")
    expect(page).to_have_title(re.compile("missed call"))
    expect(row(page, "missed")).to_have_count(1)
    assert page.locator(".calls .call").filter(has_text="missed").count() == len(notified(log, "missed"))

    page.get_by_role("button", name="I have seen these").click()
    expect(page.locator(".missed")).to_be_hidden()
    row(page, "missed").get_by_role("link").click()
    expect(page.get_by_role("heading", name="missed", exact=True)).to_be_visible()


def test_while_kafka_is_gone_the_page_is_covered_answers_are_refused_and_afterwards_it_goes_on(
    page: Page, ward: Ward
) -> None:
    kafka, log, server = ward
    log.measure("before")
    page.goto(f"{server.url}/#/patients/before")
    alert = page.locator(".place-open [data-alert]").filter(has_text="NEWS2")
    alert.get_by_role("button", name="Acknowledge:").click()
    page.get_by_label("Your name").fill("Dr Kim")

    with gone(kafka):
        expect(cover(page)).to_contain_text("The server has lost Kafka")
        alert_id = requests.get(f"{server.url}/patients/before", timeout=5).json()["alerts"][0]["alert_id"]
        refused = page.request.post(f"{server.url}/alerts/{alert_id}/acknowledge", data={"by": "Dr Kim", "revision": 2})
        assert (refused.status, refused.json()["detail"]) == (503, "Nothing was published: Kafka does not answer.")

    expect(cover(page)).to_be_hidden()
    page.get_by_role("dialog").locator("[type=submit]").click()
    expect(alert).to_contain_text("Acknowledged by Dr Kim")
    log.measure("after")
    page.goto(f"{server.url}/#/")
    expect(row(page, "after").locator(".alert-lines")).to_contain_text("active")
    assert [each["by"] for each in log.answered("Acknowledgement", "before")] == ["Dr Kim"]
