"""`vigil backtest`: the fold over a file, the same bytes each time."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from models.partitioning import partition_of
from vigil.cli import cli

EXAMPLE = Path(__file__).parents[2] / "docs" / "example.jsonl"
TICK = '{"type":"Tick","at":"2026-11-21T03:00:00Z"}'


def backtest(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["backtest", *map(str, arguments), "--json"])


def reading(patient: str, **more: Any) -> str:
    record = {"type": "Reading", "reading_id": f"{patient}-1", "patient_id": patient, "device_id": "d1"}
    return json.dumps(record | {"effective_at": "2026-11-21T03:00:01Z", "measurements": []} | more)


def outputs(tmp_path: Path, *lines: str, partitions: int = 8) -> list[dict[str, Any]]:
    events, out = tmp_path / "events.jsonl", tmp_path / "out.jsonl"
    events.write_text("\n".join(lines) + "\n")
    assert backtest(events, "--outputs", out, "--partitions", str(partitions)).exit_code == 0
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for run in ("first", "second"):
        done = backtest(EXAMPLE, "--outputs", tmp_path / f"{run}.jsonl", "--state", tmp_path / f"{run}.json")
        assert done.exit_code == 0, done.output

    assert (tmp_path / "first.jsonl").read_bytes() == (tmp_path / "second.jsonl").read_bytes() != b""
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes() != b""


def test_the_report_counts_what_was_folded_and_what_came_out(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text(f"{TICK}\n{reading('p1')}\ngarbage\n\n")

    report = json.loads(backtest(events).output)

    assert (report["records"], report["ticks"], report["readings"]) == (2, 1, 1)
    assert (report["assessments"], report["dead_letters"]) == (1, {"undecodable": 1})


def test_outputs_come_by_partition_and_then_by_the_log(tmp_path: Path) -> None:
    patients = [f"p{number}" for number in range(20)]

    told = outputs(tmp_path, *map(reading, patients))

    found = [output["patient_id"] for output in told if output["type"] == "Assessment"]

    assert found == sorted(patients, key=lambda patient: partition_of(patient, 8))


def test_a_line_that_names_its_place_keeps_it(tmp_path: Path) -> None:
    raw = base64.b64encode(b"\xff\xfe").decode()

    [letter] = outputs(tmp_path, f'{{"partition":3,"offset":41,"key":null,"raw":"{raw}"}}')

    assert (letter["partition"], letter["offset"], letter["value"]) == (3, 41, raw)


def test_a_tick_reaches_every_partition(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    (tmp_path / "events.jsonl").write_text(TICK)

    assert backtest(tmp_path / "events.jsonl", "--state", state, "--partitions", "3").exit_code == 0

    clocks = [partition["partition"]["clock"] for partition in json.loads(state.read_text()).values()]
    assert len(clocks) == 3
    assert len(set(clocks)) == 1


def test_records_that_name_no_origin_are_replayed_unless_told_otherwise(tmp_path: Path) -> None:
    events, out = tmp_path / "events.jsonl", tmp_path / "out.jsonl"
    events.write_text(reading("p1") + "\n" + reading("p2", origin="simulated"))

    backtest(events, "--outputs", out, "--origin", "live")

    origins = {record["patient_id"]: record["origin"] for record in map(json.loads, out.read_text().splitlines())}
    assert origins == {"p1": "live", "p2": "simulated"}


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"time,heart rate\n03:00,72\n", bytes(range(256)) * 64, b'{"heart rate": 72}\n', b"[1, 2]\n"],
    ids=["empty", "blank", "csv", "binary", "other JSON", "a list"],
)
def test_a_file_that_seems_to_be_no_log_is_folded_with_a_word_of_doubt(tmp_path: Path, content: bytes) -> None:
    events, out = tmp_path / "events.jsonl", tmp_path / "out.jsonl"
    events.write_bytes(content)

    done = backtest(events, "--outputs", out)

    assert done.exit_code == 0
    assert done.stderr == f"vigil: {events} holds no record that is known: is it an events.jsonl?\n"
    lines = [line for line in content.split(b"\n") if line.strip(b"\r")]
    assert len(out.read_bytes().splitlines()) == len(lines), "each line is a dead letter"


def test_one_record_among_garbage_leaves_no_doubt(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text('garbage\n{"type":"Reading"}\n')

    done = backtest(events, "--json")

    assert done.stderr == ""
    assert json.loads(done.stdout)["dead_letters"] == {"missing-patient": 1, "undecodable": 1}


@pytest.mark.parametrize(
    ("line", "told"), [(None, "can't be read"), ('{"partition":9,"offset":0,"type":"Tick"}', "give at least 10")]
)
def test_what_can_not_be_folded_is_told_in_one_line_and_leaves_no_file(
    tmp_path: Path, line: str | None, told: str
) -> None:
    events, out = tmp_path / "events.jsonl", tmp_path / "out.jsonl"
    if line is not None:
        events.write_text(line)

    done = CliRunner().invoke(cli, ["backtest", str(events), "--outputs", str(out)])

    assert done.exit_code == 1
    assert told in done.output
    assert not out.exists()


@pytest.mark.parametrize("written", [("--outputs", "events.jsonl"), ("--outputs", "out", "--state", "out")])
def test_no_file_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("events.jsonl").write_text(reading("p1"))

    done = backtest("events.jsonl", *written)

    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "is named twice" in done.output
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("events.jsonl", reading("p1"))]
