"""The contest of engines: what it tells when it can't be held, and how outputs are judged."""

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.outputs import records_per_second
from benchmarks.peers.bout import run_bout
from benchmarks.peers.contest import Contest
from benchmarks.peers.engines import ENGINES, Bout, Engine, read_flat
from benchmarks.peers.environment import LOCK
from benchmarks.peers.feed import values
from benchmarks.peers.limit_job import run
from benchmarks.peers.verdict import Expected
from benchmarks.places import ROOT
from streams.settings import Connection
from vigil.cli import cli
from vigil.errors import CommandFailed

PANELS = list(values(300, 20))


@pytest.mark.parametrize(("kept", "told"), [(None, "not installed"), ("of yesterday", "lock has changed")])
def test_peers_that_are_not_there_are_told_in_one_line(tmp_path: Path, kept: str | None, told: str) -> None:
    if kept is not None:
        (tmp_path / ".ready").write_text(kept)

    done = CliRunner().invoke(cli, ["bench", "peers", "--environment", str(tmp_path), "--json"])

    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert told in done.output
    assert "vigil bench peers --install" in done.output


def test_our_engine_does_the_reference_job_exactly_once_and_is_compared(broker: str, tmp_path: Path) -> None:
    steps: list[str] = []
    contest = Contest(Connection(bootstrap_servers=broker), "", tmp_path, panels=300, patients=20)

    standing = contest.hold(1, ENGINES[:1], steps.append)

    ours, limit = standing.engines["vigil"], standing.engines["limit"]
    assert (ours.panels, ours.missing, ours.doubled, ours.different) == (300, 0, 0, 0)
    assert (limit.panels, limit.missing, limit.doubled, limit.different) == (300, 0, 0, 0)
    assert ours.is_right
    assert standing.ratio == {"limit": round(ours.panels_per_second / limit.panels_per_second, 2)}
    assert steps == ["round 1 of 1: vigil", "round 1 of 1: limit"]


def test_an_engine_that_dies_is_told_with_the_end_of_its_log(broker: str, tmp_path: Path) -> None:
    def dies(_: Bout) -> list[str]:
        return [sys.executable, "-c", "import sys; sys.exit('no state store')"]

    with pytest.raises(CommandFailed, match=r"mortal ended with 1. Its log ends: no state store"):
        run_bout(
            Engine(name="mortal", command=dies),
            PANELS,
            connection=Connection(bootstrap_servers=broker),
            python="",
            prefix="replay-mortal",
            folder=tmp_path,
        )


def test_outputs_that_are_missing_doubled_or_different_are_counted() -> None:
    right = [read_flat(value) for value in run(PANELS)]
    wrong = read_flat(run(PANELS)[9].replace(b'"news2":', b'"news2":1'))

    verdict = Expected(PANELS).judge(len(PANELS), [*right[:9], wrong, *right[10:-2], right[0]])

    assert (verdict.missing, verdict.doubled, verdict.different) == (2, 1, 1)


def test_the_rate_is_of_what_came_after_the_first_append() -> None:
    assert records_per_second([1000, 1000, 1500, 2000, 2000]) == 3
    assert records_per_second([]) == 0


def test_the_peers_run_the_reference_job_on_the_packages_of_our_own_lock() -> None:
    ours, theirs = pins(ROOT / "requirements.txt"), pins(LOCK)

    assert {name: theirs[name] for name in ("river", "msgspec", "faust-streaming")} == {
        name: ours[name] for name in ("river", "msgspec", "faust-streaming")
    }


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\S+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))
