"""`vigil backtest --policy`: what policies would have done, side by side, the same bytes each time."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.report_page import fetched
from vigil.cli import cli
from vigil.recording import open_recording

NOTHING = 'version = "nothing"\n'
STRICT = 'version = "strict"\n[limits.heart_rate]\nhigh = 100\n'
LOOSE = 'version = "loose"\n[limits.heart_rate]\nhigh = 140\n[news2]\nrise = false\nhigh_from = 20\nmedium_from = 19\n'
LOOSE += "single_three = false\n"


def backtest(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["backtest", *map(str, arguments)])


@pytest.fixture
def policies(tmp_path: Path) -> list[str]:
    for name, text in (("strict", STRICT), ("loose", LOOSE)):
        (tmp_path / f"{name}.toml").write_text(text)
    return ["--policy", str(tmp_path / "strict.toml"), "--policy", str(tmp_path / "loose.toml")]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four of the stays that come with Vigil, as an events.jsonl."""
    file = tmp_path_factory.mktemp("log") / "events.jsonl"
    entries = open_recording("sample", limit=4).entries(1, Counter())
    file.write_bytes(b"".join(entry.value + b"\n" for entry in entries))
    return file


def told(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def by_name(report: dict[str, Any]) -> dict[str, Any]:
    return {side["name"]: side for side in report["sides"]}


def test_sides_stand_beside_each_other_over_the_same_records(log: Path, policies: list[str]) -> None:
    report = told(backtest(log, *policies, "--json"))

    sides = by_name(report)
    assert list(sides) == ["fixed limits, each value", "fixed limits, each run", "recorded", "strict", "loose"]
    assert (report["source"], report["patients"]) == ("events.jsonl", 4)
    assert sides["loose"]["worth"]["alerts"] < sides["strict"]["worth"]["alerts"]
    assert sides["recorded"]["burden"]["notified"] == recorded_calls(log)


def recorded_calls(log: Path) -> int:
    return told(backtest(log, "--json"))["notified"]


def test_a_policy_that_says_nothing_does_what_was_recorded(log: Path, tmp_path: Path) -> None:
    (tmp_path / "same.toml").write_text(NOTHING)

    report = told(backtest(log, "--policy", tmp_path / "same.toml", "--json"))

    sides, comparison = by_name(report), report["comparison"]
    assert sides["same"]["burden"] == sides["recorded"]["burden"]
    assert (comparison["first"], comparison["second"], comparison["patients"]) == ("recorded", "same", [])
    assert comparison["same_time"]["alerts"] == sides["same"]["burden"]["alerts_notified"] > 0


def test_the_same_log_and_policies_give_the_same_bytes(log: Path, tmp_path: Path, policies: list[str]) -> None:
    runs = [backtest(log, *policies, "--json", "--report", tmp_path / f"{run}.html") for run in "ab"]

    assert runs[0].stdout == runs[1].stdout
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_page_stands_alone_and_draws_a_timeline_for_each_patient_those_who_differ_first(
    log: Path, tmp_path: Path, policies: list[str]
) -> None:
    report = told(backtest(log, *policies, "--json", "--report", tmp_path / "report.html"))

    page = (tmp_path / "report.html").read_text()
    names = [
        svg.findtext("{*}title") for svg in map(ET.fromstring, re.findall(r"<svg viewBox.*?</svg>", page, re.DOTALL))
    ]
    assert fetched(page) == []
    differing = [patient["patient_id"] for patient in report["comparison"]["patients"]]
    assert names[: len(differing)] == differing != []
    assert len(set(names)) == len(names) == report["patients"]


def test_the_summary_names_what_would_have_alarmed_and_what_not(log: Path, policies: list[str]) -> None:
    done = backtest(log, *policies)

    assert done.exit_code == 0, done.output
    for line in ("positive predictive value", "What loose would do otherwise than strict", "strict alone"):
        assert line in done.stdout


def test_a_recording_is_tried_as_it_is_replayed(policies: list[str]) -> None:
    report = told(backtest("--source", "sample", "--limit", "2", *policies, "--json"))

    assert (report["source"], report["patients"]) == ("sample", 2)


def test_policies_of_one_name_are_told_apart(log: Path, tmp_path: Path, policies: list[str]) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "strict.toml").write_text(LOOSE)

    report = told(backtest(log, *policies[:2], "--policy", tmp_path / "other" / "strict.toml", "--json"))

    assert list(by_name(report))[-2:] == ["strict A", "strict B"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["events.jsonl", "--report", "r.html"], "give --policy too"),
        (["--policy", "p.toml"], "either EVENTS or --prefix"),
        (["events.jsonl", "--prefix", "live", "--policy", "p.toml"], "either EVENTS or --prefix"),
        (["events.jsonl", "--from", "2026-01-01T00:00:00Z", "--policy", "p.toml"], "of --prefix"),
        (["events.jsonl", "--outputs", "o", "--policy", "p.toml"], "leave out --policy"),
        (["events.jsonl", *["--policy", "p.toml"], *["--policy", "q.toml"], *["--policy", "r.toml"]], "Two policies"),
        (["none.jsonl", "--policy", "p.toml"], "can't be read"),
        (["empty.jsonl", "--policy", "p.toml", "--report", "r.html"], "tells of no patient"),
        (["events.jsonl", "--policy", "bad.toml", "--report", "r.html"], "bad.toml:3"),
        (["events.jsonl", "--policy", "p.toml", "--report", "p.toml"], "is named twice"),
    ],
)
def test_what_can_not_be_meant_is_told_in_one_line_and_leaves_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path, arguments: list[str], complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.jsonl").write_bytes(log.read_bytes()[:2000])
    (tmp_path / "empty.jsonl").write_text("")
    for name, text in (("p", NOTHING), ("q", STRICT), ("r", LOOSE), ("bad", NOTHING + "[news2]\nraise = 1\n")):
        (tmp_path / f"{name}.toml").write_text(text)

    done = backtest(*arguments)

    assert done.exit_code != 0
    assert complaint in done.output
    assert not (tmp_path / "r.html").exists()
    assert (tmp_path / "p.toml").read_text() == NOTHING


def test_what_the_log_tells_of_policies_is_that_of_the_recorded_side_alone(tmp_path: Path) -> None:
    at = "2026-01-01T00:0{}:00Z".format
    changed = {"type": "PolicyChanged", "scope": "site", "version": "told", "at": at(0), "by": "dr", "reason": "trial"}
    measured = [{"code": "8867-4", "value": 110, "unit": "/min"}]
    reading = {"type": "Reading", "reading_id": "r1", "patient_id": "p1", "device_id": "d1", "effective_at": at(1)}
    records = [
        changed | {"policy": {"limits": {"heart_rate": {"high": 100}}}},
        {"type": "Tick", "at": at(0)},
        reading | {"measurements": measured},
        *({"type": "Tick", "at": at(minute)} for minute in (1, 2, 3)),
    ]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    (tmp_path / "nothing.toml").write_text(NOTHING)

    report = told(backtest(tmp_path / "events.jsonl", "--policy", tmp_path / "nothing.toml", "--json"))

    assert {name: side["worth"]["alerts"] for name, side in by_name(report).items()} == {
        "fixed limits, each value": 0,
        "fixed limits, each run": 0,
        "recorded": 1,
        "nothing": 0,
    }
    assert report["comparison"]["only_first"]["alerts"] == 1
