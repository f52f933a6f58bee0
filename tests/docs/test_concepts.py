"""The page of methods names what is there: every path exists, and no file that does such work is left out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/concepts.md").read_text(encoding="utf-8")
METHODS = PAGE.partition("## What was not taken")[0]
ROWS = [line for line in METHODS.splitlines() if line.startswith("|") and not line.startswith(("| Method", "| ---"))]
PATHS = sorted(set(re.findall(r"`([a-z0-9_]+(?:/[a-z0-9_.]*)+)`", PAGE)))
WORKING = ("models/risk/candidates", "models/detectors", "models/scores")
"""Folders of which every file is a method."""


def test_the_page_is_long_enough_to_be_the_whole_of_it() -> None:
    assert len(ROWS) > 50
    assert len(PATHS) > 40


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_method_has_a_place_or_a_reason(row: str) -> None:
    _, method, is_what, here, _ = (cell.strip() for cell in row.split("|"))

    assert method
    assert is_what
    assert here.startswith(("Not here: ", "Not here yet: ")) or re.search(r"`\w+/", here)


@pytest.mark.parametrize("folder", WORKING)
def test_no_file_that_is_a_method_is_left_out(folder: str) -> None:
    files = {f"{folder}/{file.name}" for file in (ROOT / folder).glob("*.py") if file.name != "__init__.py"}

    assert files - set(PATHS) == set()
