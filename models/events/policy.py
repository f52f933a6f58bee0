"""What can be changed in how alerts are raised: the limits, the delays, what counts as news. Absent: as it is above it.

Defaults are the clinical decisions; what a site tells stands over them, what a ward tells over the site, what is told
of a patient over the ward.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

_LONGEST_DELAY = 60

Seconds = Annotated[float, Meta(ge=0, le=24 * 60 * 60)]
Delay = Annotated[float, Meta(ge=0, le=_LONGEST_DELAY, description="Seconds; the reference's hard maximum is 60.")]
Bound = Annotated[float, Meta(ge=-1e6, le=1e6)]


class LimitPolicy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One sign's limits, in its canonical unit; a `low` or `high` of null is no limit."""

    low: Bound | UnsetType | None = UNSET
    low_scale_2: Bound | UnsetType | None = UNSET
    high: Bound | UnsetType | None = UNSET
    urgent_below: Bound | UnsetType | None = UNSET
    urgent_above: Bound | UnsetType | None = UNSET
    delay_seconds: Delay | UnsetType = UNSET
    delay_by_depth: Literal["step", "linear"] | UnsetType = UNSET
    band: Annotated[float, Meta(ge=0, le=1e6)] | UnsetType = UNSET
    clear_after_seconds: Seconds | UnsetType = UNSET


class ScorePolicy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """From how many points NEWS2 alerts, and when."""

    high_from: Annotated[int, Meta(ge=1, le=20)] | UnsetType = UNSET
    medium_from: Annotated[int, Meta(ge=1, le=20)] | UnsetType = UNSET
    single_three: bool | UnsetType = UNSET
    rise: bool | UnsetType = UNSET
    delay_seconds: Delay | UnsetType = UNSET
    clear_after_seconds: Seconds | UnsetType = UNSET


class SilencePolicy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """After how many expected intervals, and seconds at least, a continuous stream counts as silent."""

    intervals: Annotated[float, Meta(ge=1, le=100)] | UnsetType = UNSET
    at_least_seconds: Annotated[float, Meta(ge=1, le=3600)] | UnsetType = UNSET


class AnomalyPolicy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """From how many spreads a value is far from the patient's usual, and whether that alerts."""

    enabled: bool | UnsetType = UNSET
    spreads: Annotated[float, Meta(ge=1, le=100)] | UnsetType = UNSET


class NotificationPolicy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """When what goes on is news again, and what is damped.

    A condition that was notified `flapping_after` times within `flapping_seconds` is damped: below high priority it
    notifies only once it has been quiet for as long.
    """

    new_sign_after_seconds: Seconds | UnsetType = UNSET
    flapping_after: Annotated[int, Meta(ge=1, le=16)] | UnsetType = UNSET
    flapping_seconds: Seconds | UnsetType = UNSET


class Policy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one scope tells; `limits` are by a vital sign's name or LOINC code."""

    limits: dict[str, LimitPolicy] = {}
    news2: ScorePolicy = ScorePolicy()
    zero_delay_seconds: Annotated[float, Meta(ge=0, le=15)] | UnsetType = UNSET
    no_data: SilencePolicy = SilencePolicy()
    anomaly: AnomalyPolicy = AnomalyPolicy()
    notification: NotificationPolicy = NotificationPolicy()
