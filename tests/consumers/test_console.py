"""How the page looks: what must be there at any width."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console
from rich.screen import Screen

from consumers.board import Board
from consumers.board.notice import staleness
from consumers.board.pace import Pace
from consumers.console.page import Frame, Page
from consumers.console.plain import alert_line
from consumers.console.starting import Starting
from models.events import Forecast, OtherScores, Score, ShockIndex

Make = Callable[..., Any]
DISCLAIMER = "Assists clinicians and never replaces them; not a medical device."


@pytest.fixture
def board(assessment: Make, part: Make, alert: Make, recommendation: Make) -> Board:
    """Twelve patients, the first of whom is ill."""
    board = Board()
    vitals = {
        "respiratory_rate": part(3, 28, minutes=10),
        "systolic_blood_pressure": part(0, 88, is_stale=True),
        "heart_rate": part(3, 135, minutes=11),
        "consciousness": part(3, "V", minutes=12),
    }
    board.take(assessment("ill", minutes=120, level="high", **vitals))
    for number in range(11):
        board.take(assessment(f"well-{number}", minutes=120, heart_rate=part(0, 70, minutes=119)))
    board.take(alert("ill", minutes=60, priority="high", reason="NEWS2 is 9 (high): heart rate 135 /min scores 3."))
    board.take(alert("ill", alert_id="evidence", notify=False, kind="limit", code="8867-4", reason="Too fast."))
    board.take(recommendation("ill", priority="high", text="Call the emergency team."))
    return board


def drawn(
    board: Board,
    width: int,
    height: int,
    *,
    notice: str | None = None,
    encoding: str = "utf-8",
    status: tuple[str, ...] = ("readings 40/s", "metrics http://127.0.0.1:9180/metrics"),
) -> list[str]:
    """The lines of the page on a terminal of that size, without colour."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(
        file=file, width=width, height=height, force_terminal=True, color_system=None, legacy_windows=False
    )
    frame = Frame(
        title="VIGIL",
        rows=board.ranked(),
        alerts=board.newest_alerts(),
        advice=board.advice(),
        status=status,
        footer=(DISCLAIMER,),
        notice=notice,
    )
    with console.capture() as captured:
        console.print(Screen(Page(frame)))
    return captured.get().split("\n")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 30), (120, 40), (200, 60)])
def test_the_most_urgent_patient_is_there_in_words_at_every_size(board: Board, width: int, height: int) -> None:
    lines = drawn(board, width, height)
    page = "\n".join(lines)

    assert len(lines) == height
    assert all(len(line) <= width for line in lines)
    for said in ("A1 ill", "▲ HIGH", "9-21", "3/7", "!!! HIGH active", "stale 2h", "missing", "28 +3"):
        assert said in page
    assert "NEWS2 is 9 (high): heart rate 135 /min scores 3." in page
    assert "clears when: NEWS2 is lower." in page
    assert "Call the emergency team." in page
    assert "http://127.0.0.1:9180/metrics" in page
    assert DISCLAIMER in page


@pytest.mark.parametrize(("width", "height"), [(110, 50), (200, 60)])
def test_a_limit_that_would_be_crossed_stands_beside_the_patient(
    board: Board, assessment: Make, width: int, height: int
) -> None:
    foreseen = Forecast(
        code="59408-5",
        direction="low",
        state="begun",
        limit=90,
        value=93,
        slope_per_hour=-8.0,
        minutes=25,
        from_=datetime(2026, 11, 21, 4, tzinfo=UTC),
    )
    board.take(assessment("well-3", minutes=120, forecasts=[foreseen]))

    assert sum("oxygen saturation under 90 in 25m?" in line for line in drawn(board, width, height)) == 1


@pytest.mark.parametrize(("width", "height"), [(110, 50), (200, 60)])
def test_other_scores_stand_beside_the_patient_and_after_what_is_foreseen(
    board: Board, assessment: Make, width: int, height: int
) -> None:
    known = Score(known_points=1, max_possible=3, completeness="1/3", missing=[], stale=[])
    none = Score(not_applicable="not for this age")
    told = OtherScores(mews=known, qsofa=known, vitals_only_sirs=none, shock_index=ShockIndex(value=0.7))
    board.take(assessment("well-3", minutes=120, scores=told))

    assert sum("MEWS 1-3, qSOFA 1-3, shock index 0.70 0s" in line for line in drawn(board, width, height)) == 1


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_recommendation_is_told_whole_with_when_and_why(board: Board, width: int) -> None:
    page = " ".join("\n".join(drawn(board, width, 40)).split())

    assert "Call the emergency team. At 03:00: NEWS2 level medium. (RCP 2017)" in page


@pytest.mark.parametrize("width", [80, 100, 140])
def test_an_accepted_recommendation_says_by_whom(board: Board, recommendation: Make, width: int) -> None:
    accepted = {"state": "accepted", "answered_by": "dr-3", "text": "Call the emergency team."}
    board.take(recommendation("ill", priority="high", **accepted))

    page = " ".join("\n".join(drawn(board, width, 40)).split())

    assert "Call the emergency team. Accepted by dr-3. Proposed because: NEWS2 level medium. (RCP 2017)" in page


def test_patients_who_do_not_fit_are_counted(board: Board) -> None:
    page = "\n".join(drawn(board, 120, 24))

    shown = page.count("A1 well-") + 1
    assert f"({12 - shown} more, less urgent)" in page


def test_evidence_is_named_but_not_shouted(board: Board) -> None:
    page = "\n".join(drawn(board, 120, 40))

    assert "+1 more" in page
    assert "Too fast." not in page


def test_a_terminal_without_unicode_gets_plain_shapes(board: Board) -> None:
    page = "\n".join(drawn(board, 80, 24, encoding="ascii"))

    assert "^ HIGH" in page
    assert page.isascii()


def test_an_old_page_says_so_at_the_top(board: Board) -> None:
    lines = drawn(board, 80, 24, notice="Nothing has come from Kafka for 9 s.")

    assert "Nothing has come from Kafka for 9 s." in lines[1]
    assert len(lines) == 24


def test_a_fact_wider_than_the_page_pushes_nothing_off_it(board: Board) -> None:
    lines = drawn(board, 80, 24, status=("long " * 40, "readings 40/s"))

    assert lines[-1].rstrip() == DISCLAIMER
    assert "readings 40/s" in lines[-2]


def test_an_empty_ward_says_so() -> None:
    page = "\n".join(drawn(Board(), 80, 24))

    assert "No patient yet." in page
    assert "No alert is open." in page


def test_a_notification_in_plain_lines_says_why_since_when_and_until_when(board: Board) -> None:
    (line,) = map(alert_line, board.newly_notified())

    assert line == (
        "2026-11-21 04:00 !!! HIGH A1 ill: NEWS2 is 9 (high): heart rate 135 /min scores 3. "
        "Since 03:00. Clears when: NEWS2 is lower."
    )


def test_the_start_says_which_step_takes_how_long() -> None:
    now = iter([0.0, 2.5, 6.5])
    starting = Starting("VIGIL", ("Kafka", "workers", "assessment"), (), clock=lambda: next(now))

    starting.done()

    assert starting.lines == ["  done  Kafka (2.5 s)", "  ....  workers (4 s)", "        assessment"]


# --- The wall clock ---------------------------------------------------------------------------------------------------


def test_a_page_that_follows_has_no_notice() -> None:
    assert staleness(10, heard_at=6, moved_at=6, lag=5, patience_seconds=5) is None


def test_silence_of_kafka_is_told_with_its_length() -> None:
    notice = staleness(20, heard_at=8, moved_at=20, lag=0, patience_seconds=5)

    assert notice is not None
    assert "Nothing has come from Kafka for 12 s" in notice


def test_workers_that_stand_still_are_told_only_when_records_wait_for_them() -> None:
    waiting = staleness(20, heard_at=20, moved_at=8, lag=1234, patience_seconds=5)

    assert waiting is not None
    assert "1,234 records wait" in waiting
    assert staleness(20, heard_at=20, moved_at=8, lag=0, patience_seconds=5) is None


def test_a_rate_is_of_the_last_seconds() -> None:
    pace = Pace()
    for second in range(20):
        pace.take(second, 100 * min(second, 10))

    assert pace.per_second == 0
    pace.take(20, 1500)
    assert pace.per_second == 100
