"""Playing `events.jsonl`, and the form of an exported log."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.entry import Entry
from producers.replay.events_jsonl import UnreadableEventsError, has_ticks, recordings
from producers.replay.exported import Placed, export_line, read_line

READING: dict[str, Any] = {
    "type": "Reading",
    "reading_id": "d1-1",
    "patient_id": "p1",
    "device_id": "d1",
    "effective_at": "2026-11-21T03:00:00Z",
    "received_at": "2026-11-21T03:00:01Z",
    "measurements": [{"code": "8867-4", "value": 72, "unit": "/min"}],
}
TICK = {"type": "Tick", "at": "2026-11-21T03:00:00Z"}


def play(folder: Path, *lines: bytes | dict[str, Any], partitions: int = 8) -> tuple[list[Entry], Counter[str]]:
    skipped: Counter[str] = Counter()
    return list(recordings(write(folder, *lines), partitions, skipped)), skipped


def write(folder: Path, *lines: bytes | dict[str, Any]) -> Path:
    path = folder / "events.jsonl"
    path.write_bytes(
        b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    )
    return path


def test_a_record_with_an_origin_goes_byte_for_byte(tmp_path: Path) -> None:
    line = json.dumps(READING | {"origin": "live"}, indent=None, separators=(" ,", " : ")).encode()

    (entry,), _ = play(tmp_path, line)

    assert entry.value == line
    assert (entry.key, entry.partition, entry.reading_id, entry.measurements) == (b"p1", None, "d1-1", 1)
    assert entry.at is not None
    assert entry.at.isoformat() == "2026-11-21T03:00:01+00:00"


def test_a_record_without_an_origin_is_said_to_be_replayed(tmp_path: Path) -> None:
    (entry,), _ = play(tmp_path, READING)

    assert json.loads(entry.value) == READING | {"origin": "replay"}


@pytest.mark.parametrize("line", [b"garbage", b'{"type":"Reading",', b"\xff\xfe", b"[]", b"42", b"{}"])
def test_what_can_not_be_read_goes_as_it_is(tmp_path: Path, line: bytes) -> None:
    (entry,), skipped = play(tmp_path, line)

    assert (entry.value, entry.key, entry.at, entry.name) == (line, None, None, "line 1")
    assert not skipped


def test_a_field_of_the_wrong_kind_hides_no_other(tmp_path: Path) -> None:
    (entry,), _ = play(tmp_path, READING | {"effective_at": 7, "received_at": "noon", "reading_id": 9})

    assert (entry.key, entry.at, entry.reading_id) == (b"p1", None, None)


def test_a_value_that_is_no_json_number_hides_nothing(tmp_path: Path) -> None:
    (entry,), _ = play(tmp_path, json.dumps(READING).replace("72", "NaN").encode())

    assert (entry.key, entry.reading_id, entry.measurements) == (b"p1", "d1-1", 1)


def test_blank_lines_are_counted_and_line_ends_of_windows_taken_off(tmp_path: Path) -> None:
    entries, skipped = play(tmp_path, b"", b"a\r", b"b")

    assert [(entry.value, entry.name) for entry in entries] == [(b"a", "line 2"), (b"b", "line 3")]
    assert skipped == {"blank-line": 1}


def test_a_tick_goes_to_every_partition(tmp_path: Path) -> None:
    entries, _ = play(tmp_path, TICK, partitions=3)

    assert [(entry.partition, entry.is_tick, entry.key) for entry in entries] == [(p, True, None) for p in range(3)]


def test_a_file_says_whether_it_brings_its_own_ticks(tmp_path: Path) -> None:
    assert has_ticks(write(tmp_path, READING, TICK))
    assert not has_ticks(write(tmp_path, READING | {"device_id": "Tick"}))


def test_an_exported_record_goes_to_the_partition_it_came_from(tmp_path: Path) -> None:
    value = json.dumps(READING | {"origin": "live"}).encode()
    tick = json.dumps(TICK | {"origin": "live"}).encode()
    lines = [export_line(Placed(5, 17, b"p1", value)), export_line(Placed(6, 0, None, tick))]

    entries, _ = play(tmp_path, *lines)

    assert [(entry.partition, entry.key, entry.value) for entry in entries] == [(5, b"p1", value), (6, None, tick)]


def test_an_exported_record_of_a_larger_log_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableEventsError, match="line 1 is of partition 11, but the log has 8"):
        play(tmp_path, export_line(Placed(11, 0, None, json.dumps(TICK).encode())))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableEventsError, match="No such file"):
        has_ticks(tmp_path / "none.jsonl")


def test_an_export_is_readable_where_the_record_is() -> None:
    line = export_line(Placed(3, 17, b"p1", b'{"type":"Outcome","patient_id":"p1"}'))

    assert line == b'{"partition":3,"offset":17,"type":"Outcome","patient_id":"p1"}'


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (None, b"garbage"),
        (b"p1", b""),
        (b"\xff", b'{"patient_id":"p1"}'),
        (None, b'{"patient_id":"p1"}'),
        (None, b"{}"),
        (None, b'{\n"a":1}'),
        (None, b'{"type":"Tick"'),
        (None, b'{"key":null,"raw":"aGk="}'),
        (None, b'{"partition":1,"offset":2,"key":null,"raw":"aGk="}'),
        (b"p1", b' {"patient_id":"p1"}'),
    ],
)
def test_an_unusual_record_comes_back_exactly(key: bytes | None, value: bytes) -> None:
    record = Placed(1, 2, key, value)

    line = export_line(record)

    assert b"\n" not in line
    assert isinstance(json.loads(line), dict)
    assert read_line(line) == record


@given(st.none() | st.binary(max_size=9), st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_record_comes_back_exactly(key: bytes | None, value: bytes) -> None:
    record = Placed(7, 2**40, key, value)

    assert read_line(export_line(record)) == record
