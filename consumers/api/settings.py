"""What can be set for the HTTP API."""

import ipaddress
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SHORTEST_TOKEN = 16


class Served(BaseSettings):
    """What is set for whatever is served over HTTP: where, under which names, and to whom."""

    model_config = SettingsConfigDict(frozen=True, use_attribute_docstrings=True)

    prefix: str = Field(default="live", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Which topics: live, simulated, or replay-<run>."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """Where it is served; beyond loopback only with a token, and behind something that encrypts."""

    port: int = Field(default=0, ge=0, le=65535)
    """The port; 0 takes a free one and tells it."""

    names: str = ""
    """Host names that it may be called by beside localhost and any address, separated by commas."""

    token: SecretStr | None = None
    """What a caller must bear as `Authorization: Bearer ...`, 16 characters or more; none is asked for if unset."""

    token_file: Path | None = None
    """A file that holds the token instead."""

    wait_seconds: float = Field(default=2, gt=0, le=60)
    """Give a caller up after this long without a result."""

    @model_validator(mode="after")
    def _is_guarded(self) -> Self:
        if self.token is not None and self.token_file is not None:
            raise ValueError("give a token or a token_file, not both")
        bearer = self.bearer
        if bearer is None:
            if not self.is_loopback:
                raise ValueError(f"host {self.host} is beyond loopback, so it needs a token or a token_file")
        elif len(bearer) < _SHORTEST_TOKEN or not bearer.isascii() or not bearer.isprintable() or " " in bearer:
            raise ValueError(f"the token must be {_SHORTEST_TOKEN} printable ASCII characters or more, without a space")
        return self

    @property
    def bearer(self) -> str | None:
        """The token, from wherever it is; none where none is asked for. Raises ValueError where it can't be read."""
        if self.token_file is None:
            return None if self.token is None else self.token.get_secret_value()
        try:
            return self.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"the token_file can't be read ({error})") from error

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def known_names(self) -> frozenset[str]:
        """The host names that it may be called by."""
        return frozenset({"localhost", *(name.strip().lower() for name in self.names.split(",") if name.strip())})


class ApiSettings(Served):
    """Settings of the HTTP API, from `VIGIL_API_...` in the environment or `[api]` in the file."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_API_")

    port: int = Field(default=9160, ge=0, le=65535)
    """The port; 0 takes a free one and tells it."""

    most_alerts: int = Field(default=50_000, gt=0)
    """Keep at most so many alerts in memory; with more standing, every question is refused."""
