"""Keys of a real terminal, as the demo takes them."""

import os
import pty
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from vigil.demo.keyboard import Keyboard


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where a person types; the other end of the terminal is standard input."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield ours
    os.close(ours)


def test_a_key_is_taken_without_a_line_and_the_terminal_is_given_back(typist: int) -> None:
    before = termios.tcgetattr(sys.stdin.fileno())

    with Keyboard() as keyboard:
        during = termios.tcgetattr(sys.stdin.fileno())
        os.write(typist, b"s")
        pressed = keyboard.pressed(10)

    assert pressed == ["s"]
    assert before != during
    assert termios.tcgetattr(sys.stdin.fileno()) == before


@pytest.mark.parametrize(
    ("typed", "pressed"),
    [(b"se\n", ["s", "e", "\n"]), (b"\x1b[A", []), (b"\x1bOB", []), (b"\x1b", ["\x1b"]), (b"\x1ba", ["\x1b", "a"])],
)
def test_an_arrow_is_no_key_and_escape_is(typist: int, typed: bytes, pressed: list[str]) -> None:
    with Keyboard() as keyboard:
        os.write(typist, typed)

        assert keyboard.pressed(10) == pressed


def test_nobody_is_there_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)

        with Keyboard() as keyboard:
            assert not keyboard.is_there
            assert keyboard.pressed(0) == []


def test_a_terminal_that_goes_away_leaves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        with Keyboard() as keyboard:
            os.close(ours)

            assert keyboard.pressed(10) == []
            assert not keyboard.is_there
