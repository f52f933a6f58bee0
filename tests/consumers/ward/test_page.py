"""The page's files: what can be said of them without a browser."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from models.events import (
    AlertKind,
    AlertState,
    Direction,
    Level,
    Origin,
    PartState,
    Priority,
)
from models.scores.news2 import PARTS
from models.vital_signs import SIGNS

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "consumers/ward/static"
OURS = [path for path in sorted(STATIC.rglob("*.js")) if "vendor" not in path.parts]
WORDS = sorted(path.name for path in (STATIC / "words/en").iterdir())
NUMBERS = {"zero", "one", "two", "few", "many", "other"}
"""The forms of a text that depends on a number: a language need not have all of them."""

SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|createContextualFragment|DOMParser|srcdoc"
    r"|\beval\b|new Function|javascript:|setTimeout\(\s*[\"'`]"
)
IMPORTED = re.compile(r"""(?:from|import|import\()\s*["'](/static/[^"']+)["']""")
NAMED = re.compile(r"""["'](/static/[\w/.-]+\.(?:js|css|svg))["']""")


def book(language: str, name: str) -> dict[str, Any]:
    return json.loads((STATIC / "words" / language / name).read_text())


def texts(words: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every text by its key; the forms of one that depends on a number are joined."""
    for key, said in words.items():
        at = f"{path}.{key}" if path else key
        if isinstance(said, str):
            yield at, said
        elif said.keys() <= NUMBERS and "other" in said:
            yield at, " ".join(said.values())
        else:
            yield from texts(said, at)


def all_texts(language: str) -> dict[str, str]:
    return {f"{name.removesuffix('.json')}.{key}": text for name in WORDS for key, text in texts(book(language, name))}


@pytest.mark.parametrize("name", WORDS)
def test_both_languages_say_the_same_things(name: str) -> None:
    english, chinese = dict(texts(book("en", name))), dict(texts(book("zh", name)))

    assert english.keys() == chinese.keys()


@pytest.mark.parametrize("name", WORDS)
def test_both_languages_fill_in_the_same_values(name: str) -> None:
    def blanks(language: str) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in texts(book(language, name))}

    assert blanks("en") == blanks("zh")


def test_no_text_is_empty() -> None:
    for language in ("en", "zh"):
        assert not [key for key, text in all_texts(language).items() if not text.strip()]


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(STATIC)))
def test_no_module_turns_text_into_markup_or_code(path: Path) -> None:
    assert not SINKS.findall(path.read_text())


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(STATIC)))
def test_modules_name_only_files_that_exist(path: Path) -> None:
    text = path.read_text()
    named = {*IMPORTED.findall(text), *NAMED.findall(text)}

    assert not [name for name in named if not (STATIC / name.removeprefix("/static/")).is_file()]


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(STATIC)))
def test_modules_say_only_words_that_exist(path: Path) -> None:
    known = all_texts("en")
    keys = re.findall(r"""\bt\(\s*"([\w.-]+)"[,)\s]""", path.read_text())

    assert not [key for key in keys if key not in known]


def test_the_page_loads_only_its_own_files_and_holds_no_script_or_style() -> None:
    page = (STATIC / "index.html").read_text()
    named = re.findall(r"""(?:src|href)="([^"]+)\"""", page)

    assert named
    assert not [name for name in named if not (STATIC / name.removeprefix("/static/")).is_file()]
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", page)


def test_no_style_or_module_loads_from_another_host() -> None:
    files = [*OURS, *(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)]

    named = [
        (path.name, url)
        for path in files
        for url in re.findall(r"https?://[^\s\"')]+", path.read_text())
        if not url.startswith("http://www.w3.org/")  # A name space, not a place.
    ]

    assert not named


def test_every_file_of_the_page_is_in_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = settings["tool"]["setuptools"]["package-data"]["*"]
    endings = {pattern.removeprefix("**/*") for pattern in patterns}

    left_out = [path.name for path in STATIC.rglob("*") if path.is_file() and path.suffix not in endings]

    assert left_out == ["LICENSE"]


@pytest.mark.parametrize(
    ("prefix", "terms"),
    [
        ("common.priority", get_args(Priority)),
        ("common.level", get_args(Level)),
        ("common.state", get_args(AlertState)),
        ("common.origin", get_args(Origin)),
        ("common.direction", get_args(Direction)),
        ("common.signs", SIGNS),
    ],
)
def test_every_term_has_words(prefix: str, terms: tuple[str, ...]) -> None:
    known = all_texts("en")

    assert not [term for term in terms if f"{prefix}.{term}" not in known]


def test_every_kind_of_alert_and_every_part_has_words() -> None:
    known = all_texts("en")

    assert not [
        kind for kind in get_args(AlertKind) if not any(key.startswith(f"common.alert.{kind}") for key in known)
    ]
    assert not [part for part in PARTS if f"common.parts.{part}.short" not in known]


def test_every_state_of_a_part_has_a_look() -> None:
    styles = (STATIC / "css/ward.css").read_text()

    assert not [state for state in get_args(PartState) if state != "fresh" and f".part-{state}" not in styles]
