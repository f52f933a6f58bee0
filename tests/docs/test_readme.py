"""What the README says to type does what it says."""

import re
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from streams.topics import create_topics
from vigil.broker import Broker
from vigil.cli import cli
from vigil.connection import connect

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FEED, PAGER = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
_PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Kafka of its own: the README's topics are the live ones, which other tests might use."""
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        create_topics(connect(broker.address).for_kafka_python(), "live")
        yield broker.address


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A process of ours, which ends with the test."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def python(block: str, kafka: str) -> tuple[str, ...]:
    """The command line that runs a block of the README against this test's Kafka."""
    assert "127.0.0.1:9092" in block
    return sys.executable, "-c", block.replace("127.0.0.1:9092", kafka)


def run(*command: str, folder: Path = ROOT) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(_PATIENCE_SECONDS), "nothing was printed"
    return process.stdout.readline()


def test_the_feed_raises_an_alert_that_the_pager_prints(kafka: str) -> None:
    worker = (sys.executable, "-m", "vigil", "worker", "--broker", kafka, "--metrics-port", "0")
    with running(*worker), running(*python(PAGER, kafka)) as pager:
        assert run(*python(FEED, kafka)).startswith("confirmed at offset")

        assert first_line(pager).startswith("high p1 NEWS2 is 9 (high): respiratory rate 26 /min scores 3")
        pager.send_signal(signal.SIGINT)
        assert pager.wait(_PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(
    "arguments",
    [line.split("#")[0].split()[1:] for line in README.splitlines() if line.startswith(".venv/bin/vigil backtest")],
    ids=" ".join,
)
def test_the_example_can_be_folded(arguments: list[str], tmp_path: Path) -> None:
    for folder in ("docs", "README.md"):
        (tmp_path / folder).symlink_to(ROOT / folder)

    run(sys.executable, "-m", "vigil", *arguments, folder=tmp_path)

    written = (tmp_path / arguments[-1]).read_bytes()
    assert written.count(b'"type":"Alert"') > 3 or b"<h1" in written


def test_every_command_that_is_named_exists() -> None:
    pages = [README, *(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))]
    context = click.Context(cli)

    named = {found for page in pages for found in re.findall(r"vigil ([a-z][a-z-]+)(?: ([a-z][a-z0-9-]*))?", page)}

    for name, inner in sorted(named):
        command = cli.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group) and inner:
            assert inner in command.list_commands(context), (name, inner)


def test_every_option_that_is_named_exists() -> None:
    context = click.Context(cli)
    known = {"--help"}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        inner = command.list_commands(context) if isinstance(command, click.Group) else []
        for one in [command, *(command.get_command(context, each) for each in inner)]:
            known |= {option for parameter in one.params for option in (*parameter.opts, *parameter.secondary_opts)}
    pages = [README, (ROOT / "docs/operations.md").read_text(encoding="utf-8")]
    ours = [re.sub(r"\b(docker compose|prometheus) [^`\n]*", "", page) for page in pages]

    named = {option for page in ours for option in re.findall(r"(?<![<!\w-])--[a-z][a-z-]+", page)}

    assert named <= known


def test_every_make_target_that_is_named_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(re.findall(r"make ([a-z]+)", README)) <= set(targets)
