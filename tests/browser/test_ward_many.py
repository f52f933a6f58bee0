"""The ward page with a thousand patients, and one that is left open for long."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import CDPSession, Page, expect

from tests.cable import Cable
from tests.waiting import until
from tests.watched_ward import ILL, WELL, Log, Server, working

PREFIX = "live-many"
PATIENTS = [f"m{number:04}" for number in range(1000)]
FIRST_VIEW_BYTES = 300_000
ROUNDS = 4


@pytest.fixture(autouse=True)
def _soon() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def log(broker: str) -> Iterator[Log]:
    with working(broker, PREFIX) as log:
        log.place_all((patient, f"W{n % 20:02}", str(n // 20 + 1)) for n, patient in enumerate(PATIENTS))
        log.measure(*PATIENTS, panel=WELL)
        yield log


@pytest.fixture(scope="module")
def server(log: Log) -> Iterator[Server]:
    with Server(log.broker, PREFIX) as server:
        until(lambda: scored(server) == len(PATIENTS), "a score of each patient")
        yield server


def scored(server: Server) -> int:
    rows = requests.get(f"{server.url}/ward", timeout=10).json()["rows"]
    return sum(row["score"] is not None and row["ward"] is not None for row in rows)


def test_the_first_view_of_a_thousand_patients_is_small_on_the_wire(page: Page, server: Server) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    received: list[float] = []
    devtools.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))

    page.goto(server.url)
    expect(page.locator(".count")).to_have_text("1000 patients")

    assert len(received) > 10, "the page, its scripts and its words"
    assert sum(received) < FIRST_VIEW_BYTES


def test_a_thousand_patients_are_all_there_and_can_be_searched_filtered_and_sorted(page: Page, server: Server) -> None:
    page.goto(server.url)
    rows = page.locator(".rows .row")
    expect(rows).to_have_count(len(PATIENTS))

    page.get_by_role("searchbox").fill("m0777")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("W17 · 39")
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("combobox", name="Ward").select_option("W03")
    expect(rows).to_have_count(50)
    page.get_by_role("combobox", name="Order").select_option("bed")

    expect(page.locator(".rows .place")).to_have_text([f"W03 · {bed}" for bed in range(1, 51)])


def test_the_keyboard_moves_from_patient_to_patient_and_scrolls_to_the_last(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/#/?sort=name")
    expect(page.locator(".rows .row")).to_have_count(len(PATIENTS))

    page.keyboard.press("End")
    last = page.locator(f".row[data-patient='{PATIENTS[-1]}']")
    expect(last).to_be_in_viewport()
    expect(last.locator(".interval")).to_have_text("0")
    for _ in range(30):
        page.keyboard.press("j")
    thirtieth = page.locator(f".row[data-patient='{PATIENTS[29]}']")
    expect(thirtieth.get_by_role("link")).to_be_focused()
    expect(thirtieth).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=PATIENTS[29])).to_be_visible()


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
        assert after["JSHeapUsedSize"] < before["JSHeapUsedSize"] * 1.2 + 6_000_000, (before, after)
        assert after["Nodes"] < before["Nodes"] * 1.05 + 3_000, (before, after)
        assert after["JSEventListeners"] < before["JSEventListeners"] * 1.05 + 100, (before, after)


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
