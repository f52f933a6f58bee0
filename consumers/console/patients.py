"""Patients by urgency: a table where there is room, else two lines for each."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from consumers.board import words
from consumers.board.patient import PART_NAMES
from consumers.board.rows import AlertLine, PatientRow, ScoreLine, Vital
from consumers.console import theme
from consumers.console.lines import flowed, heading, indented, joined, left_out, one_line

WIDE = 118
_LINES_EACH = 2
_INDENT = 2
_PLACE, _SCORE, _VITAL = 11, 12, 9


def patients(rows: Sequence[PatientRow], console: Console, *, width: int, height: int) -> Iterator[RenderableType]:
    """As many patients as fit, and how many are left out."""
    if not rows:
        yield heading("Patients by urgency", console, width)
        yield Text("No patient yet.", theme.GONE)
        return
    if width >= WIDE:
        shown = rows[: max(1, (height - 2) // _LINES_EACH)]
        body: list[RenderableType] = [_table(shown, console, width)]
    else:
        blocks = [*_blocks(rows, console, width, height - 1)]
        shown, body = rows[: len(blocks)], [line for block in blocks for line in block]
    yield heading(f"Patients by urgency{left_out(len(shown), rows, ', less urgent')}", console, width)
    yield from body


# --- Wide -------------------------------------------------------------------------------------------------------------


def _table(rows: Iterable[PatientRow], console: Console, width: int) -> Table:
    table = Table(box=None, width=width, padding=(0, 1, 0, 0), header_style=theme.QUIET, pad_edge=False)
    table.add_column("ward, bed", no_wrap=True, width=_PLACE + (width - WIDE) // 8)
    table.add_column("NEWS2", width=_SCORE)
    for name in PART_NAMES:
        table.add_column(name, no_wrap=True, width=_VITAL)
    table.add_column("open alerts", no_wrap=True, ratio=1)
    for row in rows:
        vitals = {vital.name: _cell(vital) for vital in row.vitals}
        table.add_row(
            Text(row.place, "bold"),
            _score_cell(row.score, console),
            *(vitals.get(name, Text("-", theme.GONE)) for name in PART_NAMES),
            _alert_cell(row),
        )
    return table


def _score_cell(score: ScoreLine, console: Console) -> Text:
    shapes = theme.shapes(console)
    known = joined([(score.interval, "bold"), shapes.trend(score.trend), (score.completeness, theme.QUIET)])
    return _level_words(score, console).append("\n").append_text(known)


def _cell(vital: Vital) -> Text:
    if vital.state != "fresh":
        return Text(f"{vital.said}\n{vital.aged}", theme.GONE)
    return Text(vital.said, _style(vital)).append(f"\n{vital.aged}", theme.QUIET)


def _alert_cell(row: PatientRow) -> Text:
    also = [each for each in (", ".join(row.forecasts), row.beside) if each]
    if not row.alerts:
        return Text("\n".join(["none", "; ".join(also)]).rstrip(), theme.QUIET)
    first = row.alerts[0]
    about = "; ".join([f"{first.title} {words.age(first.age)}{_more(row.alerts)}", *also])
    return alert_words(first).append(f"\n{about}", theme.QUIET)


# --- Narrow -----------------------------------------------------------------------------------------------------------


def _blocks(rows: Iterable[PatientRow], console: Console, width: int, room: int) -> Iterator[list[Text]]:
    """Two or three lines each while there is room; the first one always."""
    for number, row in enumerate(rows):
        if number and room < _LINES_EACH:
            return
        block = _block(row, console, width, vitals_lines=max(1, min(2, room - 1)))
        room -= len(block)
        yield block


def _block(row: PatientRow, console: Console, width: int, *, vitals_lines: int) -> list[Text]:
    """One line of what matters most, and some of vital signs."""
    first: list[str | Text] = [Text(row.place, "bold"), score_words(row.score, console), row.score.completeness]
    if row.alerts:
        alert = row.alerts[0]
        first += [alert_words(alert), f"{alert.title} {words.age(alert.age)}{_more(row.alerts)}"]
    first += [Text(each, theme.QUIET) for each in (*row.forecasts, row.beside)]
    said = Text("  ").join([part if isinstance(part, Text) else Text(part) for part in first if part])
    parts = _vital_words(row.vitals)
    vitals = flowed(parts, console, width=width - _INDENT, lines=vitals_lines, separator="  ")
    return [one_line(said, console, width), *indented(vitals, _INDENT)]


def _vital_words(vitals: Sequence[Vital]) -> list[Text]:
    """What scores first, then what is stale or missing, and last what is as it should be."""
    fresh = sorted((vital for vital in vitals if vital.state == "fresh"), key=lambda vital: -(vital.points or 0))
    said = [Text(f"{vital.name} {vital.said} {vital.aged}", _style(vital)) for vital in fresh]
    gone = [Text(f"{vital.name} {vital.value} {vital.aged}", theme.GONE) for vital in vitals if vital.state == "stale"]
    missing = ", ".join(vital.name for vital in vitals if vital.state == "missing")
    scoring = sum(bool(vital.points) for vital in fresh)
    return [*said[:scoring], *gone, *([Text(f"missing {missing}", theme.GONE)] if missing else []), *said[scoring:]]


# --- Both -------------------------------------------------------------------------------------------------------------


def score_words(score: ScoreLine, console: Console) -> Text:
    """Shape and word of the level, the interval, the trend."""
    trend = theme.shapes(console).trend(score.trend)
    return Text(" ").join([_level_words(score, console), Text(score.interval, "bold"), Text(trend)])


def _level_words(score: ScoreLine, console: Console) -> Text:
    level = f"{theme.shapes(console).levels[score.level]} {score.word}"
    return Text.assemble((level, theme.LEVEL_STYLES[score.level]))


def alert_words(alert: AlertLine) -> Text:
    """Mark and word of the priority, and the state; only an unanswered one that someone was told of stands out."""
    said = f"{words.PRIORITY_MARKS[alert.priority]} {words.PRIORITY_WORDS[alert.priority]}"
    is_loud = alert.state == "active" and alert.notified_at is not None
    return joined([(said, theme.PRIORITY_STYLES[alert.priority] if is_loud else ""), alert.state_words])


def _more(alerts: Sequence[AlertLine]) -> str:
    return f", +{len(alerts) - 1} more" if len(alerts) > 1 else ""


def _style(vital: Vital) -> str:
    return theme.POINT_STYLES[min(vital.points or 0, 3)]
