"""The ward page with a thousand patients."""

from collections.abc import Iterator
from functools import partial

import pytest
import requests
from playwright.sync_api import Page, expect

from models.partitioning import partition_of
from streams.topics import PARTITIONS
from tests.waiting import until
from tests.watched_ward import WELL, Log, Server, working

PREFIX = "live-many"
PATIENTS = [f"m{number:04}" for number in range(1000)]
FIRST_VIEW_BYTES = 300_000


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
        for patient in {partition_of(each, PARTITIONS): each for each in PATIENTS}.values():
            until(partial(is_scored, server, patient), f"a score of {patient}, the last of a partition")
        yield server


def is_scored(server: Server, patient: str) -> bool:
    answer = requests.get(f"{server.url}/patients/{patient}", timeout=10)
    return answer.ok and answer.json()["row"]["score"] is not None


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
