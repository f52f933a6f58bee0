"""Settings come from options, the environment, a TOML file and defaults, in this order, and no slip goes unheard."""

import os
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest

from streams.settings import Connection, WorkerSettings
from tests import command_line
from vigil.broker.settings import BrokerSettings
from vigil.errors import CommandFailed
from vigil.settings import load


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and nothing of Vigil's in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("VIGIL_")]:
        monkeypatch.delenv(name)
    return tmp_path


def vigil(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    with patch.dict(os.environ, environment):
        return command_line.vigil(*arguments)


def assert_one_line(done: subprocess.CompletedProcess[str], *told: str) -> None:
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith("vigil: ")
    assert done.stderr.count("\n") == 1
    assert [each for each in told if each not in done.stderr] == [], done.stderr


def test_without_anything_the_defaults_stand() -> None:
    assert load(WorkerSettings) == WorkerSettings()


def test_an_option_goes_before_the_environment_before_the_file_before_the_default(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "vigil.toml").write_text('[worker]\nprefix = "live-file"\nmetrics_port = 1\nheartbeat_seconds = 1\n')
    monkeypatch.setenv("VIGIL_WORKER_PREFIX", "live-environment")
    monkeypatch.setenv("VIGIL_WORKER_METRICS_PORT", "2")

    found = load(WorkerSettings, prefix="live-option", instance_id=None)

    assert (found.prefix, found.metrics_port, found.heartbeat_seconds) == ("live-option", 2, 1)
    assert found.instance_id is None
    assert found.stuck_seconds == WorkerSettings().stuck_seconds


def test_each_class_has_a_table_of_its_own(folder: Path) -> None:
    (folder / "vigil.toml").write_text(
        '[kafka]\nbootstrap_servers = "k:1"\n[worker]\nmetrics_port = 7\n[broker]\nmemory = "1g"\nhome = "/somewhere"\n'
    )

    assert load(Connection).bootstrap_servers == "k:1"
    assert load(WorkerSettings).metrics_port == 7
    assert (load(BrokerSettings).memory, load(BrokerSettings).home) == ("1g", Path("/somewhere"))


def test_a_setting_with_a_name_of_its_own_in_the_environment_goes_before_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "vigil.toml").write_text('[broker]\nhome = "/file"\n')
    monkeypatch.setenv("VIGIL_HOME", "/environment")

    assert load(BrokerSettings).home == Path("/environment")


def test_the_file_that_is_named_is_taken_instead_of_the_usual_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "vigil.toml").write_text("[worker]\nmetrics_port = 1\n")
    (folder / "other.toml").write_text("[worker]\nmetrics_port = 2\n")
    monkeypatch.setenv("VIGIL_CONFIG", str(folder / "other.toml"))

    assert load(WorkerSettings).metrics_port == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[worker]\ncheckpoint_second = 1\n", r"\[worker\] checkpoint_second is no setting.*checkpoint_seconds"),
        (
            "[limits]\nheart_rate = 1\n",
            (
                r"limits is no table of settings; "
                r"there are \[kafka\], \[worker\], \[learner\], \[delivery\], \[api\], \[ward\], \[broker\]"
            ),
        ),
        ('memory = "1g"\n', "memory is no table of settings"),
        ('worker = "x"\n', "worker is no table of settings"),
        ("[worker]\nmetrics_port = 70000\n", r"\[worker\] metrics_port in vigil.toml can't be used: .*65535"),
        ("[worker\n", "vigil.toml is no TOML"),
        ("[worker]\nprefix = '\xff'\n", "vigil.toml is no TOML"),
    ],
)
def test_a_slip_in_the_file_is_told_by_its_name(folder: Path, content: str, told: str) -> None:
    (folder / "vigil.toml").write_text(content, encoding="latin-1")

    with pytest.raises(CommandFailed, match=told):
        load(WorkerSettings)


def test_the_example_on_the_page_can_be_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[2] / "docs/operations.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    (folder / "vigil.toml").write_text(example)
    monkeypatch.setenv("VIGIL_KAFKA_SASL_PASSWORD", "secret")

    found = load(Connection), load(WorkerSettings), load(BrokerSettings)

    assert [settings.model_fields_set != set() for settings in found] == [True, True, True]


def test_a_slip_in_another_table_is_told_as_well(folder: Path) -> None:
    (folder / "vigil.toml").write_text('[broker]\nmemori = "1g"\n')

    with pytest.raises(CommandFailed, match=r"\[broker\] memori is no setting"):
        load(WorkerSettings)


def test_settings_that_do_not_go_together_are_told_by_their_table(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIL_KAFKA_SECURITY_PROTOCOL", "SASL_SSL")

    with pytest.raises(CommandFailed, match=r"^VIGIL_KAFKA_\.\.\. or \[kafka\] can't be used: SASL_SSL needs"):
        load(Connection)


@pytest.mark.parametrize("servers", ["localhost", "foo:bar", "a:1,b", "a:0", "a:70000", "a:1,", "a b:1", "[::1]"])
def test_an_address_without_a_port_that_can_be_is_refused(servers: str) -> None:
    with pytest.raises(CommandFailed, match=r"^--broker can't be used: '.*' is not HOST:PORT"):
        load(Connection, bootstrap_servers=servers)


@pytest.mark.parametrize("servers", ["localhost:9092", "[::1]:9092", "10.0.0.1:1, kafka.ward.example:65535"])
def test_an_address_with_a_port_is_taken(servers: str) -> None:
    assert load(Connection, bootstrap_servers=servers).bootstrap_servers == servers.replace(" ", "")


# --- On the command line ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [("VIGIL_BROKER_MEMORY", "lots"), ("VIGIL_BROKER_START_TIMEOUT", "-1"), ("VIGIL_BROKER_FREE_SPACE", "some")],
)
@pytest.mark.parametrize("command", [["broker"], ["replay", "sample", "--limit", "1", "--json"]], ids=lambda c: c[0])
def test_a_bad_setting_of_the_broker_is_one_line(command: list[str], name: str, value: str) -> None:
    assert_one_line(vigil(*command, **{name: value}), f"{name} can't be used")


def test_a_bad_setting_of_a_worker_is_one_line() -> None:
    assert_one_line(vigil("worker", VIGIL_WORKER_STUCK_SECONDS="long"), "VIGIL_WORKER_STUCK_SECONDS can't be used")
    assert_one_line(vigil("worker", VIGIL_WORKER_PREFIX="lvie"), "'lvie'", "live-NAME")


@pytest.mark.parametrize("command", [["topics", "list"], ["worker"], ["ticker"], ["dead-letters", "list"]])
def test_a_bad_address_is_one_line(command: list[str]) -> None:
    assert_one_line(vigil(*command, "--broker", "localhost"), "--broker can't be used", "127.0.0.1:9092")
    assert_one_line(vigil(*command, VIGIL_KAFKA_BOOTSTRAP_SERVERS="foo:bar"), "VIGIL_KAFKA_BOOTSTRAP_SERVERS")


def test_a_file_that_is_named_and_not_there_is_one_line() -> None:
    assert_one_line(vigil("topics", "list", VIGIL_CONFIG="nowhere.toml"), "nowhere.toml", "VIGIL_CONFIG")


def test_a_command_takes_its_broker_from_the_file(folder: Path) -> None:
    (folder / "vigil.toml").write_text('[kafka]\nbootstrap_servers = "foo:bar"\n')

    assert_one_line(vigil("topics", "list"), "[kafka] bootstrap_servers in vigil.toml")
