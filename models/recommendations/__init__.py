"""What guidelines ask for, proposed to people; one rule a file. Decision support, never an order."""

import hashlib

import msgspec
from msgspec import Struct

from models.events import Priority, Recommendation, RecommendationKind
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

    The standing one itself, proposed again, stays.
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
