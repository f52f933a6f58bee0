"""What can be set for the ward page."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from consumers.api.settings import Served


class WardSettings(Served):
    """Settings of the ward page, from `VIGIL_WARD_...` in the environment or `[ward]` in the file."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_WARD_")

    port: int = Field(default=9170, ge=0, le=65535)
    """The port; 0 takes a free one and tells it."""

    wait_seconds: float = Field(default=5, gt=0, le=60)
    """Give up after this long without a result of an answer, or an assessment of what was entered."""

    history_hours: float = Field(default=24, ge=0, le=24 * 90)
    """Read so many hours back at the start, and keep as many; reading back takes its time."""

    most_patients: int = Field(default=5_000, gt=0)
    """Keep at most so many patients; with more the page says that some are left out."""
