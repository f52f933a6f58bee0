"""Charts as SVG text to stand in a page: lines, and values with their intervals (Matplotlib).

Lines differ in colour and in dash, so that none is told by colour alone. Equal charts are equal bytes. Matplotlib is
imported only once a chart is drawn, since most commands draw none.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from importlib.resources import as_file, files
from io import StringIO
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Point = tuple[float, float]

_INCH = 72
_WIDTH, _HEIGHT, _LEGEND_ROW = 500 / _INCH, 300 / _INCH, 19 / _INCH
_LEGEND_COLUMNS = 2
_ROW, _AROUND_ROWS = 24 / _INCH, 96 / _INCH
_GREY = "#6b7783"
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


class Axis(Struct, frozen=True):
    """What an axis tells, and from where to where it goes at least."""

    title: str
    low: float = 0.0
    high: float = 1.0

    def holding(self, values: Iterable[float | None]) -> tuple[float, float]:
        """The ends of the axis, so that all finite values are within."""
        finite = [value for value in values if value is not None and math.isfinite(value)]
        return min([self.low, *finite]), max([self.high, *finite])


class Line(Struct, frozen=True):
    """One named line; `has_marks` shows each of its points. A line without a name is a reference: thin and grey.

    One without points is not drawn and keeps its colour, so that a name has one colour in all charts of a page.
    """

    name: str
    points: Sequence[Point]
    has_marks: bool = False


class Interval(Struct, frozen=True):
    """One named value with its interval; without one it is a bare point."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def told(self) -> str:
        """The value in three digits."""
        return f"{self.value:#.3g}".rstrip(".") if math.isfinite(self.value) else "can't be told"


def line_chart(title: str, x: Axis, y: Axis, lines: Sequence[Line]) -> str:
    """Lines over two axes, with a legend below them; a line breaks where a value is not finite."""
    names = [line.name for line in lines if line.name and line.points]
    legend_rows = math.ceil(len(names) / _LEGEND_COLUMNS)
    with _figure(title, _HEIGHT + _LEGEND_ROW * legend_rows) as (figure, axes):
        for line in lines:
            _draw(axes, line)
        axes.set(xlabel=x.title, ylabel=y.title)
        axes.set_xlim(x.holding(across for line in lines for across, _ in line.points))
        axes.set_ylim(y.holding(up for line in lines for _, up in line.points))
        if names:
            figure.legend(loc="outside lower left", ncols=_LEGEND_COLUMNS)
        return _svg(figure, title, f"{y.title} over {x.title}: {', '.join(names) or 'nothing'}.")


def interval_chart(title: str, axis: Axis, rows: Sequence[Interval], reference: float | None = None) -> str:
    """One row a value, each with its interval, and a line at what they are to be held against."""
    with _figure(title, _AROUND_ROWS + _ROW * len(rows)) as (figure, axes):
        if reference is not None:
            axes.axvline(reference, color=_GREY, linewidth=1.2, linestyle=":")
        for place, row in enumerate(rows):
            _draw_interval(axes, place, row)
        axes.set(xlabel=axis.title, ylim=(len(rows) - 0.5, -0.5))
        axes.set_yticks(range(len(rows)), [row.name for row in rows])
        axes.set_xlim(axis.holding(end for row in rows for end in (row.value, row.low, row.high)))
        axes.grid(visible=False, axis="y")
        return _svg(figure, title, f"{axis.title}: {'; '.join(f'{row.name} {row.told}' for row in rows) or 'nothing'}.")


@contextmanager
def _figure(title: str, height: float) -> Iterator[tuple["Figure", "Axes"]]:
    """An empty chart, in Vigil's style for as long as it is drawn."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with as_file(files("vigil.evaluation").joinpath("chart.mplstyle")) as style, rc_context(fname=style):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        figure.suptitle(title, x=0.01, horizontalalignment="left")  # Over the whole chart, or a long one would be cut.
        yield figure, figure.add_subplot()


def _draw(axes: "Axes", line: Line) -> None:
    across, up = [x for x, _ in line.points], [y for _, y in line.points]
    if line.name:
        label = line.name if line.points else "_nothing"  # What begins so stands in no legend.
        axes.plot(across, up, label=label, marker="o" if line.has_marks else "", markersize=5, clip_on=False)
    else:
        axes.plot(across, up, color=_GREY, linewidth=1.2, linestyle=":")


def _draw_interval(axes: "Axes", place: int, row: Interval) -> None:
    if row.low is not None and row.high is not None:
        axes.plot([row.low, row.high], [place, place], color="C0", linestyle="-", linewidth=2.5, solid_capstyle="butt")
    axes.plot([row.value], [place], color="C0", linestyle="", marker="o", markersize=7, clip_on=False)
    axes.text(1.02, place, row.told, transform=axes.get_yaxis_transform(), verticalalignment="center")


def _svg(figure: "Figure", title: str, told: str) -> str:
    """The figure as an SVG element that has a name and a description for those who don't see it."""
    out = StringIO()
    figure.savefig(out, format="svg", metadata=_NO_METADATA)
    drawn = out.getvalue()
    begin = drawn.index("<svg")
    end = drawn.index(">", begin)
    return f'{drawn[begin:end]} role="img"><title>{escape(title)}</title><desc>{escape(told)}</desc>{drawn[end + 1 :]}'
