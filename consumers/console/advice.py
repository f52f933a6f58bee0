"""Recommendations that stand, for a person to accept or decline."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from consumers.board import words
from consumers.board.rows import Advice
from consumers.console import theme
from consumers.console.lines import heading, joined, left_out, one_line


def advice(standing: Sequence[Advice], console: Console, *, width: int, height: int) -> Iterator[Text]:
    """One line each, the most urgent first."""
    room = height - 1
    more = left_out(min(room, len(standing)), standing, " stand")
    yield heading(f"Recommendations{more}", console, width)
    if not standing:
        yield Text("None stands.", theme.GONE)
    for each in standing[:room]:
        yield one_line(_line(each), console, width)


def _line(each: Advice) -> Text:
    """What, for whom and, where it is for one patient, why."""
    mark = (words.PRIORITY_MARKS[each.priority].ljust(3), theme.PRIORITY_STYLES[each.priority])
    if len(each.places) == 1:
        return joined([mark, (each.places[0], "bold"), each.text, (f"{each.reason} ({each.source})", theme.QUIET)])
    about = (f"{len(each.places)} patients:", "bold")
    return joined([mark, about, each.text, (f"{', '.join(each.places)} ({each.source})", theme.QUIET)])
