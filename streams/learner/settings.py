"""What can be set for the learner."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.events import Origin
from streams.settings import origin_of


class LearnerSettings(BaseSettings):
    """Settings of the learner, from `VIGIL_LEARNER_...` in the environment or `[learner]` in the file."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_LEARNER_", frozen=True, use_attribute_docstrings=True)

    prefix: str = Field(default="live", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Which topics to learn from: live, simulated, or replay-<run>."""

    instance_id: str | None = None
    """A name that outlives a restart, so that a restart need not wait for the session to time out; unique."""

    transaction_examples: int = Field(default=500, gt=0)
    """Learn at most this many examples in one transaction."""

    session_timeout_seconds: float = Field(default=6, gt=0)
    """Take a learner that sends no heartbeat for this long for dead."""

    heartbeat_seconds: float = Field(default=2, gt=0)
    """Send a heartbeat this often."""

    transaction_timeout_seconds: float = Field(default=10, gt=0)
    """Let the broker abort a transaction that is open for this long."""

    stop_timeout_seconds: float = Field(default=5, gt=0)
    """Leave after this long even if the last transaction is not done; nothing is lost by it."""

    stuck_seconds: float = Field(default=60, gt=0)
    """Call the learner unhealthy when a transaction takes, or the broker is silent, for this long."""

    metrics_host: str = "127.0.0.1"
    """Where metrics and health are served; loopback unless something else guards them."""

    metrics_port: int = Field(default=9170, ge=0, le=65535)
    """The port of metrics and health; 0 takes a free one and logs it."""

    @property
    def group(self) -> str:
        """The consumer group, whose committed offset says what is learned."""
        return learner_group(self.prefix)

    @property
    def origin(self) -> Origin:
        """The origin of what the learner publishes."""
        return origin_of(self.prefix)


def learner_group(prefix: str) -> str:
    """The consumer group of the learners of a prefix, of whom one learns and the others stand by."""
    return f"vigil-{prefix}-learner"
