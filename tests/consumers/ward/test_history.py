"""What the page keeps of the past, and tells of it."""

import random
import tracemalloc
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from consumers.ward.past import Histories
from consumers.ward.views.course import Course, Line
from models.detectors.anomaly import LEAST_LEARNED
from models.events import (
    Assessment,
    Event,
    Measurement,
    Outcome,
    Output,
    PatientContext,
    Pause,
    Reading,
    Tick,
)
from tests.an_alert import an_alert

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
_HEART_RATE = "8867-4"


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def measured(value: Any, code: str = _HEART_RATE, unit: str | None = "/min") -> list[Measurement]:
    return [Measurement(code=code, value=value, unit=unit)]


def reading(seconds: float, value: Any = 72, **changes: Any) -> Reading:
    """A heart rate of p1, some seconds after the start, unless it is said otherwise."""
    fields: dict[str, Any] = {
        "reading_id": f"d1-{seconds}-{value}",
        "patient_id": "p1",
        "device_id": "d1",
        "effective_at": after(seconds),
        "measurements": measured(value),
    }
    return Reading(**(fields | changes))


def tick(seconds: float) -> Tick:
    return Tick(at=after(seconds))


def kept(*records: Event | Output, **bounds: Any) -> Histories:
    """A past of all these."""
    histories = Histories(**bounds)
    for record in records:
        histories.take(record, 0)
    return histories


def told(histories: Histories, since: float = 0, until: float = 6 * 3600, spans: int = 600) -> Course:
    """The course of p1 between so many seconds after the start."""
    course = histories.course("p1", after(since), after(until), spans)
    assert course is not None
    return course


def line(course: Course, code: str = _HEART_RATE) -> Line:
    return next(line for line in course.lines if line.code == code)


def minutes(line: Line) -> list[float]:
    return [(at - START.timestamp()) / 60 for at in line.at]


# --- Spans ------------------------------------------------------------------------------------------------------------

tried = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
Points = list[tuple[int, int]]
_POINTS = st.lists(
    st.tuples(st.integers(0, 6 * 3600), st.integers(20, 250)), min_size=1, max_size=60, unique_by=lambda point: point[0]
)


def test_a_gap_is_left_out_and_never_filled() -> None:
    course = told(kept(*(reading(60 * minute, 70 + minute) for minute in (0, 1, 9, 10))))

    assert minutes(line(course)) == [0, 1, 9, 10]
    assert line(course).newest == [70, 71, 79, 80]


@tried
@given(_POINTS, st.integers(1, 700), st.integers(0, 5 * 3600), st.integers(60, 3600))
def test_a_span_lies_in_its_time_holds_a_value_and_no_value_outside_its_bounds(
    points: Points, spans: int, since: int, lasts: int
) -> None:
    course = told(kept(*(reading(*point) for point in points)), since, since + lasts, spans)

    for found in course.lines:
        numbers = [at // course.step for at in found.at]
        assert len(numbers) <= max(spans, 2)
        assert all(before < number for before, number in pairwise(numbers))
        for number, least, newest, most in zip(numbers, found.least, found.newest, found.most, strict=True):
            within = [v for s, v in points if after(s).timestamp() // course.step == number]
            assert (least, most) == (min(within), max(within))
            assert least <= newest <= most


@tried
@given(_POINTS, st.randoms(use_true_random=False), st.sampled_from([2, 40, 600]))
def test_the_order_in_which_values_arrive_does_not_matter(points: Points, order: random.Random, spans: int) -> None:
    shuffled = order.sample(points, len(points))

    in_order = kept(*(reading(*point) for point in sorted(points)))
    out_of_order = kept(*(reading(*point) for point in shuffled))

    end = max(seconds for seconds, _ in points)
    for since in (0, end - 1800):
        assert told(out_of_order, since, end, spans) == told(in_order, since, end, spans)


@tried
@given(_POINTS, st.integers(0, 59))
def test_the_same_reading_again_changes_nothing(points: Points, again: int) -> None:
    both = [reading(0, 60, reading_id="a"), reading(0, 90, reading_id="b")]
    readings = [*both, *(reading(*point) for point in points if point[0])]
    histories = kept(*readings)
    before = told(histories)

    histories.take(readings[again % len(readings)], 0)
    histories.take(both[0], 0)

    assert told(histories) == before


def test_of_two_values_at_one_time_the_later_in_the_log_is_the_newest() -> None:
    found = line(told(kept(reading(0, 60, reading_id="a"), reading(0, 90, reading_id="b"))))

    assert (found.least, found.most, found.newest) == ([60], [90], [90])


@pytest.mark.parametrize(
    ("since", "spans", "step"),
    [
        (1800, 600, 5),
        (3 * 3600, 600, 60),
        (86_000, 600, 300),
        (86_000, 100, 900),
        (3 * 86_400, 600, 900),
        (28 * 86_400, 600, 7200),
        (28 * 86_400, 10, 4 * 86_400),
    ],
)
def test_a_span_is_round_and_never_finer_than_what_is_kept_of_all_of_the_time(
    since: int, spans: int, step: int
) -> None:
    histories = kept(reading(0), tick(0))

    assert told(histories, -since, 0, spans).step == step


def test_minutes_are_told_finely_while_they_are_new_and_days_coarsely() -> None:
    histories = kept(*(reading(10 * number, 60 + number % 5) for number in range(3 * 360)))

    assert len(line(told(histories, 9600, 10_790)).at) == 120
    assert len(line(told(histories, 7200, 10_790)).at) == 60
    histories.take(tick(2 * 86_400), 0)
    assert len(line(told(histories, 0, 10_790)).at) == 12


# --- What is a point --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-100, 900, "fast", None, True])
def test_what_is_not_believed_is_no_point(value: Any) -> None:
    assert told(kept(reading(0, value), reading(60, 72))).lines[0].newest == [72]


def test_values_are_told_in_their_signs_own_unit_as_they_were() -> None:
    fever = reading(0, measurements=measured(101.3, "8310-5", "[degF]"))
    troponin = reading(1, measurements=measured(0.0123, "6598-7", "ug/L"))

    course = told(kept(fever, troponin))

    assert line(course, "8310-5").newest == [38.5]
    assert line(course, "6598-7").newest == [0.0123]


def test_words_stay_words_and_a_worse_one_is_not_hidden_by_a_better_one_after_it() -> None:
    letters = [reading(at, measurements=measured(word, "67775-7", None)) for at, word in ((0, "A"), (3600, "V"))]
    better = reading(3620, measurements=measured("A", "67775-7", None))

    found = line(told(kept(*letters, better)), "67775-7")

    assert found.texts == ["A", "V", "A"]
    assert minutes(found) == [0, 60, 60 + 20 / 60]
    assert (found.least, found.most, found.newest) == ([], [], [])


def test_a_reading_that_a_worker_would_park_for_its_time_is_no_point() -> None:
    histories = kept(tick(0), reading(-25 * 3600, 50), reading(700, 150), reading(-60, 72))

    assert line(told(histories, -30 * 3600, 3600)).newest == [72]


def test_what_is_late_from_home_is_in_its_own_span_for_a_week() -> None:
    home = PatientContext(patient_id="p1", effective_at=after(-8 * 86_400), setting="home")
    histories = kept(home, tick(0), reading(0, 72), reading(-6 * 86_400, 60))

    found = line(told(histories, -7 * 86_400, 0))

    assert minutes(found) == [-6 * 1440, 0]
    assert told(histories).oldest == after(-6 * 86_400).timestamp()


def test_one_clock_does_not_judge_what_is_of_another_partition() -> None:
    histories = kept(tick(3 * 86_400))

    histories.take(reading(0, 72), 1)

    assert line(told(histories)).newest == [72]


# --- Scores, baselines and risks --------------------------------------------------------------------------------------


def test_the_course_of_the_score_tells_each_part_and_that_it_is_not_known_once_stale(
    example: list[Output | Event],
) -> None:
    score = told(kept(*example), 0, 9 * 3600).score

    assert [(known, most) for known, most in zip(score.known, score.most, strict=True)] == [
        (0, 0),
        (9, 9),
        (1, 1),
        (0, 15),
    ]
    assert score.parts["heart_rate"] == [0, 3, 1, None]


def well_learned(record: Output | Event) -> Output | Event:
    """The same record with every baseline learned from as many values as it takes to tell of it."""
    if not isinstance(record, Assessment) or record.anomaly is None:
        return record
    deviations = [replace(found, learned_from=LEAST_LEARNED) for found in record.anomaly.deviations]
    return replace(record, anomaly=replace(record.anomaly, deviations=deviations))


def test_a_baseline_of_few_values_is_not_told_as_what_is_usual(example: list[Output | Event]) -> None:
    assert set(line(told(kept(*example))).usual) == {None}


def test_what_is_usual_is_told_beside_each_value_as_it_was_then(example: list[Output | Event]) -> None:
    example = [well_learned(record) for record in example]
    newest = [record for record in example if isinstance(record, Assessment) and record.anomaly][-1]
    assert newest.anomaly is not None
    expected = next(found for found in newest.anomaly.deviations if found.code == _HEART_RATE)

    found = line(told(kept(*example)))

    assert found.newest == [78, 134, 92]
    assert (found.usual[-1], found.spread[-1]) == (expected.usual, pytest.approx(expected.spread, rel=1e-5))
    assert found.usual[0] != found.usual[-1]


def test_a_value_before_any_baseline_has_none_beside_it() -> None:
    assert line(told(kept(reading(0)))).usual == [None]


def test_what_was_usual_is_not_told_of_a_time_before_anybody_knew(example: list[Output | Event]) -> None:
    example = [well_learned(record) for record in example]
    early = [record for record in example if isinstance(record, Assessment) and record.at < after(1800)]

    found = line(told(kept(*(record for record in example if record not in early))))

    assert found.newest == [78, 134, 92]
    assert found.usual[:2] == [None, None]
    assert found.usual[2] is not None


def test_a_learned_risk_is_told_with_how_far_it_looks(example: list[Output | Event]) -> None:
    expected = [record.risk.probability for record in example if isinstance(record, Assessment) and record.risk]

    [risk] = told(kept(*example), 0, 9 * 3600).risks

    assert risk.hours == 6
    assert len(risk.probability) == 2
    assert set(risk.probability) < set(expected)


# --- Marks ------------------------------------------------------------------------------------------------------------


def test_alerts_pauses_and_outcomes_are_marked(example: list[Output | Event]) -> None:
    marks = told(kept(*example), 0, 9 * 3600).marks

    assert [(mark.kind, mark.title) for mark in marks] == [
        ("alert", "NEWS2"),
        ("alert", "heart rate high"),
        ("pause", "paused by nurse-12: washing"),
        ("outcome", "discharge"),
    ]
    assert all(mark.until is not None for mark in marks[:3])


def test_an_open_alert_is_marked_without_an_end_and_one_that_was_never_more_than_pending_is_not() -> None:
    pending = an_alert(alert_id="b", revision=1, state="pending")
    open_one = an_alert(revision=2, state="active", since=START, at=START)
    over = an_alert(alert_id="b", revision=2, state="closed", at=after(9))

    [mark] = told(kept(pending, open_one, over), 3600, 7200).marks

    assert (mark.alert_id, mark.until) == ("a", None)


def test_a_pause_that_is_ended_ends_there_and_one_that_no_worker_accepts_is_none() -> None:
    def pause(seconds: float, until: float) -> Pause:
        return Pause(patient_id="p1", at=after(seconds), until=after(until), by="n1", reason="washing")

    marks = told(kept(pause(0, 3600), pause(60, 60), pause(120, 5 * 3600))).marks

    assert [(mark.at, mark.until) for mark in marks] == [(START.timestamp(), after(60).timestamp())]


def test_discharge_ends_a_pause() -> None:
    pause = Pause(patient_id="p1", at=START, until=after(3600), by="n1", reason="washing")
    home = Outcome(patient_id="p1", at=after(60), kind="discharge")

    assert told(kept(pause, home)).marks[0].until == after(60).timestamp()


# --- Bounds -----------------------------------------------------------------------------------------------------------


def test_the_bound_holds_fineness_goes_first_then_the_past_and_the_page_says_how_far_back_it_sees() -> None:
    histories = Histories(most_points=1500)
    for minute in range(0, 20 * 1440, 5):
        histories.take(reading(60 * minute, 60 + minute % 40), 0)
        assert histories.points <= 1500

    end = 60 * (20 * 1440 - 5)
    course = told(histories, 0, end, 100_000)
    assert course.oldest is not None
    assert START.timestamp() < course.oldest <= course.lines[0].at[0]
    assert histories.oldest is not None
    assert histories.oldest.timestamp() == course.oldest
    assert course.lines[0].at[-1] == after(end).timestamp()
    assert len(line(told(histories, end - 3600, end)).at) == 13


def test_a_day_of_a_sign_measured_each_minute_takes_at_most_24_kilobytes() -> None:
    readings = [reading(60 * minute, 60 + minute % 40) for minute in range(1440)]
    histories = kept(readings[0])

    tracemalloc.start()
    for each in readings:
        histories.take(each, 0)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert taken <= 24_000


def test_what_is_older_than_is_kept_goes_of_those_too_of_whom_nothing_comes_any_more() -> None:
    histories = kept(tick(0), reading(0), an_alert(state="closed", revision=3), days=2)

    for hour in range(6 * 24):
        histories.take(tick(3600 * hour), 0)

    assert histories.points == 0
    assert histories.course("p1", START, after(60), 600) is None
    assert histories.oldest is None


def test_of_a_patient_of_whom_nothing_is_known_there_is_no_course() -> None:
    assert Histories().course("p1", START, after(60), 600) is None
