"""The ward page of `vigil demo`: what befalls a patient is seen, explained, answered and over within a minute."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.waiting import until
from tests.watched_ward import ROOT, Log

TOLD = re.compile(r"The ward page: (http://127\.0\.0\.1:\d+)")
RANGE = ".chart-range"


@pytest.fixture(scope="module")
def demo(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own process, with readings of every patient; gives the address of its page."""
    said = tmp_path_factory.mktemp("demo") / "said"
    command = [sys.executable, "-m", "vigil", "demo", "--workers", "1", "--broker", broker]
    with said.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
    try:
        yield address(said)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, "every record was processed, each reading with exactly one output"
    finally:
        process.kill()
        process.wait()


def address(said: Path) -> str:
    until(lambda: TOLD.search(said.read_text()) is not None, "the address of the page")
    [url] = TOLD.findall(said.read_text())
    until(lambda: len(requests.get(f"{url}/ward", timeout=5).json()["rows"]) >= 16, "readings of each patient")
    return str(url)


def begin(page: Page, what: str, whom: str = "") -> None:
    """Lets something befall a patient, or the next well one, by the button."""
    page.get_by_role("combobox", name="What").select_option(what)
    page.get_by_role("combobox", name="To whom").focus()
    page.get_by_role("combobox", name="To whom").select_option(whom)
    page.get_by_role("button", name="Begin").click()


def test_a_scenario_gives_an_alert_that_is_explained_answered_recorded_and_over(
    page: Page, demo: str, broker: str
) -> None:
    page.goto(demo)
    begin(page, "sensor-off", "p5")
    page.locator(".scenario-said").get_by_role("link").click()
    alert = page.locator(".place-open [data-alert]").filter(has_text="Heart rate is zero: arrest or sensor off")

    expect(alert).to_contain_text("▲ !!! high")
    expect(alert).to_contain_text("Clears when:")
    alert.get_by_role("button", name="Acknowledge: Heart rate is zero").click()
    asked = page.get_by_role("dialog", name="Acknowledge this alert")
    asked.get_by_label("Your name").fill("Dr Kim")
    asked.get_by_label("Reason").fill("sensor slipped off, put back")
    asked.get_by_role("button", name="Acknowledge").click()

    expect(asked).to_be_hidden(timeout=15_000)
    prefix = requests.get(f"{demo}/ward", timeout=5).json()["prefix"]
    [told] = Log(broker, prefix).answered("Acknowledgement", "p5")
    assert (told["by"], told["reason"]) == ("Dr Kim", "sensor slipped off, put back")
    over = page.locator(".history details").filter(has_text="Heart rate is zero")
    over.locator("summary").first.click(timeout=60_000)
    expect(over).to_contain_text("Acknowledged by Dr Kim at")
    expect(over.locator("q")).to_have_text("sensor slipped off, put back")


def test_a_scenario_that_cannot_be_is_refused_with_a_sentence(page: Page, demo: str) -> None:
    while requests.post(f"{demo}/scenarios", json={"name": "stable"}, timeout=5).ok:
        pass
    page.goto(demo)

    begin(page, "tachyarrhythmia")

    refusal = page.locator(".scenario-said strong")
    expect(refusal).to_contain_text("Something happens to every patient already: name one.")
    expect(page.get_by_role("button", name="Begin")).to_be_enabled()


def test_the_charts_of_a_patient_are_drawn_with_what_was_measured_and_zoomed_by_keyboard(page: Page, demo: str) -> None:
    page.goto(f"{demo}/#/patients/p1")
    pulse = page.locator("[data-chart='8867-4']")
    pulse.get_by_text("Show as table").click()
    expect(pulse.locator("tbody tr").first).to_contain_text(re.compile(r"\d"))

    drawn = pulse.locator("canvas").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(byte => byte > 0)"
    )
    before = page.locator(RANGE).inner_text()
    page.get_by_role("button", name="Zoom in (+)").focus()
    page.keyboard.press("+")
    expect(page.locator(RANGE)).not_to_have_text(before)

    assert drawn
    expect(page.get_by_role("button", name="2 h", exact=True)).to_have_attribute("aria-pressed", "false")
