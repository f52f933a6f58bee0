"""The policies that were told, and what is in force for whom."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from models.alerting.answering import NotAccepted
from models.alerting.policy import DECISIONS, NOTHING, Rules, overlaid, rules_of
from models.alerting.policy_check import Complaint, complaints
from models.events import Policy, PolicyChanged
from models.picture import Patient

KEY = b"policy"


class Told(Struct, frozen=True, kw_only=True):
    """One scope's policy and its version."""

    version: str
    policy: Policy


class PolicyBook(Struct, kw_only=True):
    """The policy of the site, of wards by name and of patients by id; a scope that told nothing is absent."""

    site: Told | None = None
    wards: dict[str, Told] = field(default_factory=dict)
    patients: dict[str, Told] = field(default_factory=dict)

    def change(self, event: PolicyChanged) -> None:
        """Puts a scope's policy in place of its last one; raises NotAccepted, and changes nothing, if it can't be."""
        told = None if event.policy is None else Told(version=event.version, policy=event.policy)
        changed = PolicyBook(site=self.site, wards=dict(self.wards), patients=dict(self.patients))
        if event.scope == "site":
            changed.site = told
        elif event.scope == "ward":
            _put(changed.wards, event.ward or "", told)
        else:
            _put(changed.patients, event.patient_id or "", told)
        for place, complaint in changed.problems():
            raise NotAccepted(f"{'.'.join((*place, *complaint.path))}: {complaint.why}.")
        self.site, self.wards, self.patients = changed.site, changed.wards, changed.patients

    def problems(self) -> Iterator[tuple[tuple[str, ...], Complaint]]:
        """What can't be meant, with the scope that says it: () of the site, ("ward", name) or ("patient", id)."""
        site = NOTHING if self.site is None else self.site.policy
        for complaint in complaints(site, NOTHING):
            yield (), complaint
        for ward, told in self.wards.items():
            for complaint in complaints(overlaid(site, told.policy), NOTHING):
                yield ("ward", ward), complaint
        for patient_id, told in self.patients.items():
            for complaint in complaints(site, told.policy):
                yield ("patient", patient_id), complaint

    def rules_for(self, ward: str | None, patient_id: str) -> Rules:
        """What is in force for a patient of a ward, under the version of the scope nearest to the patient."""
        layers = [self.site, self.wards.get(ward or ""), self.patients.get(patient_id)]
        nearest = next((told for told in reversed(layers) if told is not None), None)
        if nearest is None:
            return DECISIONS
        site, of_ward, own = (NOTHING if told is None else told.policy for told in layers)
        return rules_of(overlaid(site, of_ward), own, nearest.version)


class InForce:
    """A book with what follows from it kept at hand.

    `is_fixed`: what the log tells of policies is passed over. `is_told`: some policy was told, or taken back.
    """

    def __init__(self, book: PolicyBook | None = None) -> None:
        self.is_fixed = self.is_told = book is not None
        self.book = PolicyBook() if book is None else book
        self._rules: dict[tuple[str | None, str | None], Rules] = {}
        self._is_plain = True
        self._is_changed = False
        self._learn()

    def change(self, event: PolicyChanged) -> None:
        """Takes what the log tells; raises NotAccepted."""
        self.book.change(event)
        self.is_told = self._is_changed = True
        self._learn()

    def rules_of(self, patient: Patient) -> Rules:
        """What is in force for a patient."""
        if self._is_plain:
            return DECISIONS
        ward = patient.known.ward
        key = (ward if ward in self.book.wards else None, patient.id if patient.id in self.book.patients else None)
        rules = self._rules.get(key)
        if rules is None:
            rules = self._rules[key] = self.book.rules_for(ward, patient.id)
        return rules

    def concerns(self, event: PolicyChanged, patient: Patient) -> bool:
        """Whether a change is about a patient."""
        if event.scope == "site":
            return True
        return patient.known.ward == event.ward if event.scope == "ward" else patient.id == event.patient_id

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """The entry, if anything changed since the last call."""
        entries = list(self.entries()) if self._is_changed else []
        self._is_changed = False
        return entries

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """The book, by key; nothing while none was told."""
        if self.is_told:
            yield KEY, msgspec.msgpack.encode(self.book)

    def readable(self) -> Iterator[tuple[str, object]]:
        """The book, by key, as plain values."""
        if self.is_told:
            yield KEY.decode(), msgspec.to_builtins(self.book)

    def restore(self, _key: bytes, value: bytes) -> None:
        """Takes the book back; raises msgspec.MsgspecError on anything else."""
        self.book = msgspec.msgpack.decode(value, type=PolicyBook)
        self.is_told = True
        self._learn()

    def _learn(self) -> None:
        self._rules = {}
        book = self.book
        self._is_plain = book.site is None and not book.wards and not book.patients


def _put(scopes: dict[str, Told], name: str, told: Told | None) -> None:
    if told is None:
        scopes.pop(name, None)
    else:
        scopes[name] = told
