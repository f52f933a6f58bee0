"""An evaluation's report as one HTML page that holds all it shows and asks nothing of any other host."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import count, repeat
from string import Template

from msgspec import Struct

_NOT_A_DEVICE = "Vigil assists clinicians and never replaces them: it is decision support, not a medical device."
_NAMES_AN_ID = re.compile(r'(\bid="|\bhref="#|url\(#)')


class Table(Struct, frozen=True):
    """Rows under their heads; the first column names the row, all others are figures, the last one words if it says."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    ends_in_words: bool = False


class Section(Struct, frozen=True):
    """One part of a report: a heading, what it says in words, its tables, its charts (SVG text of `chart`)."""

    heading: str
    text: Sequence[str] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[str] = ()


def page(title: str, lead: Sequence[str], sections: Sequence[Section]) -> str:
    """The whole page: a title, what it is about in a few sentences, the sections in their order."""
    template = files("vigil.evaluation").joinpath("page.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        title=escape(title),
        lead=_paragraphs(lead),
        sections="\n".join(map(_section, sections, repeat(count(1)))),
        foot=escape(_NOT_A_DEVICE),
    )


def _section(section: Section, numbers: Iterator[int]) -> str:
    figures = "".join(f"<figure>{_with_own_ids(chart, next(numbers))}</figure>" for chart in section.charts)
    charts = f'<div class="charts">{figures}</div>' if figures else ""
    tables = "".join(map(_table, section.tables, repeat(section.heading)))
    return f"<section><h2>{escape(section.heading)}</h2>{_paragraphs(section.text)}{tables}{charts}</section>"


def _with_own_ids(chart: str, number: int) -> str:
    """A chart whose ids no other one of the page has: Matplotlib begins anew with each."""
    return _NAMES_AN_ID.sub(rf"\1chart-{number}-", chart)


def _paragraphs(text: Sequence[str]) -> str:
    return "".join(f"<p>{escape(each)}</p>" for each in text)


def _table(table: Table, name: str) -> str:
    """A table in a frame that the keyboard can scroll where the window is narrower."""
    head = "".join(f"<th>{escape(each)}</th>" for each in table.heads)
    body = "".join(
        f"<tr><th>{escape(row)}</th>{''.join(f'<td>{escape(each)}</td>' for each in figures)}</tr>"
        for row, *figures in table.rows
    )
    kind = ' class="words"' if table.ends_in_words else ""
    rows = f"<table{kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide" role="group" aria-label="{escape(name)}" tabindex="0">{rows}</div>'
