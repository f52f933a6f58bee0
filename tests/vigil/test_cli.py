"""The frame of the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

import vigil.commands
from tests.command_line import vigil as run
from vigil.cli import cli

FOLDER = Path(vigil.commands.__path__[0])
COMMANDS = sorted(
    file.stem.replace("_", "-")
    for file in (*FOLDER.glob("[!_]*.py"), *(inside.parent for inside in FOLDER.glob("*/__init__.py")))
)
INNER = sorted((file.parent.name, file.stem.replace("_", "-")) for file in FOLDER.glob("*/[!_]*.py"))


def test_help_lists_every_command_and_says_what_vigil_is_not() -> None:
    shown = run("--help")

    assert shown.returncode == 0
    assert "not a medical device" in " ".join(shown.stdout.split())
    assert [name for name in COMMANDS if f"\n  {name} " not in shown.stdout] == []


def test_a_group_without_a_command_shows_its_help() -> None:
    shown = run("topics")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "vigil topics export" in shown.stdout


def test_help_imports_no_room() -> None:
    probe = "import sys; from vigil.cli import cli; cli.main(['--help'], standalone_mode=False); print(*sys.modules)"

    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert not {"faust", "kafka", "pandas", "river", "pydantic"} & set(shown.stdout.split())


def test_versions_of_models_are_told_without_what_folds_a_log() -> None:
    show = "cli.main(['models', '--help'], standalone_mode=False)"
    probe = f"import sys; from vigil.cli import cli; {show}; print(*sys.modules)"

    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert not {"faust", "matplotlib", "pandas", "river.anomaly"} & set(shown.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    shown = run(name, "--help")

    assert shown.returncode == 0
    assert f"vigil {name}" in shown.stdout.partition("Example")[2]


@pytest.mark.parametrize(("group", "name"), INNER)
def test_every_command_of_a_group_that_lies_in_files_is_listed_and_has_an_example(group: str, name: str) -> None:
    listed, shown = run(group, "--help"), run(group, name, "--help")

    assert f"\n  {name} " in listed.stdout
    assert f"vigil {group} {name}" in shown.stdout.partition("Example")[2]


def test_no_command_shows_the_help() -> None:
    assert run().stdout == run("--help").stdout


def test_the_version_is_the_package_s() -> None:
    assert run("--version").stdout == "vigil 0.1.0\n"


def test_a_mistake_is_one_line_that_says_where_to_look() -> None:
    shown = run("broker", "--port", "many")

    assert shown.returncode == 2
    assert shown.stdout == ""
    assert shown.stderr.count("\n") == 1
    assert shown.stderr.startswith("vigil: ")
    assert "vigil broker --help" in shown.stderr


def test_an_interrupted_command_leaves_with_130() -> None:
    probe = "import vigil.cli as c; c.cli.callback = lambda: (_ for _ in ()).throw(KeyboardInterrupt); c.main()"

    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)

    assert shown.returncode == 130
    assert "Traceback" not in shown.stderr


def test_an_unexpected_exception_is_not_hidden() -> None:
    probe = "import vigil.cli as c; c.cli.callback = lambda: 1 / 0; c.main()"

    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)

    assert shown.returncode == 1
    assert "ZeroDivisionError" in shown.stderr
    assert cli.callback is not None
