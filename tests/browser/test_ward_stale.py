"""What the ward page says of values that grow old, and of what was never measured."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from playwright.sync_api import Page, expect

from tests.watched_ward import WELL, Log, Server, working

PREFIX = "simulated-stale"
BEGIN = datetime(2026, 1, 1, 8, tzinfo=UTC)
MONITORED = {code: WELL[code] for code in ("9279-1", "59408-5", "8867-4")}
STALE = ("Respiratory rate", "Oxygen saturation", "Heart rate")
MISSING = ("Systolic pressure", "Consciousness", "Temperature")


@pytest.fixture(autouse=True)
def _soon() -> None:
    expect.set_options(timeout=20_000)


@pytest.fixture
def log(broker: str) -> Iterator[Log]:
    """A ward whose clock stands at BEGIN, and is told all the time, until a test puts it on."""
    ended = Event()
    with working(broker, PREFIX) as log:
        log.device_type, log.now = "monitor", BEGIN
        telling = Thread(target=tell_the_time, args=(log, ended))
        telling.start()
        yield log
        ended.set()
        telling.join()


def tell_the_time(log: Log, ended: Event) -> None:
    while not ended.wait(0.5):
        log.tick()


def test_without_readings_values_become_stale_in_words_and_what_is_missing_is_never_zero(page: Page, log: Log) -> None:
    log.monitor("quiet", MONITORED, minutes=5)
    with Server(log.broker, PREFIX) as server:
        page.goto(server.url)
        row = page.locator(".row[data-patient='quiet']")
        parts = row.locator(".part")
        expect(row.locator(".part-fresh")).to_have_count(3)
        expect(row.locator(".part-missing .part-value")).to_have_text(["missing"] * 4)
        expect(row).to_contain_text("0\u201311")

        log.now = BEGIN + timedelta(hours=2)

        expect(row.locator(".part-stale .part-age")).to_have_text(["stale 2h"] * 3)
        expect(row.locator(".part-fresh")).to_have_count(0)
        expect(row).to_contain_text("silent")
        expect(parts.filter(has_text="missing")).to_have_count(4)
        assert row.locator(".part-value").all_inner_texts().count("0") == 0

        row.get_by_role("link").click()
        table = page.locator(".place-parts")
        for sign in STALE:
            expect(table.get_by_role("row").filter(has_text=sign)).to_contain_text("stale")
        for sign in MISSING:
            expect(table.get_by_role("row").filter(has_text=sign)).to_contain_text("missing")
        expect(page.locator(".place-head")).to_contain_text("Stale: " + ", ".join(STALE))
        expect(page.locator(".place-head")).to_contain_text("Silent: a device sends nothing")
