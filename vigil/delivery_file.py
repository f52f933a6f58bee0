"""The file of routes, read as a whole or refused with the line and what to write there."""

import os
import tomllib
from pathlib import Path

from consumers.delivery.configuration import BadConfiguration, Configuration, read
from vigil.errors import CommandFailed
from vigil.toml_lines import line_of


def load_configuration(file: Path) -> Configuration:
    """Receivers and routes of a file; raises CommandFailed with every mistake and its line."""
    try:
        text = file.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except FileNotFoundError as error:
        raise CommandFailed(
            f"There is no file {file}: name one with --config, or write one as docs/delivery.md shows."
        ) from error
    except OSError as error:
        raise CommandFailed(f"{file} can't be read ({error.strerror}): let this user read it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{file} is no TOML ({error}): put it right.") from error
    try:
        return read(content, folder=file.parent, environment=os.environ)
    except BadConfiguration as error:
        found = sorted((line_of(text, complaint.place), complaint.told) for complaint in error.complaints)
        raise CommandFailed(f"{file}, {'; '.join(f'line {line}: {told}' for line, told in found)}.") from error
