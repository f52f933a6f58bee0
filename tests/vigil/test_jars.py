"""The broker's jars: nothing runs that is not what the lock says."""

from pathlib import Path

import pytest
import requests
from jgo.env import LockedDependency, LockFile

from vigil.broker import BrokerError, jars

CONTENT = b"a jar"
SHA256 = "fc8bd814a3051a9717431182d5af2a2d654481aac82a028c05c73afa4ca38823"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Writes a lock of one jar, whose content is known."""
    return write_lock(tmp_path, SHA256)


def write_lock(folder: Path, sha256: str | None) -> Path:
    file = folder / "lock.toml"
    LockFile([LockedDependency("org.example", "one", "1.0", sha256=sha256)]).save(file)
    return file


def download(content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Stands in for Maven Central, and tells what it was asked for."""
    asked = []

    def put(_context: object, folder: Path, jar: LockedDependency) -> None:
        file = jars._path(folder, jar)
        if not file.exists():
            asked.append(file)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    monkeypatch.setattr(jars, "_download", put)
    return asked


def test_a_jar_is_fetched_once(tmp_path: Path, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = download(CONTENT, monkeypatch)

    first = jars.class_path(tmp_path / "jars", lock)
    second = jars.class_path(tmp_path / "jars", lock)

    assert first == second == asked
    assert first[0].read_bytes() == CONTENT


def test_a_damaged_jar_is_fetched_again(tmp_path: Path, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    download(CONTENT, monkeypatch)
    (jar,) = jars.class_path(tmp_path / "jars", lock)
    jar.write_bytes(b"half a j")

    jars.class_path(tmp_path / "jars", lock)

    assert jar.read_bytes() == CONTENT


def test_a_jar_with_another_sum_is_refused_and_removed(
    tmp_path: Path, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = download(b"something else", monkeypatch)

    with pytest.raises(BrokerError, match=r"not the one in the lock.*one:1\.0 checksum mismatch"):
        jars.class_path(tmp_path / "jars", lock)

    assert not asked[0].exists()


def test_an_entry_without_a_sum_is_refused(tmp_path: Path) -> None:
    lock = write_lock(tmp_path, None)

    with pytest.raises(BrokerError, match="no sha256 for one"):
        jars.class_path(tmp_path / "jars", lock)


def test_no_network_is_an_error_that_says_so(tmp_path: Path, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise requests.ConnectionError("no route")

    monkeypatch.setattr(jars, "_download", fail)

    with pytest.raises(BrokerError, match=r"could not be fetched.*connect to the network"):
        jars.class_path(tmp_path / "jars", lock)
