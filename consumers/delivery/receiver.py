"""What can be set for a receiver, whatever its kind, and where its secrets come from."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, model_validator

PositiveSeconds = Annotated[float, Field(gt=0, le=3600)]
_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"


class Secretive(BaseModel):
    """Settings of which some come from the environment or from a file, so that the file of routes holds no secret.

    A field NAME may be given as NAME itself, as NAME_env (a variable) or as NAME_file (a path, relative to the file of
    routes). Validated in the context `{"folder": Path, "environment": Mapping}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _fetch(cls, given: Any, info: ValidationInfo) -> Any:  # Any: whatever TOML says
        if not isinstance(given, dict):
            return given
        context = info.context or {}
        fetched = dict(given)
        for name in [name for name, field in cls.model_fields.items() if f"{name}_env" in cls.model_fields]:
            value = _fetched(name, given, context.get("folder", Path()), context.get("environment", os.environ))
            if value is not None:
                fetched[name] = value
        return fetched


def _fetched(name: str, given: Mapping[str, Any], folder: Path, environment: Mapping[str, str]) -> str | None:
    """The value that a variable or a file holds; raises ValueError where there is none, or two ways to it."""
    ways = [way for way in (name, f"{name}_env", f"{name}_file") if given.get(way) is not None]
    if len(ways) > 1:
        raise ValueError(f"{' and '.join(ways)} say the same: write one of them")
    variable, file = given.get(f"{name}_env"), given.get(f"{name}_file")
    if isinstance(variable, str):
        if not (value := environment.get(variable, "").strip()):
            raise ValueError(f"{name}_env names {variable}, which is not set: set it in the environment")
        return value
    if isinstance(file, str):
        try:
            value = (folder / file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(
                f"{name}_file names {file}, which can't be read: name one that this user may read"
            ) from error
        if not value:
            raise ValueError(f"{name}_file names {file}, which is empty: put the value into it")
        return value
    return None


class ReceiverSettings(Secretive):
    """Who is called, and how often it is tried; each kind adds its own."""

    name: str = Field(pattern=_NAME)
    """What routes, metrics and the delivery log call it; never a patient's."""

    kind: str
    """Which channel."""

    timeout_seconds: PositiveSeconds = 10
    """Take a call without an answer for failed after so long."""

    concurrency: int = Field(default=4, ge=1, le=64)
    """So many calls at a time."""

    rate_per_minute: float = Field(default=60, gt=0, le=60_000)
    """At most so many calls a minute, tries included; what is over waits, high priorities first."""

    burst: int = Field(default=10, ge=1, le=1000)
    """So many calls at once before the rate holds."""

    retry_seconds: PositiveSeconds = 1
    """Try a call that failed again after about so long, and twice as long each time."""

    retry_most_seconds: PositiveSeconds = 60
    """The longest that it waits before it tries again, unless the receiver asks for longer."""

    template: Path | None = None
    """A Jinja template for the text, relative to the file of routes, instead of the channel's own."""

    @property
    def suffix(self) -> str:
        """Of which kind the text is: .txt or .html."""
        return ".txt"

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if self.retry_most_seconds < self.retry_seconds:
            raise ValueError("`retry_most_seconds` is below `retry_seconds`: write a longer one")
        return self


def required(settings: Secretive, name: str) -> str:
    """A field that must be there in one of its ways; raises ValueError."""
    value: SecretStr | str | None = getattr(settings, name)
    if value is None:
        raise ValueError(f"it has no {name}: write `{name}_env` (a variable) or `{name}_file` (a path)")
    return value.get_secret_value() if isinstance(value, SecretStr) else value
