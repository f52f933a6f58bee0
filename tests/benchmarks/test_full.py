"""`vigil bench full` on a real Kafka, at a small size: a whole account of a run in which nothing was lost."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks.full.alone import idle_ticks
from benchmarks.full.feed import ward
from models.events import Assessment, DeadLetter
from models.partition import PartitionFold
from vigil.cli import cli

SMALL = ["--panels", "600", "--patients", "40", "--rate", "60", "--seconds", "1"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run, with its profile beside the figures."""
    file = tmp_path_factory.mktemp("bench") / "profile.txt"
    command = [sys.executable, "-m", "vigil", "bench", "full", *SMALL, "--json", "--profile", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return {**json.loads(done.stdout), "profile": file.read_text()}


def test_every_panel_has_one_assessment_and_every_figure_is_there(report: dict[str, Any]) -> None:
    drained = report["drained"]

    assert (drained["panels"], drained["measurements"]) == (600, 3600)
    assert (drained["missing"], drained["doubled"], drained["dead_letters"]) == (0, 0, 0)
    assert drained["assessments"] >= 600 + 40
    assert drained["alerts"] > 0
    assert min(value for section in ("latency", "fold_alone") for value in report[section].values()) > 0
    assert min(drained[name] for name in ("panels_per_second", "cpu_seconds", "checkpoint_bytes_per_patient")) > 0
    assert drained["take_over_seconds"] > drained["restore_seconds"] > 0
    assert (report["patients"], report["workers"]) == (40, 1)


def test_latency_is_of_every_alert_that_was_due(report: dict[str, Any]) -> None:
    latency = report["latency"]

    assert latency["alerts"] == 60 - 3, "one in twenty is sick, and alarms anyway"
    assert latency["p50_ms"] <= latency["p99_ms"] <= latency["max_ms"]


def test_the_profile_says_where_the_time_goes(report: dict[str, Any]) -> None:
    assert "fold_reading" in report["profile"]


def test_a_profile_that_can_not_be_written_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["bench", "full", *SMALL, "--profile", str(tmp_path / "nowhere" / "p.txt")])

    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "can't be written" in done.output


def test_the_ward_is_the_same_each_time_and_nothing_in_it_is_refused() -> None:
    log = [entry.value for entry in ward(200, 20, 1)]
    fold = PartitionFold(0)

    outputs = [output for offset, value in enumerate(log) for output in fold.advance(value, offset=offset)]

    assert log == [entry.value for entry in ward(200, 20, 1)]
    assert not [output for output in outputs if isinstance(output, DeadLetter)]
    told = [output for output in outputs if isinstance(output, Assessment)]
    assert not [output for output in told if output.refused or output.flags or output.duplicate]
    assert {output.news2.completeness for output in told if output.news2 and output.reading_id} == {"7/7"}


def test_at_the_ticks_whose_cost_is_told_nothing_is_due() -> None:
    fold = PartitionFold(0)
    for offset, entry in enumerate(ward(100, 10, 1)):
        fold.advance(entry.value, offset=offset)

    first, *others = (fold.advance(tick, offset=0) for tick in idle_ticks(100, 10))

    assert first
    assert not any(others)
    assert fold.census.ticks_ignored == 0
