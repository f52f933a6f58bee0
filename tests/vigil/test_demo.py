"""What the demo offers, says and promises, without a broker; the whole of it is in end_to_end."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from msgspec import structs

from consumers.board import Board
from models import codec
from models.events import Acknowledgement
from models.partition import PartitionFold
from producers.entry import Entry
from producers.simulator.case import Plan
from producers.simulator.expectation import Exclusion, Expectation, Expected
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.simulation import simulated
from producers.simulator.ward import Ward
from tests.an_alert import an_alert
from vigil.cli import cli
from vigil.demo.choice import Choice
from vigil.demo.controls import Controls
from vigil.demo.facts import Facts, status
from vigil.demo.promises import promises
from vigil.demo.report import Report
from vigil.demo.scenarios import Scenarios
from vigil.demo.source import shift_plan
from vigil.simulation.report import Truth

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
NAMES = ["sensor-off", "sentinel-values", "sepsis", "tachyarrhythmia"]


# --- The choice -------------------------------------------------------------------------------------------------------


def typed(keys: str) -> tuple[Choice, list[tuple[str, str]]]:
    """An open choice after some keys, and what it was finished with."""
    choice = Choice(NAMES)
    choice.open()
    return choice, [told for key in keys if (told := choice.take(key)) is not None]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("sepsis\n", ("sepsis", "")),
        ("sep\r", ("sepsis", "")),
        ("arr\n", ("tachyarrhythmia", "")),
        ("t\t@A1 3\n", ("tachyarrhythmia", "A1 3")),
        ("sen\n", ("sensor-off", "")),
        ("sepx\x7f\n", ("sepsis", "")),
    ],
)
def test_a_few_letters_choose_a_scenario_and_an_at_a_bed(keys: str, told: tuple[str, str]) -> None:
    choice, finished = typed(keys)

    assert finished == [told]
    assert not choice.is_open


@pytest.mark.parametrize("keys", ["sep\x1b", "\n", "\x1b"])
def test_who_leaves_the_choice_starts_nothing(keys: str) -> None:
    choice, finished = typed(keys)

    assert finished == []
    assert not choice.is_open


def test_a_name_that_is_none_is_said_and_can_be_mended() -> None:
    choice, finished = typed("measles\n")

    assert finished == []
    assert "there is none of that name" in choice.parts


def test_the_choice_lists_what_the_letters_can_mean() -> None:
    choice, _ = typed("se")

    assert choice.parts[1:4] == ("sensor-off", "sentinel-values", "sepsis")


# --- What a visitor can do --------------------------------------------------------------------------------------------


class Watched:
    """A simulated ward that is folded as it goes, with somebody at the keys."""

    def __init__(self) -> None:
        plans = [Plan(scenario="tachyarrhythmia", patient_id="p1", after=timedelta(minutes=1))]
        self.ward = Ward(START, patients=2, plans=plans)
        self.board = Board()
        self.published: list[Entry] = []
        self.controls = Controls(Scenarios(self.ward), self.board, self.published.append)
        self._fold = PartitionFold(0, origin="simulated")
        self._entries = enumerate(simulated(self.ward, 1))

    def press(self, keys: str) -> None:
        for key in keys:
            self.controls.press(key)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Lets the ward go on until something is so."""
        while not is_so():
            offset, entry = next(self._entries)
            assert entry.at is None or entry.at < START + timedelta(hours=2)
            for output in self._fold.advance(entry.value, offset=offset, key=entry.key):
                self.board.take(output)

    @property
    def begun(self) -> list[tuple[str, str]]:
        return [(case.scenario.name, case.patient_id) for case in self.ward.cases]


@pytest.fixture
def watched() -> Watched:
    """A ward of two, the first of whom is to fall ill, once both are seen."""
    watched = Watched()
    watched.until(lambda: len(watched.board.ranked()) == 2)
    return watched


def test_a_key_lets_the_next_well_patient_fall_ill_and_then_there_is_none(watched: Watched) -> None:
    watched.press("ssepsis\n")
    watched.until(lambda: ("sepsis", "p2") in watched.begun)
    assert watched.controls.remark == "sepsis begins in A1 2."

    watched.press("ssepsis\n")

    assert "Something happens to every patient" in (watched.controls.remark or "")


def test_a_bed_or_a_patient_can_be_named(watched: Watched) -> None:
    watched.press("ssensor-off@a1 1\nswrong-clock@p1\n")

    watched.until(lambda: {("sensor-off", "p1"), ("wrong-clock", "p1")} <= {*watched.begun})


def test_a_patient_who_is_not_there_is_told(watched: Watched) -> None:
    watched.press("ssepsis@p99\n")

    assert watched.controls.remark == "There is no patient p99 now; there are p1, p2."


def test_a_key_acknowledges_the_newest_alert_and_all_else_of_its_patient_at_the_revisions_seen(
    watched: Watched,
) -> None:
    watched.press("a")
    assert watched.controls.remark == "There is no alert to acknowledge."
    watched.until(lambda: sum(len(row.alerts) for row in watched.board.ranked()) > 1)

    watched.press("a")

    answers = [codec.decode(entry.value) for entry in watched.published]
    seen = {(alert.alert_id, alert.revision) for row in watched.board.ranked() for alert in row.alerts}
    assert {(each.alert_id, each.revision) for each in answers if isinstance(each, Acknowledgement)} == seen
    assert len(seen) > 1
    assert {entry.key for entry in watched.published} == {b"p1"}


def test_a_key_acknowledges_the_alert_of_a_gateway(watched: Watched) -> None:
    silent = an_alert(
        alert_id="g",
        patient_id=None,
        gateway_id="gateway-1",
        code=None,
        direction=None,
        kind="gateway",
        category="technical",
        origin="simulated",
    )
    watched.board.take(silent)

    watched.press("a")

    [answer] = [codec.decode(entry.value) for entry in watched.published]
    assert isinstance(answer, Acknowledgement)
    assert (answer.patient_id, answer.gateway_id, answer.alert_id) == (None, "gateway-1", "g")


def test_an_open_choice_is_shown_and_takes_the_keys(watched: Watched) -> None:
    watched.press("sa")

    assert watched.controls.choice is not None
    assert watched.controls.choice[0].endswith("a_")
    assert watched.published == []


def test_what_has_begun_is_named_and_the_rest_counted() -> None:
    facts = Facts(
        credit="", speed=60, sent=9, total=None, processed=9, readings_per_second=0, assessments_per_second=0,
        metrics="", notice=None, remark=None, begun=("sepsis A1 1", "stable A1 2", "illness A1 3", "a", "b"),
    )  # fmt: skip
    board = Board()
    board.model_version = 12

    told = status(board, facts)

    assert "begun: sepsis A1 1, stable A1 2, illness A1 3 and 2 more" in told
    assert "learned risk in the shadow: version 12" in told


# --- The scripted shift -----------------------------------------------------------------------------------------------


def test_every_scenario_befalls_somebody_and_a_silent_gateway_no_other_scenario_but_the_stable() -> None:
    plan = shift_plan(1)
    ward = plan.opened(START)

    befallen = {case.scenario: case.patient_id for case in plan.cases}
    beds = {case.patient_id: (int(case.patient_id[1:]) - 1) // 4 for case in plan.cases if case.patient_id[0] == "p"}
    silent = beds[befallen["gateway-silent"]]
    beside = {case.scenario for case in plan.cases if beds.get(case.patient_id) == silent}
    assert set(befallen) == set(SCENARIOS)
    assert len({case.patient_id for case in plan.cases}) == len(plan.cases)
    assert beside == {"gateway-silent", "stable"}
    assert ward.end_time is not None
    for case in plan.cases:
        scenario = SCENARIOS[case.scenario]
        if scenario.expected.alerts or scenario.expected.marks or scenario.expected.refused:
            assert START + case.after + scenario.takes < ward.end_time


RACING = Expectation(kinds=("limit",), code="8867-4", direction="high", within=timedelta(minutes=2))
QUIET = Exclusion(category="technical", priority="high")
KEPT = Truth(
    scenario="tachyarrhythmia",
    patient_id="p4",
    gateway_id="gateway-1",
    onset=START,
    is_over=True,
    outcomes=[],
    expected=Expected(alerts=(RACING,), never=(QUIET,)),
    came=[START + timedelta(seconds=65)],
    unmet=[],
)


def report(*scenarios: Truth) -> Report:
    """A shift that was processed as it should."""
    return Report(
        prefix="simulated-demo",
        ended="through",
        seconds=9.0,
        first_assessment_seconds=1.0,
        patients=1,
        published=1,
        ticks=1,
        processed=1,
        readings=1,
        measurements=1,
        assessments=1,
        alerts=0,
        raised={},
        told=0,
        notified={},
        recommendations=0,
        model_version=None,
        dead_letters={},
        missing=0,
        doubled=0,
        refused=[],
        scenarios=[*scenarios],
        places={},
    )


def test_the_table_says_what_came_when_and_that_it_was_held() -> None:
    lines = promises([KEPT], {"p4": "B1 3"}).splitlines()

    assert lines[1].split()[:3] == ["tachyarrhythmia", "B1", "3"]
    assert lines[1].endswith("medium: limit heart rate high within 2 min  0:01:05     yes")
    assert lines[2].split() == ["no", "high", "technical", "alert", "yes"]
    assert lines[3].strip() == "All promises were held."
    assert report(KEPT).unkept is None


@pytest.mark.parametrize(
    ("changes", "answers", "unkept"),
    [
        ({"came": [None], "unmet": ["No alert."]}, ["NO", "yes"], "tachyarrhythmia of p4: No alert."),
        ({"unmet": ["An alert that must not be."]}, ["yes", "NO"], "p4: An alert that must not be."),
        ({"came": [None], "unmet": None, "is_over": False}, ["not yet", "not yet"], "it is not over"),
    ],
)
def test_a_broken_promise_is_shown_and_is_a_failure(
    changes: dict[str, object], answers: list[str], unkept: str
) -> None:
    broken = structs.replace(KEPT, **changes)

    rows = promises([broken], {}).splitlines()[1:3]

    assert [row.rstrip().endswith(f"  {answer}") for row, answer in zip(rows, answers, strict=True)] == [True, True]
    assert "All promises" not in promises([broken], {})
    assert unkept in (report(broken).unkept or "")


@pytest.mark.parametrize(
    ("truth", "ended", "status", "told"),
    [
        (KEPT, "through", 0, ""),
        (structs.replace(KEPT, unmet=["No alert."]), "through", 1, "1 scenarios did not go as expected"),
        (structs.replace(KEPT, unmet=None), "through", 1, "1 scenarios did not go as expected"),
        (KEPT, "stopped", 130, ""),
    ],
)
def test_a_scripted_shift_ends_with_0_only_if_it_was_whole_and_every_promise_was_held(
    monkeypatch: pytest.MonkeyPatch, truth: Truth, ended: str, status: int, told: str
) -> None:
    class Played:
        """A session that is over."""

        def __init__(self, *_run: object, **_how: object) -> None:
            """Takes what a session takes."""

        def play(self, _duration: float | None) -> Report:
            return structs.replace(report(truth), ended=ended)

    monkeypatch.setattr("vigil.commands.demo.Session", Played)
    monkeypatch.setattr("vigil.commands.demo.running", lambda *_, **__: nullcontext())

    done = CliRunner().invoke(cli, ["demo", "--scripted", "--json"])

    assert done.exit_code == status
    assert told in done.output
    assert json.loads(done.stdout)["scenarios"][0]["scenario"] == "tachyarrhythmia"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--recorded", "--scripted"], "two demos"),
        (["--scripted", "--speed", "9"], "--speed means nothing with --scripted"),
        (["--scripted", "--duration", "9"], "--duration means nothing with --scripted"),
        (["--recorded", "--seed", "9"], "--seed means nothing with --recorded"),
    ],
)
def test_what_can_not_both_mean_something_is_refused(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(cli, ["demo", *arguments])

    assert done.exit_code == 2
    assert told in done.output
