"""A progress bar on a terminal, once a command has taken over two seconds."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

_PATIENCE_SECONDS = 2.0


class ProgressBar:
    """Tells on standard error how far a command is; elsewhere than on a terminal it is silent."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._began = time.monotonic()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def publishing(self, records: int) -> None:
        """So many records are on their way."""
        self._show("published", records, None)

    def processing(self, done: int, total: int) -> None:
        """The workers are done with so many of the records."""
        self._show("processed", done, total)

    def writing(self, records: int) -> None:
        """So many records are in the file."""
        self._show("written", records, None)

    def folding(self, records: int) -> None:
        """So many records are folded in memory."""
        self._show("folded", records, None)

    def checking(self, records: int) -> None:
        """So many records and ticks are looked at."""
        self._show("checked", records, None)

    def counting(self, outputs: int) -> None:
        """So many outputs are read back."""
        self._show("outputs counted", outputs, None)

    def reading(self, records: int) -> None:
        """So many records are read back."""
        self._show("read", records, None)

    def asking(self, done: int, total: int) -> None:
        """The models were asked and taught so many times."""
        self._show("asked and taught", done, total)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.stop()

    def _show(self, what: str, done: int, total: int | None) -> None:
        if not self._console.is_terminal or time.monotonic() - self._began < _PATIENCE_SECONDS:
            return
        if self._progress is None or self._task is None:
            columns = TextColumn("{task.description:<16}"), BarColumn(), TextColumn("{task.completed:>11,.0f}")
            # Lines on the same terminal go above the bar; those for a file or a pipe are none of its business.
            self._progress = Progress(
                *columns,
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
                redirect_stdout=sys.stdout.isatty(),
            )
            self._task = self._progress.add_task(what)
            self._progress.start()
        self._progress.update(self._task, description=what, completed=done, total=total)
