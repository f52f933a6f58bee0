"""The command line of delivery: tests to each receiver, and refusals before anything is sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consumers.delivery.plan import key_of
from consumers.delivery.sample import SAMPLE_AT, sample
from tests.consumers.delivery.receiving import SECRET, receiving_aside
from vigil.cli import cli

HUB = '[[receivers]]\nname = "hub"\nkind = "webhook"\nurl = "{url}"\nsecret = "' + SECRET + '"\n'
OUTPUT = '[[receivers]]\nname = "output"\nkind = "console"\n'
LOST = '[[receivers]]\nname = "lost"\nkind = "webhook"\nurl = "http://127.0.0.1:9"\nsecret = "' + SECRET + '"\n'
ROUTES = '[[routes]]\nreceivers = ["output"]\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "delivery.toml"


def check(*options: str) -> Result:
    return CliRunner().invoke(cli, ["deliver", "--check", *options])


def test_each_receiver_gets_a_test_that_is_marked_as_one(file: Path) -> None:
    with receiving_aside() as program:
        file.write_text(HUB.format(url=program.url) + OUTPUT + ROUTES)

        done = check()

        [(_, payload)] = program.taken
    assert done.exit_code == 0, done.output
    assert {tuple(line.split()) for line in done.stdout.splitlines()} >= {
        ("output", "console", "ok", "taken"),
        ("hub", "webhook", "ok", "taken"),
    }
    assert (payload["type"], payload["data"]["test"]) == ("vigil.test", True)
    assert payload["data"]["title"].startswith("TEST")
    assert "TEST of Vigil's delivery to output" in done.output


def test_one_receiver_that_fails_is_named_and_the_others_are_tested_all_the_same(file: Path) -> None:
    with receiving_aside() as program:
        heartbeat = f'[heartbeat]\nurl = "{program.url}"\n'  # It takes no GET.
        file.write_text(HUB.format(url=program.url) + OUTPUT + LOST + ROUTES + heartbeat)

        done = check("--json")

    assert done.exit_code == 1
    told: dict[str, Any] = json.loads(done.stdout)
    found = {each["receiver"]: (each["ok"], each["told"]) for each in told["receivers"]}
    assert told["ok"] is False
    assert found == {
        "hub": (True, "taken"),
        "output": (True, "taken"),
        "lost": (False, "no proper answer (ClientConnectorError)"),
        "heartbeat": (False, "status 405"),
    }
    assert "2 of 4 tests failed: heartbeat, lost." in done.stderr
    assert SECRET not in done.output


def test_a_second_test_is_not_taken_for_the_first_one_again() -> None:
    first, second = (sample("hub", SAMPLE_AT.replace(second=second)).calls[0] for second in (0, 1))

    assert first.key == key_of(first.alert, "hub", 0, 0) != second.key


def test_a_slip_in_the_file_stops_it_before_anything_is_sent(file: Path) -> None:
    with receiving_aside() as program:
        file.write_text(HUB.format(url=program.url) + ROUTES)

        done = check()

        assert program.calls == []
    assert done.exit_code == 1
    assert "line 7: 'output' is no receiver: write one of hub" in done.output


def test_json_goes_with_a_check_alone(file: Path) -> None:
    done = CliRunner().invoke(cli, ["deliver", "--json"])

    assert done.exit_code == 2
    assert "--json goes with --check." in done.output
