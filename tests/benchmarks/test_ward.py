"""What `vigil bench ward` rests on: panels that can be told apart on the page, a past told of others, a line to cut."""

import socket
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from benchmarks.ward.feed import LONGEST_SECONDS, WARM_SECONDS, entries, second_of
from benchmarks.ward.line import laid
from benchmarks.ward.past import rounds
from benchmarks.ward.pixel import latencies
from consumers.outputs import read
from models.events import Alert, Assessment
from models.partition import PartitionFold
from vigil.cli import cli


def test_of_which_panel_a_pressure_is_shown_can_be_told() -> None:
    fold = PartitionFold(0)
    told = []

    for offset, entry in enumerate(entries(patients=1, seconds=LONGEST_SECONDS, alarms=0, partitions=1)):
        outputs = fold.advance(entry.value, offset=offset)
        told += [each for each in outputs if isinstance(each, Assessment) and each.reading_id]

    warm = told[WARM_SECONDS:]
    seconds = [second_of(_part(each, "heart_rate"), _part(each, "systolic_blood_pressure")) for each in warm]
    assert seconds == list(range(WARM_SECONDS, LONGEST_SECONDS))


def _part(told: Assessment, name: str) -> float:
    assert told.news2 is not None
    assert told.news2.parts is not None
    value = told.news2.parts[name].value
    assert isinstance(value, (int, float))
    return value


def test_a_reading_counts_until_it_or_a_later_one_is_shown_and_only_while_its_row_is_in_view() -> None:
    produced = {
        ("seen", 20): 100.0,
        ("seen", 21): 101.0,
        ("came", 20): 100.0,
        ("never", 20): 100.0,
        ("away", 20): 100.0,
    }
    shown = [
        ("seen", "missing", "112", 80_000.0, 79_000.0),
        ("seen", "56", "122", 100_300.0, 99_000.0),
        ("seen", "56", "123", 101_200.0, 99_000.0),
        ("came", "56", "122", 100_300.0, 100_200.0),
    ]

    late, unseen = latencies(produced, shown, {"never": 99_000, "seen": 99_000}, range(20, 22))

    assert late == [300, 200]
    assert unseen == 1


def test_what_is_told_of_one_patient_can_be_told_of_another_with_alerts_of_their_own() -> None:
    told = [each for minute in rounds(1, 120) for each in minute[0]]

    others = [read(each.name, each.of("p000000", "p000007").value) for each in told]

    assert {other.patient_id for other in others} == {"p000007"}  # type: ignore[union-attr]  # No tick is among them.
    ids = {other.alert_id for other in others if isinstance(other, Alert)}
    assert ids
    assert not ids & {each.alert_id for each in told}


@pytest.fixture
def far() -> Iterator[socket.socket]:
    """Something that listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_a_line_hands_on_until_it_is_cut_and_again_when_it_is_mended(far: socket.socket) -> None:
    with laid(far.getsockname()[1]) as line:
        near, other = _connected(line.url, far)
        near.sendall(b"before")
        before = other.recv(16)

        line.cut()
        after_cut = _ended(near)
        line.mend()
        again, other_again = _connected(line.url, far)
        again.sendall(b"again")
        after = other_again.recv(16)

        for each in (near, other, again, other_again):
            each.close()
    assert (before, after_cut, after) == (b"before", True, b"again")


def _connected(url: str, far: socket.socket) -> tuple[socket.socket, socket.socket]:
    near = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10)
    return near, far.accept()[0]


def _ended(near: socket.socket) -> bool:
    try:
        return near.recv(16) == b""
    except ConnectionResetError:
        return True


def test_without_chromium_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    done = CliRunner().invoke(cli, ["bench", "ward"])

    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "There is no Chromium" in done.output
