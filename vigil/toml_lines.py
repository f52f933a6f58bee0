"""Where in a TOML file a value stands, which `tomllib` does not tell."""

import re
import tomllib
from collections.abc import Sequence

KeyPath = tuple[str | int, ...]
"""The keys, and places in arrays from 0, that lead to a value."""

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_STRINGS = (
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})',
    r"'''.*?'''(?:'{0,2})",
    r'"(?:[^"\\\n]|\\.)*"',
    r"'[^'\n]*'",
)
_STRING = re.compile("|".join(_STRINGS), re.DOTALL)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line, from 1, of a value or of the nearest that holds it; 1 where nothing of the path is in the text.

    The text must be valid TOML.
    """
    found = lines_of(text)
    whole = tuple(path)
    return next((found[whole[:end]] for end in range(len(whole), 0, -1) if whole[:end] in found), 1)


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line, from 1, on which each value of a valid TOML text begins, by its path."""
    return _Scanner(text).scan()


class _Scanner:
    """Goes through a text once; an array of tables is told apart by how many of its tables were met."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._counted = 0
        self._found: dict[KeyPath, int] = {}
        self._tables: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, int]:
        """All of it: headers, each with the keys below it."""
        table: KeyPath = ()
        self._skip_blank()
        while self._at < len(self._text):
            if self._peek("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip_blank()
        return self._found

    def _header(self) -> KeyPath:
        """`[table]`, or `[[table]]` which begins another one of its array."""
        is_array = self._peek("[[")
        line = self._here()
        self._at += 2 if is_array else 1
        keys = self._keys()
        self._at += 2 if is_array else 1
        path = (*self._resolved(keys[:-1]), keys[-1])
        if is_array:
            self._found.setdefault(path, line)
            self._tables[path] = self._tables.get(path, 0) + 1
        path = self._resolved(keys)
        for end in range(1, len(path) + 1):
            self._found.setdefault(path[:end], line)
        return path

    def _resolved(self, keys: Sequence[str]) -> KeyPath:
        """A header's keys, with the newest table of each array that they lead through."""
        path: KeyPath = ()
        for key in keys:
            path += (key,)
            if path in self._tables:
                path += (self._tables[path] - 1,)
        return path

    def _pair(self, table: KeyPath) -> None:
        """`key = value`, whose key may be dotted."""
        line = self._here()
        path = table
        for key in self._keys():
            path += (key,)
            self._found.setdefault(path, line)
        self._at += 1  # =
        self._skip_blank()
        self._value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._peek("."):
            self._at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._skip_blank()
        quoted = _STRING.match(self._text, self._at)
        found = quoted or _BARE_KEY.match(self._text, self._at)
        assert found is not None, f"no TOML: line {self._here()}"
        self._at = found.end()
        self._skip_blank()
        return str(tomllib.loads(f"key = {found[0]}")["key"]) if quoted else found[0]

    def _value(self, path: KeyPath) -> None:
        if self._peek("["):
            self._array(path)
        elif self._peek("{"):
            self._inline_table(path)
        else:
            found = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            assert found is not None, f"no TOML: line {self._here()}"
            self._at = found.end()

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        place = 0
        while not self._closes("]"):
            self._found.setdefault((*path, place), self._here())
            self._value((*path, place))
            place += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while not self._closes("}"):
            self._pair(path)

    def _closes(self, bracket: str) -> bool:
        """Passes over what stands before the next value, and over the bracket after the last one."""
        self._skip_blank()
        if self._peek(","):
            self._at += 1
            self._skip_blank()
        is_over = self._peek(bracket)
        self._at += is_over
        return is_over

    def _peek(self, wanted: str) -> bool:
        return self._text.startswith(wanted, self._at)

    def _skip_blank(self) -> None:
        found = _BLANK.match(self._text, self._at)
        assert found is not None
        self._at = found.end()

    def _here(self) -> int:
        """The line of the place reached, counted on from the last one."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line
