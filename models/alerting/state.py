"""What is remembered of open alerts and of the open episode."""

from msgspec import Struct, field

from models.events import (
    AlertKind,
    AlertState,
    Answered,
    Category,
    Direction,
    Evidence,
    Inhibitor,
    Priority,
    Usefulness,
)
from models.instants import instant_of

RANK: dict[str | None, int] = {None: -1, "low": 0, "medium": 1, "high": 2}

Key = tuple[str, str | None, str | None, str | None]


def name_of(key: Key) -> str:
    """A key as text, to remember it by."""
    return "|".join(part or "" for part in key)


class Snoozed(Struct, frozen=True):
    """Somebody wants not to hear of an alert before `until`, in microseconds; `priority` is the highest it quiets."""

    until: int
    priority: Priority


class Paused(Struct, frozen=True):
    """Who wants to hear of no limit and no silence of a patient before `until`, in microseconds, and why."""

    until: int
    by: str
    reason: str


class Restless(Struct, frozen=True):
    """When somebody was notified of one condition, in microseconds; `last` is when it last came, or went while damped.

    Nobody is notified of one that `is_damped`.
    """

    times: tuple[int, ...]
    last: int
    is_damped: bool = False


class OpenAlert(Struct, kw_only=True):
    """One alert that is not closed.

    `due`: when a pending alert becomes active; `step`: a higher priority and when it is reached; `clearing`: when it
    clears, or falls to the priority beside it. `by_tick`: only a tick makes it active. `peak`: for a score, when each
    part scored at the highest score. `notified_at`: when somebody was first notified whom nobody has answered yet.
    `released`: when a notification that is held back is due, should it still hold. `about`: the alerts that reached
    nobody, of one about those. Times in microseconds. No list is changed in place.
    """

    alert_id: str
    kind: AlertKind
    code: str | None
    direction: Direction | None
    device_id: str | None
    category: Category
    since: int
    priority: Priority
    state: AlertState = "pending"
    revision: int = 0
    stale: bool = False
    due: int | None = None
    by_tick: bool = False
    step: tuple[Priority, int, bool] | None = None
    clearing: tuple[Priority | None, int] | None = None
    reason: str = ""
    clears_when: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    priorities: list[tuple[int, Priority]] = field(default_factory=list)
    unanswered: Priority | None = None
    acknowledgement: Answered | None = None
    episode_id: str | None = None
    signs: list[tuple[str, str]] = field(default_factory=list)
    peak_points: int = -1
    peak: dict[str, int] = field(default_factory=dict)
    snooze: Snoozed | None = None
    inhibited_by: Inhibitor | None = None
    released: int | None = None
    notified_at: int | None = None
    feedback: Usefulness | None = None
    about: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What the alert is about."""
        return (self.kind, self.code, self.direction, self.device_id)

    @property
    def acknowledged_by(self) -> str | None:
        """Who answered it, while the answer holds."""
        return None if self.acknowledgement is None else self.acknowledgement.by

    @property
    def acknowledged_priority(self) -> Priority | None:
        """The highest priority that the answer quiets."""
        return None if self.acknowledgement is None else self.acknowledgement.priority

    @property
    def acknowledgement_expires(self) -> int | None:
        """When the answer ceases to hold, in microseconds; None where it holds until the alert has cleared."""
        answered = self.acknowledgement
        return None if answered is None or answered.expires_at is None else instant_of(answered.expires_at)

    @property
    def is_sounding(self) -> bool:
        """Whether its condition holds and its delay has passed."""
        return self.state in ("active", "acknowledged")

    @property
    def dues(self) -> list[int]:
        """When time alone does something to it, whatever its values are."""
        snoozed_until = None if self.snooze is None else self.snooze.until
        times = (self.due, self.acknowledgement_expires, snoozed_until, self.released)
        return [time for time in times if time is not None]


class Episode(Struct, kw_only=True):
    """What fires together for one patient: one notified, the rest its evidence; no list is changed in place.

    `notified_priority` is None while all notifications of it are held back.
    """

    episode_id: str
    lead: str
    notified_at: int
    notified_priority: Priority | None = None
    notified: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    signs: list[tuple[str, str]] = field(default_factory=list)
