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
    """What, for whom, who accepted it and, where it is for one patient, why it was proposed: that may be over."""
    mark = (words.PRIORITY_MARKS[each.priority].ljust(3), theme.PRIORITY_STYLES[each.priority])
    if len(each.places) == 1:
        about, because = each.places[0], f"{_since(each)}{each.reason} ({each.source})"
    else:
        about, because = f"{len(each.places)} patients:", f"{', '.join(each.places)} ({each.source})"
    answered = [] if each.accepted_by is None else [f"Accepted by {each.accepted_by}."]
    return joined([mark, (about, "bold"), each.text, *answered, (because, theme.QUIET)])


def _since(each: Advice) -> str:
    """When the reason held: `at` is when somebody accepted it, where somebody did."""
    return f"At {words.moment(each.at)}: " if each.accepted_by is None else "Proposed because: "
