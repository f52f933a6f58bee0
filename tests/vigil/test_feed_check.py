"""`vigil feed check`: what would become of each line of a feed, by the fold itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from vigil.cli import cli

AT = "2026-11-21T03:00:00Z"


def reading(number: int = 1, **more: Any) -> dict[str, Any]:
    record = {"type": "Reading", "reading_id": f"d1-{number}", "patient_id": "p1", "device_id": "d1"}
    return record | {"effective_at": AT, "measurements": [measured()]} | more


def measured(value: Any = 72, unit: str | None = "/min", code: str = "8867-4") -> dict[str, Any]:
    return {"code": code, "value": value, "unit": unit}


def text(*records: Any) -> str:
    return "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)


def check(*records: Any) -> tuple[Result, dict[str, Any]]:
    done = CliRunner().invoke(cli, ["feed", "check", "-", "--json"], input=text(*records))
    return done, json.loads(done.stdout)


def test_a_clean_feed_is_promised_to_be_used() -> None:
    done, told = check(reading(1), reading(2, effective_at="2026-11-21T03:00:05Z"))

    assert (done.exit_code, told["lines"]) == (0, [])
    assert (told["counts"]["records"], told["counts"]["measurements"]) == (2, 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("garbage", "undecodable"),
        ({"type": "Hello"}, "unknown-type"),
        (reading(v=7), "unknown-version"),
        (reading(device_id=""), "invalid"),
        (reading(patient_id=None), "missing-patient"),
        (reading(effective_at="2026-11-21T09:00:00Z", received_at=AT), "future"),
        (reading(effective_at="2026-11-19T03:00:00Z", received_at=AT), "too-late"),
    ],
)
def test_a_record_that_would_be_parked_is_told_by_its_line_and_reason(line: Any, reason: str) -> None:
    clock = reading(9), reading(10, effective_at="2026-11-21T03:02:00Z")

    done, told = check(*clock, "", line)

    assert done.exit_code == 1
    assert [(each["line"], each["dead_letter"]["reason"]) for each in told["lines"] if "dead_letter" in each] == [
        (4, reason)
    ]
    assert told["counts"]["dead_letters"] == {reason: 1}


@pytest.mark.parametrize(
    ("measurement", "reason", "why"),
    [
        (measured(999), "implausible", "heart rate lies between 0 /min and 300 /min"),
        (measured(72, "bpm"), "unknown-unit", "heart rate is taken in /min, /s, Hz (UCUM)"),
        (measured("72"), "not-finite", "heart rate is a number"),
        (measured(-999), "sentinel", "a device's way to say that it has no heart rate"),
        (measured(1, code="0-0"), "unknown-code", "no code that Vigil knows; see docs/clinical.md"),
        (measured("awake", None, "67775-7"), "implausible", "consciousness is one of A, C, V, P, U"),
    ],
)
def test_a_measurement_that_would_be_refused_is_told_with_what_would_be_believed(
    measurement: dict[str, Any], reason: str, why: str
) -> None:
    done, told = check(reading(measurements=[measured(), measurement]))

    assert done.exit_code == 1
    [found] = told["lines"]
    assert [(each["refused"]["reason"], each["why"]) for each in found["refused"]] == [(reason, why)]
    assert told["counts"]["refused"] == {reason: 1}


def test_what_is_used_but_worth_a_look_is_told_and_is_no_failure() -> None:
    done, told = check(
        reading(1),
        reading(1),
        reading(2, effective_at="2026-11-21T03:05:00Z", measurements=[measured(28)]),
        reading(3, effective_at="2026-11-21T03:01:00Z", received_at="2026-11-21T03:05:00Z"),
        {"type": "Outcome", "patient_id": "p1", "at": "2026-11-21T03:06:00Z", "kind": "discharge"},
        reading(4, effective_at="2026-11-21T03:07:00Z"),
    )

    assert done.exit_code == 0
    found = {each["line"]: set(each) - {"line", "reading_id"} for each in told["lines"]}
    assert found == {2: {"duplicate"}, 3: {"suspect"}, 4: {"late"}, 6: {"after_the_end"}}
    counts = told["counts"]
    assert [counts[name] for name in ("duplicates", "suspect", "late", "after_the_end")] == [1, 1, 1, 1]


def test_a_field_that_is_perhaps_mistyped_is_told_and_a_feed_s_own_only_counted() -> None:
    mistyped = {"deviceType": "monitor", "colour": "red"}

    done, told = check(reading(1, **mistyped), reading(2, measurements=[measured() | {"staus": "final"}]))

    assert [each["unknown_fields"] for each in told["lines"] if "unknown_fields" in each] == [
        [{"field": "deviceType", "perhaps": "device_type"}],
        [{"field": "staus", "perhaps": "status"}],
    ]
    assert told["counts"]["unknown_fields"] == {"deviceType": 1, "colour": 1, "staus": 1}
    assert done.exit_code == 0


def test_a_record_over_the_topic_s_size_is_told() -> None:
    done, told = check(reading(note="x" * 1024 * 1024))

    assert [each["line"] for each in told["lines"] if each.get("too_large")] == [1]
    assert (done.exit_code, told["counts"]["too_large"]) == (1, 1)


def test_a_person_gets_a_line_for_each_thing_and_the_counts(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(text(reading(measurements=[measured(999), measured(28)]), "garbage"))

    done = CliRunner().invoke(cli, ["feed", "check", str(file)])

    lines = done.stdout.splitlines()
    assert lines[0] == "line 1: refused 8867-4 999 /min as implausible: heart rate lies between 0 /min and 300 /min"
    assert lines[1].startswith("line 1: suspect 8867-4 28.0")
    assert lines[2].startswith("line 2: parked as undecodable")
    assert lines[3].split() == ["checked", "2", "records", "(2", "measurements),", "88", "ticks"]
    assert done.exit_code == 1


def test_of_a_file_of_garbage_only_the_first_records_are_told_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("garbage\n" * 9)

    done = CliRunner().invoke(cli, ["feed", "check", str(file), "--most", "3"])

    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == ["line 1", "line 2", "line 3"]
    assert lines[3] == "and 6 records more, which --json tells"
    assert lines[5].split() == ["parked", "undecodable", "9"]


def test_an_empty_file_is_no_clean_feed(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("")

    done = CliRunner().invoke(cli, ["feed", "check", str(file)])

    assert (done.exit_code, "holds no record" in done.stderr) == (1, True)


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["feed", "check", str(tmp_path / "nowhere.jsonl"), "--json"])

    assert (done.exit_code, done.stdout) == (1, "")
    assert "can't be read" in done.stderr
