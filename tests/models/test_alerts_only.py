"""A fold that is asked for alerts alone: the same alerts, byte for byte, and nothing that nobody asked for."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from models import codec
from models.events import Alert, AnswerResult, DeadLetter, Outcome, Output, Recommendation, RecommendationAnswer
from models.partition import PartitionFold
from producers.entry import Entry
from producers.simulator.case import Plan
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.simulation import simulated
from producers.simulator.ward import Ward
from vigil.recording import open_recording

START = datetime(2026, 1, 1, tzinfo=UTC)


def ward() -> list[Entry]:
    """Everything that a simulated ward knows, side by side, for an hour and a half."""
    names = [name for name, scenario in SCENARIOS.items() if scenario.setting == "ward"]
    plans = [
        Plan(scenario=name, patient_id=f"p{number}", after=timedelta(minutes=5))
        for number, name in enumerate(names, start=1)
    ]
    return [*simulated(Ward(START, patients=len(names), plans=plans, lasts=timedelta(hours=1.5)), 1)]


def stays() -> list[Entry]:
    """The recorded stays that come with Vigil."""
    return [*open_recording("sample").entries(1, Counter())]


def garbage() -> list[Entry]:
    """What can't be used, and what ends a stay of nobody."""
    outcome = codec.encode(Outcome(patient_id="nobody", at=START, kind="death"))
    return [Entry(value, "garbage") for value in (b"{", b"\xff", b'{"type":"Reading"}', outcome)]


def folded(log: Iterable[Entry], *, alerts_only: bool) -> list[Output]:
    fold = PartitionFold(0, origin="replay", alerts_only=alerts_only)
    return [
        output for offset, entry in enumerate(log) for output in fold.advance(entry.value, offset=offset, key=entry.key)
    ]


@pytest.mark.parametrize("recorded", [ward, stays, garbage])
def test_the_alerts_are_the_same_bytes_as_those_of_a_full_fold(recorded) -> None:
    log = recorded()

    full, alone = folded(log, alerts_only=False), folded(log, alerts_only=True)

    wanted = [codec.encode(output) for output in full if isinstance(output, Alert | AnswerResult | DeadLetter)]
    assert [codec.encode(output) for output in alone] == wanted
    assert len(wanted) > 2


def test_an_answer_to_a_recommendation_is_left_out_with_the_recommendation() -> None:
    log = stays()[:200]
    asked = next(output for output in folded(log, alerts_only=False) if isinstance(output, Recommendation))
    answer = RecommendationAnswer(
        patient_id=asked.patient_id, recommendation_id=asked.recommendation_id, at=asked.at, by="n", decision="accepted"
    )
    answered = [*log, Entry(codec.encode(answer), "answer")]

    assert len(folded(answered, alerts_only=False)) > len(folded(log, alerts_only=False))
    assert folded(answered, alerts_only=True) == folded(log, alerts_only=True)
