"""What a fresh machine relies on: the locks and the container that stands in for the embedded broker."""

import re
from pathlib import Path

from vigil.broker.configuration import SETTINGS
from vigil.broker.jars import LOCK

ROOT = Path(__file__).parents[2]


def test_the_container_has_the_settings_of_the_embedded_broker() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    given = dict(re.findall(r'^ +KAFKA_([A-Z0-9_]+): "(.+)"$', text, re.MULTILINE))

    assert given == {name.upper().replace(".", "_"): value for name, value in SETTINGS.items()}


def test_every_package_is_pinned_and_hashed_and_no_lock_names_a_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "benchmarks/requirements-peers.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z])", text)
        assert all(re.match(r"[\w.-]+==[\w.]+ ", entry) and "--hash=sha256:" in entry for entry in entries)
        assert "://" not in text
    assert "://" not in LOCK.read_text(encoding="utf-8")


def test_the_locks_hold_what_the_project_asks_for() -> None:
    pinned = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-dev.txt")}
    runtime = set(re.findall(r"^(\S+==\S+)", pinned["requirements.txt"], re.MULTILINE))

    assert runtime <= set(re.findall(r"^(\S+==\S+)", pinned["requirements-dev.txt"], re.MULTILINE))
