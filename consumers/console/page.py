"""The whole page: header, notice, patients, alerts, recommendations, status, footer, within the height there is."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.styled import Styled
from rich.text import Text

from consumers.board.rows import Advice, AlertLine, PatientRow
from consumers.console import theme
from consumers.console.advice import advice
from consumers.console.alerts import alerts
from consumers.console.lines import flowed, heading, one_line
from consumers.console.patients import patients

_ROOMY = 30
_STATUS_LINES = 4


class Frame(Struct, frozen=True, kw_only=True):
    """What the page says at one moment; `notice` says that it is old, and then the rest is drawn pale.

    `status` is one fact each, in as many lines as they need; `footer` is a line each.
    """

    title: str
    rows: list[PatientRow]
    alerts: list[AlertLine]
    advice: list[Advice]
    status: tuple[str, ...]
    footer: tuple[str, ...]
    notice: str | None = None


class _Heights(NamedTuple):
    patients: int
    alerts: int
    advice: int


class Page:
    """Draws one frame over the whole terminal."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        frame, width = self._frame, options.max_width
        height = options.height or console.height
        yield one_line(Text(frame.title, theme.TITLE), console, width)
        if frame.notice is not None:
            yield Text(f" {frame.notice} ".ljust(width)[:width], theme.NOTICE)
        has_room = height >= _ROOMY
        status = _status(frame.status, console, width)
        fixed = 1 + has_room + len(status) + len(frame.footer) + (frame.notice is not None)
        body = Group(*self._body(console, width, _shares(height - fixed)))
        yield body if frame.notice is None else Styled(body, theme.QUIET)
        if has_room:
            yield heading("Status", console, width)
        yield from status
        yield from (one_line(Text(line, theme.QUIET), console, width) for line in frame.footer)

    def _body(self, console: Console, width: int, heights: _Heights) -> Iterator[RenderableType]:
        frame = self._frame
        parts = (
            (patients(frame.rows, console, width=width, height=heights.patients), heights.patients),
            (alerts(frame.alerts, console, width=width, height=heights.alerts), heights.alerts),
            (advice(frame.advice, console, width=width, height=heights.advice), heights.advice),
        )
        for part, height in parts:
            yield from _padded(part, console, width, height)


def _status(facts: Iterable[str], console: Console, width: int) -> list[Text]:
    dot = f" {theme.shapes(console).dot} "
    whole = (one_line(Text(fact), console, width) for fact in facts)
    return flowed(whole, console, width=width, lines=_STATUS_LINES, separator=dot)


def _shares(height: int) -> _Heights:
    """How many lines each part gets, with its heading: over half for patients, whole alerts of three lines."""
    height = max(height, 8)
    of_alerts = 1 + 3 * max(1, height // 10)
    of_advice = max(3, height // 5)
    return _Heights(height - of_alerts - of_advice, of_alerts, of_advice)


def _padded(parts: Iterable[RenderableType], console: Console, width: int, height: int) -> Iterator[RenderableType]:
    """The parts and as many empty lines as keep what follows in its place."""
    group = Group(*parts)
    used = len(console.render_lines(group, console.options.update(width=width, height=None), pad=False))
    yield group
    yield from [Text()] * (height - used)
