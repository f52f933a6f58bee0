"""What stands on the screen until the first assessment: what is done, what is under way and for how long."""

import time
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.text import Text

from consumers.console import theme
from consumers.console.lines import one_line


class Starting:
    """The steps of a start, drawn anew whenever the screen is: the current one says how long it takes."""

    def __init__(
        self, title: str, steps: Sequence[str], footer: Sequence[str], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._title = title
        self._steps = steps
        self._footer = footer
        self._clock = clock
        self._times = [clock()]

    def done(self) -> None:
        """The current step is done."""
        self._times.append(self._clock())

    @property
    def lines(self) -> list[str]:
        """One line for each step: done, under way or to come."""
        return [self._line(number, step) for number, step in enumerate(self._steps)]

    def _line(self, number: int, step: str) -> str:
        done = len(self._times) - 1
        if number < done:
            return f"  done  {step} ({self._times[number + 1] - self._times[number]:.1f} s)"
        if number == done:
            return f"  ....  {step} ({self._clock() - self._times[number]:.0f} s)"
        return f"        {step}"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        width = options.max_width
        yield one_line(Text(self._title, theme.TITLE), console, width)
        yield Text()
        yield from (one_line(Text(line), console, width) for line in self.lines)
        yield Text()
        yield from (one_line(Text(line, theme.QUIET), console, width) for line in self._footer)
