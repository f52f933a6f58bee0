"""A TOML file that a person wrote, read whole."""

import tomllib
from pathlib import Path
from typing import Any

from vigil.errors import CommandFailed

_END = "at end of document"


def read_toml(file: Path, missing: str) -> tuple[str, dict[str, Any]]:
    """The text of a file, and what it says; raises CommandFailed, with `missing` where there is no such file."""
    try:
        text = file.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError as error:
        raise CommandFailed(f"There is no file {file}: {missing}.") from error
    except OSError as error:
        raise CommandFailed(f"{file} can't be read ({error.strerror}): let this user read it.") from error
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file} is no TOML ({error}): write it in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        end = f"at line {len(text.splitlines())}, where the file ends"
        raise CommandFailed(f"{file} is no TOML: {str(error).replace(_END, end)}.") from error
