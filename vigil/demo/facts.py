"""What the demo says beside the ward: what is playing, how fast, how far, what a visitor can do."""

from msgspec import Struct

from consumers.board import Board
from consumers.console.page import Frame

DISCLAIMER = "Assists clinicians and never replaces them; not a medical device."

_MOST_BEGUN = 3
_GONE = (("discharge", "discharged"), ("transfer", "transferred"), ("death", "died"))


class Facts(Struct, frozen=True, kw_only=True):
    """What is to be said at one moment; without a `total` nobody knows how far it is.

    `begun` are the scenarios that have begun, the newest first, each with its place; `hints` say what keys do, and
    `choice`, while a visitor chooses, stands instead of the status.
    """

    credit: str
    speed: int | None
    sent: int
    total: int | None
    processed: int
    readings_per_second: float
    assessments_per_second: float
    metrics: str
    page: str | None = None
    notice: str | None
    remark: str | None
    begun: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    choice: tuple[str, ...] | None = None

    @property
    def lag(self) -> int:
        """Records, ticks included, that are published but not processed yet."""
        return max(0, self.sent - self.processed)


def frame(board: Board, facts: Facts) -> Frame:
    """The page of this moment."""
    return Frame(
        title=f"VIGIL  {event_time(board)}  {_census(board)}",
        rows=board.ranked(),
        alerts=board.newest_alerts(),
        advice=board.advice(),
        status=facts.choice or status(board, facts),
        footer=(DISCLAIMER, facts.credit),
        notice=facts.notice,
    )


def status(board: Board, facts: Facts) -> tuple[str, ...]:
    """What a visitor can do, then rates and counts, one fact each."""
    page = () if facts.page is None else (f"ward page {facts.page}",)
    told = (*page, *facts.hints, "Ctrl-C ends with a summary", *_counts(board, facts), f"metrics {facts.metrics}")
    return told if facts.remark is None else (facts.remark, *told)


def plain_line(board: Board, facts: Facts) -> str:
    """The same in one line."""
    opened = sum(board.open_alerts.values())
    return f"{event_time(board)}; {_census(board)}; open alerts {opened}; {'; '.join(_counts(board, facts))}"


def event_time(board: Board) -> str:
    """What time it is for the patients."""
    return "no event yet" if board.now is None else f"event time {board.now:%Y-%m-%d %H:%M} UTC"


def _counts(board: Board, facts: Facts) -> tuple[str, ...]:
    more = f" and {len(facts.begun) - _MOST_BEGUN} more" if len(facts.begun) > _MOST_BEGUN else ""
    begun = f"begun: {', '.join(facts.begun[:_MOST_BEGUN])}{more}"
    return (
        *((begun,) if facts.begun else ()),
        _pace(facts),
        f"readings {facts.readings_per_second:.0f}/s",
        f"assessments {facts.assessments_per_second:.0f}/s",
        f"dead letters {board.dead_letters.total():,}",
        *(() if board.model_version is None else (f"learned risk in the shadow: version {board.model_version}",)),
        f"processed {facts.processed:,} of {facts.sent:,} records, lag {facts.lag:,}",
    )


def _pace(facts: Facts) -> str:
    """How fast, and how far where that can be known."""
    speed = "as fast as it goes" if facts.speed is None else f"{facts.speed:,}x real speed"
    return speed if facts.total is None else f"{facts.sent / max(facts.total, 1):.0%} at {speed}"


def _census(board: Board) -> str:
    ended = board.ended
    gone = "".join(f", {ended[kind]} {words}" for kind, words in _GONE if ended[kind])
    return f"{board.patients - ended.total()} patients{gone}"
