"""`vigil evaluate stress` on tables written for it."""

import gzip
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.report_page import fetched
from vigil.cli import cli

HEAD = "Participant,HR,respr,Time(sec),Label"


def rows(user: str, seed: int, *, begin: int = 1_000_000, seconds: int = 1800) -> list[str]:
    """Rest, stress from the tenth minute to the twentieth, rest again."""
    chance, told = random.Random(seed), []
    for second in range(seconds):
        stressed = 600 <= second < 1200
        rate = 70 + (8 if stressed else 0) + chance.gauss(0, 4)
        told.append(f"{user},{rate:.2f},{13 + chance.gauss(0, 1):.2f},{begin + second},{int(stressed)}")
    return told


def table(folder: Path, *lines: str) -> Path:
    file = folder / "stress.csv"
    file.write_text("\n".join([HEAD, *lines]))
    return file


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evaluate", "stress", *map(str, arguments)])


def test_stress_is_told_from_rest_better_than_by_the_heart_rate_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "stress.csv.gz"
    lines = [HEAD, *rows("a", 1), *rows("b", 2), *rows("c", 3)]
    file.write_bytes(gzip.compress("\n".join(lines).encode()))
    page = tmp_path / "report.html"

    told = json.loads(evaluate(file, "--report", page, "--json").stdout)

    mean = told["mean_auroc"]
    assert (told["people"], told["seconds"], told["seconds_of_stress"]) == (3, 5400, 1800)
    assert mean["arousal"]["value"] > mean["heart_rate"]["value"] > 0.85
    assert abs(mean["respiratory_rate"]["value"] - 0.5) < 0.1
    assert sorted(told["auroc"]) == ["a", "b", "c"]
    assert fetched(page.read_text()) == []


def test_a_second_is_scored_before_what_follows_it_is_known(tmp_path: Path) -> None:
    whole = json.loads(evaluate(table(tmp_path, *rows("a", 1), *rows("b", 2, begin=2_000_000)), "--json").stdout)
    alone = json.loads(evaluate(table(tmp_path, *rows("a", 1)), "--json").stdout)

    assert whole["auroc"]["a"] == alone["auroc"]["a"]


def test_what_is_odd_is_named_with_its_count_and_the_run_goes_on(tmp_path: Path) -> None:
    odd = [
        "a,,13,1001800,0",
        "a,70,13,1001799,0",
        "a,70,13,1000000,0",
        "a,70,13,soon,0",
        "a,70,13",
        "a,0,13,1001801,0",
        "a,70,13,1001802,2",
    ]

    done = evaluate(table(tmp_path, *rows("a", 1), *odd, *rows("calm", 2, seconds=500)), "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["skipped"] == {
        "label-neither-0-nor-1": 1,
        "malformed-row": 2,
        "not-plausible": 1,
        "not-recorded": 1,
        "time-goes-back": 1,
        "time-repeats": 1,
    }
    assert told["one_class_only"] == ["calm"]
    assert list(told["auroc"]) == ["a"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "has no columns"),
        (HEAD, "has no rows"),
        ("a,b\n1,2", "has no columns"),
        ("\n".join([HEAD, *rows("calm", 2, seconds=20)]), "has nobody with seconds of both"),
    ],
)
def test_what_can_not_be_judged_is_one_line(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "stress.csv"
    file.write_text(content)

    done = evaluate(file)

    assert done.exit_code == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert "can't be read" in evaluate(tmp_path / "none.csv").stderr


def test_a_report_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:

    done = evaluate(table(tmp_path, *rows("a", 1)), "--report", tmp_path / "nowhere" / "report.html")

    assert done.exit_code == 1
    assert "can't be written" in done.stderr
    assert done.stderr.count("\n") == 1
