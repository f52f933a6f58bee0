"""Text that keeps to its lines."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from consumers.console import theme


def joined(parts: Iterable[str | tuple[str, str]], separator: str = " ") -> Text:
    """Parts side by side, each as it is or with its style; empty ones are left out."""
    pairs = [(part, "") if isinstance(part, str) else part for part in parts]
    return Text(separator).join([Text(said, style) for said, style in pairs if said])


def fitted(text: Text, console: Console, *, width: int, lines: int) -> list[Text]:
    """The text in at most so many lines; when words are left out, the last line says so."""
    wrapped = list(text.wrap(console, width))
    return _capped(wrapped, console, width=width, lines=lines, separator=" ")


def flowed(parts: Iterable[Text], console: Console, *, width: int, lines: int, separator: str) -> list[Text]:
    """Parts side by side in at most so many lines; one is broken or left out only if it is wider than there is room."""
    full: list[Text] = []
    for part in parts:
        if full and full[-1].cell_len + len(separator) + part.cell_len <= width:
            full[-1].append(separator).append_text(part)
        else:
            full.append(part.copy())
    return _capped(full, console, width=width, lines=lines, separator=separator)


def indented(lines: Iterable[Text], indent: int) -> list[Text]:
    """The lines, moved to the right."""
    return [Text(" " * indent).append_text(line) for line in lines]


def _capped(full: list[Text], console: Console, *, width: int, lines: int, separator: str) -> list[Text]:
    """The first lines, the last of which runs on to the edge where more are left out."""
    for line in full:
        line.rstrip()
    kept, rest = full[: lines - 1], full[lines - 1 :]
    return [*kept, one_line(Text(separator).join(rest), console, width)] if rest else kept


def _cut(line: Text, width: int, more: str) -> None:
    line.truncate(width - len(more))
    line.rstrip()
    line.append(more)


def one_line(text: Text, console: Console, width: int) -> Text:
    """The text in exactly one line."""
    line = text.copy()
    if line.cell_len > width:
        _cut(line, width, theme.shapes(console).more)
    return line


def heading(title: str, console: Console, width: int) -> Text:
    """A title on a rule as wide as the page."""
    rule = theme.shapes(console).rule
    said = f"{rule}{rule} {title} "
    return Text(said[:width], theme.TITLE).append(rule * (width - len(said)), theme.QUIET)


def left_out(shown: int, all_of: Sequence[object], what: str) -> str:
    """What a title says when there is no room for everything."""
    missing = len(all_of) - shown
    return f" ({missing} more{what})" if missing > 0 else ""
