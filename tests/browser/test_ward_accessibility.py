"""Whether everybody can read and use the ward page: light and dark, English and Chinese, phone and desk."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.waiting import until
from tests.watched_ward import ILL, WELL, Log, Server


class Look(NamedTuple):
    """How a reader looks at the page."""

    colours: Any
    language: str
    width: int

    @property
    def context(self) -> dict[str, Any]:
        """Playwright's options of such a reader; the judge itself writes styles, which the page's policy forbids."""
        viewport = {"width": self.width, "height": 900}
        return {"color_scheme": self.colours, "locale": self.language, "viewport": viewport, "bypass_csp": True}


LOOKS = [
    Look("light", "en-GB", 1440),
    Look("dark", "zh-CN", 360),
    Look("light", "zh-CN", 1440),
    Look("dark", "en-GB", 360),
]
BUTTONS = [
    "[data-key^='acknowledge-']",
    "[data-key^='snooze-']",
    "[data-key^='feedback-']",
    "[data-key^='accepted-']",
    "[data-key^='declined-']",
    "[data-key='action-entry']",
    "[data-key='action-pause']",
    "[data-key='action-handover']",
]
TOKEN = "another-token-for-tests"

Visit = Callable[..., Page]
look = pytest.mark.parametrize("look", LOOKS, ids=lambda each: f"{each.colours}-{each.language}-{each.width}")


@pytest.fixture(scope="module")
def ward_of_all_kinds(log: Log, ward: str) -> str:
    """The address of the page, with somebody ill, somebody well, and somebody of whom little is known."""
    log.place("ill", "A1", "7")
    log.measure("ill", panel=ILL)
    log.measure("well", panel=WELL)
    log.measure("hardly-known", panel={"8867-4": 72.0})
    until(lambda: {each["patient_id"] for each in log.told("alerts", "Alert") if each["notify"]} >= {"ill"}, "a call")
    return ward


def assert_readable(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def assert_fits(page: Page) -> None:
    """Nobody has to move the page from side to side."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@look
def test_everybody_can_read_the_ward(visit: Visit, ward_of_all_kinds: str, look: Look) -> None:
    page = visit(**look.context)
    page.goto(ward_of_all_kinds)
    expect(page.locator(".row[data-patient='ill'] .alert-lines")).to_be_visible()
    assert_readable(page)
    assert_fits(page)

    page.locator("details.menu summary").click()
    assert_readable(page)


@look
def test_everybody_can_read_a_patient(visit: Visit, ward_of_all_kinds: str, look: Look) -> None:
    page = visit(**look.context)
    page.goto(f"{ward_of_all_kinds}/#/patients/ill")
    expect(page.locator("[data-chart='8867-4'] canvas")).to_be_visible()
    page.locator("details:not(.menu)").evaluate_all("all => all.forEach(each => (each.open = true))")

    assert_readable(page)
    assert_fits(page)


@pytest.mark.parametrize("look", LOOKS[:2], ids=["light-en-1440", "dark-zh-360"])
def test_everybody_can_use_each_dialog(visit: Visit, ward_of_all_kinds: str, look: Look) -> None:
    page = visit(**look.context)
    page.goto(f"{ward_of_all_kinds}/#/patients/ill")
    for button in BUTTONS:
        page.locator(button).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_readable(page)
        assert_fits(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(button).first).to_be_focused()


@pytest.mark.parametrize("look", LOOKS[:2], ids=["light-en-1440", "dark-zh-360"])
def test_everybody_can_read_why_the_page_is_covered(visit: Visit, log: Log, look: Look) -> None:
    page = visit(**look.context)
    with Server(log.broker, log.prefix, VIGIL_WARD_TOKEN=TOKEN) as server:
        page.goto(server.url)
        expect(page.get_by_role("alertdialog").get_by_role("textbox")).to_be_visible()
        assert_readable(page)
        page.get_by_role("alertdialog").get_by_role("textbox").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator(".rows")).to_be_visible()
        server.kill()

        expect(page.get_by_role("alertdialog").get_by_role("button")).to_be_visible(timeout=60_000)
        assert_readable(page)
        assert_fits(page)
