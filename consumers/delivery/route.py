"""One route: which alerts it takes, and whom it calls in which order."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from consumers.delivery.quiet_hours import QuietHours
from models.events import Alert, AlertKind, Category, Direction, Origin, Priority

GroupField = Literal["ward", "bed", "patient_id", "priority", "category", "kind"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_steps(value: object) -> object:
    return [_as_list(step) for step in value] if isinstance(value, list) else value


class Match(BaseModel):
    """What an alert must be like; what is left out may be anything."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    ward: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(default=None, min_length=1)
    """One of these wards."""

    bed: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(default=None, min_length=1)
    """One of these beds."""

    priority: Annotated[list[Priority] | None, BeforeValidator(_as_list)] = Field(default=None, min_length=1)
    """One of these priorities."""

    category: Annotated[list[Category] | None, BeforeValidator(_as_list)] = Field(default=None, min_length=1)
    """The patient, or the equipment."""

    kind: Annotated[list[AlertKind] | None, BeforeValidator(_as_list)] = Field(default=None, min_length=1)
    """One of these kinds, as `kind` of an alert says."""

    code: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(default=None, min_length=1)
    """One of these signs, by LOINC code."""

    direction: Annotated[list[Direction] | None, BeforeValidator(_as_list)] = Field(default=None, min_length=1)
    """Too low or too high."""

    def takes(self, alert: Alert) -> bool:
        """Whether an alert is like this."""
        wanted = ((getattr(self, name), getattr(alert, name)) for name in type(self).model_fields)
        return all(any_of is None or value in any_of for any_of, value in wanted)


class Route(BaseModel):
    """Whom to call for which alerts: step after step until somebody answers."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = Field(default="", max_length=100)
    """What the delivery log calls it; its number in the file if left out."""

    match: Match = Match()
    """Which alerts it takes; all if left out."""

    origins: list[Origin] = Field(default=["live"], min_length=1)
    """Of which origins: simulated and replayed patients reach nobody unless it is said here."""

    receivers: Annotated[list[list[str]], BeforeValidator(_as_steps)]
    """Whom to call, step after step: each a receiver's name, or a list of those that are called together."""

    escalate_after_seconds: float | None = Field(default=None, gt=0)
    """Call the next step when nobody has answered for so long."""

    repeat_seconds: float | None = Field(default=None, gt=0)
    """Begin again with the first step so long after the last one, until somebody answers; once only if left out."""

    patience_seconds: float = Field(default=120, gt=0)
    """Report that nobody could be reached, and call the next step, when no receiver took it for so long."""

    group_by: list[GroupField] = []
    """Send alerts that share these in one message."""

    group_wait_seconds: float = Field(default=0, ge=0, le=600)
    """Wait so long for more of the group; one of high priority does not wait, and takes the others with it."""

    quiet_hours: QuietHours | None = None
    """Hold calls back in these hours; only for a route that takes nothing but low priorities."""

    include_values: bool = False
    """Let the text name the patient, measurements and reasons, which others may read on the way."""

    goes_on: bool = Field(default=False, alias="continue")
    """Let the routes below have the alert as well."""

    @field_validator("receivers")
    @classmethod
    def _leads_to_somebody(cls, receivers: list[list[str]]) -> list[list[str]]:
        if not receivers or not all(receivers):
            raise ValueError('it leads to nobody: write `receivers = ["NAME"]`, with the name of a receiver')
        return receivers

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if len(self.receivers) > 1 and self.escalate_after_seconds is None:
            raise ValueError(
                "the later steps of its receivers would never be called: write `escalate_after_seconds = 300`"
            )
        if len(self.receivers) == 1 and self.escalate_after_seconds is not None:
            raise ValueError("`escalate_after_seconds` needs a second step in `receivers`: write one, or leave it out")
        if self.group_wait_seconds and not self.group_by:
            raise ValueError('`group_wait_seconds` needs a group: write `group_by = ["ward"]`, or leave it out')
        if self.quiet_hours is not None and self.match.priority != ["low"]:
            raise ValueError('`quiet_hours` are for low priorities only: write `match = {priority = ["low"]}`')
        return self

    def takes(self, alert: Alert) -> bool:
        """Whether an alert goes this way."""
        return alert.origin in self.origins and self.match.takes(alert)
