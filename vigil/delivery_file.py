"""The file of routes, read as a whole or refused with the line and what to write there."""

import os
from pathlib import Path

from consumers.delivery.configuration import BadConfiguration, Configuration, read
from vigil.errors import CommandFailed
from vigil.toml_file import read_toml
from vigil.toml_lines import line_of


def load_configuration(file: Path) -> Configuration:
    """Receivers and routes of a file; raises CommandFailed with every mistake and its line."""
    text, content = read_toml(file, "name one with --config, or write one as docs/delivery.md shows")
    try:
        return read(content, folder=file.parent, environment=os.environ)
    except BadConfiguration as error:
        found = sorted((line_of(text, complaint.place), complaint.told) for complaint in error.complaints)
        raise CommandFailed(f"{file}, {'; '.join(f'line {line}: {told}' for line, told in found)}.") from error
