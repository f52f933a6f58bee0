"""A call about nobody, for tests of delivery and of templates."""

from datetime import UTC, datetime

from consumers.delivery.grouping import Batch
from consumers.delivery.plan import Call
from consumers.delivery.route import Route
from models.events import Alert


def sample(receiver: str, now: datetime, *, include_values: bool = False) -> Batch:
    """A low technical alert that is closed, of no live origin; its id tells one test from the next."""
    alert = Alert(
        alert_id=f"delivery-test-{int(now.timestamp())}",
        revision=1,
        episode_id=None,
        notify=False,
        patient_id="delivery-test",
        code=None,
        direction=None,
        kind="delivery",
        category="technical",
        priority="low",
        state="closed",
        stale=False,
        at=now,
        since=now,
        reason="This is a test of delivery.",
        explanation=[],
        clears_when="Nothing: it is a test.",
        device_id=None,
        acknowledged_by=None,
        origin="simulated",
        ward=None,
        bed=None,
    )
    call = Call(
        partition=0,
        tenure=None,
        alert=alert,
        newest=alert,
        heard_at=now,
        route=Route(name="test", receivers=[[receiver]], include_values=include_values),
        receiver=receiver,
        round=0,
        step=0,
        due=now,
    )
    return Batch(receiver=receiver, calls=(call,))


SAMPLE_AT = datetime(2026, 1, 1, tzinfo=UTC)
