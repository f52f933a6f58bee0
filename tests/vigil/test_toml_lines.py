"""Every value of a TOML file is found on its line."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigil.toml_lines import KeyPath, line_of, lines_of

TEXT = '''\
# A comment with [brackets] and = signs.
title = "not [a.table]"  # nor = this

[owner]
name.first = 'x'
name."last one" = """
two = [lines]
"""
born = 1979-05-27 07:32:00
steps = [
    ["a", "b"],  # the first
    [
        "c"
    ],
]
inline = {one = 1, two = {three = [3, 4]}}

[[routes]]
name = "first"
[routes.match]
ward = ["A1"]

[[routes]]
name = "second"

  [[routes.inner]]
  deep = true
  [[routes.inner]]
  deep = false
    [routes.inner.table]
    deepest = \'\'\'
]]\'\'\'\'\'
[last]
"quoted \\u0041" = -inf
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("owner",), 4),
        (("owner", "name", "first"), 5),
        (("owner", "name", "last one"), 6),
        (("owner", "born"), 9),
        (("owner", "steps"), 10),
        (("owner", "steps", 0), 11),
        (("owner", "steps", 1, 0), 13),
        (("owner", "inline", "two", "three", 1), 16),
        (("routes", 0), 18),
        (("routes", 0, "match", "ward", 0), 21),
        (("routes", 1, "name"), 24),
        (("routes", 1, "inner", 1, "deep"), 29),
        (("routes", 1, "inner", 1, "table", "deepest"), 31),
        (("last", "quoted A"), 34),
    ],
)
def test_a_value_is_found_on_its_line(path: KeyPath, line: int) -> None:
    assert line_of(TEXT, path) == line


def test_what_is_not_there_is_told_where_it_would_stand() -> None:
    assert line_of(TEXT, ("routes", 1, "receivers")) == 23
    assert line_of(TEXT, ("routes", 1, "receivers", 0)) == 23
    assert line_of(TEXT, ("nothing",)) == 1
    assert line_of("", ("nothing",)) == 1


def test_line_ends_of_another_system_count_once() -> None:
    assert line_of(TEXT.replace("\n", "\r\n"), ("last",)) == line_of(TEXT, ("last",))


def test_all_that_a_text_holds_and_nothing_else_is_found() -> None:
    assert {path for path in lines_of(TEXT) if path} == set(paths(tomllib.loads(TEXT)))


_NAMES = st.sampled_from(["a", "b-1", '"c d"', "'e.f'", '"g\\"]"'])
_PLAIN = st.sampled_from(["1", "-0.5", "true", '"x, ]}#="', "'y = {'", '"""\nz\n"""', "07:32:00"])
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda values: "[" + ",\n  ".join(values) + "]"),
        st.dictionaries(_NAMES, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        ),
    ),
    max_leaves=6,
)
_TABLES = st.lists(st.dictionaries(_NAMES, _VALUES, max_size=3), max_size=4)


@given(tables=_TABLES)
def test_any_valid_text_is_gone_through_to_its_end(tables: list[dict[str, str]]) -> None:
    text = "".join(
        "# begins\n[[t]]\n" + "".join(f"{key} = {value} # why\n" for key, value in table.items()) for table in tables
    )

    found = lines_of(text)

    assert set(found) == set(paths(tomllib.loads(text)))
    for number in range(len(tables)):
        assert text.splitlines()[found["t", number] - 1] == "[[t]]"


def paths(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path that leads to something in what was read."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*path, place))
