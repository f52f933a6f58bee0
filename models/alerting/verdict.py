"""What a detector says of one condition at one instant."""

from typing import Literal

from msgspec import Struct

from models.alerting.state import Key
from models.events import AlertKind, Category, Direction, Evidence, Priority

NEXT_TICK = None


class Verdict(Struct, frozen=True, kw_only=True):
    """One condition as a detector sees it.

    `state`: `bad` (with a priority), `between` (no longer bad, not yet clear), `clear`, or `unknown` (says nothing).
    `at`: since when, of the value's own time. `delay`: microseconds, None for the next tick. `may_fall`: a lower
    priority than the alert's is based on newer fresh values.
    """

    kind: AlertKind
    code: str | None = None
    direction: Direction | None = None
    device_id: str | None = None
    category: Category = "physiological"
    state: Literal["bad", "between", "clear", "unknown"]
    priority: Priority = "medium"
    at: int
    delay: int | None = 0
    clear_after: int = 0
    may_fall: bool = False
    reason: str = ""
    clears_when: str = ""
    evidence: list[Evidence] = []
    signs: list[tuple[str, str]] = []
    points: int = 0
    parts: dict[str, int] = {}

    @property
    def key(self) -> Key:
        """What the verdict is about."""
        return (self.kind, self.code, self.direction, self.device_id)
