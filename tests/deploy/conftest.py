"""Reading the configuration that is deployed, with nothing that is not locked."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_KEY = re.compile(r"([A-Za-z_][\w.-]*):(?: +(.+))?")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_BARE = re.compile(r"[A-Za-z0-9./].*[^:]|[A-Za-z.]")
_NUMBER_TO_SOME = re.compile(r"[0-9][0-9_.:eE+-]*|0[xob].*|[.][0-9in].*")
_AMBIGUOUS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}

Line = tuple[int, str]


@pytest.fixture(scope="session")
def read_yaml() -> Callable[[str], Any]:
    """Reads a file of the repository in the plain part of YAML, and refuses the rest by name."""

    def read(name: str) -> Any:
        text = (ROOT / name).read_text(encoding="utf-8")
        return plain_yaml(text)

    return read


def plain_yaml(text: str) -> Any:
    """Block mappings and lists, JSON's lists, and scalars: quoted as in JSON, or bare where no reader could differ."""
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()]
    kept = [(indent, content) for indent, content in lines if content and not content.startswith("#")]
    read, rest = _block(kept)
    assert not rest, f"out of place: {rest[0]}"
    return read


def _block(lines: list[Line]) -> tuple[Any, list[Line]]:
    """The block that begins at the first line, and what comes after it."""
    indent = lines[0][0]
    found: Any = [] if lines[0][1].startswith("- ") else {}
    while lines and lines[0][0] == indent:
        _, content = lines[0]
        if isinstance(found, list):
            assert content.startswith("- "), f"not in the list: {content}"
            item, lines = _item(indent, content, lines[1:])
            found.append(item)
        else:
            key, value, lines = _pair(indent, content, lines[1:])
            assert key not in found, f"twice: {key}"
            found[key] = value
    return found, lines


def _item(indent: int, content: str, rest: list[Line]) -> tuple[Any, list[Line]]:
    inner = content[2:]
    if _KEY.fullmatch(inner):
        return _block([(indent + 2, inner), *rest])
    return _scalar(inner), rest


def _pair(indent: int, content: str, rest: list[Line]) -> tuple[str, Any, list[Line]]:
    match = _KEY.fullmatch(content)
    assert match, f"no key: {content}"
    if match[2] is not None:
        return match[1], _scalar(match[2]), rest
    if rest and (rest[0][0] > indent):
        value, rest = _block(rest)
        return match[1], value, rest
    return match[1], None, rest


def _scalar(text: str) -> Any:
    if text[0] in '"[':
        return json.loads(text)
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    is_bare = _BARE.fullmatch(text) and ": " not in text and " #" not in text
    is_clear = text.lower() not in _AMBIGUOUS and not _NUMBER_TO_SOME.fullmatch(text)
    assert is_bare, f"quote it: {text}"
    assert is_clear, f"quote it: {text}"
    return text
