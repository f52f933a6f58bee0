"""Recommendations that stand, for a person to accept or decline."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from consumers.board import words
from consumers.board.rows import Advice
from consumers.console import theme
from consumers.console.lines import fitted, heading, joined, left_out

_LINES_EACH = 2


def advice(standing: Sequence[Advice], console: Console, *, width: int, height: int) -> Iterator[Text]:
    """Two lines each while there is room, the most urgent first."""
    room = height - 1
    blocks: list[list[Text]] = []
    for each in standing:
        if room > 0:
            blocks.append(fitted(_line(each), console, width=width, lines=min(_LINES_EACH, room)))
            room -= len(blocks[-1])
    yield heading(f"Recommendations{left_out(len(blocks), standing, ' stand')}", console, width)
    if not standing:
        yield Text("None stands.", theme.GONE)
    for block in blocks:
        yield from block


def _line(each: Advice) -> Text:
    """What, for whom and, where it is for one patient, why it was proposed and when: that may be over."""
    mark = (words.PRIORITY_MARKS[each.priority].ljust(3), theme.PRIORITY_STYLES[each.priority])
    if len(each.places) == 1:
        return joined(
            [
                mark,
                (each.places[0], "bold"),
                each.text,
                (f"At {words.moment(each.at)}: {each.reason} ({each.source})", theme.QUIET),
            ]
        )
    about = (f"{len(each.places)} patients:", "bold")
    return joined([mark, about, each.text, (f"{', '.join(each.places)} ({each.source})", theme.QUIET)])
