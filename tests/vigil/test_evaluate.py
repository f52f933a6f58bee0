"""`vigil evaluate` on small seeded stays in the form of the PhysioNet Challenge 2012."""

import io
import json
import random
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from models.evaluation.batch import PEERS
from models.evaluation.stays import HOURS
from models.risk.candidates import CANDIDATES
from tests.report_page import fetched
from vigil.cli import cli

ABOUT = "00:00,RecordID,{record}\n00:00,Age,{age}\n00:00,Gender,{sex}\n00:00,Height,-1\n00:00,ICUType,{unit}\n"
HEADER = "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death\n"
SPECIAL = {"empty": 90_001, "child": 90_002, "untold": 90_003}


def stay(record: int, chance: random.Random, *, is_bad: bool) -> str:
    """A stay whose pressure falls and whose heart races when it ends badly."""
    rows = [
        "Time,Parameter,Value\n",
        ABOUT.format(record=record, age=chance.randint(40, 90), sex=record % 2, unit=record % 4 + 1),
    ]
    for hour in range(0, 48, 2):
        worse, minute = hour / 6 if is_bad else 0.0, chance.randint(0, 59)
        for name, usual, spread, pull in (
            ("HR", 82, 6, 4.0), ("SysABP", 122, 7, -4.5), ("RespRate", 16, 2, 1.6), ("SaO2", 97, 0.7, -0.6),
            ("Temp", 36.9, 0.3, 0.1), ("GCS", 15, 0, -0.8), ("Lactate", 1.4, 0.3, 0.5),
        ):  # fmt: skip
            value = chance.gauss(usual, spread) + pull * worse
            value = min(max(value, 3), 15) if name == "GCS" else min(value, 100) if name == "SaO2" else value
            rows.append(f"{hour:02d}:{minute:02d},{name},{value:.1f}\n")
    return "".join(rows)


def write_set(folder: Path, first: int, count: int, seed: int, *, odd: bool = False) -> str:
    """A set of stays, every third of which ends badly, as DATA:OUTCOMES."""
    chance = random.Random(seed)
    folder.mkdir()
    outcomes = []
    for record in range(first, first + count):
        is_bad = record % 3 == 0
        (folder / f"{record}.txt").write_text(stay(record, chance, is_bad=is_bad))
        outcomes.append(f"{record},1,1,1,-1,{int(is_bad)}\n")
    if odd:
        outcomes += write_odd(folder, chance)
    table = folder.parent / f"Outcomes-{folder.name}.csv"
    table.write_text(HEADER + "".join(outcomes))
    return f"{folder}:{table}"


def write_odd(folder: Path, chance: random.Random) -> list[str]:
    """All that can be odd in a set and does not stop it; returns the rows of its outcomes."""
    for name, record in SPECIAL.items():
        text = stay(record, chance, is_bad=False)
        if name == "child":
            text = text.replace("00:00,Age,", "00:00,Age,9\n00:00,Age,-")
            text = "\n".join(line for line in text.splitlines() if ",Age,-" not in line) + "\n"
        (folder / f"{record}.txt").write_text("".join(text.splitlines(keepends=True)[:6]) if name == "empty" else text)
    (folder / "90004.txt").write_text("no stay\n")
    (folder / "90005.txt").write_text(
        stay(90_005, chance, is_bad=True) + "12:00,,7\n12:00,HR,88\n12:00,HR,89\n11:00,HR,90\n"
    )
    told = {SPECIAL["empty"]: 0, SPECIAL["child"]: 0, SPECIAL["untold"]: -1, 90_005: 1, 90_099: 1}
    return [f"{record},1,1,1,-1,{died}\n" for record, died in told.items()]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("sets")
    return write_set(folder / "a", 1000, 45, seed=1), write_set(folder / "b", 2000, 36, seed=2, odd=True)


@pytest.fixture(scope="module")
def evaluated(sets: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What a whole evaluation of in-hospital death tells, as JSON and as a page."""
    report = tmp_path_factory.mktemp("report") / "death.html"
    shown = run("evaluate", "physionet2012", "--learn", sets[0], "--judge", sets[1], "--report", report, "--json")
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout), report.read_text(encoding="utf-8")


def test_each_hour_has_figures_with_intervals_beside_those_of_peers_and_scores(
    evaluated: tuple[dict[str, Any], str],
) -> None:
    told, _ = evaluated

    assert list(told["hours"]) == [str(hour) for hour in HOURS]
    for found in told["hours"].values():
        assert {"news2", "mews", "qsofa", "logistic_regression", "gradient_boosting"} <= found["peers"].keys()
        for figures in (found, *found["peers"].values()):
            for name in ("auroc", "auprc"):
                low, high = figures["interval"][name]
                assert 0 <= low <= figures[name] <= high <= 1
        assert 0 <= found["score1"] <= 1
        assert found["calibration"]["slope"] is not None
        assert found["peers"]["news2"]["ahead"]["auroc"]["share_greater"] is not None


def test_stays_that_end_badly_are_told_from_the_others_better_as_they_go_on(
    evaluated: tuple[dict[str, Any], str],
) -> None:
    hours = evaluated[0]["hours"]

    assert hours["48"]["auroc"] > 0.9
    assert hours["48"]["auroc"] >= hours["6"]["auroc"]


def test_all_that_is_odd_is_counted_and_nobody_is_dropped_in_silence(
    evaluated: tuple[dict[str, Any], str],
) -> None:
    told, _ = evaluated
    counts = told["counts"]

    assert (counts["learned-stays"], counts["judged-stays"]) == (45, 40)
    assert counts["outcome-not-told"] == 1
    assert counts["outcome-of-unknown-patient"] == 1
    assert counts["no-outcome"] == 1
    assert counts["stay-without-events"] == 1
    assert counts["no-parameter"] == 1
    assert counts["unreadable-file"] == 1
    assert told["unreadable"] == ["90004.txt"]
    assert counts["time-goes-back"] >= 1
    assert counts["time-repeats"] >= 1
    assert counts["hour-6/nothing-measured"] == counts["hour-6/never-scored"] == 1
    assert counts["hour-6/not-for-this-age"] == 1
    for found in told["hours"].values():
        assert (found["rows"], found["learned"]) == (38, 45)


def test_groups_hold_every_judged_stay_once(evaluated: tuple[dict[str, Any], str]) -> None:
    for found in evaluated[0]["hours"].values():
        for groups in found["subgroups"].values():
            assert sum(group["rows"] for group in groups.values()) == found["rows"]
            assert sum(group["positives"] for group in groups.values()) == found["deaths"]


def test_the_report_stands_alone_and_tells_the_same(evaluated: tuple[dict[str, Any], str]) -> None:
    told, report = evaluated

    assert report.count("<svg") == 1 + 5 * len(told["hours"])
    assert fetched(report) == []
    assert f"{told['hours']['48']['auroc']:.3f}".removeprefix("0") in report
    assert "NaN" not in report


def test_an_archive_gives_the_figures_of_its_folder(sets: tuple[str, str], tmp_path: Path) -> None:
    folder, outcomes = map(Path, sets[1].split(":"))
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        for file in sorted(folder.glob("*.txt"), reverse=True):
            info = tarfile.TarInfo(f"set-b/{file.name}")
            info.size = file.stat().st_size
            archive.addfile(info, io.BytesIO(file.read_bytes()))
    arguments = ["--model", "linear_regression", "--json"]

    shown = [
        run("evaluate", "physionet2012", "--learn", sets[0], "--judge", judge, *arguments)
        for judge in (sets[1], f"{tmp_path / 'b.tar.gz'}:{outcomes}")
    ]

    hours = [json.loads(each.stdout)["hours"] for each in shown]
    assert hours[0] == hours[1]
    assert "gradient_boosting" not in hours[0]["48"]["peers"]


def test_all_models_stand_in_one_table_with_what_they_cost(sets: tuple[str, str], tmp_path: Path) -> None:
    report = tmp_path / "all.html"
    given = ("--learn", sets[0], "--judge", sets[1], "--all-models", "--limit", 18, "--report", report)

    shown = run("evaluate", "physionet2012", *given, "--json")

    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.stdout)
    assert {told["model"], *told["hours"]["48"]["candidates"]} == set(CANDIDATES) == set(told["cost"])
    assert set(PEERS) <= told["hours"]["48"]["peers"].keys()
    for cost in told["cost"].values():
        assert min(cost["predict_us"], cost["learn_us"], cost["state_bytes"]) > 0
    assert [name for name in CANDIDATES if f"{name.replace('_', ' ')}, online" not in report.read_text()] == []


def exported(file: Path, learn: str, judge: str) -> pd.DataFrame:
    shown = run("export", "--learn", learn, "--judge", judge, file, "--model", "linear_regression")
    assert shown.exit_code == 0, shown.output
    return pd.read_csv(file)


def test_outcomes_of_judged_stays_teach_only_when_they_are_known(sets: tuple[str, str], tmp_path: Path) -> None:
    """Who stands last in the judged set teaches nobody: another outcome changes labels, nothing that is foretold."""
    folder, outcomes = map(Path, sets[1].split(":"))
    turned = tmp_path / "Outcomes-turned.csv"
    turned.write_text(outcomes.read_text().replace("90005,1,1,1,-1,1", "90005,1,1,1,-1,0"))

    as_it_was = exported(tmp_path / "a.csv.gz", sets[0], sets[1])
    changed = exported(tmp_path / "b.csv.gz", sets[0], f"{folder}:{turned}")

    assert as_it_was["foretold.linear_regression"].equals(changed["foretold.linear_regression"])
    assert (as_it_was["label"] != changed["label"]).sum() == len(HOURS)
    assert as_it_was["is_judged"].sum() == 38 * len(HOURS)


def test_what_is_measured_after_an_hour_is_not_known_at_it(sets: tuple[str, str], tmp_path: Path) -> None:
    folder, outcomes = sets[1].split(":")
    other = tmp_path / "b"
    shutil.copytree(folder, other)
    for file in other.glob("2*.txt"):
        file.write_text(re.sub(r"^((?:0[6-9]|[1-4]\d):\d\d,HR),.*$", r"\1,33", file.read_text(), flags=re.MULTILINE))

    as_it_was = exported(tmp_path / "a.csv.gz", sets[0], sets[1])
    changed = exported(tmp_path / "b.csv.gz", sets[0], f"{other}:{outcomes}")

    measured = [name for name in as_it_was if not name.startswith("foretold")]
    at_six = as_it_was["hour"] == 6
    assert as_it_was[at_six][measured].equals(changed[at_six][measured])
    assert not as_it_was[~at_six][measured].equals(changed[~at_six][measured])


def test_deterioration_tells_alarms_and_lead_time_beside_news2(sets: tuple[str, str], tmp_path: Path) -> None:
    report = tmp_path / "deterioration.html"

    shown = run("evaluate", "deterioration", "--learn", sets[0], "--judge", sets[1], "--report", report, "--json")

    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.stdout)
    for found in (told, told["every"], told["peers"]["news2"], told["peers"]["gradient_boosting"]):
        assert 0.5 < found["auroc"] <= 1
        assert list(found["alarms"]) == ["0.5", "0.7", "0.9"]
        for wanted, operation in found["alarms"].items():
            assert operation["sensitivity"] >= float(wanted)
            assert operation["alarms_per_patient_day"] > 0
            assert 0 <= operation["lead_time_hours"]["median"] <= 6
    assert list(told["alarms_chosen_before"]) == ["0.5", "0.7", "0.9"]
    assert told["every"]["rows"] >= told["rows"]
    assert told["counts"]["judged-stays"] == 40
    assert report.read_text(encoding="utf-8").count("<svg") == 12


UNUSABLE = {
    "no-data": ("{a}", "nowhere:{b_outcomes}", "nowhere does not exist"),
    "no-table": ("{a}", "{b_data}:nowhere.csv", "nowhere.csv is not a table of outcomes"),
    "other-outcomes": ("{a}", "{b_data}:{a_outcomes}", "has an outcome: give --judge the outcomes of those very stays"),
    "same-patients": ("{a}", "{a}", "45 patients are in"),
    "no-colon": ("{a}", "{b_data}", "is not DATA:OUTCOMES"),
}
ONE_CLASS = {
    "judged-one-class": ("{a}", "{quiet}", "survived: --judge needs stays of both kinds"),
    "learned-one-class": ("{quiet}", "{a}", "survived: --learn needs stays of both kinds"),
}
NEVER_BAD = {
    "judged-never-bad": ("{a}", "{quiet}", "In --judge NEWS2 came to 7 never"),
    "learned-never-bad": ("{quiet}", "{a}", "In --learn NEWS2 came to 7 never"),
}
CASES = [
    pytest.param(way, *case, id=f"{way}-{name}")
    for way, cases in (("physionet2012", UNUSABLE | ONE_CLASS), ("deterioration", UNUSABLE | NEVER_BAD))
    for name, case in cases.items()
]


@pytest.mark.parametrize(("way", "learn", "judge", "named"), CASES)
def test_what_can_not_be_judged_is_one_line_that_says_what_to_mend(
    way: str, learn: str, judge: str, named: str, sets: tuple[str, str], tmp_path: Path
) -> None:
    (a_data, a_outcomes), (b_data, b_outcomes) = (each.split(":") for each in sets)
    places = {
        "a": sets[0], "a_data": a_data, "a_outcomes": a_outcomes, "b_data": b_data, "b_outcomes": b_outcomes,
        "quiet": write_set(tmp_path / "quiet", 4000, 2, seed=3),
    }  # fmt: skip
    report = tmp_path / "report.html"

    shown = run(
        "evaluate", way, "--learn", learn.format(**places), "--judge", judge.format(**places), "--report", report
    )

    assert shown.exit_code != 0
    assert named in shown.output
    assert "Traceback" not in shown.output
    assert not report.exists()


@pytest.mark.parametrize("way", ["physionet2012", "deterioration"])
def test_a_report_that_can_not_be_written_ends_it_before_the_work(
    way: str, sets: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vigil.evaluation.running.open_sets", lambda *_, **__: pytest.fail("it began"))

    shown = run("evaluate", way, "--learn", sets[0], "--judge", sets[1], "--report", tmp_path / "no" / "report.html")

    assert "report.html can't be written" in shown.output


def test_a_model_or_a_set_of_features_that_is_not_known_is_named_beside_those_that_are(sets: tuple[str, str]) -> None:
    given = ("evaluate", "physionet2012", "--learn", sets[0], "--judge", sets[1])

    model, features = run(*given, "--model", "oracle"), run(*given, "--features", "entrails")

    assert "no model oracle: give one of" in model.output
    assert "linear_regression" in model.output
    assert "no set of features entrails: give one of" in features.output
