"""Policies that are told to a ward, and what alerts come of them."""

from typing import Any

from models.events import AnswerResult

LOW_SATURATION = [("59408-5", "low")]


def told(room: Any, at: str, policy: dict[str, Any] | None, scope: str = "site", **whom: str) -> AnswerResult:
    """A policy is told; gives what became of it."""
    record = {"type": "PolicyChanged", "scope": scope, "version": f"{scope}-{at}", "at": f"2026-11-21T{at}Z"}
    outputs = room.send({**record, "by": "dr", "reason": "trial", "policy": policy, **whom})
    results = [output for output in outputs if isinstance(output, AnswerResult)]
    assert len(results) == 1
    return results[0]


def saturations(low: float) -> dict[str, Any]:
    """A policy of another low limit of saturation."""
    return {"limits": {"oxygen_saturation": {"low": low}}}


def observed(ward: Any, patient: str, at: str, **signs: float) -> list[tuple[str | None, str | None]]:
    """What alerts stand of limits a minute after a hand measured these."""
    ward.observe(patient, at, **signs)
    ward.ticks(ward.time(at), ward.time("03:59:00"), every=60)
    return [(alert.code, alert.direction) for alert in ward.standing(kind="limit", patient_id=patient)]
