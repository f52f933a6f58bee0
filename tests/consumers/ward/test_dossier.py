"""What the page tells of one patient beside the course of values."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consumers.ward.dossier import Dossiers
from consumers.ward.views.patient import PatientView
from consumers.ward.views.ward import Row
from models import codec
from models.checkpoints import BadCheckpoint
from models.events import (
    Alert,
    Assessment,
    Event,
    LimitPolicy,
    Limits,
    Measurement,
    Outcome,
    Output,
    PatientContext,
    Policy,
    PolicyChanged,
    Reading,
    Recommendation,
    RecommendationAnswer,
    Tick,
)
from models.partition import PartitionFold
from models.picture import FORM
from tests.an_alert import an_alert

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
_HEART_RATE = "8867-4"

Records = list[Output | Event]
Fold = Callable[[Iterable[Event]], Records]
View = Callable[..., PatientView]


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def context(seconds: float = 0, **told: Any) -> PatientContext:
    return PatientContext(patient_id="p1", effective_at=after(seconds), **told)


def reading(seconds: float, value: Any = 72, code: str = _HEART_RATE, unit: str = "/min", **changes: Any) -> Reading:
    fields: dict[str, Any] = {
        "reading_id": f"{code}-{seconds}",
        "patient_id": "p1",
        "device_id": "d1",
        "effective_at": after(seconds),
        "measurements": [Measurement(code=code, value=value, unit=unit)],
    }
    return Reading(**(fields | changes))


def policy(scope: Any, told: Policy | None, **names: str) -> PolicyChanged:
    return PolicyChanged(scope=scope, version="1", at=START, by="dr-3", reason="usual here", policy=told, **names)


@pytest.fixture
def view(row: Row) -> View:
    """What is told of p1 after all these."""

    def told(*records: Event | Output) -> PatientView:
        dossiers = Dossiers()
        for record in records:
            dossiers.take(record, 0)
        found = dossiers.view("p1", row, "r", 1)
        assert found is not None
        return found

    return told


def test_of_a_patient_of_whom_nothing_is_known_nothing_is_told(row: Row) -> None:
    assert Dossiers().view("p1", row, "r", 1) is None


# --- Alerts -----------------------------------------------------------------------------------------------------------


def test_an_alert_is_told_with_each_revision_who_answered_and_of_what_use_it_was_after_it_closed(
    view: View, example: Records
) -> None:
    alerts = {alert.kind: alert for alert in view(*example).alerts}

    score = alerts["news2"]
    assert [step.state for step in score.steps] == ["pending", "active", "active", "acknowledged", "closed"]
    assert [step.notify for step in score.steps] == [False, True, False, False, False]
    assert score.acknowledgement is not None
    assert (score.acknowledgement.by, score.acknowledgement.reason) == ("nurse-12", "doctor called")
    assert score.feedback == "actionable"
    assert [fact.points for fact in score.explanation] == [3, 2, 1, 3]
    assert score.notified_at is not None
    assert alerts["limit"].notified_at is None


def test_open_alerts_come_first_then_closed_ones_the_newest_first(view: View) -> None:
    told = [
        an_alert(alert_id="old", state="closed", revision=3, at=after(10)),
        an_alert(alert_id="new", state="closed", revision=3, at=after(20)),
        an_alert(alert_id="mild", priority="low"),
        an_alert(alert_id="grave", priority="high"),
        an_alert(alert_id="waiting", state="pending", revision=1),
    ]

    assert [alert.alert_id for alert in view(*told).alerts] == ["grave", "mild", "new", "old"]


def test_a_condition_that_passed_before_anybody_was_told_is_no_alert(view: View) -> None:
    pending = an_alert(revision=1, state="pending")

    assert view(pending, an_alert(revision=2, state="closed")).alerts == []


def test_an_older_revision_changes_nothing_not_even_of_a_closed_alert(view: View) -> None:
    closed = an_alert(revision=3, state="closed")

    assert view(an_alert(), closed, an_alert()).alerts == view(an_alert(), closed).alerts


def test_an_open_alert_outlasts_any_number_of_closed_ones_and_the_page_says_since_when_it_knows(view: View) -> None:
    closed = [an_alert(alert_id=f"c{n}", state="closed", revision=3, at=after(n + 1)) for n in range(250)]

    found = view(an_alert(alert_id="open", at=START), *closed)

    assert len(found.alerts) == 200
    assert found.alerts[0].alert_id == "open"
    assert found.alerts[-1].alert_id == "c51"
    assert found.known_from == after(50).timestamp()


def test_without_any_alert_the_page_knows_since_the_first_tick(view: View) -> None:
    assert view(Tick(at=START), Tick(at=after(60)), context()).known_from == START.timestamp()


def test_of_many_revisions_the_first_and_the_newest_are_kept(view: View) -> None:
    [alert] = view(*(an_alert(revision=number, at=after(number)) for number in range(1, 80))).alerts

    assert len(alert.steps) == 50
    assert [step.revision for step in alert.steps[:2]] == [1, 31]
    assert alert.steps[-1].revision == alert.revision == 79


# --- Limits -----------------------------------------------------------------------------------------------------------


def heart_rate(told: PatientView) -> tuple[float | None, float | None, str] | None:
    found = [limit for limit in told.limits if limit.code == _HEART_RATE]
    return (found[0].low, found[0].high, found[0].source) if found else None


_WARD = policy("ward", Policy(limits={"heart_rate": LimitPolicy(high=130)}), ward="A1")
_OWN = policy("patient", Policy(limits={"heart_rate": LimitPolicy(high=150)}), patient_id="p1")
_LIMITS = {_HEART_RATE: Limits(low=45)}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([context(age=60)], (50, 120, "adult")),
        ([context()], (50, 120, "adult")),
        ([context(age=60, limits=_LIMITS)], (45, 120, "patient")),
        ([context(age=60, limits=_LIMITS), context(9, limits=None)], (50, 120, "adult")),
        ([_WARD, context(age=60, ward="A1")], (50, 130, "policy")),
        ([_WARD, context(age=60, ward="B2")], (50, 120, "adult")),
        ([_WARD, context(age=60, ward="A1", limits=_LIMITS)], (45, 130, "patient")),
        ([_WARD, _OWN, context(age=60, ward="A1", limits=_LIMITS)], (45, 150, "policy")),
        ([_WARD, policy("ward", None, ward="A1"), context(age=60, ward="A1")], (50, 120, "adult")),
        ([context(age=9)], None),
        ([context(age=30, pregnant=True)], None),
        ([context(age=9, limits=_LIMITS)], (45, None, "patient")),
        ([_WARD, context(age=9, ward="A1", limits=_LIMITS)], (45, None, "patient")),
        ([_OWN, context(age=9)], (None, 150, "policy")),
    ],
)
def test_the_limits_are_those_in_force_and_say_whose_they_are(
    view: View, records: list[Event], expected: tuple[float | None, float | None, str] | None
) -> None:
    assert heart_rate(view(*records)) == expected


def test_an_alert_of_a_worker_rests_on_the_limit_that_is_told(view: View, fold: Fold) -> None:
    records = fold([_WARD, Tick(at=START), context(age=60, ward="A1"), reading(1, 140), Tick(at=after(60))])
    alert = next(record for record in records if isinstance(record, Alert) and record.kind == "limit")

    limits = heart_rate(view(*records))

    assert limits is not None
    assert alert.explanation[0].limit == limits[1]


def test_a_policy_that_no_worker_takes_changes_no_limit(view: View) -> None:
    absurd = policy("site", Policy(limits={"heart_rate": LimitPolicy(high=4000)}))

    assert heart_rate(view(absurd, context(age=60))) == (50, 120, "adult")


def test_scale_two_lowers_the_limit_of_oxygen_saturation(view: View) -> None:
    limits = {limit.code: limit.low for limit in view(context(age=60, spo2_scale=2)).limits}

    assert limits["59408-5"] == 88


# --- What is known beside the readings --------------------------------------------------------------------------------


def test_an_absent_field_stays_null_is_unknown_and_what_is_of_an_earlier_time_is_no_news(view: View) -> None:
    about = view(
        context(60, age=60, conditions=["COPD"], on_oxygen=False, consciousness="A"),
        context(120, consciousness=None, spo2_scale=2),
        context(30, age=50, medication=["bisoprolol"]),
    ).about

    assert (about.age, about.conditions, about.medication) == (60, ["COPD"], ["bisoprolol"])
    assert (about.consciousness, about.on_oxygen, about.spo2_scale, about.sex) == (None, False, 2, None)


def test_oxygen_that_is_measured_later_is_believed_over_what_a_context_told_before(view: View) -> None:
    flow = reading(60, 2, "3151-8", "L/min")

    assert view(context(on_oxygen=False), flow).about.on_oxygen is True
    assert view(flow, context(120, on_oxygen=False)).about.on_oxygen is False


def test_a_context_that_a_worker_parks_for_its_time_is_not_believed(view: View) -> None:
    about = view(context(age=60), Tick(at=START), context(3600, age=90)).about

    assert about.age == 60


def test_monitoring_ends_with_a_discharge_and_begins_again_with_an_admission(view: View) -> None:
    home = Outcome(patient_id="p1", at=after(60), kind="discharge")

    left = view(context(setting="ward"), home, home)
    back = view(context(setting="ward"), home, context(120, setting="ward"))

    assert (left.monitored, [outcome.kind for outcome in left.outcomes]) == (False, ["discharge"])
    assert back.monitored


def test_a_device_is_told_with_its_newest_value_and_the_gateway_that_told_it(view: View) -> None:
    devices = view(
        reading(0, device_type="monitor", gateway_id="g1"),
        reading(60, gateway_id="g2"),
        reading(30, gateway_id="g3"),
        reading(90, device_id="d2"),
    ).devices

    assert [(device.device_id, device.device_type, device.gateway_id) for device in devices] == [
        ("d2", None, None),
        ("d1", "monitor", "g2"),
    ]
    assert devices[1].heard_at == after(60).timestamp()


def test_what_was_entered_by_hand_is_told_once_as_it_counts_and_what_was_not_believed_by_name(view: View) -> None:
    by_hand = reading(
        0,
        device_id="hand-n1",
        device_type="manual",
        measurements=[
            Measurement(code="8310-5", value=101.3, unit="[degF]"),
            Measurement(code="67775-7", value="V"),
            Measurement(code=_HEART_RATE, value=900, unit="/min"),
        ],
    )

    [entered] = view(by_hand, by_hand, reading(9, device_type="monitor")).entered

    assert (entered.by, entered.at) == ("hand-n1", START.timestamp())
    assert entered.text == (
        "temperature 38.5 °C, consciousness responds to voice, heart rate 900 /min (not believed: implausible)"
    )


# --- Recommendations --------------------------------------------------------------------------------------------------


def test_one_recommendation_of_a_kind_stands_and_one_that_it_took_the_place_of_does_not(view: View, fold: Fold) -> None:
    records = fold([Tick(at=START), context(age=60), reading(1, 72), reading(5, 135), Tick(at=after(60))])
    told = [record for record in records if isinstance(record, Recommendation) and record.kind == "response"]
    assert len({each.recommendation_id for each in told}) == 2

    states = {each.recommendation_id: each.state for each in view(*records).recommendations if each.kind == "response"}

    assert states == {told[0].recommendation_id: "withdrawn", told[-1].recommendation_id: "proposed"}


def test_what_was_answered_to_a_recommendation_is_told_also_once_it_stands_no_more(view: View, fold: Fold) -> None:
    begun: list[Event] = [Tick(at=START), context(age=60), reading(1, 135), Tick(at=after(5))]
    told = next(r for r in fold(begun) if isinstance(r, Recommendation) and r.kind == "response")
    declined = RecommendationAnswer(
        patient_id="p1",
        recommendation_id=told.recommendation_id,
        at=after(6),
        by="dr-3",
        decision="declined",
        reason="seen already",
    )
    home = Outcome(patient_id="p1", at=after(60), kind="discharge")

    for records, state in (([*begun, declined], "declined"), ([*begun, declined, home], "withdrawn")):
        views = view(*fold(records)).recommendations
        [found] = [each for each in views if each.recommendation_id == told.recommendation_id]
        assert (found.state, found.decision) == (state, "declined")
        assert (found.answered_by, found.answer_reason) == ("dr-3", "seen already")


def test_recommendations_that_stand_come_first_and_are_never_dropped(view: View, recommendation: Any) -> None:
    standing = recommendation(recommendation_id="s", kind="measure", priority="low")
    others = [recommendation(recommendation_id=f"r{n}", at=after(n)) for n in range(80)]

    found = view(standing, *others).recommendations

    assert len(found) == 50
    assert [each.recommendation_id for each in found[:3]] == ["r79", "s", "r78"]


# --- Risks, scores, findings ------------------------------------------------------------------------------------------


def test_the_newest_risk_and_the_scores_beside_are_told_with_their_time(view: View, example: Records) -> None:
    told = [record for record in example if isinstance(record, Assessment)]
    risks = [each for each in told if each.risk is not None]
    beside = [each for each in told if each.scores]

    found = view(*example)

    [risk] = found.risks
    assert (risk.at, risk.probability, risk.hours) == (risks[-1].at.timestamp(), risks[-1].risk.probability, 6)
    assert {score.name for score in found.others} == {"mews", "qsofa", "sirs", "shock_index"}
    assert {score.at for score in found.others} == {beside[-1].at.timestamp()}


def beating(minutes: int, value: Callable[[int], float], since: int = 0) -> list[Event]:
    """A heart rate every 30 seconds, with a tick after each."""
    log: list[Event] = []
    for number in range(2 * since, 2 * (since + minutes)):
        log += [reading(30 * number + 1, value(number)), Tick(at=after(30 * number + 2))]
    return log


_ADMITTED: list[Event] = [Tick(at=after(-1)), context(age=60)]


def test_a_finding_is_told_while_it_holds_and_with_its_end_after_that(view: View, fold: Fold) -> None:
    stuck = [*_ADMITTED, *beating(12, lambda _: 70)]
    moving = beating(4, lambda number: 70 + number % 3, since=12)

    [holds] = view(*fold(stuck)).findings
    [over] = view(*fold([*stuck, *moving])).findings

    assert (holds.detector, holds.codes, holds.until) == ("flat-line", [_HEART_RATE], None)
    assert holds.text.startswith("Heart rate has been exactly 70 /min for 10 min")
    assert (over.since, over.text) == (holds.since, holds.text)
    assert over.until is not None
    assert after(12 * 60).timestamp() <= over.until <= after(14 * 60).timestamp()


def test_a_forecast_says_which_limit_would_be_crossed_until_it_is_over(view: View, fold: Fold) -> None:
    rising = [*_ADMITTED, *beating(60, lambda number: 70 + number // 3)]
    falling = beating(30, lambda number: 70, since=60)

    foretold = [found for found in view(*fold(rising)).findings if found.detector == "trend"]
    after_that = [found for found in view(*fold([*rising, *falling])).findings if found.detector == "trend"]

    assert [(found.codes, found.until) for found in foretold] == [([_HEART_RATE], None)]
    assert "would rise over its high limit of 120 /min in about" in foretold[0].text
    assert len(after_that) == 1
    assert after_that[0].until is not None


def test_nothing_holds_once_monitoring_has_ended(view: View, fold: Fold) -> None:
    end = Outcome(patient_id="p1", at=after(780), kind="transfer")

    [found] = view(*fold([*_ADMITTED, *beating(12, lambda _: 70), end])).findings

    assert found.until == after(780).timestamp()


def test_nothing_holds_either_that_is_heard_after_the_end_though_it_was_told_before(view: View, fold: Fold) -> None:
    records = fold([*_ADMITTED, *beating(12, lambda _: 70)])
    end = Outcome(patient_id="p1", at=after(780), kind="transfer")

    [found] = view(end, *records).findings

    assert found.until == after(780).timestamp()


# --- Bounds -----------------------------------------------------------------------------------------------------------


def test_a_patient_of_whom_nothing_is_told_for_weeks_is_forgotten_but_not_one_with_an_open_alert(row: Row) -> None:
    dossiers = Dossiers(days=28)
    for record in (Tick(at=START), context(), an_alert(patient_id="p2")):
        dossiers.take(record, 0)

    for day in range(40):
        dossiers.take(Tick(at=after(86_400 * day)), 0)

    assert dossiers.view("p1", row, "r", 1) is None
    assert dossiers.view("p2", row, "r", 1) is not None


def test_each_partition_has_its_own_clock_and_its_own_policies(row: Row) -> None:
    dossiers = Dossiers()
    dossiers.take(Tick(at=after(90 * 86_400)), 0)
    dossiers.take(policy("site", Policy(limits={"heart_rate": LimitPolicy(high=130)})), 0)

    dossiers.take(context(age=60), 1)

    found = dossiers.view("p1", row, "r", 1)
    assert found is not None
    assert heart_rate(found) == (50, 120, "adult")
    assert found.about.age == 60


# --- What was told before all that is read ----------------------------------------------------------------------------


def test_what_a_worker_kept_stands_in_for_what_was_told_before_all_that_is_read(row: Row) -> None:
    worker, dossiers = PartitionFold(0), Dossiers()
    before = [
        Tick(at=START),
        _WARD,
        context(age=60, ward="A1", on_oxygen=True, limits=_LIMITS),
        reading(1, device_type="monitor", gateway_id="g1"),
    ]
    for offset, event in enumerate(before):
        worker.take(event, codec.encode(event), offset=offset)

    for key, value in worker.entries():
        dossiers.restore(key, value, 0)
    dossiers.take(context(-60, age=99, spo2_scale=2), 0)

    told = dossiers.view("p1", row, "r", 1)
    assert told is not None
    assert heart_rate(told) == (45, 130, "patient")
    assert (told.about.age, told.about.on_oxygen, told.about.spo2_scale) == (60, True, 2)
    assert [(device.device_id, device.device_type, device.gateway_id) for device in told.devices] == [
        ("d1", "monitor", "g1")
    ]


def test_a_discharge_that_a_worker_kept_stands(row: Row) -> None:
    worker, dossiers = PartitionFold(0), Dossiers()
    for offset, event in enumerate([context(age=60), Outcome(patient_id="p1", at=after(9), kind="death")]):
        worker.take(event, codec.encode(event), offset=offset)

    for key, value in worker.entries():
        dossiers.restore(key, value, 0)

    told = dossiers.view("p1", row, "r", 1)
    assert told is not None
    assert not told.monitored


@pytest.mark.parametrize("value", [b"", b"\x00", bytes([FORM]), bytes([FORM]) + b"nothing of the kind", b"\xff" * 9])
@pytest.mark.parametrize("key", [b"patient/p1", b"policy"])
def test_what_can_not_be_read_of_a_worker_is_named(key: bytes, value: bytes) -> None:
    with pytest.raises(BadCheckpoint, match=key.decode()):
        Dossiers().restore(key, value, 0)
