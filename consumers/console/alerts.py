"""The newest alerts that someone was told of: what, since when, why, what clears each; evidence is not shouted."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from consumers.board import words
from consumers.board.rows import AlertLine
from consumers.console import theme
from consumers.console.lines import fitted, heading, indented, left_out, one_line
from consumers.console.patients import alert_words

_REASON_LINES = 2
_INDENT = 4


def alerts(open_alerts: Sequence[AlertLine], console: Console, *, width: int, height: int) -> Iterator[Text]:
    """As many as fit as a whole, the newest first."""
    blocks: list[list[Text]] = []
    room = height - 1
    for alert in open_alerts:
        block = [*alert_lines(alert, console, width)]
        if len(block) > room and blocks:
            break
        blocks.append(block[:room])
        room -= len(block)
        if room <= 0:
            break
    more = left_out(len(blocks), open_alerts, " open")
    yield heading(f"Newest alerts{more}", console, width)
    if not blocks:
        yield Text("No alert is open.", theme.GONE)
    for block in blocks:
        yield from block


def alert_lines(alert: AlertLine, console: Console, width: int) -> Iterator[Text]:
    """Who and why, then since when and until when."""
    head = Text("  ").join([alert_words(alert), Text(alert.place, "bold"), Text(alert.reason)])
    yield from fitted(head, console, width=width, lines=_REASON_LINES)
    since = f"since {words.moment(alert.since)}, {words.age(alert.age)};"
    yield from indented(
        [one_line(Text(f"{since} clears when: {alert.clears_when}"), console, width - _INDENT)], _INDENT
    )
