"""What guidelines ask for, proposed to people, who accept it or not; one rule a file. Decision support, no order."""

import hashlib

import msgspec
from msgspec import Struct

from models.alerting.answering import NotAccepted
from models.events import Priority, Recommendation, RecommendationAnswer, RecommendationKind
from models.instants import moment_of
from models.picture import Patient


class Proposal(Struct, frozen=True, kw_only=True):
    """What one rule would propose now."""

    kind: RecommendationKind
    priority: Priority
    text: str
    reason: str
    codes: list[str]
    source: str


def propose(
    patient: Patient, kind: RecommendationKind, proposal: Proposal | Recommendation | None, at: int
) -> list[Recommendation]:
    """What is to be told: one proposal of a kind stands for a patient, a new one takes its place, none withdraws it.

    The standing one itself, proposed again, stays as it is, answered or not.
    """
    standing = patient.proposed.get(kind)
    if proposal is None:
        if standing is None:
            return []
        del patient.proposed[kind]
        return [msgspec.structs.replace(standing, at=moment_of(at), state="withdrawn", origin=patient.origin)]
    if standing is not None and (standing.text, standing.codes) == (proposal.text, proposal.codes):
        return []
    identity = f"{patient.id}\x1f{kind}\x1f{at}\x1f{proposal.text}"
    told = _told(patient, hashlib.sha256(identity.encode()).hexdigest()[:24], proposal, at)
    patient.proposed[kind] = told
    return [told]


def decide(patient: Patient, answer: RecommendationAnswer, at: int) -> Recommendation:
    """The standing recommendation as somebody answered it, in place of any answer before; raises NotAccepted."""
    wanted = answer.recommendation_id
    standing = next((each for each in patient.proposed.values() if each.recommendation_id == wanted), None)
    if standing is None:
        raise NotAccepted("No such recommendation stands: it was withdrawn, another took its place, or it never was.")
    if answer.decision == "declined" and not (answer.reason or "").strip():
        raise NotAccepted("It is declined without a reason: say why, for whoever comes next.")
    told = patient.proposed[standing.kind] = msgspec.structs.replace(
        standing,
        at=moment_of(at),
        state=answer.decision,
        origin=patient.origin,
        answered_by=answer.by,
        answered_at=answer.at,
        answer_reason=answer.reason,
    )
    return told


def _told(patient: Patient, recommendation_id: str, proposal: Proposal | Recommendation, at: int) -> Recommendation:
    return Recommendation(
        recommendation_id=recommendation_id,
        patient_id=patient.id,
        at=moment_of(at),
        kind=proposal.kind,
        priority=proposal.priority,
        text=proposal.text,
        reason=proposal.reason,
        codes=proposal.codes,
        source=proposal.source,
        state="proposed",
        origin=patient.origin,
        ward=patient.known.ward,
        bed=patient.known.bed,
    )
