"""The ward page with a token: who has none sees nothing of the patients."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.watched_ward import Log, Server

TOKEN = "the-token-of-this-ward"


@pytest.fixture(scope="module")
def locked(log: Log) -> Iterator[str]:
    """The address of a page of the same ward, which asks for a token."""
    with Server(log.broker, log.prefix, VIGIL_WARD_TOKEN=TOKEN) as server:
        yield server.url


def test_who_tells_the_token_is_let_in_and_nobody_else(page: Page, log: Log, locked: str) -> None:
    log.measure("behind-a-token")
    page.goto(locked)
    form = page.get_by_role("alertdialog", name="Sign in")
    expect(form).to_contain_text("it asks for the token of this ward")

    form.get_by_label("Token").fill("another")
    form.get_by_role("button", name="Sign in").click()
    expect(form.get_by_role("alert")).to_contain_text("That is not the token.")
    assert page.request.get(f"{locked}/ward").status == 401
    assert page.get_by_text("behind-a-token").count() == 0

    form.get_by_label("Token").fill(TOKEN)
    form.get_by_role("button", name="Sign in").click()
    expect(form).to_be_hidden()
    expect(page.locator(".rows")).to_contain_text("behind-a-token")
    [cookie] = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert TOKEN not in cookie["value"]
    assert TOKEN not in page.evaluate("document.cookie + JSON.stringify({...localStorage, ...sessionStorage})")


def test_who_signs_out_is_asked_again(page: Page, locked: str) -> None:
    page.goto(locked)
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog")).to_be_hidden()

    page.get_by_text("Settings").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("alertdialog", name="Sign in")).to_be_visible()
    assert page.context.cookies() == []
