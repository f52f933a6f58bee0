"""The patient view's own work, in a real Chromium: what it reckons, composes and asks, against answers made by hand.

The page's files are served as they are; what the server would say is encoded from the structs that it encodes.
"""

import json
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, Route, expect

from consumers.ward.views.course import Course, Line, Mark, ScoreLine
from consumers.ward.views.patient import About, AlertView, EvidenceView, LimitView, PatientView, Step
from consumers.ward.views.ward import Part, Row, ScoreView, Signal, State, WardView
from consumers.ward.views.wishes import FormField, Session
from models.events import (
    AlertState,
    DeviceType,
    Inhibitor,
    Level,
    OutcomeKind,
    RecommendationState,
    Usefulness,
)
from models.recommendations.response import _RESPONSES as RESPONSES

STATIC = Path(__file__).parents[2] / "consumers/ward/static"
NOW = 1_795_300_000.0
HOST = "http://ward.test"
PATHS = {"patient": "/patients/p1", "course": "/patients/p1/course", "acknowledge": "/alerts/a1/acknowledge"}

Answer = Callable[[Request], tuple[int, Any]]


class Server:
    """What the page is told, by path; what it posted is kept."""

    def __init__(self, page: Page) -> None:
        self.answers: dict[str, Answer] = {}
        self.posted: list[Any] = []
        page.route(f"{HOST}/**", self._answer)
        self.tell("/session", Session(needs_token=False, signed_in=True))
        self.tell("/ward", ward())
        self.tell(PATHS["patient"], patient())
        self.tell(PATHS["course"], course())

    def tell(self, path: str, body: Any, status: int = 200) -> None:
        self.answers[path] = lambda _: (status, body)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST).split("?")[0]
        if route.request.method == "POST":
            self.posted.append(route.request.post_data_json)
        if path == "/stream":
            state = msgspec.json.encode(state_now()).decode()
            route.fulfill(content_type="text/event-stream", body=f"event: state\ndata: {state}\n\n")
        elif path in self.answers:
            status, body = self.answers[path](route.request)
            route.fulfill(status=status, content_type="application/json", body=msgspec.json.encode(body))
        else:
            self._serve(route, "index.html" if path == "/" else path.removeprefix("/static/"))

    @staticmethod
    def _serve(route: Route, name: str) -> None:
        path = STATIC / name
        if path.is_file():
            route.fulfill(content_type=mimetypes.guess_type(name)[0], body=path.read_bytes())
        else:
            route.fulfill(status=404)


def state_now() -> State:
    return State(
        now=NOW,
        clock=NOW,
        history_from=NOW - 3600,
        read_back=1,
        readings_per_second=1,
        lag=0,
        patients=1,
        dead_letters=0,
        troubles=[],
    )


def ward() -> WardView:
    return WardView(
        run="r",
        seq=1,
        prefix="live",
        origin="live",
        state=state_now(),
        rows=[row()],
        gateways=[],
        calls=[],
        scenarios=[],
    )


def row() -> Row:
    return Row(
        patient_id="p1",
        ward="A1",
        bed="7",
        origin="live",
        urgency=(1, 0, 0),
        score=ScoreView(
            at=NOW - 60,
            not_applicable=None,
            known=3,
            most=8,
            completeness="5/7",
            missing=["temperature"],
            stale=["systolic_blood_pressure"],
            assumed=[],
            level="low-medium",
            trend=None,
        ),
        parts={
            "respiratory_rate": Part(value=25.0, at=NOW - 60, state="fresh", points=3, most=3),
            "systolic_blood_pressure": Part(value=118.0, at=NOW - 7200, state="stale", points=None, most=3),
            "temperature": Part(value=None, at=None, state="missing", points=None, most=3),
        },
        signs=[],
        alerts=[],
        signal=Signal(state="good", heard_at=NOW - 60, refused=[], devices=1),
        pause=None,
        recommendations=0,
        spo2_scale=None,
    )


def alert(revision: int = 2, priority: Any = "medium") -> AlertView:
    fact = EvidenceView(
        code="8867-4",
        title="heart rate",
        unit="/min",
        value=134.0,
        usual=None,
        points=None,
        limit=120.0,
        at=NOW - 90,
    )
    return AlertView(
        alert_id="a1",
        revision=revision,
        episode_id="e1",
        kind="limit",
        category="physiological",
        code="8867-4",
        title="heart rate",
        direction="high",
        priority=priority,
        state="active",
        stale=False,
        since=NOW - 90,
        at=NOW - 60,
        notified_at=NOW - 60,
        reason="Heart rate 134 /min is above its high limit of 120 /min.",
        explanation=[fact],
        clears_when="Heart rate is at most 115 /min for 30 s, on fresh values.",
        device_id=None,
        acknowledgement=None,
        snoozed_until=None,
        inhibited_by=None,
        feedback=None,
        policy=None,
        steps=[
            Step(
                revision=1, at=NOW - 90, state="pending", priority="medium", stale=False, notify=False, reason="It is."
            )
        ],
    )


def patient(**changes: Any) -> PatientView:
    about = About(
        age=74,
        sex="male",
        pregnant=False,
        on_oxygen=None,
        spo2_scale=1,
        consciousness="A",
        setting="ward",
        conditions=["<img src=x onerror=alert(1)>"],
        medication=[],
    )
    view = PatientView(
        run="r",
        seq=1,
        monitored=True,
        row=row(),
        about=about,
        alerts=[alert()],
        recommendations=[],
        devices=[],
        limits=[LimitView(code="8867-4", title="heart rate", unit="/min", low=50, high=120, source="adult")],
        risks=[],
        others=[],
        findings=[],
        outcomes=[],
        entered=[],
        known_from=NOW - 3600,
    )
    return msgspec.structs.replace(view, **changes)


def course() -> Course:
    at = [NOW - 3000, NOW - 2940, NOW - 2880, NOW - 600, NOW - 540]
    line = Line(
        code="8867-4",
        title="heart rate",
        unit="/min",
        at=at,
        least=[70, 71, 72, 120, 130],
        most=[72, 73, 74, 128, 134],
        newest=[71, 72, 73, 126, 134],
        usual=[None, 72, 72, 73, 73],
        spread=[None, 4, 4, 4, 4],
        texts=[],
    )
    score = ScoreLine(at=[NOW - 600], known=[3], most=[8], parts={"respiratory_rate": [3], "temperature": [None]})
    mark = Mark(
        kind="alert", at=NOW - 600, until=None, title="heart rate", priority="medium", code="8867-4", alert_id="a1"
    )
    return Course(
        since=NOW - 7200, until=NOW, step=15, oldest=NOW - 3000, lines=[line], score=score, risks=[], marks=[mark]
    )


@pytest.fixture
def server(page: Page) -> Server:
    return Server(page)


def opened(page: Page) -> None:
    page.goto(f"{HOST}/#/patients/p1")
    expect(page.get_by_role("heading", name="p1", exact=True)).to_be_visible()


def run(page: Page, module: str, code: str) -> Any:
    """What a function body makes of a module of the page, as `it`."""
    return page.evaluate(f"async () => {{ const it = await import('/static/js/{module}'); {code} }}")


# --- Arithmetic -------------------------------------------------------------------------------------------------------


def test_a_stretch_that_shows_now_goes_on_with_it_and_one_in_the_past_stays(page: Page, server: Server) -> None:
    opened(page)

    told = run(
        page,
        "patient/charts/timeline.js",
        "const past = it.between(900, 500, 2000);"
        "return [it.bounds(it.newest(600), 2000), it.bounds(past, 5000), it.moved(past, 99, 2000).until];",
    )

    assert told == [{"from": 1400, "until": 2000}, {"from": 500, "until": 900}, None]


def test_zooming_keeps_the_middle_and_never_shows_more_than_four_weeks(page: Page, server: Server) -> None:
    opened(page)

    told = run(
        page,
        "patient/charts/timeline.js",
        "const near = it.zoomed({ seconds: 400, until: 1000 }, 0.5, 5000);"
        "return [it.bounds(near, 5000), it.zoomed(it.newest(it.MOST), 2, 0).seconds / 86400];",
    )

    assert told == [{"from": 700, "until": 900}, 28]


def test_where_nothing_was_measured_no_line_is_drawn(page: Page, server: Server) -> None:
    opened(page)

    told = run(
        page,
        "patient/charts/gaps.js",
        "return it.parted([0, 10, 20, 900], [[1, 2, 3, 4]], it.longest([0, 10, 20, 900], 5));",
    )

    assert told == [[0, 10, 20, 460, 900], [1, 2, 3, None, 4]]


def test_a_score_stands_until_the_next_but_not_for_ever(page: Page, server: Server) -> None:
    opened(page)

    told = run(page, "patient/charts/gaps.js", "return it.held([0, 50, 900], [[1, 2, 3]], 100, 950);")

    assert told == [[0, 50, 150, 525, 900, 950], [1, 2, 2, None, 3, 3]]


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_what_is_missing_or_stale_says_so_and_is_no_zero(page: Page, server: Server) -> None:
    opened(page)

    parts = page.get_by_role("region", name="Score by part")
    expect(parts.get_by_role("row", name="Temperature")).to_contain_text("missing")
    expect(parts.get_by_role("row", name="Temperature")).to_contain_text("? (0 to 3)")
    expect(parts.get_by_role("row", name="Systolic pressure")).to_contain_text("stale 2h")


def test_markup_in_what_is_told_is_shown_and_not_executed(page: Page, server: Server) -> None:
    opened(page)

    expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
    assert page.locator("main img").count() == 0


def test_a_chart_can_be_read_as_a_table(page: Page, server: Server) -> None:
    opened(page)

    chart = page.locator('[data-chart="8867-4"]')
    chart.get_by_text("Show as table").click()

    expect(chart.get_by_role("row")).to_have_count(6)
    expect(chart.get_by_role("row").nth(1)).to_contain_text("65\u201381")
    expect(chart.get_by_role("row").nth(5)).to_contain_text("not known")


def test_the_page_says_how_far_back_it_can_see(page: Page, server: Server) -> None:
    server.tell(PATHS["course"], msgspec.structs.replace(course(), oldest=None))
    opened(page)

    expect(page.get_by_text("Nothing is known of this patient yet.")).to_be_visible()


def test_a_patient_who_is_not_known_is_told(page: Page, server: Server) -> None:
    server.tell(PATHS["patient"], {"title": "Not Found", "status": 404, "detail": "No such patient."}, 404)
    page.goto(f"{HOST}/#/patients/p1")

    expect(page.get_by_role("heading", name="No patient p1 is known here")).to_be_visible()


def test_in_chinese_an_alert_is_said_in_chinese_above_its_own_english_sentence(page: Page, server: Server) -> None:
    page.add_init_script("localStorage.setItem('vigil.language', 'zh')")
    opened(page)

    expect(page.get_by_text("高于上限 120 /min")).to_be_visible()
    expect(page.locator("[lang=en]", has_text="Heart rate 134 /min is above its high limit").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_view_breaks_no_rule_of_accessibility(page: Page, server: Server, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened(page)
    page.locator('[data-chart="8867-4"]').get_by_text("Show as table").click()
    page.get_by_text("1 step").click()

    found = Axe().run(page).response["violations"]

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("level", get_args(Level))
def test_in_chinese_each_level_asks_for_its_own_response(page: Page, server: Server, level: Level) -> None:
    words = json.loads((STATIC / "words/zh/patient.json").read_text())["recommendations"]["response"]
    page.add_init_script("localStorage.setItem('vigil.language', 'zh')")
    opened(page)

    said = json.dumps({"kind": "response", "codes": [], "text": RESPONSES[level]})
    told = run(page, "patient/recommendation_words.js", f"return it.recommendationText({said});")

    assert told == words[level]


# --- Answers ----------------------------------------------------------------------------------------------------------


def acknowledge(page: Page) -> None:
    page.get_by_role("button", name="Acknowledge: Heart rate high").click()
    page.get_by_role("dialog").get_by_label("Your name").fill("nurse Joy")
    page.get_by_role("dialog").get_by_role("button", name="Acknowledge").click()


def test_an_alert_that_has_changed_is_shown_as_it_stands_and_answered_again(page: Page, server: Server) -> None:
    opened(page)
    said = "It has become high since revision 2: look again."
    server.tell(PATHS["acknowledge"], {"title": "Conflict", "status": 409, "detail": said}, 409)
    server.tell(PATHS["patient"], patient(alerts=[alert(revision=5, priority="high")]))
    acknowledge(page)
    dialog = page.get_by_role("dialog")

    expect(dialog.get_by_role("alert")).to_contain_text(f"nothing has changed. {said} It has changed since you looked")
    expect(dialog).to_contain_text("Revision 5")
    server.tell(PATHS["acknowledge"], {"accepted": True})
    dialog.get_by_role("button", name="Acknowledge").click()
    expect(dialog).to_have_count(0)

    assert [each["revision"] for each in server.posted] == [2, 5]


@pytest.mark.parametrize("status", [503, 504])
def test_an_answer_of_which_nothing_is_known_is_not_claimed(page: Page, server: Server, status: int) -> None:
    opened(page)
    server.tell(PATHS["acknowledge"], {"title": "No", "status": status, "detail": "No worker has answered."}, status)
    acknowledge(page)

    told = page.get_by_role("dialog").get_by_role("alert")
    expect(told).to_contain_text("It is not known whether this counts. No worker has answered.")
    expect(page.get_by_text("Acknowledged.", exact=True)).to_have_count(0)


def test_an_acknowledgement_can_be_taken_back_at_once(page: Page, server: Server) -> None:
    opened(page)
    server.tell(PATHS["acknowledge"], {"accepted": True})
    acknowledge(page)
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="End it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    assert [each.get("for_seconds") for each in server.posted] == [None, 1]
    assert {each["by"] for each in server.posted} == {"nurse Joy"}


def test_a_value_that_is_not_believed_is_told_at_its_field(page: Page, server: Server) -> None:
    opened(page)
    server.tell("/forms", [FormField(name="temperature", title="Temperature", form="Cel")])
    said = "98.6 Cel is implausible."
    refusal = {"title": "No", "status": 422, "detail": said, "errors": [{"field": "temperature", "detail": said}]}
    server.tell("/patients/p1/readings", refusal, 422)
    page.get_by_role("button", name="Enter by hand").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Measured by").fill("nurse Joy")
    dialog.get_by_label("Temperature").fill("98.6")
    dialog.get_by_role("button", name="Enter").click()

    field = dialog.get_by_label("Temperature")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("°C, or with its unit as in 100.8[degF] 98.6 Cel is implausible.")
    expect(field).to_be_focused()
    assert server.posted == [{"by": "nurse Joy", "values": {"temperature": "98.6"}, "at": None}]


# --- Handing over -----------------------------------------------------------------------------------------------------


def test_a_handover_says_what_is_missing_and_stale_and_as_of_when(page: Page, server: Server) -> None:
    opened(page)

    page.get_by_role("button", name="Handover (SBAR)").click()
    told = page.get_by_role("dialog")

    expect(told).to_contain_text("As of 20")
    for line in (
        "NEWS2 3\u20138 (level low-medium)",
        "Temperature: MISSING, not measured; could score up to 3",
        "Systolic pressure: STALE, last 118 mmHg, 2h ago",
        "Oxygen: not known",
        "Heart rate 134 /min is above its high limit of 120 /min.",
        "does not replace clinical judgement",
    ):
        expect(told).to_contain_text(line)


# --- Words ------------------------------------------------------------------------------------------------------------

TERMS = {
    "common.state": AlertState,
    "patient.inhibitor": Inhibitor,
    "patient.usefulness": Usefulness,
    "patient.outcomes": OutcomeKind,
    "patient.devices.type": DeviceType,
    "patient.recommendations": RecommendationState,
}


def test_every_term_that_a_patient_view_tells_has_words(page: Page, server: Server) -> None:
    opened(page)

    wanted = [f"{place}.{term}" for place, terms in TERMS.items() for term in get_args(terms)]
    told = page.evaluate(
        "async (keys) => (await import('/static/js/words.js').then((it) => keys.filter((key) => !it.has(key))))",
        wanted,
    )

    assert told == []
