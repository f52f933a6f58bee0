"""What can be set for the deliverer, beside its file of routes."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DeliverySettings(BaseSettings):
    """Settings of the deliverer, from `VIGIL_DELIVERY_...` in the environment or `[delivery]` in the file."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_DELIVERY_", frozen=True, use_attribute_docstrings=True)

    config: Path = Path("delivery.toml")
    """The file of routes: receivers, routes and the heartbeat."""

    prefix: str = Field(default="live", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Which topics: live, simulated, or replay-<run>."""

    instance_id: str | None = None
    """A name that outlives a restart, so that a quick restart moves no partition; unique among deliverers."""

    session_timeout_seconds: float = Field(default=6, gt=0)
    """Take a deliverer that sends no heartbeat for this long for dead."""

    heartbeat_seconds: float = Field(default=2, gt=0)
    """Send Kafka a heartbeat this often."""

    commit_seconds: float = Field(default=5, gt=0)
    """Commit this often where the oldest open alert stands; nothing is lost or doubled by a long one."""

    stop_timeout_seconds: float = Field(default=5, gt=0)
    """Leave after this long even if a receiver has not answered yet; what it took or not is tried again."""

    stuck_seconds: float = Field(default=60, gt=0)
    """Call the process unhealthy when the broker is silent for this long."""

    metrics_host: str = "127.0.0.1"
    """Where metrics and health are served; loopback unless something else guards them."""

    metrics_port: int = Field(default=9150, ge=0, le=65535)
    """The port of metrics and health; 0 takes a free one and logs it."""

    @property
    def group(self) -> str:
        """The consumer group, whose committed offsets say from where on alerts may be open."""
        return delivery_group(self.prefix)


def delivery_group(prefix: str) -> str:
    """The consumer group of the deliverers of a prefix, who share its partitions."""
    return f"vigil-{prefix}-delivery"
