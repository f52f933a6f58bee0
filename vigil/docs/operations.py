"""The tables for operators: commands, topics, exit codes; settings and metrics have a file each."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import click

from streams.leaving import ExitCode
from streams.topics import TOPICS, Topic
from vigil import cli
from vigil.docs.table import code, table
from vigil.errors import CommandFailed

_DAY_MS = 24 * 60 * 60 * 1000
_MIB = 1024 * 1024
_LEAVING = {
    ExitCode.STOPPED: "It was asked to stop, or did what it promised.",
    ExitCode.FAILED: "Faust or the worker itself failed.",
    ExitCode.FENCED: "Another worker has taken a partition over, or a transaction failed.",
    ExitCode.UNUSABLE: "What Kafka holds can't be continued from: a person must look.",
    ExitCode.UNANSWERED: "The broker did not answer in time.",
}


def commands(_root: Path) -> str:
    """Every command with its line."""
    return table(("command", "what it does"), [(code(f"vigil {name}"), line) for name, line in _command_lines()])


def topics(_root: Path) -> str:
    """The topics of a prefix."""
    heads = ("topic", "partitions", "kept for", "largest record")
    rows = [
        (code(f"<prefix>.{topic.name}"), str(topic.partitions), _kept(topic), f"{topic.max_record_bytes // _MIB} MiB")
        for topic in TOPICS
    ]
    return table(heads, rows)


def exit_codes(_root: Path) -> str:
    """What the exit status of a command or a worker says."""
    rows = [
        (str(CommandFailed.exit_code), "", "What was promised did not happen; one line says why and what to do."),
        (str(click.UsageError.exit_code), "", "The command was called with something that it does not know."),
        ("130", "", "Ctrl-C or SIGTERM ended the command before it was done; a replay tells what was done until then."),
        *((str(status.value), code(status.name.lower()), _LEAVING[status]) for status in ExitCode),
    ]
    return table(("status", "a worker calls it", "what it says"), sorted(rows, key=lambda row: int(row[0])))


def _command_lines() -> Iterator[tuple[str, str]]:
    """Commands and subcommands; each line is the first one of what --help says."""
    context = click.Context(cli.cli)
    for name in cli.cli.list_commands(context):
        command = cli.cli.get_command(context, name)
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                yield f"{name} {inner}", _first_sentence((found and found.help) or "")
        else:
            yield name, _docstring(name)


def _docstring(name: str) -> str:
    """What `vigil --help` shows of a command."""
    module = importlib.import_module(f"vigil.commands.{name.replace('-', '_')}")
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def _first_sentence(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())


def _kept(topic: Topic) -> str:
    if topic.configs()["cleanup.policy"] == "compact":
        return "the latest of each key"
    return f"{topic.retention_ms // _DAY_MS} days"
