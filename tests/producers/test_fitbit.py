"""The Fitbit reader, on small tables written here."""

import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import codec
from models.events import Outcome, PatientContext, Reading
from producers.entry import Entry
from producers.replay.fitbit import read_source, recordings
from producers.replay.unreadable import UnreadableRecordingError
from producers.ticks import with_ticks

Rows = Iterable[tuple[str, object]]
DAY = datetime(2020, 11, 1, tzinfo=UTC)


def table(folder: Path, user: str, column: str, rows: Rows) -> Path:
    """A zip with one table, as the set has them: a row number without a name comes first."""
    name = f"{user}_{'hr' if column == 'heartrate' else column}.csv"
    lines = [f",user,datetime,{column}", *(f"{n},{user},2020-11-{at},{value}" for n, (at, value) in enumerate(rows))]
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "\n".join(lines) + "\n")
    return folder / f"{name}.zip"


def play(*paths: Path, onsets: Path | None = None, **more: Any) -> tuple[list[Entry], Counter[str]]:
    skipped: Counter[str] = Counter()
    return list(recordings(read_source(paths, onsets, skipped), skipped, **more)), skipped


def events(entries: list[Entry], kind: type) -> list[Any]:
    return [event for entry in entries if isinstance(event := codec.decode(entry.value), kind)]


def names(entries: list[Entry]) -> list[str]:
    return [entry.name for entry in entries]


def test_a_row_is_one_reading_of_a_wearable_at_home(tmp_path: Path) -> None:
    table(tmp_path, "A", "heartrate", [("01 08:00:00", 64)])
    table(tmp_path, "A", "steps", [("01 08:00:00", 0)])

    entries, skipped = play(tmp_path)

    told = [(reading.reading_id, reading.measurements[0]) for reading in events(entries, Reading)]
    assert [(name, each.code, each.value, each.unit) for name, each in told] == [
        ("A-heartrate-0", "8867-4", 64.0, "/min"),
        ("A-steps-0", "55423-8", 0.0, "{steps}"),
    ]
    assert {(each.device_id, each.device_type) for each in events(entries, Reading)} == {("A-watch", "wearable")}
    assert [context.setting for context in events(entries, PatientContext)] == ["home"]
    assert skipped == {"no-onset": 1}


def test_heart_rates_and_steps_of_all_people_are_merged_in_time_order(tmp_path: Path) -> None:
    table(tmp_path, "B", "heartrate", [("01 08:00:30", 80)])
    table(tmp_path, "A", "heartrate", [("01 08:00:05", 64), ("01 08:01:10", 65)])
    table(tmp_path, "A", "steps", [("01 08:00:00", 3), ("01 08:01:00", 4)])

    entries, _ = play(tmp_path)

    assert names(entries) == [
        "begin of A",
        "A-steps-0",
        "A-heartrate-0",
        "begin of B",
        "B-heartrate-0",
        "discharge of B",
        "A-steps-1",
        "A-heartrate-1",
        "discharge of A",
    ]


def test_a_time_that_goes_back_came_late_and_stays_where_it_stands(tmp_path: Path) -> None:
    file = table(
        tmp_path, "A", "steps", [("01 01:59:00", 5), ("01 01:00:00", 6), ("01 01:01:00", 0), ("01 02:00:00", 7)]
    )

    entries, _ = play(file)

    told = [(each.effective_at - DAY, each.received_at - DAY) for each in events(entries, Reading)]
    minutes = [(at // timedelta(minutes=1), received // timedelta(minutes=1)) for at, received in told]
    assert minutes == [(119, 119), (60, 119), (61, 119), (120, 120)]
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries if entry.at)


def test_a_clock_that_was_wrong_once_does_not_make_the_rest_late(tmp_path: Path) -> None:
    file = table(tmp_path, "A", "steps", [("01 08:00:00", 5), ("20 08:01:00", 6), ("01 08:02:00", 7)])

    entries, _ = play(file)

    received = [each.received_at - DAY for each in events(entries, Reading)]
    assert received == [timedelta(hours=8), timedelta(hours=8), timedelta(hours=8, minutes=2)]
    assert sum(entry.is_tick for entry in with_ticks(entries, 1)) < 20


def test_repeated_rows_go_on_under_ids_of_their_own(tmp_path: Path) -> None:
    file = table(tmp_path, "A", "heartrate", [("01 08:00:00", 64)] * 3)

    entries, _ = play(file)

    ids = [entry.reading_id for entry in entries if entry.reading_id]
    assert ids == ["A-heartrate-0", "A-heartrate-1", "A-heartrate-2"]
    assert ids == [entry.reading_id for entry in play(file)[0] if entry.reading_id]


def test_symptoms_are_an_outcome_at_the_start_of_their_day(tmp_path: Path) -> None:
    table(tmp_path, "A", "steps", [("01 23:59:00", 5), ("02 00:01:00", 6)])
    (tmp_path / "onset.csv").write_text("user,symptom_onset_date\nA,2020-11-02\nB,2020-11-09\n")

    entries, skipped = play(tmp_path)

    assert names(entries)[1:] == ["A-steps-0", "deterioration of A", "A-steps-1", "discharge of A"]
    [onset, end] = events(entries, Outcome)
    assert (onset.at, end.at) == (DAY + timedelta(days=1), DAY + timedelta(days=1, minutes=1))
    assert skipped == {}


def test_symptoms_after_the_last_row_are_counted_and_not_played(tmp_path: Path) -> None:
    file = table(tmp_path, "A", "steps", [("01 08:00:00", 5)])
    onsets = tmp_path / "elsewhere.csv"
    onsets.write_text("user,symptom_onset_date\nA,2020-12-24\n")

    entries, skipped = play(file, onsets=onsets)

    assert [outcome.kind for outcome in events(entries, Outcome)] == ["discharge"]
    assert skipped == {"onset-after-the-end": 1}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("1,A,2020-11-01 08:01:00", "malformed-row"),
        ("1,A,soon,5", "malformed-row"),
        ("1,A,2020-11-01 08:01:00,", "malformed-row"),
        ("1,A,2020-11-01 08:01:00,inf", "malformed-row"),
        ("1,B,2020-11-01 08:01:00,5", "row-of-another"),
    ],
)
def test_a_row_that_can_not_be_used_is_counted_and_the_rest_stands(tmp_path: Path, row: str, kind: str) -> None:
    file = tmp_path / "A_steps.csv"
    file.write_text(f",user,datetime,steps\n0,A,2020-11-01 08:00:00,4\n{row}\n2,A,2020-11-01 08:02:00,6\n")

    entries, skipped = play(file)

    assert [entry.reading_id for entry in entries if entry.reading_id] == ["A-steps-0", "A-steps-2"]
    assert skipped == {"no-onset": 1, kind: 1}


def test_only_the_first_people_are_played_on_request(tmp_path: Path) -> None:
    for user in "CAB":
        table(tmp_path, user, "steps", [("01 08:00:00", 5)])

    entries, _ = play(tmp_path, limit=2)

    assert {entry.key for entry in entries} == {b"A", b"B"}


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-30])


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[120] ^= 0xFF
    file.write_bytes(content)


def rename(file: Path) -> None:
    file.write_text("not a zip at all\n")


def empty(file: Path) -> None:
    file.write_text(",user,datetime,steps\n")


def other_columns(file: Path) -> None:
    file.write_text(",user,datetime,mood\n0,A,2020-11-01 08:00:00,4\n")


def two_tables(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("more.csv", "x\n")


def remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (truncate, r"A_steps.csv.zip ends or breaks \(.*\): fetch it again"),
        (spoil, r"A_steps.csv.zip ends or breaks \(.*\): fetch it again"),
        (rename, "A_steps.csv.zip has no columns user, datetime"),
        (empty, "A_steps.csv.zip has no rows: leave it out"),
        (other_columns, "A_steps.csv.zip has no column heartrate or steps"),
        (two_tables, "A_steps.csv.zip ends or breaks .it holds 2 tables, not one.*"),
        (remove, "A_steps.csv.zip can't be read .No such file"),
    ],
)
def test_a_file_that_can_not_be_used_is_told_before_anything_is_played(tmp_path: Path, harm: Any, told: str) -> None:
    file = table(
        tmp_path, "A", "steps", [(f"01 {hour:02}:{minute:02}:00", minute) for hour in range(9) for minute in range(60)]
    )
    harm(file)

    with pytest.raises(UnreadableRecordingError, match=told) as error:
        read_source([file], None, Counter())

    assert "\n" not in str(error.value)


def test_two_tables_of_one_person_s_steps_are_told(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    table(tmp_path, "A", "steps", [("01 08:00:00", 5)])
    table(tmp_path / "more", "A", "steps", [("01 08:00:00", 5)])

    with pytest.raises(UnreadableRecordingError, match="are both steps of A: give one of them"):
        read_source([tmp_path, tmp_path / "more"], None, Counter())


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError, match=r"holds no \.csv"):
        read_source([tmp_path], None, Counter())


@pytest.mark.parametrize("text", ["something else\n1,2\n", "user,symptom_onset_date\nA,someday\n", "user\nA\n"])
def test_a_table_of_onsets_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    table(tmp_path, "A", "steps", [("01 08:00:00", 5)])
    (tmp_path / "onset.csv").write_text(text)

    with pytest.raises(UnreadableRecordingError, match="is not a table of onsets"):
        read_source([tmp_path], None, Counter())
