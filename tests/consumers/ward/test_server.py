"""Who is let in to the page, what its files are sent with, and what it says before Kafka ever answered."""

import asyncio
import gzip
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
import pytest
from aiohttp import CookieJar, TCPConnector
from aiohttp.test_utils import TestClient, TestServer
from msgspec import Struct
from yarl import URL

from consumers.answers.topics import AnswerTopics
from consumers.ward.pages import ROOT
from consumers.ward.scenarios import ScenarioRefused
from consumers.ward.server import WardServer
from consumers.ward.settings import WardSettings
from consumers.ward.topics import WardTopics
from consumers.ward.views.ward import Scenario
from consumers.ward.views.wishes import ScenarioBegun
from consumers.ward.ward import Ward

TOKEN = "sixteen-or-more-characters"
SCRIPT = "vendor/uplot/uPlot.esm.js"
TOPICS = WardTopics(
    state="live.checkpoints",
    prefix="live",
    answering=AnswerTopics(log="l", answers="a", dead_letters="d", standing="s", partitions=8, origin="live"),
    followed={},
    group="vigil-live",
)


class Told(Struct):
    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any


class Wheel:
    """Scenarios as a demo brings them: sepsis befalls whoever is named."""

    def list(self) -> list[Scenario]:
        return [Scenario(name="sepsis", title="Sepsis")]

    def begin(self, name: str, patient_id: str | None) -> ScenarioBegun:
        if name != "sepsis":
            raise ScenarioRefused(f"There is no scenario {name}.")
        return ScenarioBegun(name=name, patient_id=patient_id or "p1")


def ask(*requests: tuple[str, str, dict[str, Any]], scenarios: Wheel | None = None, **settings: Any) -> list[Told]:
    """What a server without Kafka answers to these requests of one browser, in their order."""

    async def asked() -> list[Told]:
        set_ = WardSettings(**settings)
        app = WardServer(Ward({}, TOPICS, set_), set_, scenarios).application()
        jar = CookieJar(unsafe=True)
        plainly = {"Accept-Encoding": "identity"}
        async with TestClient(TestServer(app), cookie_jar=jar, auto_decompress=False, headers=plainly) as client:
            told = []
            for method, path, arguments in requests:
                answer = await client.request(method, path, allow_redirects=False, **arguments)
                body = await answer.read()
                plain = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
                json = msgspec.json.decode(plain) if "json" in answer.content_type else None
                told.append(Told(answer.status, answer.headers, body, json))
            return told

    return asyncio.run(asked())


def get(path: str, **headers: str) -> tuple[str, str, dict[str, Any]]:
    return "GET", path, {"headers": headers}


def post(path: str, body: object, **headers: str) -> tuple[str, str, dict[str, Any]]:
    return "POST", path, {"json": body, "headers": headers}


# --- Who is let in ----------------------------------------------------------------------------------------------------


def test_without_a_token_anybody_on_this_machine_is_let_in() -> None:
    session, view = ask(get("/session"), get("/ward"))

    assert session.json == {"needs_token": False, "signed_in": True}
    assert view.status == HTTPStatus.OK


def test_with_a_token_only_the_page_itself_and_its_health_lie_open() -> None:
    told = ask(
        get("/session"),
        get("/ward"),
        get("/stream"),
        get("/patients/p1"),
        get("/forms"),
        post("/alerts/a/acknowledge", {}),
        get(f"/static/{SCRIPT}"),
        get("/healthz"),
        token=TOKEN,
    )

    assert [each.status for each in told] == [200, 401, 401, 401, 401, 401, 200, 503]
    assert told[0].json == {"needs_token": True, "signed_in": False}


def test_the_token_is_told_once_for_a_cookie_that_is_not_the_token() -> None:
    wrong, right, after, out, then = ask(
        post("/session", {"token": "x" * 20}),
        post("/session", {"token": TOKEN}),
        get("/ward"),
        ("DELETE", "/session", {}),
        get("/ward"),
        token=TOKEN,
    )

    assert [each.status for each in (wrong, right, after, out, then)] == [401, 204, 200, 204, 401]
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert "Set-Cookie" not in wrong.headers


@pytest.mark.parametrize(
    "cookie", ["", "x", "99999999999", "99999999999.", "1.0", "²²²²²²²²²²².x", f"99999999999.{TOKEN}"]
)
def test_a_cookie_that_was_made_up_or_is_over_lets_nobody_in(cookie: str) -> None:
    [told] = ask(get("/ward", Cookie=f"vigil_ward_live={cookie}"), token=TOKEN)

    assert told.status == HTTPStatus.UNAUTHORIZED


def test_a_program_may_bear_the_token() -> None:
    right, wrong = ask(
        get("/ward", Authorization=f"Bearer {TOKEN}"), get("/ward", Authorization=f"Bearer {TOKEN}x"), token=TOKEN
    )

    assert (right.status, wrong.status) == (200, 401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 503),
        ({"Origin": "http://HOST"}, 503),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "rebound.example"}, 421),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
def test_another_page_can_answer_nothing_in_somebodys_name(headers: dict[str, str], status: int) -> None:
    async def asked() -> int:
        settings = WardSettings()
        app = WardServer(Ward({}, TOPICS, settings), settings, None).application()
        async with TestClient(TestServer(app)) as client:
            given = {name: value.replace("HOST", client.make_url("/").authority) for name, value in headers.items()}
            body = b'{"by":"x","reason":"y","for_seconds":60}'
            sent = {"Content-Type": "application/json"} | given
            return (await client.post("/patients/p1/pause", data=body, headers=sent)).status

    assert asyncio.run(asked()) == status


# --- What is sent -----------------------------------------------------------------------------------------------------


def test_nothing_may_run_in_the_page_but_its_own_files() -> None:
    told = ask(get("/ward"), get(f"/static/{SCRIPT}"), get("/nothing"))

    for each in told:
        policy = dict(part.split(" ", 1) for part in each.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert each.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_sent_once_packed_and_then_only_known_again() -> None:
    packed, plain = ask(get(f"/static/{SCRIPT}", **{"Accept-Encoding": "gzip"}), get(f"/static/{SCRIPT}"))
    again, changed = ask(
        get(f"/static/{SCRIPT}", **{"If-None-Match": packed.headers["ETag"]}),
        get(f"/static/{SCRIPT}", **{"If-None-Match": '"another"'}),
    )

    assert packed.headers["Content-Type"].startswith("text/javascript")
    assert gzip.decompress(packed.body) == plain.body == (ROOT / SCRIPT).read_bytes()
    assert (again.status, again.body, changed.status) == (304, b"", 200)


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/vendor",
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static//etc/passwd",
        "/x%00",
    ],
)
def test_only_files_of_the_page_are_sent(path: str) -> None:
    async def asked() -> int:
        settings = WardSettings()
        app = WardServer(Ward({}, TOPICS, settings), settings, None).application()
        async with TestServer(app) as server, TestClient(server, connector=TCPConnector()) as client:
            return (await client.session.get(URL(f"{server.make_url('')}{path}", encoded=True))).status

    assert asyncio.run(asked()) == HTTPStatus.NOT_FOUND


def test_the_view_of_the_ward_is_packed_for_whoever_takes_that() -> None:
    packed, plain = ask(get("/ward", **{"Accept-Encoding": "gzip"}), get("/ward", **{"Accept-Encoding": "identity"}))

    assert packed.headers["Content-Encoding"] == "gzip"
    assert b'"prefix":"live"' in gzip.decompress(packed.body)
    assert plain.json["rows"] == []


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_stream_can_be_read_as_it_comes_packed_or_not(encoding: str) -> None:
    async def asked() -> tuple[str | None, bytes]:
        settings = WardSettings()
        app = WardServer(Ward({}, TOPICS, settings), settings, None).application()
        async with (
            TestClient(TestServer(app), headers={"Accept-Encoding": encoding}) as client,
            client.get("/stream") as answer,
        ):
            await answer.content.readuntil(b"\n\n")
            return answer.headers.get("Content-Encoding"), await answer.content.readuntil(b"\n\n")

    packed, event = asyncio.run(asked())

    assert packed == (encoding if encoding == "gzip" else None)
    assert event.startswith(b'event: state\ndata: {"now":null')


# --- Before Kafka answers, and what can't be taken --------------------------------------------------------------------


def test_before_kafka_answers_the_page_is_there_says_so_and_takes_nothing() -> None:
    view, health, course, answered = ask(
        get("/ward"),
        get("/healthz"),
        get("/patients/p1/course"),
        post("/patients/p1/readings", {"by": "x", "values": {"pulse": "80"}}),
    )

    assert [trouble["kind"] for trouble in view.json["state"]["troubles"]] == ["kafka"]
    assert [each.status for each in (health, course, answered)] == [503, 503, 503]
    assert answered.json["detail"] == "Nothing was published: Kafka does not answer."


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=x", "from"), ("spans=0", "spans"), ("from=10&until=5", "from"), ("from=1e99", "from"), ("x=1", "x")],
)
def test_a_stretch_of_the_past_that_makes_no_sense_is_told_by_its_field(query: str, field: str) -> None:
    [told] = ask(get(f"/patients/p1/course?{query}"))

    assert told.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [each["field"] for each in told.json["errors"]] == [field]


def test_scenarios_begin_only_where_somebody_brings_them() -> None:
    view, begun, unknown = ask(
        get("/ward"),
        post("/scenarios", {"name": "sepsis", "patient_id": "p3"}),
        post("/scenarios", {"name": "plague"}),
        scenarios=Wheel(),
    )
    [elsewhere] = ask(post("/scenarios", {"name": "sepsis"}))

    assert [each["name"] for each in view.json["scenarios"]] == ["sepsis"]
    assert begun.json == {"name": "sepsis", "patient_id": "p3"}
    assert (unknown.status, unknown.json["detail"]) == (409, "There is no scenario plague.")
    assert elsewhere.status == HTTPStatus.NOT_FOUND
