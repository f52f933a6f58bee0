"""`vigil evaluate anomaly` on a folder written for it."""

import csv
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.report_page import fetched
from vigil.cli import cli

BEGIN = datetime(2014, 4, 1, tzinfo=UTC)
ROWS = 1500
SPIKE = 1000


def time(row: int) -> str:
    return f"{BEGIN + timedelta(minutes=5 * row):%Y-%m-%d %H:%M:%S}"


def corpus(folder: Path) -> tuple[Path, Path]:
    """Two series, one with a spike in its window; the folder of data and the labels."""
    data = folder / "data"
    for name in ("real/spiky", "artificial/quiet"):
        chance = random.Random(name)
        values = [20 + chance.gauss(0, 1) + (30 if name == "real/spiky" and row == SPIKE else 0) for row in range(ROWS)]
        file = data / f"{name}.csv"
        file.parent.mkdir(parents=True)
        file.write_text("timestamp,value\n" + "".join(f"{time(row)},{value:.3f}\n" for row, value in enumerate(values)))
    labels = folder / "combined_windows.json"
    windows = [[f"{time(SPIKE - 5)}.000000", f"{time(SPIKE + 70)}.000000"]]
    labels.write_text(json.dumps({"real/spiky.csv": windows, "artificial/quiet.csv": []}))
    return data, labels


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evaluate", "anomaly", *map(str, arguments)])


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_results_lie_where_the_benchmark_looks_and_have_a_row_for_each_row(tmp_path: Path) -> None:
    data, labels = corpus(tmp_path)

    done = evaluate(data, "--labels", labels, "--out", tmp_path / "results", "--json")

    told = json.loads(done.stdout)
    results = tmp_path / "results" / "vigil"
    spiky, source = rows_of(results / "real" / "vigil_spiky.csv"), rows_of(data / "real" / "spiky.csv")
    assert sorted(file.name for file in results.rglob("*.csv")) == ["vigil_quiet.csv", "vigil_spiky.csv"]
    assert [(row["timestamp"], row["value"]) for row in spiky] == [(row["timestamp"], row["value"]) for row in source]
    assert list(spiky[0]) == ["timestamp", "value", "anomaly_score", "label"]
    assert all(0 <= float(row["anomaly_score"]) <= 1 for row in spiky)
    assert [at for at, row in enumerate(spiky) if row["label"] == "1"] == list(range(SPIKE - 5, SPIKE + 71))
    assert max(range(300, ROWS), key=lambda at: float(spiky[at]["anomaly_score"])) == SPIKE
    assert told["results"] == str(results)


def test_the_standing_finds_the_window_and_each_file_says_what_stood_out(tmp_path: Path) -> None:
    data, labels = corpus(tmp_path)
    page = tmp_path / "report.html"

    told = json.loads(evaluate(tmp_path, "--labels", labels, "--report", page, "--json").stdout)

    assert (told["files"], told["rows"], told["windows"], told["results"]) == (2, 2 * ROWS, 1, None)
    assert told["standing"]["standard"]["windows_found"] == 1
    assert told["standing"]["standard"]["score"] > 90
    assert told["by_file"]["real/spiky.csv"]["most_surprising"] == time(SPIKE)
    assert told["by_category"]["artificial"]["score"] is None
    assert fetched(page.read_text()) == []
    assert data.is_dir()


def test_what_is_odd_is_named_with_its_count_and_no_row_is_lost(tmp_path: Path) -> None:
    data, labels = corpus(tmp_path)
    (data / "real" / "empty.csv").write_text("")
    (data / "real" / "bare.csv").write_text("timestamp,value\n")
    (data / "real" / "other.csv").write_text("a,b\n1,2\n")
    (data / "real" / "broken.csv").write_bytes(b"timestamp,value\n\xff\xfe,1\n")
    odd = [f"{time(0)},1", f"{time(0)},1", "soon,1", f"{time(1)},much", f"{time(2)},nan"]
    (data / "real" / "odd.csv").write_text("\n".join(["timestamp,value", f"{time(5)},1", *odd]))
    known = json.loads(labels.read_text())
    windows = [[time(1), time(2)], [time(2), time(3)], [time(900), time(901)]]
    labels.write_text(
        json.dumps(known | {"gone.csv": [], "artificial/quiet.csv": [[time(9000), time(9001)], *windows]})
    )

    done = evaluate(data, "--labels", labels, "--out", tmp_path / "results", "--json")

    assert done.exit_code == 0
    left_out = json.loads(done.stdout)["left_out"]
    assert {name: why.partition(" (")[0] for name, why in left_out.items()} == {
        "real/bare.csv": "has no rows",
        "real/broken.csv": "can't be read",
        "real/empty.csv": "is empty",
        "real/other.csv": "has no columns timestamp, value",
    }
    assert json.loads(done.stdout)["skipped"] == {
        "file-without-labels": 1,
        "labels-of-unknown-file": 1,
        "malformed-row": 2,
        "not-finite": 1,
        "time-goes-back": 1,
        "time-repeats": 1,
        "window-overlaps": 1,
        "window-without-rows": 1,
    }
    assert len(rows_of(tmp_path / "results" / "vigil" / "real" / "vigil_odd.csv")) == 6


@pytest.mark.parametrize("harm", ["no-labels", "labels-broken", "labels-time", "no-folder", "only-empty"])
def test_what_can_not_be_judged_is_one_line_and_nothing_is_written(tmp_path: Path, harm: str) -> None:
    data, labels = corpus(tmp_path)
    if harm == "no-labels":
        labels.unlink()
    elif harm == "labels-broken":
        labels.write_text('{"a": 1}')
    elif harm == "labels-time":
        labels.write_text('{"real/spiky.csv": [["soon", "later"]]}')
    elif harm == "no-folder":
        data = tmp_path / "nowhere"
    else:
        for file in data.rglob("*.csv"):
            file.write_text("")

    done = evaluate(data, "--labels", labels, "--out", tmp_path / "results")

    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "results").exists()


def test_a_report_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:
    data, labels = corpus(tmp_path)

    done = evaluate(data, "--labels", labels, "--report", tmp_path / "nowhere" / "report.html")

    assert done.exit_code == 1
    assert "can't be written" in done.stderr
    assert done.stderr.count("\n") == 1
