"""Where the demo shows itself: a whole terminal, plain lines, a bar, or nowhere when only JSON is wanted."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from rich.console import Console
from rich.live import Live

from consumers.board import Board
from consumers.console.page import Page
from consumers.console.plain import alert_line
from consumers.console.starting import Starting
from vigil.demo.facts import DISCLAIMER, Facts, frame, plain_line
from vigil.telling import ProgressBar

_FRAMES_PER_SECOND = 4
_LINE_EVERY_SECONDS = 5.0


class View(Protocol):
    """Shows the start and then the ward; entered before the start and left before the summary is printed."""

    def opened(self) -> AbstractContextManager[object]:
        """What holds the terminal while the view is up."""

    def stepped(self) -> None:
        """A step of the start is done."""

    def show(self, board: Board, facts: Facts) -> None:
        """What stands now."""


class LiveView:
    """A page over the whole terminal, drawn anew a few times a second."""

    def __init__(self, console: Console, title: str, credit: str, steps: Sequence[str]) -> None:
        self._starting = Starting(title, steps, (DISCLAIMER, credit))
        self._live = Live(self._starting, console=console, screen=True, refresh_per_second=_FRAMES_PER_SECOND)

    def opened(self) -> AbstractContextManager[object]:
        """Takes the terminal, and gives it back as it was."""
        return self._live

    def stepped(self) -> None:
        """Ticks a step off."""
        self._starting.done()

    def show(self, board: Board, facts: Facts) -> None:
        """Draws the page once there is a patient; until then the start stays."""
        if board.assessments:
            self._live.update(Page(frame(board, facts)), refresh=True)


class PlainView:
    """Lines: the start, each notified alert, and every few seconds how it goes."""

    def __init__(
        self,
        say: Callable[[str], None],
        title: str,
        credit: str,
        steps: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._title = title, DISCLAIMER, credit
        self._steps = iter(steps)
        self._clock = clock
        self._said_at = clock()
        self._has_told_page = False

    def opened(self) -> AbstractContextManager[object]:
        """Says what this is."""
        for line in self._title:
            self._say(line)
        return nullcontext()

    def stepped(self) -> None:
        """Says which step is done."""
        self._say(f"Done: {next(self._steps)}")

    def show(self, board: Board, facts: Facts) -> None:
        """Says what is new, and how it goes when that was not said for some time."""
        if facts.page is not None and not self._has_told_page:
            self._has_told_page = True
            self._say(f"The ward page: {facts.page}")
        for alert in board.newly_notified():
            self._say(alert_line(alert))
        if self._clock() - self._said_at >= _LINE_EVERY_SECONDS:
            self._said_at = self._clock()
            self._say(facts.notice or facts.remark or plain_line(board, facts))


class BarView:
    """What this is, if it may say so, and on a terminal how far it is."""

    def __init__(self, say: Callable[[str], None] | None, title: str, credit: str) -> None:
        self._say = say
        self._title = title, DISCLAIMER, credit
        self._bar = ProgressBar()

    def opened(self) -> AbstractContextManager[object]:
        """Says what this is, and takes the bar away at the end."""
        if self._say is not None:
            self._say("\n".join(self._title))
        return self._bar

    def stepped(self) -> None:
        """Says nothing."""

    def show(self, board: Board, facts: Facts) -> None:
        """Moves the bar."""
        self._bar.processing(facts.processed, facts.sent)


class NoView:
    """Shows nothing."""

    def opened(self) -> AbstractContextManager[object]:
        """Holds nothing."""
        return nullcontext()

    def stepped(self) -> None:
        """Says nothing."""

    def show(self, board: Board, facts: Facts) -> None:
        """Shows nothing."""
