"""A policy in a TOML file: the site's, and below it those of wards and of patients; a slip is told with its line."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from models.alerting.policy import code_of
from models.alerting.policy_book import PolicyBook, Told
from models.events import LimitPolicy, Policy
from vigil.errors import CommandFailed
from vigil.toml_file import read_toml
from vigil.toml_lines import line_of

Plain = dict[str, Any]  # Any: whatever TOML can say

_VERSION = "version"
_SCOPES = ("ward", "patient")
_NO_LIMIT = "none"
_UNKNOWN = re.compile(r"unknown field `(.+?)`")
_PLACE = re.compile(r" - at `\$\.?(.*?)`$")


def load_policy(file: Path) -> PolicyBook:
    """The policies that a file tells; raises CommandFailed with the line of what can't be used, and what to write."""
    text, plain = read_toml(file, "name a policy, such as site.toml")
    return _PolicyFile(file, text, plain).book()


_WORDS = (
    ("Expected", "write"),
    ("`float | null`", 'a number or "none"'),
    ("`float`", "a number"),
    ("`int`", "a whole number"),
    ("`bool`", "true or false"),
    ("got `str`", "not a word"),
)


class _PolicyFile:
    """One file on its way to a book."""

    def __init__(self, file: Path, text: str, plain: Plain) -> None:
        self._file, self._text, self._plain = file, text, plain

    def book(self) -> PolicyBook:
        version = self._plain.get(_VERSION)
        if not isinstance(version, str) or not version:
            self._fail((_VERSION,), 'a policy has a version: write one at the top, such as version = "2026-11"')
        site = {name: value for name, value in self._plain.items() if name not in (_VERSION, *_SCOPES)}
        book = PolicyBook(site=Told(version=version, policy=self._policy(site, ())) if site else None)
        for scope, told in zip(_SCOPES, (book.wards, book.patients), strict=True):
            for name, table in self._table((scope,), self._plain.get(scope, {})).items():
                told[name] = Told(version=version, policy=self._policy(table, (scope, name)))
        for place, complaint in book.problems():
            self._fail(self._as_written((*place, *complaint.path)), complaint.why)
        return book

    def _policy(self, plain: Any, path: Sequence[str]) -> Policy:
        """One scope's policy, section by section, so that a complaint names its place."""
        for name, value in self._table(path, plain).items():
            if name not in Policy.__struct_fields__:
                self._fail((*path, name), _no_such(name, Policy, "section"))
            if name == "limits":
                for sign, limits in self._table((*path, name), value).items():
                    self._convert(
                        _with_no_limits(self._table((*path, name, sign), limits)), LimitPolicy, (*path, name, sign)
                    )
        limits = {sign: _with_no_limits(told) for sign, told in plain.get("limits", {}).items()}
        policy: Policy = self._convert({**plain, "limits": limits}, Policy, path)
        return policy

    def _convert(self, plain: Plain, kind: type[Struct], path: Sequence[str]) -> Any:
        try:
            return msgspec.convert(plain, kind)
        except msgspec.ValidationError as error:
            message = str(error)
            place = _PLACE.search(message)
            keys = tuple(place[1].split(".")) if place and place[1] else ()
            if unknown := _UNKNOWN.search(message):
                section = _section(kind, keys)
                self._fail((*path, *keys, unknown[1]), _no_such(unknown[1], section, "key"))
            self._fail((*path, *keys), _what_to_write(_PLACE.sub("", message), _choices(kind, keys)))

    def _table(self, path: Sequence[str], value: Any) -> Plain:
        if not isinstance(value, dict):
            self._fail(path, f"it is a table: write it as [{'.'.join(path)}]")
        return value

    def _as_written(self, path: Sequence[str]) -> tuple[str, ...]:
        """A complaint's place with the sign's key as the file writes it, be it a name or a code."""
        keys = tuple(path)
        at: Any = self._plain
        written: list[str] = []
        for key in keys:
            same = [name for name in at if code_of(name) == code_of(key)] if isinstance(at, dict) else []
            written.append(same[0] if same else key)
            at = at.get(written[-1], {}) if isinstance(at, dict) else {}
        return tuple(written)

    def _fail(self, path: Sequence[str], why: str) -> NoReturn:
        place = ".".join(path)
        raise CommandFailed(f"{self._file}:{line_of(self._text, path)}: {place}: {why}.")


def _what_to_write(complaint: str, choices: Sequence[str]) -> str:
    """A complaint of msgspec's in the words of whoever writes TOML."""
    if choices:
        return f"write {' or '.join(choices)}"
    for theirs, ours in _WORDS:
        complaint = complaint.replace(theirs, ours)
    return complaint


def _section(kind: type[Struct], keys: Sequence[str]) -> type[Struct]:
    """The struct that some keys lead to."""
    for key in keys:
        kinds = {field.name: field.type for field in structs.fields(kind)}
        found = kinds.get(key)
        kind = found if isinstance(found, type) and issubclass(found, Struct) else kind
    return kind


def _choices(kind: type[Struct], keys: Sequence[str]) -> list[str]:
    """The words that a key may have, where they are a closed list."""
    kinds = {field.name: field.type for field in structs.fields(_section(kind, keys[:-1]))}
    of_key = get_args(kinds.get(keys[-1])) if keys else ()
    return [f'"{word}"' for each in of_key if get_origin(each) is Literal for word in get_args(each)]


def _no_such(name: str, kind: type[Struct], what: str) -> str:
    return f"there is no such {what} as {name}; there are {', '.join(kind.__struct_fields__)}"


def _with_no_limits(limits: Mapping[str, Any]) -> Plain:
    """TOML has no null: a limit of "none" is none."""
    return {name: None if value == _NO_LIMIT else value for name, value in limits.items()}
