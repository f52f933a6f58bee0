"""What the demo says beside the ward: what is playing, how fast, how far, where metrics are."""

from msgspec import Struct

from consumers.board import Board
from consumers.console.page import Frame

FOOTER = (
    "Assists clinicians and never replaces them; not a medical device.",
    "Recorded, de-identified patients: physionet.org, Challenge 2012, ODC-BY 1.0.",
)

_GONE = (("discharge", "discharged"), ("transfer", "transferred"), ("death", "died"))


class Facts(Struct, frozen=True, kw_only=True):
    """The numbers of one moment; `lag` is the records, ticks included, that wait for the workers."""

    speed: int
    sent: int
    total: int
    processed: int
    readings_per_second: float
    assessments_per_second: float
    metrics: str
    notice: str | None
    remark: str | None

    @property
    def lag(self) -> int:
        """Records that are published but not processed yet."""
        return max(0, self.sent - self.processed)


def frame(board: Board, facts: Facts) -> Frame:
    """The page of this moment."""
    return Frame(
        title=f"VIGIL  {event_time(board)}  {_census(board)}",
        rows=board.ranked(),
        alerts=board.newest_alerts(),
        advice=board.advice(),
        status=status(board, facts),
        footer=FOOTER,
        notice=facts.notice,
    )


def status(board: Board, facts: Facts) -> tuple[str, ...]:
    """Rates and counts, one fact each."""
    told = (
        f"{facts.sent / max(facts.total, 1):.0%} at {facts.speed:,}x real speed",
        f"readings {facts.readings_per_second:.0f}/s",
        f"assessments {facts.assessments_per_second:.0f}/s",
        f"dead letters {board.dead_letters.total():,}",
        f"processed {facts.processed:,} of {facts.sent:,} records, lag {facts.lag:,}",
        f"metrics {facts.metrics}",
        "Ctrl-C ends with a summary",
    )
    return told if facts.remark is None else (facts.remark, *told)


def plain_line(board: Board, facts: Facts) -> str:
    """The same in one line."""
    opened = sum(board.open_alerts.values())
    return f"{event_time(board)}; {_census(board)}; open alerts {opened}; {'; '.join(status(board, facts)[:-2])}"


def event_time(board: Board) -> str:
    """What time it is for the patients."""
    return "no event yet" if board.now is None else f"event time {board.now:%Y-%m-%d %H:%M} UTC"


def _census(board: Board) -> str:
    ended = board.ended
    gone = "".join(f", {ended[kind]} {words}" for kind, words in _GONE if ended[kind])
    return f"{board.patients - ended.total()} patients{gone}"
