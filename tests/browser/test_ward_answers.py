"""What people do at the ward page, in a browser, with a real worker: each answer stands on Kafka and on the page."""

import re
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.waiting import until
from tests.watched_ward import ILL, WELL, Json, Log

MEDIUM = WELL | {"9279-1": 22.0, "59408-5": 94.0, "8867-4": 112.0}
STRANGE = """<script>alert("id")</script>"""
NAME = "<img src=x onerror=\"alert('name')\">"
REASON = "</q><script>alert('reason')</script>"
WARD, BED = "<b onmouseover=alert(1)>A1</b>", '"><svg onload=alert(2)>'

Visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def _soon() -> None:
    expect.set_options(timeout=8_000)


def of_patient(ward: str, patient: str) -> Json:
    answer = requests.get(f"{ward}/patients/{requests.utils.quote(patient, safe='')}", timeout=5)
    return dict(answer.json()) if answer.ok else {"alerts": [], "recommendations": []}


def sounding(ward: str, patient: str) -> None:
    """Waits until a patient's score has called somebody."""
    until(
        lambda: any(each["notified_at"] and each["kind"] == "news2" for each in of_patient(ward, patient)["alerts"]),
        f"an alert of {patient}",
    )


def show(page: Page, ward: str, patient: str) -> Locator:
    """Opens a patient's view; gives the alert of the score."""
    page.goto(f"{ward}/#/patients/{requests.utils.quote(patient, safe='')}")
    return page.locator(".place-open [data-alert]").filter(has_text="NEWS2")


def answer(page: Page, by: str, reason: str = "") -> None:
    """Fills in the dialog that is open, and sends it."""
    page.get_by_role("dialog").get_by_label("Your name").fill(by)
    page.get_by_role("dialog").get_by_label("Reason").fill(reason)
    page.get_by_role("dialog").locator("[type=submit]").click()


def press(place: Locator | Page, name: str) -> None:
    place.get_by_role("button", name=name).first.click()


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_an_acknowledgement_counts_with_name_and_reason_and_can_be_taken_back(page: Page, log: Log, ward: str) -> None:
    log.measure("acknowledged")
    sounding(ward, "acknowledged")
    alert = show(page, ward, "acknowledged")

    press(alert, "Acknowledge:")
    answer(page, "Dr Kim", "with the patient")

    expect(alert).to_contain_text("Acknowledged by Dr Kim at")
    expect(alert.locator("q")).to_have_text("with the patient")
    [told] = log.answered("Acknowledgement", "acknowledged")
    assert (told["by"], told["reason"], told["expires_at"]) == ("Dr Kim", "with the patient", None)

    press(page, "Take back")
    answer(page, "Dr Kim", "wrong patient")

    expect(alert.locator(".alert-stands")).to_contain_text("active")


def test_a_snooze_a_feedback_and_a_pause_are_shown_with_who_gave_them(page: Page, log: Log, ward: str) -> None:
    log.measure("snoozed")
    sounding(ward, "snoozed")
    alert = show(page, ward, "snoozed")

    press(alert, "Was it useful?:")
    page.get_by_label("There was something to do").check()
    answer(page, "Dr Kim")
    expect(alert).to_contain_text("Said of it: There was something to do")
    press(alert, "Snooze:")
    answer(page, "Dr Kim", "on the way")
    expect(alert).to_contain_text("snoozed until")
    page.locator("[data-key='action-pause']").click()
    answer(page, "Nurse Wu", "washing")
    expect(page.locator(".patient-pause")).to_contain_text(re.compile("Paused until .* by Nurse Wu: washing"))
    press(page, "End the pause")
    answer(page, "Nurse Wu", "washed")
    expect(page.locator(".patient-pause")).to_have_count(0)

    assert [each["usefulness"] for each in log.answered("Feedback", "snoozed")] == ["actionable"]
    assert [each["reason"] for each in log.answered("Snooze", "snoozed")] == ["on the way"]
    assert [each["reason"] for each in log.answered("Pause", "snoozed")] == ["washing", "washed"]


def test_a_recommendation_is_declined_with_a_reason_and_then_accepted(page: Page, log: Log, ward: str) -> None:
    log.measure("advised")
    sounding(ward, "advised")
    show(page, ward, "advised")
    advice = page.locator(".place-recommendations li").filter(has_text="Call the emergency team")

    press(advice, "Decline:")
    page.get_by_label("Your name").fill("Dr Kim")
    page.get_by_role("dialog").get_by_role("button", name="Decline").click()
    expect(page.get_by_role("dialog").locator("textarea:invalid")).to_be_visible()
    answer(page, "Dr Kim", "comfort care was agreed")
    expect(advice).to_contain_text("Declined by Dr Kim")
    press(advice, "Accept instead:")
    answer(page, "Dr Lee")

    expect(advice).to_contain_text("Accepted by Dr Lee")


def test_what_is_entered_by_hand_is_refused_at_its_field_or_stands_as_a_reading(
    page: Page, log: Log, ward: str
) -> None:
    log.measure("entered", panel={"8867-4": 72.0})
    until(lambda: "row" in of_patient(ward, "entered"), "the patient")
    page.goto(f"{ward}/#/patients/entered")
    press(page, "Enter by hand")
    entry = page.get_by_role("dialog")

    entry.get_by_label("Measured by").fill("Nurse Wu")
    entry.get_by_label("Blood pressure").fill("80/120")
    press(entry, "Enter")
    expect(entry.locator("#entry-pressure-error")).to_contain_text("the systolic pressure comes first")
    expect(entry.get_by_label("Blood pressure")).to_be_focused()
    entry.get_by_label("Blood pressure").fill("120/80")
    entry.get_by_label("Consciousness").select_option("V")
    press(entry, "Enter")
    expect(entry.get_by_role("status")).to_contain_text("Entered, and assessed.")
    press(entry, "Close")

    parts = page.locator(".place-parts")
    expect(parts.get_by_role("row").filter(has_text="Systolic pressure")).to_contain_text("120")
    expect(parts.get_by_role("row").filter(has_text="Temperature")).to_contain_text("missing")
    [reading] = [each for each in log.answered("Reading", "entered") if each["device_id"] != "d-entered"]
    codes = {each["code"]: each["value"] for each in reading["measurements"]}
    assert (codes, reading["device_type"]) == ({"8480-6": 120, "8462-4": 80, "67775-7": "V"}, "manual")


def test_a_handover_says_what_stands_what_is_missing_and_that_it_only_assists(page: Page, log: Log, ward: str) -> None:
    log.measure("handed-over", panel={code: value for code, value in ILL.items() if code != "8310-5"})
    sounding(ward, "handed-over")
    show(page, ward, "handed-over")

    press(page, "Handover (SBAR)")

    summary = page.get_by_role("dialog")
    expect(summary).to_contain_text("Alert, high priority: NEWS2")
    expect(summary).to_contain_text("Temperature: MISSING, not measured")
    expect(summary).to_contain_text("does not replace clinical judgement")


# --- Bad input --------------------------------------------------------------------------------------------------------


def test_markup_in_names_and_words_is_shown_as_text_and_nothing_of_it_runs(page: Page, log: Log, ward: str) -> None:
    log.place(STRANGE, WARD, BED)
    log.measure(STRANGE)
    sounding(ward, STRANGE)
    page.goto(ward)
    row = page.locator(".rows .row").filter(has_text=STRANGE)
    expect(row).to_contain_text(f"{WARD} · {BED}")

    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name=STRANGE)).to_be_visible()
    alert = page.locator(".place-open [data-alert]").filter(has_text="NEWS2")
    press(alert, "Acknowledge:")
    answer(page, NAME, REASON)

    expect(alert).to_contain_text(f"Acknowledged by {NAME} at")
    expect(alert.locator("q")).to_have_text(REASON)
    press(page, "Handover (SBAR)")
    expect(page.get_by_role("dialog")).to_contain_text(STRANGE)
    assert page.locator("img, body script, [onmouseover], [onload]").count() == 0


def test_a_patient_whom_nobody_knows_is_told_to_be_unknown(page: Page, ward: str) -> None:
    page.goto(f"{ward}/#/patients/nobody%2Fhere")

    expect(page.get_by_role("heading", name="No patient nobody/here is known here")).to_be_visible()
    page.get_by_role("link", name="Back to the ward").click()
    expect(page.get_by_role("table")).to_be_visible()


def test_an_answer_to_what_has_become_worse_meanwhile_is_refused_and_can_be_given_again(
    page: Page, log: Log, ward: str
) -> None:
    log.measure("worse", panel=MEDIUM)
    sounding(ward, "worse")
    alert = show(page, ward, "worse")
    press(alert, "Acknowledge:")
    log.measure("worse", panel=ILL)
    until(lambda: of_patient(ward, "worse")["alerts"][0]["priority"] == "high", "the rise")

    answer(page, "Dr Kim")

    asked = page.get_by_role("dialog")
    expect(asked.get_by_role("alert")).to_contain_text("This was not taken, and nothing has changed.")
    expect(asked.get_by_role("alert")).to_contain_text("It has changed since you looked")
    expect(asked).to_contain_text("NEWS2 is 9")
    assert of_patient(ward, "worse")["alerts"][0]["state"] == "active"
    asked.locator("[type=submit]").click()
    expect(alert).to_contain_text("Acknowledged by Dr Kim")


def test_of_two_who_answer_at_once_both_see_whose_answer_stands(visit: Visit, log: Log, ward: str) -> None:
    log.measure("both")
    sounding(ward, "both")
    pages = {"Dr Kim": visit(), "Dr Lee": visit()}
    alerts = {by: show(page, ward, "both") for by, page in pages.items()}
    for by, page in pages.items():
        press(alerts[by], "Acknowledge:")
        page.get_by_label("Your name").fill(by)

    for page in pages.values():
        page.get_by_role("dialog").locator("[type=submit]").click(no_wait_after=True)

    until(lambda: len(log.answered("Acknowledgement", "both")) == 2, "both answers")
    until(lambda: len([each for each in log.told("answers", "AnswerResult") if each["patient_id"] == "both"]) == 2)
    last = of_patient(ward, "both")["alerts"][0]["acknowledgement"]["by"]
    for alert in alerts.values():
        expect(alert).to_contain_text(f"Acknowledged by {last} at")


# --- By keyboard ------------------------------------------------------------------------------------------------------


def test_an_alert_is_found_and_acknowledged_without_a_mouse(page: Page, log: Log, ward: str) -> None:
    log.measure("keyboard-7")
    sounding(ward, "keyboard-7")
    page.goto(ward)
    expect(page.get_by_role("table")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("keyboard-7")
    tab_to(page, ".patient-link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="keyboard-7")).to_be_visible()
    tab_to(page, "[data-key^='acknowledge-']")
    page.keyboard.press("Enter")
    page.keyboard.type("Dr Kim")
    tab_to(page, "dialog textarea")
    page.keyboard.type("seen")
    tab_to(page, "dialog [type=submit]")
    page.keyboard.press("Enter")

    expect(page.locator(".place-open [data-alert]").filter(has_text="NEWS2")).to_contain_text("Acknowledged by Dr Kim")
    [told] = log.answered("Acknowledgement", "keyboard-7")
    assert told["reason"] == "seen"


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Presses Tab until such an element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no Tab leads to {selector}")
