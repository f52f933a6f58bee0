"""`vigil simulate` without Kafka: what it writes, what it checks, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from models import codec
from models.events import GatewayHeartbeat, PatientContext, Reading, Tick
from producers.simulator.scenarios import SCENARIOS
from tests.command_line import vigil
from vigil.cli import cli


def simulate(*arguments: str | int | Path) -> Result:
    return CliRunner().invoke(cli, ["simulate", *map(str, arguments)])


def records(file: Path) -> list[Any]:
    return [codec.decode(line) for line in file.read_bytes().splitlines()]


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    command = ["--patients", 3, "--wearers", 1, "--scenario", "sepsis", "--hours", 0.5]
    for name, seed in (("first", 5), ("again", 5), ("other", 6)):
        assert simulate(*command, "--seed", seed, "--out", tmp_path / name).exit_code == 0

    first, again, other = ((tmp_path / name).read_bytes() for name in ("first", "again", "other"))
    assert first == again != b""
    assert other != first


def test_a_file_has_each_record_and_each_tick_once_and_the_report_counts_them(tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"

    done = simulate("--patients", 2, "--wearers", 1, "--hours", 0.1, "--out", out, "--json")

    report, found = json.loads(done.output), records(out)
    readings = [record for record in found if isinstance(record, Reading)]
    assert report["ticks"] == sum(isinstance(record, Tick) for record in found) == 6 * 60 / 5 + 1
    assert report["readings"] == len(readings)
    assert report["measurements"] == sum(len(reading.measurements) for reading in readings)
    assert report["published"] == sum(not isinstance(record, Tick) for record in found)
    assert {type(record) for record in found} == {Reading, PatientContext, GatewayHeartbeat, Tick}
    assert (report["to"], report["start"], report["end"]) == (
        str(out),
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:06:00Z",
    )


def test_a_simulation_begins_when_it_is_told(tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"

    simulate("--patients", 1, "--hours", 0.01, "--start", "2030-05-01T08:00:00+02:00", "--out", out)

    assert b'"effective_at":"2030-05-01T06:00:00Z"' in out.read_bytes().splitlines()[0]


def test_what_is_written_can_be_folded(tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"
    simulate("--patients", 2, "--scenario", "tachyarrhythmia", "--hours", 0.5, "--out", out)

    report = json.loads(CliRunner().invoke(cli, ["backtest", str(out), "--json"]).output)

    assert report["dead_letters"] == {}
    assert report["assessments"] >= report["readings"] > 300
    assert report["notified"] > 0


def test_standard_output_holds_records_and_nothing_else() -> None:
    command = [sys.executable, "-m", "vigil", "simulate", "--patients", "1", "--hours", "0.05", "--out", "-"]

    done = subprocess.run(command, capture_output=True, check=True)

    assert [codec.decode(line) for line in done.stdout.splitlines()]
    assert b"event time" in done.stderr


def test_a_reader_that_goes_away_ends_it_in_one_line() -> None:
    command = f"{sys.executable} -m vigil simulate --hours 2 --out - | head -n 1"

    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout.count("\n") == 1
    assert done.stderr == "vigil: Whoever read the records went away before the last one.\n"


def test_the_truth_about_each_scenario_is_told(tmp_path: Path) -> None:
    scenarios = ("--scenario", "haemorrhage@p3", "--scenario", "sensor-off:2", "--scenario", "hypoglycaemia")

    done = simulate(*scenarios, "--patients", 4, "--hours", 2.5, "--onset", 20, "--out", tmp_path / "e", "--json")

    told = {(truth["scenario"], truth["patient_id"]): truth for truth in json.loads(done.output)["scenarios"]}
    assert set(told) == {
        ("haemorrhage", "p3"),
        ("sensor-off", "p1"),
        ("sensor-off", "p2"),
        ("hypoglycaemia", "p4"),
    }
    bleeding = told["haemorrhage", "p3"]
    assert bleeding["onset"] == "2026-01-01T00:20:00Z"
    assert bleeding["outcomes"] == [
        {"kind": "deterioration", "at": "2026-01-01T01:40:00Z"},
        {"kind": "death", "at": "2026-01-01T02:10:00Z"},
    ]
    assert bleeding["is_over"]
    assert bleeding["expected"]["alerts"][-1] == {
        "kinds": ["zero"],
        "within": "PT6600S",
        "code": "8867-4",
        "direction": "low",
        "priority": "high",
    }


def test_a_check_tells_that_alerts_come_as_they_should() -> None:
    done = simulate("--patients", 2, "--scenario", "tachyarrhythmia@p2", "--hours", 1, "--check", "--json")

    report = json.loads(done.output)
    assert done.exit_code == 0
    assert report["scenarios"][0]["unmet"] == []
    assert report["notified"]["physiological medium"] >= 1
    assert report["patient_days"] == pytest.approx(2 / 24, abs=0.001)
    assert 0 < report["slowest_alert_seconds"] <= 60


def test_a_check_judges_neither_what_is_not_over_nor_what_is_mixed() -> None:
    mixed = simulate("--scenario", "sensor-off@p1", "--scenario", "wrong-clock@p1", "--hours", 1, "--check")
    early = simulate("--scenario", "sepsis", "--hours", 0.5, "--check")

    assert (mixed.exit_code, early.exit_code) == (0, 0)
    assert mixed.output.count("not judged") == 2
    assert "not over yet" in early.output


def test_a_check_fails_where_alerts_do_not_come_as_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_happens = SCENARIOS["stable"].course
    quiet = {
        name: type(each)(
            **{field: getattr(each, field) for field in each.__struct_fields__} | {"course": nothing_happens}
        )
        for name, each in SCENARIOS.items()
    }
    monkeypatch.setattr("producers.simulator.case.SCENARIOS", quiet)

    done = simulate("--patients", 1, "--scenario", "tachyarrhythmia", "--hours", 1, "--check")

    assert done.exit_code == 1
    assert "NOT as expected: No medium limit alert 8867-4 high" in done.output
    assert "1 scenarios did not go as expected; tachyarrhythmia of p1" in done.output


def test_the_scenarios_are_listed() -> None:
    shown = simulate("--list")

    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.output.splitlines()] == list(SCENARIOS)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--patients", -1], "--patients"),
        (["--wearers", -1], "--wearers"),
        (["--patients", 0], "give --patients or --wearers"),
        (["--speed", 0], "--speed"),
        (["--speed", -3], "--speed"),
        (["--hours", 0], "--hours"),
        (["--hours", -1], "--hours"),
        (["--onset", -1], "--onset"),
        (["--scenario", "sepsis", "--hours", 0.1], "would begin after the end"),
        (["--start", "yesterday"], "--start"),
        (["--start", "2026-01-01T00:00:00"], "time zone"),
        (["--scenario", "flu"], "give one of duplicate-delivery, gateway-silent"),
        (["--scenario", "sepsis:0"], "sepsis:0 is no scenario"),
        (["--scenario", "sepsis@bed7"], "sepsis@bed7 is no scenario"),
        (["--scenario", "sepsis@p99"], "no patient p99 now; there are p1"),
        (["--scenario", "sepsis@w1", "--wearers", 1], "for someone in the setting ward"),
        (["--scenario", "illness-at-home"], "give more --wearers"),
        (["--scenario", "sepsis:5", "--scenario", "stable:4"], "stable is for 4, but 3 are free"),
        (["--prefix", "live"], "not for simulated patients"),
        (["--prefix", "replay-x"], "not for simulated patients"),
        (["--prefix", "simulatde"], "is none of live"),
        (["--out", "e", "--check"], "give it or --out"),
        (["--out", "-", "--json"], "give --out FILE"),
        (["--out", "e", "--speed", 2], "--speed is about Kafka"),
        (["--check", "--fresh"], "--fresh is about Kafka"),
        (["--out", "nowhere/e"], "can't be written"),
    ],
)
def test_what_can_not_be_simulated_is_told_in_one_line(
    arguments: list[Any], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = vigil("simulate", *arguments)

    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_a_broker_it_is_told_in_one_line() -> None:
    command = [sys.executable, "-m", "vigil", "simulate", "--broker", "127.0.0.1:1"]

    # In a process of its own: of a refused connection kafka-python leaves sockets open.
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "see that the broker runs" in done.stderr


@pytest.mark.parametrize("option", ["--hours", "--onset"])
def test_what_is_no_number_is_refused_in_one_line(option: str, tmp_path: Path) -> None:
    done = simulate(option, "nan", "--out", tmp_path / "e")

    assert done.exit_code == 2
    assert "nan is no number." in done.stderr
    assert not (tmp_path / "e").exists()
