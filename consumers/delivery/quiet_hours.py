"""Hours of the day in which nobody is called for what can wait."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class QuietHours(BaseModel):
    """From one time of day to another, on the clocks of a place; over midnight where `from` is the later one."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    from_: time = Field(alias="from")
    """When they begin, as "22:00"."""

    to: time
    """When they are over, as "07:00"."""

    zone: str
    """Whose clocks, by their name in the IANA data, as "Europe/Berlin"."""

    @field_validator("from_", "to")
    @classmethod
    def _is_of_the_place(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise ValueError('write the time of day alone, as "22:00"; `zone` says where')
        return at

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f'{zone!r} is no time zone: write one such as "Europe/Berlin" or "UTC"') from error
        return zone

    @model_validator(mode="after")
    def _lasts(self) -> "QuietHours":
        if self.from_ == self.to:
            raise ValueError("`from` and `to` are the same: write two times of day")
        return self

    def end_after(self, now: datetime) -> datetime | None:
        """When the quiet hours that `now` is in are over, in UTC; nothing outside of them."""
        local = now.astimezone(ZoneInfo(self.zone))
        at = local.time()
        is_quiet = self.from_ <= at < self.to if self.from_ < self.to else at >= self.from_ or at < self.to
        if not is_quiet:
            return None
        day = local.date() if at < self.to else local.date() + timedelta(days=1)
        end = datetime.combine(day, self.to, tzinfo=local.tzinfo).astimezone(UTC)
        return max(end, now)  # An end that the clocks skip or repeat in that night is over at once.
