"""The PhysioNet 2012 reader, on small recordings written here."""

import io
import json
import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models import codec
from models.events import Outcome, PatientContext, Reading
from producers.entry import Entry
from producers.replay.physionet2012 import UnreadableSource, read_source, recordings

STAY = """Time,Parameter,Value
00:00,RecordID,{record}
00:00,Age,54
00:00,Gender,0
00:00,Height,-1
00:00,ICUType,4
00:00,Weight,-1
00:07,HR,73
00:07,Temp,35.1
"""


def stay(record: int, *rows: str) -> str:
    return STAY.format(record=record) + "".join(f"{row}\n" for row in rows)


def write_folder(folder: Path, stays: dict[int, str], died: dict[int, int] | None = None) -> Path:
    for record, text in stays.items():
        (folder / f"{record}.txt").write_text(text)
    if died is not None:
        rows = "".join(f"{record},1,1,1,-1,{death}\n" for record, death in died.items())
        (folder / "Outcomes-x.txt").write_text(
            "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death\n" + rows
        )
    return folder


def write_archive(path: Path, stays: dict[int, str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for record, text in stays.items():
            info = tarfile.TarInfo(f"set-x/{record}.txt")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def play(path: Path, **more: Any) -> tuple[list[Entry], Counter[str]]:
    skipped: Counter[str] = Counter()
    entries = list(recordings(read_source(path, None), skipped, **more))
    return entries, skipped


def readings(entries: list[Entry]) -> list[Reading]:
    return [event for entry in entries if isinstance(event := codec.decode(entry.value), Reading)]


def test_stays_are_admitted_in_record_id_order_every_ten_minutes(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "set-x.tar.gz", {300: stay(300), 100: stay(100), 200: stay(200)})

    entries, _ = play(path)

    admitted = [event for entry in entries if isinstance(event := codec.decode(entry.value), PatientContext)]
    assert [(context.patient_id, context.effective_at) for context in admitted] == [
        ("p100", datetime(2012, 1, 1, 0, 0, tzinfo=UTC)),
        ("p200", datetime(2012, 1, 1, 0, 10, tzinfo=UTC)),
        ("p300", datetime(2012, 1, 1, 0, 20, tzinfo=UTC)),
    ]


def test_all_stays_are_merged_in_time_order(tmp_path: Path) -> None:
    stays = {record: stay(record, "00:15,HR,80", "01:00,HR,81") for record in (1, 2, 3)}

    entries, _ = play(write_folder(tmp_path, stays))

    times = [entry.at for entry in entries]
    assert times == sorted(times, key=str)
    assert [entry.reading_id for entry in entries if entry.reading_id][:4] == [
        "1-7-monitor",
        "1-15-monitor",
        "2-7-monitor",
        "2-15-monitor",
    ]


def test_a_folder_gives_the_same_bytes_as_the_archive(tmp_path: Path) -> None:
    stays = {2: stay(2), 1: stay(1, "00:30,GCS,15")}
    archive = write_archive(tmp_path / "set-x.tar.gz", stays)
    (tmp_path / "folder").mkdir()

    from_folder, _ = play(write_folder(tmp_path / "folder", stays))

    assert play(archive)[0] == from_folder


def test_one_reading_for_each_time_and_device(tmp_path: Path) -> None:
    rows = ("00:07,SysABP,120", "00:07,NISysABP,118", "00:07,GCS,15", "00:07,K,4.1", "00:08,K,4.2")

    entries, _ = play(write_folder(tmp_path, {1: stay(1, *rows)}))

    told = {reading.reading_id: (reading.device_type, len(reading.measurements)) for reading in readings(entries)}
    assert told == {
        "1-7-monitor": ("monitor", 3),
        "1-7-cuff": ("monitor", 1),
        "1-7-chart": ("manual", 1),
        "1-7-laboratory": ("laboratory", 1),
        "1-8-laboratory": ("laboratory", 1),
    }


def test_two_values_at_one_time_are_both_kept_in_the_files_order(tmp_path: Path) -> None:
    entries, _ = play(write_folder(tmp_path, {1: stay(1, "00:09,HR,90", "00:09,RespRate,20", "00:09,HR,70")}))

    values = [(each.code, each.value) for each in readings(entries)[-1].measurements]
    assert values == [("8867-4", 90.0), ("9279-1", 20.0), ("8867-4", 70.0)]


def test_inspired_oxygen_becomes_a_percentage(tmp_path: Path) -> None:
    entries, _ = play(write_folder(tmp_path, {1: stay(1, "00:09,FiO2,0.55")}))

    measured = readings(entries)[-1].measurements[0]
    assert (measured.code, measured.value, measured.unit) == ("3150-0", 55.0, "%")


def test_what_is_not_recorded_is_unknown_and_counted(tmp_path: Path) -> None:
    text = stay(1).replace("Gender,0", "Gender,-1").replace("Age,54", "Age,-1")

    entries, skipped = play(write_folder(tmp_path, {1: text}))

    assert skipped["not-recorded"] == 4
    assert json.loads(entries[0].value) | {"age": 1, "sex": 1} == {
        "type": "PatientContext",
        "patient_id": "p1",
        "effective_at": "2012-01-01T00:00:00Z",
        "age": 1,
        "sex": 1,
        "spo2_scale": 1,
        "setting": "ward",
        "ward": "SICU",
        "bed": "1",
        "origin": "replay",
        "v": 1,
    }
    context = codec.decode(entries[0].value)
    assert isinstance(context, PatientContext)
    assert (context.age, context.sex) == (None, None)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("00:09,,7", "no-parameter"),
        ("00:09,HR", "malformed-row"),
        ("00:09,HR,", "malformed-row"),
        ("00:09,HR,fast", "malformed-row"),
        ("00:09,HR,nan", "malformed-row"),
        ("00:09,HR,1_0", "malformed-row"),
        ("soon,HR,70", "malformed-row"),
        ("00:75,HR,70", "malformed-row"),
        ("00:09,Mood,7", "unknown-parameter"),
    ],
)
def test_a_row_that_can_not_be_used_is_counted_and_the_rest_stands(tmp_path: Path, row: str, kind: str) -> None:
    entries, skipped = play(write_folder(tmp_path, {1: stay(1, row, "00:10,HR,71")}, died={1: 0}))

    assert skipped == {"not-recorded": 2, kind: 1}
    assert [reading.reading_id for reading in readings(entries)] == ["1-7-monitor", "1-10-monitor"]


def test_an_unreadable_file_is_counted_and_named_and_takes_no_admission(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {1: "not a stay\n", 2: stay(2)}, died={2: 0})
    (folder / "3.txt").write_bytes(b"\xff\xfe")
    (folder / "4.txt").symlink_to(folder / "nowhere")
    (folder / "5.txt").touch()
    (folder / "notes.txt").write_text("hello")

    entries, skipped = play(folder)

    assert skipped == {"unreadable-file": 5, "not-recorded": 2}
    assert read_source(folder, None).unreadable == ["1.txt", "3.txt", "4.txt", "5.txt", "notes.txt"]
    assert entries[0].at == datetime(2012, 1, 1, tzinfo=UTC)


def test_an_unreadable_file_of_an_archive_is_named_as_it_lies_there(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "set-x.tar.gz", {1: "not a stay\n", 2: stay(2)})

    assert read_source(path, None).unreadable == ["set-x/1.txt"]


def test_the_folder_above_the_sets_is_as_good(tmp_path: Path) -> None:
    (tmp_path / "set-a").mkdir()
    write_folder(tmp_path / "set-a", {1: stay(1), 2: "not a stay\n"})
    write_folder(tmp_path, {}, died={1: 1})
    (tmp_path / "LICENSE.txt").write_text("ODC-BY")

    entries, skipped = play(tmp_path)

    assert entries == play(tmp_path / "set-a")[0]
    assert isinstance(codec.decode(entries[-1].value), Outcome)
    assert skipped == {"unreadable-file": 1, "not-recorded": 2}
    assert read_source(tmp_path, None).unreadable == ["set-a/2.txt"]


def test_an_outcome_comes_with_the_last_record(tmp_path: Path) -> None:
    stays = {1: stay(1, "02:00,K,4"), 2: stay(2)}

    entries, _ = play(write_folder(tmp_path, stays, died={1: 1, 2: 0}))

    outcomes = [event for entry in entries if isinstance(event := codec.decode(entry.value), Outcome)]
    assert [(each.patient_id, each.kind, each.at.isoformat()) for each in outcomes] == [
        ("p2", "discharge", "2012-01-01T00:17:00+00:00"),
        ("p1", "death", "2012-01-01T02:00:00+00:00"),
    ]
    assert entries[-2].reading_id == "1-120-laboratory"


def test_without_outcomes_nobody_is_discharged_and_it_is_said(tmp_path: Path) -> None:
    entries, skipped = play(write_folder(tmp_path, {1: stay(1)}))

    assert skipped["no-outcome"] == 1
    assert not [entry for entry in entries if b'"Outcome"' in entry.value]


def test_only_the_first_stays_are_played_on_request(tmp_path: Path) -> None:
    entries, _ = play(write_folder(tmp_path, {record: stay(record) for record in (3, 2, 1)}), limit=2)

    assert {entry.key for entry in entries} == {b"p1", b"p2"}


def test_a_truncated_archive_is_told_in_one_line(tmp_path: Path) -> None:
    whole = write_archive(tmp_path / "whole.tar.gz", {record: stay(record) for record in range(1, 200)})
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(whole.read_bytes()[:-700])

    with pytest.raises(
        UnreadableSource, match=r"^.*broken\.tar\.gz ends or breaks after \d+ stays .*: fetch it again$"
    ):
        play(broken)


@pytest.mark.parametrize("name", ["nothing.tar.gz", "empty"])
def test_a_source_without_stays_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(UnreadableSource, match="challenge"):
        play(tmp_path / name)


def test_a_table_that_is_none_is_told(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {1: stay(1)})
    (folder / "Outcomes-x.txt").write_text("something else\n1,2\n")

    with pytest.raises(UnreadableSource, match=r"is not a table of outcomes .* it needs the columns RecordID"):
        play(folder)
