"""The Stress-Predict reader, on small tables written here."""

import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models import codec
from models.events import Outcome, PatientContext, Reading
from producers.entry import Entry
from producers.replay.stress_predict import read_table, recordings
from producers.replay.unreadable import UnreadableRecordingError

HEADER = "Participant,HR,respr,Time(sec),Label"
FIRST = 1644227583  # 2022-02-07 09:53:03 UTC


def write(path: Path, *rows: str) -> Path:
    path.write_bytes(gzip.compress("".join(f"{row}\n" for row in (HEADER, *rows)).encode()))
    return path


def play(path: Path, **more: Any) -> tuple[list[Entry], Counter[str]]:
    skipped: Counter[str] = Counter()
    return list(recordings(read_table(path), skipped, **more)), skipped


def events(entries: list[Entry], kind: type) -> list[Any]:
    return [event for entry in entries if isinstance(event := codec.decode(entry.value), kind)]


def test_a_second_is_one_reading_of_a_wearable(tmp_path: Path) -> None:
    entries, skipped = play(write(tmp_path / "set.csv.gz", f"2,118.5,12.1276927,{FIRST},0"))

    [reading] = events(entries, Reading)
    assert [(each.code, each.value, each.unit) for each in reading.measurements] == [
        ("8867-4", 118.5, "/min"),
        ("9279-1", 12.1276927, "/min"),
    ]
    assert (reading.patient_id, reading.device_type) == ("stress-2", "wearable")
    assert reading.effective_at == reading.received_at == datetime(2022, 2, 7, 9, 53, 3, tzinfo=UTC)
    assert skipped == {}


def test_people_begin_with_a_context_and_end_with_a_discharge_and_are_merged_in_time_order(tmp_path: Path) -> None:
    rows = [f"{who},70,14,{FIRST + second},0" for who, second in [(2, 0), (2, 30), (3, 10), (3, 40)]]

    entries, _ = play(write(tmp_path / "set.csv.gz", *rows))

    assert [entry.name for entry in entries] == [
        "arrival of stress-2",
        "stress-2-1",
        "arrival of stress-3",
        "stress-3-3",
        "stress-2-2",
        "outcome of stress-2",
        "stress-3-4",
        "outcome of stress-3",
    ]
    assert {outcome.kind for outcome in events(entries, Outcome)} == {"discharge"}
    assert [context.effective_at for context in events(entries, PatientContext)] == [entries[0].at, entries[2].at]


def test_what_was_not_recorded_is_left_out_and_counted(tmp_path: Path) -> None:
    entries, skipped = play(write(tmp_path / "set.csv.gz", f"2,,12,{FIRST},0"))

    [reading] = events(entries, Reading)
    assert [each.code for each in reading.measurements] == ["9279-1"]
    assert skipped == {"not-recorded": 1}


def test_a_repeated_row_goes_on_under_an_id_of_its_own(tmp_path: Path) -> None:
    entries, _ = play(write(tmp_path / "set.csv.gz", *[f"2,70,14,{FIRST},0"] * 2))

    assert [entry.reading_id for entry in entries if entry.reading_id] == ["stress-2-1", "stress-2-2"]


@pytest.mark.parametrize(
    "row",
    [
        "2,70,14",
        f"2,fast,14,{FIRST},0",
        "2,70,14,soon,0",
        f",70,14,{FIRST},0",
        f"2,70,14,{10**15},0",
        f"2,70,14,{10**30},0",
    ],
)
def test_a_row_that_can_not_be_used_is_counted_and_the_rest_stands(tmp_path: Path, row: str) -> None:
    entries, skipped = play(write(tmp_path / "set.csv.gz", row, f"2,70,14,{FIRST},0", "2,nan,14,1644227584,0"))

    assert len(events(entries, Reading)) == 1
    assert skipped == {"malformed-row": 2}


def test_only_the_first_people_are_played_on_request(tmp_path: Path) -> None:
    rows = [f"{who},70,14,{FIRST + who},0" for who in (5, 2, 5, 3)]

    entries, _ = play(write(tmp_path / "set.csv.gz", *rows), limit=2)

    assert {entry.key for entry in entries} == {b"stress-5", b"stress-2"}


def test_a_truncated_file_is_told_before_anything_is_played(tmp_path: Path) -> None:
    whole = write(
        tmp_path / "set.csv.gz", *(f"2,{60 + second % 7}.{second},14,{FIRST + second},0" for second in range(900))
    )
    whole.write_bytes(whole.read_bytes()[:-40])

    with pytest.raises(UnreadableRecordingError, match=r"^.*set\.csv\.gz ends or breaks \(.*\): fetch it again$"):
        read_table(whole)


def test_a_table_of_something_else_is_told_by_its_columns(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("Participant,HR\n2,70\n")

    with pytest.raises(UnreadableRecordingError, match=r"has no columns Participant, Time\(sec\), HR, respr"):
        read_table(other)


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError, match="can't be read"):
        read_table(tmp_path)
