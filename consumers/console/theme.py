"""Colours and shapes; a shape or a word always says what a colour says."""

from msgspec import Struct
from rich.console import Console

from models.events import Level, Priority

LEVEL_STYLES: dict[Level | None, str] = {
    "high": "bold white on red",
    "medium": "bold black on yellow",
    "low-medium": "bold yellow",
    "low": "green",
    None: "italic",
}
PRIORITY_STYLES: dict[Priority, str] = {"high": "bold red", "medium": "bold yellow", "low": "cyan"}
POINT_STYLES = ("", "", "yellow", "bold red")
"""By the points of one part, 0 to 3."""

GONE = "dim italic"
"""What no longer counts, or is not there."""

QUIET = "dim"
TITLE = "bold"
NOTICE = "bold black on bright_yellow"


class Shapes(Struct, frozen=True):
    """The shapes of levels, the arrows of trends, and what separates."""

    levels: dict[Level | None, str]
    worse: str
    same: str
    better: str
    rule: str
    dot: str
    more: str

    def trend(self, change: int | None) -> str:
        """An arrow for a change in points; a blank where nothing can be compared."""
        if change is None:
            return " "
        return self.worse if change > 0 else self.better if change < 0 else self.same


_UNICODE = Shapes({"high": "▲", "medium": "◆", "low-medium": "◇", "low": "○", None: "?"}, "↑", "→", "↓", "─", "·", "…")
_ASCII = Shapes({"high": "^", "medium": "#", "low-medium": "+", "low": "o", None: "?"}, "/", "=", "\\", "-", "-", ">")


def shapes(console: Console) -> Shapes:
    """What this terminal can show."""
    return _UNICODE if console.encoding.startswith("utf") else _ASCII
