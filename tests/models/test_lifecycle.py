"""Whatever happens to a patient, alerts live as they must: found by trying thousands of histories."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from models.events import Alert, AnswerResult, Assessment, DeadLetter, Output
from models.partition import PartitionFold

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
VALUES: dict[str, tuple[str, list[float]]] = {
    "8867-4": ("/min", [72, 72, 95, 122, 128, 150, 45, 30, 0]),
    "9279-1": ("/min", [16, 16, 22, 31, 35, 6, 0]),
    "59408-5": ("%", [97, 97, 93, 91, 89, 75, 0]),
    "8480-6": ("mm[Hg]", [120, 120, 105, 88, 165, 230]),
    "8310-5": ("Cel", [36.8, 36.8, 38.5, 39.5, 34.5]),
    "2339-0": ("mg/dL", [110, 110, 60, 50, 75, 300]),
}
RANK = {"low": 0, "medium": 1, "high": 2}
NEXT = {
    None: {"pending"},
    "pending": {"pending", "active", "closed"},
    "active": {"active", "acknowledged", "latched", "closed"},
    "acknowledged": {"acknowledged", "active", "closed"},
    "latched": {"latched", "closed"},
    "closed": set(),
}
SOUNDING = {"active", "acknowledged"}
PAUSED = {"limit", "no-data"}
GATEWAY = "g1"

signs = st.sampled_from(sorted(VALUES))
measured = signs.flatmap(lambda code: st.tuples(st.just(code), st.sampled_from(VALUES[code][1])))
panels = st.fixed_dictionaries({code: st.sampled_from(values) for code, (_, values) in VALUES.items()})
waits = st.sampled_from([1, 5, 5, 10, 20, 60, 120, 700, 3700])
contexts = st.sampled_from(
    [
        {"age": 60, "on_oxygen": False, "consciousness": "A"},
        {"on_oxygen": True},
        {"consciousness": "V"},
        {"consciousness": "A"},
        {"age": 12},
        {"pregnant": True},
        {"age": 60, "pregnant": False},
        {"limits": {"8867-4": {"high": 90}}},
        {"limits": {}},
        {"setting": "ward"},
        {"setting": "home"},
    ]
)


class Ward(RuleBasedStateMachine):
    """One patient, two devices, a gateway before one of them, a clock, and people who answer."""

    def __init__(self) -> None:
        super().__init__()
        self.fold = PartitionFold(0, partitions=1)
        self.now = START
        self.paused_until: datetime | None = None
        self.snoozed: dict[str, tuple[datetime, str]] = {}
        self.reported: set[str] = set()
        self.count = 0
        self.latest: dict[str, Alert] = {}
        self.were_high: set[str] = set()
        self.episodes: set[str] = set()
        self.over: set[str] = set()
        self.tick(pause=0)

    # --- What happens ------------------------------------------------------------------------------------------------

    @rule(pause=waits)
    def tick(self, pause: float) -> None:
        self.now += timedelta(seconds=pause)
        if self.paused_until is not None and self.now >= self.paused_until:
            self.paused_until = None
        self.snoozed = {name: snooze for name, snooze in self.snoozed.items() if self.now < snooze[0]}
        self.send({"type": "Tick", "at": self.now.isoformat()})

    @rule(value=measured, device=st.sampled_from(["d1", "d2"]), late=st.sampled_from([0, 0, 0, 30, 300, 5000]))
    def reading(self, value: tuple[str, float], device: str, late: float = 0) -> None:
        self.measure(dict([value]), device, late)

    @rule(panel=panels)
    def panel(self, panel: dict[str, float]) -> None:
        self.measure(panel, "hand")

    @rule(value=measured, times=st.integers(2, 12))
    def stream(self, value: tuple[str, float], times: int) -> None:
        for _ in range(times):
            self.tick(5)
            self.measure(dict([value]), "d1")

    @rule(fields=contexts)
    def context(self, fields: dict[str, Any]) -> None:
        record = {"type": "PatientContext", "patient_id": "p", "effective_at": self.now.isoformat()}
        self.send({**record, **fields})

    @rule(which=st.integers(0, 5), back=st.sampled_from([0, 0, 1]), expires=st.sampled_from([None, 30, 600]))
    def acknowledge(self, which: int, back: int, expires: float | None) -> None:
        alert = self.open_alert(which)
        if alert is None:
            return
        told, accepted = self.answer("Acknowledgement", alert, revision=max(1, alert.revision - back), until=expires)
        if back == 0 and alert.state == "active":
            assert [one.state for one in told if one.alert_id == alert.alert_id] == ["acknowledged"]
        if alert.state == "pending":
            assert not accepted
        if accepted:
            self.snoozed.pop(alert.alert_id, None)

    @rule(which=st.integers(0, 5), lasts=st.sampled_from([0, 30, 600, 3600, 15_000]))
    def snooze(self, which: int, lasts: float) -> None:
        alert = self.open_alert(which)
        if alert is None:
            return
        told, accepted = self.answer("Snooze", alert, revision=alert.revision, until=lasts)
        assert accepted == (alert.state == "active" and 0 < lasts <= 4 * 3600)
        if accepted:
            self.snoozed[alert.alert_id] = (self.now + timedelta(seconds=lasts), alert.priority)
            assert [one.snoozed_until for one in told] == [self.now + timedelta(seconds=lasts)]

    @rule(which=st.integers(0, 8), usefulness=st.sampled_from(["actionable", "not-actionable"]))
    def feedback(self, which: int, usefulness: str) -> None:
        alerts = list(self.latest.values())[-9:]
        if not alerts:
            return
        alert = alerts[which % len(alerts)]
        told, accepted = self.answer("Feedback", alert, usefulness=usefulness)
        is_open = alert.state not in ("pending", "closed")
        assert accepted or not is_open
        assert [one.feedback for one in told] == [usefulness] * is_open
        assert not [one for one in told if one.notify]

    @rule(lasts=st.sampled_from([0, 60, 600, 3600, 15_000]))
    def pause(self, lasts: float) -> None:
        until = self.now + timedelta(seconds=lasts)
        was_paused, self.paused_until = self.paused_until is not None, None if lasts == 0 else self.paused_until
        record = {"type": "Pause", "patient_id": "p", "at": self.now.isoformat(), "until": until.isoformat()}
        accepted = self.result(self.send({**record, "by": "nurse", "reason": "washing"})).accepted
        is_fit = was_paused if lasts == 0 else lasts <= 4 * 3600
        assert accepted == (is_fit and self.is_watched)
        if accepted and lasts:
            self.paused_until = until

    @rule()
    def heartbeat(self) -> None:
        self.send({"type": "GatewayHeartbeat", "gateway_id": GATEWAY, "at": self.now.isoformat()})

    @rule(which=st.integers(0, 5), delivered=st.booleans())
    def delivery(self, which: int, delivered: bool) -> None:
        alert = self.open_alert(which)
        if alert is None:
            return
        self.reported.add(alert.alert_id)
        told = self.said("DeliveryReport", alert, revision=alert.revision, delivered=delivered, receivers=["phone"])
        assert not [one for one in told if isinstance(one, AnswerResult)]
        if alert.kind == "delivery":
            assert told == []

    def open_alert(self, which: int) -> Alert | None:
        open_ = [alert for alert in self.latest.values() if alert.state != "closed"]
        return open_[which % len(open_)] if open_ else None

    def answer(self, kind: str, alert: Alert, *, until: float | None = None, **fields: Any) -> tuple[list[Alert], bool]:
        """What an answer told of alerts, and whether it was accepted; if not, nothing is told."""
        ends = None if until is None else (self.now + timedelta(seconds=until)).isoformat()
        named = {"Acknowledgement": {"expires_at": ends}, "Snooze": {"until": ends}}.get(kind, {})
        outputs = self.said(kind, alert, by="nurse", **named, **fields)
        told, result = [one for one in outputs if isinstance(one, Alert)], self.result(outputs)
        assert result.accepted or outputs == [result]
        assert result.detail
        return told, result.accepted

    def said(self, kind: str, alert: Alert, **fields: Any) -> list[Output]:
        whose = {"patient_id": alert.patient_id, "gateway_id": alert.gateway_id}
        return self.send({"type": kind, "alert_id": alert.alert_id, "at": self.now.isoformat(), **whose, **fields})

    @staticmethod
    def result(outputs: list[Output]) -> AnswerResult:
        [result] = [one for one in outputs if isinstance(one, AnswerResult)]
        return result

    @rule(kind=st.sampled_from(["discharge", "transfer", "deterioration"]), certain=st.integers(0, 3))
    def outcome(self, kind: str, certain: int) -> None:
        if certain:
            return
        self.send({"type": "Outcome", "patient_id": "p", "at": self.now.isoformat(), "kind": kind})
        if kind != "deterioration":
            self.paused_until = None
            assert all(alert.state == "closed" for alert in self.latest.values() if alert.patient_id)

    def measure(self, values: dict[str, float], device: str, late: float = 0) -> None:
        self.count += 1
        told = self.send(
            {
                "type": "Reading",
                "reading_id": f"r{self.count}",
                "patient_id": "p",
                "device_id": device,
                "gateway_id": GATEWAY if device == "d1" else None,
                "effective_at": (self.now - timedelta(seconds=late)).isoformat(),
                "measurements": [
                    {"code": code, "value": value, "unit": VALUES[code][0]} for code, value in values.items()
                ],
            }
        )
        assert [one.reading_id for one in told if isinstance(one, Assessment)] == [f"r{self.count}"]

    @property
    def is_watched(self) -> bool:
        patient = self.fold.look_at("p")
        return patient is not None and patient.monitored

    # --- What must hold ----------------------------------------------------------------------------------------------

    def send(self, record: dict[str, Any]) -> list[Output]:
        told = self.fold.advance(json.dumps(record).encode(), offset=self.count)
        assert not [output for output in told if isinstance(output, DeadLetter)]
        alerts = [output for output in told if isinstance(output, Alert)]
        for alert in alerts:
            self.check_revision(alert, is_tick=record["type"] == "Tick")
            self.check_silenced(alert)
            self.latest[alert.alert_id] = alert
        self.check_notified(alerts)
        self.check_episode()
        self.check_undelivered()
        self.check_counts()
        return told

    def check_revision(self, alert: Alert, *, is_tick: bool) -> None:
        before = self.latest.get(alert.alert_id)
        assert alert.revision == (1 if before is None else before.revision + 1)
        assert alert.state in NEXT[before.state if before else None]
        assert alert.reason
        assert alert.clears_when
        if alert.state == "active" and alert.priority == "high":
            self.were_high.add(alert.alert_id)
        if alert.state == "latched":
            assert alert.category == "physiological"
            assert alert.alert_id in self.were_high
        if before is None:
            return
        named = ("kind", "code", "direction", "device_id", "category", "since")
        assert all(getattr(alert, name) == getattr(before, name) for name in named)
        if alert.kind in ("limit", "zero", "no-data") and before.state in SOUNDING and alert.category != "technical":
            assert RANK[alert.priority] >= RANK[before.priority]
        if is_tick and before.stale and before.state in SOUNDING:
            assert alert.state not in ("closed", "latched")
            assert RANK[alert.priority] >= RANK[before.priority]

    def check_notified(self, alerts: list[Alert]) -> None:
        notified = [alert for alert in alerts if alert.notify]
        assert all(alert.state == "active" for alert in notified)
        assert sum(alert.category == "physiological" for alert in notified) <= 1
        for alert in alerts:
            if alert.category == "technical":
                assert alert.episode_id is None
        begun = {alert.episode_id for alert in alerts if alert.episode_id} - self.episodes
        for episode in begun:
            of_it = [alert for alert in alerts if alert.episode_id == episode]
            assert any(alert.notify or alert.inhibited_by in ("pause", "flapping") for alert in of_it)
        self.episodes |= begun
        joining = [alert for alert in alerts if alert.state == "active" and alert.notify and alert.episode_id]
        assert not {alert.episode_id for alert in joining} & self.over

    def check_silenced(self, alert: Alert) -> None:
        """Nobody is notified of what is silenced, and what is not notified says so by what may hold it back."""
        if alert.notify:
            assert alert.inhibited_by is None
            assert alert.snoozed_until is None
            assert not (self.paused_until is not None and alert.kind in PAUSED)
            _, quieted = self.snoozed.pop(alert.alert_id, (None, None))
            assert quieted is None or RANK[alert.priority] > RANK[quieted] or alert.kind == "news2"
        if alert.inhibited_by is not None:
            assert alert.state == "active"
        if alert.inhibited_by == "pause":
            assert alert.kind in PAUSED
        if alert.inhibited_by == "gateway":
            assert (alert.kind, alert.device_id) == ("no-data", "d1")
        if alert.inhibited_by == "flapping":
            assert alert.priority != "high"
        if alert.state in ("pending", "closed"):
            assert alert.snoozed_until is None

    def check_undelivered(self) -> None:
        """An alert that reached nobody is told while one that was reported is open and unanswered."""
        for alert in self.latest.values():
            if alert.kind == "delivery" and alert.state != "closed":
                about = [self.latest[name] for name in self.reported if self.latest[name].subject == alert.subject]
                assert any(each.kind != "delivery" and each.state in ("active", "latched") for each in about)

    def check_episode(self) -> None:
        standing = [
            alert for alert in self.latest.values() if alert.state in SOUNDING and alert.category == "physiological"
        ]
        assert len({alert.episode_id for alert in standing}) <= 1
        assert all(alert.episode_id for alert in standing)
        if not standing:
            self.over |= self.episodes
        about = [
            (alert.subject, alert.kind, alert.code, alert.direction, alert.device_id)
            for alert in self.latest.values()
            if alert.state not in ("closed", "latched")
        ]
        assert len(about) == len(set(about))

    def check_counts(self) -> None:
        open_ = [alert for alert in self.latest.values() if alert.state not in ("closed", "pending")]
        assert sum(self.fold.census.open_alerts.values()) == len(open_)


def ward_after(*steps: tuple[Any, ...]) -> tuple[Ward, list[Output]]:
    """A ward after some steps, with what the last one told."""
    ward, told = Ward(), []
    for name, *arguments in steps:
        told = getattr(ward, name)(*arguments)
    return ward, told


USUAL = {code: values[0] for code, (_, values) in VALUES.items()}


def test_a_clearing_value_that_went_stale_before_its_time_clears_nothing() -> None:
    ward, _ = ward_after(("panel", {**USUAL, "8867-4": 150}), ("tick", 20), ("panel", USUAL), ("tick", 3_700))

    limit = next(alert for alert in ward.latest.values() if alert.kind == "limit")

    assert (limit.state, limit.stale) == ("active", True)


def test_of_what_one_event_raises_one_is_notified() -> None:
    ward, _ = ward_after(
        ("panel", {**USUAL, "59408-5": 75}),
        ("tick", 1),
        ("panel", USUAL),
        ("tick", 20),
        ("reading", ("2339-0", 60), "hand"),
        ("tick", 15),
    )

    ward.panel({**USUAL, "59408-5": 75, "2339-0": 50})

    risen = [alert for alert in ward.latest.values() if alert.state == "active" and alert.priority == "high"]
    assert {alert.code for alert in risen} >= {"59408-5", "2339-0"}


TestWard = Ward.TestCase
TestWard.settings = settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    report_multiple_bugs=False,
    phases=set(Phase) - {Phase.shrink},
)
