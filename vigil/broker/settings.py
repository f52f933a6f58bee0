"""What can be set for the embedded broker."""

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_home() -> Path:
    """Names the folder in which Vigil keeps what outlives a run."""
    return Path("~/.local/share/vigil").expanduser()


class BrokerSettings(BaseSettings):
    """Settings of the embedded broker, from `VIGIL_BROKER_...` in the environment or `[broker]` in the file."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_BROKER_", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )

    home: Path = Field(default_factory=default_home, validation_alias=AliasChoices("VIGIL_HOME"))
    """The folder in which Vigil keeps what outlives a run: the broker's programs and, by default, its data."""

    java: Path | None = Field(default=None, validation_alias=AliasChoices("VIGIL_JAVA"))
    """The Java, 17 or newer, to run the broker with; the one that comes with Vigil if unset."""

    memory: str = Field(default="256m", pattern=r"^\d+[mg]$")
    """How much heap the broker may use, as Java writes it: 256m, 1g."""

    start_timeout: float = Field(default=60, gt=0)
    """How long the broker may take to answer after its start, in seconds."""

    stop_timeout: float = Field(default=20, gt=0)
    """How long the broker may take to stop by itself before it is killed, in seconds."""

    lock_timeout: float = Field(default=5, ge=0)
    """How long to wait, in seconds, for the last broker on a folder to be gone: it may be stopping."""

    free_space: int = Field(default=64 * 1024 * 1024, ge=0)
    """How many bytes must be free on the disk for the broker to start."""

    @property
    def jars_folder(self) -> Path:
        """The folder of the broker's programs."""
        return self.home / "jars"

    @property
    def data_folder(self) -> Path:
        """The default folder of the broker's data."""
        return self.home / "broker"
