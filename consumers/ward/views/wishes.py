"""What the page sends, beside the answers that the HTTP API takes too, and what becomes of it."""

from msgspec import Struct


class HandEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /patients/ID/readings`: what a person measured, by the names of `GET /forms`.

    `at` as RFC 3339, or null for now.
    """

    by: str
    values: dict[str, str]
    at: str | None = None


class HandEntered(Struct, frozen=True, kw_only=True):
    """What became of a reading by hand: `assessed` is whether a worker has assessed it in time.

    `said` each value as it counts.
    """

    reading_id: str
    assessed: bool
    said: list[str]


class FormField(Struct, frozen=True, kw_only=True):
    """`GET /forms`: one value that can be entered by hand, and how it is written."""

    name: str
    title: str
    form: str


class ScenarioWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /scenarios`, in the demo alone: let this befall a patient, or with null the next to whom nothing has."""

    name: str
    patient_id: str | None = None


class ScenarioBegun(Struct, frozen=True, kw_only=True):
    """What a scenario befalls whom."""

    name: str
    patient_id: str


class Session(Struct, frozen=True, kw_only=True):
    """`GET /session`: whether a token is asked for, and whether this browser has told it."""

    needs_token: bool
    signed_in: bool
