"""What the HTTP API promises, and what it refuses to start with."""

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic import ValidationError

from consumers.answers.answering import Answering
from consumers.answers.desk import Desk
from consumers.answers.follower import StandingFollower
from consumers.answers.topics import AnswerTopics
from consumers.api.operations import OPERATIONS, REFUSALS
from consumers.api.server import Api, application
from consumers.api.settings import ApiSettings

DESCRIBED: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "consumers/api/openapi.json").read_text(encoding="utf-8")
)
TOKEN = "sixteen-or-more-characters"


@pytest.fixture
def api() -> Api:
    """The API before it has met Kafka."""
    topics = AnswerTopics(log="l", answers="a", dead_letters="d", standing="s", partitions=8, origin="live")
    return Api(StandingFollower({}, topics, most=1), Answering({}, Desk({}, topics)), wait_seconds=1)


def test_the_description_is_openapi() -> None:
    validate(DESCRIBED)

    assert DESCRIBED["openapi"] == "3.1.0"


def test_what_is_described_is_what_is_served(api: Api) -> None:
    routes = application(api, ApiSettings()).router.routes()

    served = {(route.method, route.resource.canonical) for route in routes if route.resource and route.method != "HEAD"}

    described = {(method.upper(), path) for path, told in DESCRIBED["paths"].items() for method in told}
    assert served == described == {(each.method, each.path) for each in OPERATIONS}


def test_every_field_is_described() -> None:
    schemas = DESCRIBED["components"]["schemas"]

    silent = [
        f"{name}.{field}"
        for name in schemas
        for field, told in schemas[name]["properties"].items()
        if not told["description"]
    ]

    assert silent == []


def test_every_refusal_that_is_explained_can_happen() -> None:
    assert {status for each in OPERATIONS for status in each.refusals} == set(REFUSALS)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"host": "0.0.0.0"}, "beyond loopback"),
        ({"host": "::"}, "beyond loopback"),
        ({"host": "ward.example"}, "beyond loopback"),
        ({"token": "short"}, "16 printable ASCII"),
        ({"token": "sixteen or more characters"}, "without a space"),
        ({"token_file": "missing"}, "can't be read"),
        ({"token": TOKEN, "token_file": "missing"}, "not both"),
    ],
)
def test_what_would_let_anybody_in_is_refused_at_the_start(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ApiSettings(**settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.0.1"])
def test_on_loopback_no_token_is_asked_for(host: str) -> None:
    assert ApiSettings(host=host).bearer is None


def test_a_token_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")

    assert ApiSettings(host="0.0.0.0", token_file=file).bearer == TOKEN
    assert TOKEN not in repr(ApiSettings(token=TOKEN)), "a token is no matter for a log"
