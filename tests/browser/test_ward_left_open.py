"""A ward page that is left open: it keeps its size, and misses no call, however often the network goes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.cable import Cable
from tests.watched_ward import ILL, WELL, Log, Server, working

PREFIX = "live-left-open"
PATIENTS = [f"o{number:02}" for number in range(40)]
ROUNDS = 3


@pytest.fixture(scope="module")
def log(broker: str) -> Iterator[Log]:
    with working(broker, PREFIX) as log:
        log.measure(*PATIENTS, panel=WELL)
        yield log


@pytest.fixture(scope="module")
def server(log: Log) -> Iterator[Server]:
    with Server(log.broker, PREFIX) as server:
        yield server


def test_a_page_left_open_keeps_its_size_and_misses_no_call(page: Page, log: Log, server: Server) -> None:
    with Cable(server.port) as cable:
        page.goto(cable.url)
        expect(page.locator(".rows .row")).to_have_count(len(PATIENTS))
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        live_through(page, log, cable, "first")
        before = size(devtools)

        for turn in range(ROUNDS):
            live_through(page, log, cable, f"again-{turn}")

        after = size(devtools)
        assert after["JSHeapUsedSize"] < before["JSHeapUsedSize"] + 3_000_000, (before, after)
        assert after["Nodes"] < before["Nodes"] + ROUNDS * 500, (before, after)


def live_through(page: Page, log: Log, cable: Cable, name: str) -> None:
    """Lets every patient be measured, the network be cut, and somebody call meanwhile, until the page shows it all."""
    patient = f"{name}-caller"
    log.measure(*PATIENTS, panel=WELL)
    cable.cut()
    log.measure(patient, panel=ILL)
    expect(page.locator(".calls .call").filter(has_text=patient)).to_have_count(1)
    expect(page.locator(f".row[data-patient='{patient}']")).to_have_count(1)


def size(devtools: CDPSession) -> dict[str, float]:
    """What the page holds after what is not needed any more has been swept up."""
    devtools.send("HeapProfiler.collectGarbage")
    told = devtools.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in told}
