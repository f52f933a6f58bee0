"""A group of commands, one a file of a package, found where they lie."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


class DiscoveredCommands(click.Group):
    """A group of commands, one a file, of which only the one that runs is imported.

    Each file of the package defines `command`; a package in it is a group within the group.
    """

    # What click.Group takes is click's to say.
    def __init__(self, *args: Any, package: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names every command."""
        return [name for name, _ in self._found()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{self._package}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands with the first line of their docstrings, importing none."""
        rows = [(name, _first_line(file)) for name, file in self._found()]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def _found(self) -> Iterator[tuple[str, Path]]:
        """Each command's name and the file that says what it is, in order of names."""
        folder = Path(importlib.import_module(self._package).__path__[0])
        files = {file.stem: file for file in folder.glob("[!_]*.py")}
        groups = {file.parent.name: file for file in folder.glob("[!_]*/__init__.py")}
        for stem, file in sorted((files | groups).items()):
            yield stem.replace("_", "-"), file


def _first_line(file: Path) -> str:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]
