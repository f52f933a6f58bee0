"""`vigil evaluate onset` on tables written for it."""

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.events import Alert, Assessment, Output
from models.partition import PartitionFold
from producers.replay.fitbit import read_source, recordings
from producers.ticks import with_ticks
from tests.report_page import fetched
from vigil.cli import cli

BEGIN = datetime(2020, 10, 1, tzinfo=UTC)
ONSET = 40


def wear(folder: Path, user: str, days: int = 80, ill: int | None = ONSET - 2, seed: int = 0) -> None:
    """Writes the two tables of somebody who lay still but for an hour at noon; ill from a day on."""
    chance = random.Random(f"{user}{seed}")
    rates, steps = [",user,datetime,heartrate"], [",user,datetime,steps"]
    for day in range(days):
        off = chance.gauss(0, 1.5) + (7 if ill is not None and ill <= day < ill + 8 else 0)
        for minute in range(0, 1440, 5):
            at = f"{BEGIN + timedelta(days=day, minutes=minute):%Y-%m-%d %H:%M:%S}"
            rates.append(f"{len(rates)},{user},{at},{62 + off + chance.gauss(0, 3):.0f}")
            steps.append(f"{len(steps)},{user},{at},{80 if minute // 60 == 12 else 0}")
    (folder / f"{user}_hr.csv").write_text("\n".join(rates))
    (folder / f"{user}_steps.csv").write_text("\n".join(steps))


def onsets(folder: Path, *rows: tuple[str, int]) -> Path:
    told = [f"{user},{(BEGIN + timedelta(days=day)).date()}" for user, day in rows]
    file = folder / "onset.csv"
    file.write_text("\n".join(["user,symptom_onset_date", *told]))
    return file


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evaluate", "onset", *map(str, arguments)])


def test_an_onset_that_the_heart_told_is_found_and_a_healthy_person_is_left_alone(tmp_path: Path) -> None:
    wear(tmp_path, "ill")
    wear(tmp_path, "well", ill=None)

    done = evaluate(tmp_path, "--onset", onsets(tmp_path, ("ill", ONSET)), "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (told["people"], told["onsets"]) == (2, 1)
    assert told["as_raised"]["before"]["hits"] == 1
    assert told["as_raised"]["false_alarm_rate"] < 0.06
    begun = [day["from_onset"] for day in told["alarm_days"]["ill"]["alarm_days"]]
    assert any(-2 <= day <= 0 for day in begun)
    assert told["alarm_days"]["well"]["onset"] is None


def test_the_summary_tells_the_same_and_the_page_stands_alone(tmp_path: Path) -> None:
    wear(tmp_path, "ill")
    page = tmp_path / "report.html"

    done = evaluate(tmp_path, "--onset", onsets(tmp_path, ("ill", ONSET)), "--report", page)

    assert "alarm in [-7, 0]           1 of 1" in done.stdout
    shown = page.read_text()
    assert fetched(shown) == []
    assert "alarm begins" in shown


def test_what_is_odd_is_named_with_its_count_and_the_run_goes_on(tmp_path: Path) -> None:
    wear(tmp_path, "ill")
    wear(tmp_path, "bare")
    (tmp_path / "bare_steps.csv").unlink()
    rates = tmp_path / "ill_hr.csv"
    first = BEGIN + timedelta(hours=1)
    odd = [f"0,ill,{first},60", f"0,ill,{first},60", f"0,ill,{first + timedelta(minutes=1)},0", "0,ill,soon,1"]
    head, *rows = rates.read_text().splitlines()
    rates.write_text("\n".join([head, *odd, *rows]))

    done = evaluate(tmp_path, "--onset", onsets(tmp_path, ("ill", ONSET), ("nobody", 3)), "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["skipped"] == {
        "malformed-row": 1,
        "no-onset": 1,
        "not-plausible": 1,
        "onset-of-unknown-person": 1,
        "person-without-steps": 1,
        "time-goes-back": 1,
        "time-repeats": 1,
    }
    assert list(told["alarm_days"]) == ["ill"]


def test_a_file_that_is_no_table_of_theirs_is_named_with_the_reason_and_the_run_goes_on(tmp_path: Path) -> None:
    wear(tmp_path, "ill")
    (tmp_path / "ill_sleep.csv").write_text(",user,datetime,stage\n0,ill,2020-10-01 00:00:00,deep\n")
    (tmp_path / "empty_hr.csv").write_text("")
    (tmp_path / "broken_hr.csv.zip").write_bytes(b"PK but no zip")
    table = onsets(tmp_path, ("ill", ONSET)).rename(tmp_path / "days.csv")

    told = json.loads(evaluate(tmp_path, "--onset", table, "--json").stdout)

    assert sorted(told["left_out"]) == ["broken_hr.csv.zip", "empty_hr.csv", "ill_sleep.csv"]
    assert told["left_out"]["ill_sleep.csv"].startswith("has no column heartrate or steps")
    assert told["people"] == 1


def test_an_onset_before_any_day_could_be_judged_is_named(tmp_path: Path) -> None:
    wear(tmp_path, "ill", days=30)

    told = json.loads(evaluate(tmp_path, "--onset", onsets(tmp_path, ("ill", 5)), "--json").stdout)

    assert told["onsets_without_a_day_judged"] == ["ill"]
    assert told["as_raised"]["before"]["share"] is None


@pytest.mark.parametrize("harm", ["empty", "no-onset", "no-folder", "not-a-table"])
def test_what_can_not_be_read_is_one_line_that_says_what_to_mend(tmp_path: Path, harm: str) -> None:
    wear(tmp_path, "ill", days=2)
    table, folder = onsets(tmp_path, ("ill", 1)), tmp_path
    if harm == "empty":
        (tmp_path / "ill_hr.csv").write_text("")
    elif harm == "no-onset":
        table.unlink()
    elif harm == "no-folder":
        folder = tmp_path / "nowhere"
    else:
        table.write_text("a,b\n1,2\n")

    done = evaluate(folder, "--onset", table, "--report", tmp_path / "report.html")

    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "report.html").exists()


def test_the_fold_tells_the_same_days_as_findings_and_raises_no_alert_of_them(tmp_path: Path) -> None:
    wear(tmp_path, "ill", days=25, ill=20)
    table = onsets(tmp_path, ("ill", 22))
    judged = json.loads(evaluate(tmp_path, "--onset", table, "--json").stdout)["alarm_days"]["ill"]["alarm_days"]

    outputs = folded(tmp_path, table)

    findings = [each for told in outputs if isinstance(told, Assessment) and told.findings for each in told.findings]
    begun = [each for each in findings if each.detector == "resting-heart-rate" and each.state == "begun"]
    assert [str(each.since.date()) for each in begun] == [day["day"] for day in judged] != []
    assert [each.size for each in begun] == pytest.approx([day["rate"] - day["usual"] for day in judged], abs=0.06)
    assert "above this person's usual at those hours" in begun[-1].reason
    assert {told.kind for told in outputs if isinstance(told, Alert)} <= {"limit", "anomaly", "no-data", "news2"}


def folded(folder: Path, table: Path) -> list[Output]:
    """The recordings through the fold of one partition."""
    fold, outputs = PartitionFold(0, origin="replay"), []
    entries = with_ticks(recordings(read_source([folder], table, Counter()), Counter()), 1)
    for offset, entry in enumerate(entries):
        outputs += fold.advance(entry.value, offset=offset, key=entry.key)
    return outputs


def test_a_report_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:
    wear(tmp_path, "ill", days=2)

    done = evaluate(tmp_path, "--onset", onsets(tmp_path, ("ill", 1)), "--report", tmp_path / "nowhere" / "report.html")

    assert done.exit_code == 1
    assert "can't be written" in done.stderr
    assert done.stderr.count("\n") == 1
