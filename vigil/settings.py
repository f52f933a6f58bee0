"""Where settings come from: a command's option, else the environment, else a TOML file, else the default."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AliasChoices, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, TomlConfigSettingsSource

from vigil.errors import CommandFailed
from vigil.toml_file import read_toml

FILE_VARIABLE = "VIGIL_CONFIG"
DEFAULT_FILE = "vigil.toml"
_OPTIONS = {"bootstrap_servers": "--broker", "history_hours": "--hours"}
_VALUE_ERROR = "Value error, "

Settings = TypeVar("Settings", bound=BaseSettings)


def tables() -> dict[str, type[BaseSettings]]:
    """The file's tables, each with the class that it fills."""
    from consumers.api.settings import ApiSettings
    from consumers.delivery.settings import DeliverySettings
    from consumers.ward.settings import WardSettings
    from streams.learner.settings import LearnerSettings
    from streams.settings import Connection, WorkerSettings
    from vigil.broker.settings import BrokerSettings

    return {
        "kafka": Connection,
        "worker": WorkerSettings,
        "learner": LearnerSettings,
        "delivery": DeliverySettings,
        "api": ApiSettings,
        "ward": WardSettings,
        "broker": BrokerSettings,
    }


def load(kind: type[Settings], **options: Any) -> Settings:  # Any: whatever a setting may be
    """The settings of one class; an option that is None was not given.

    Raises `CommandFailed`, in one line that names the place, where a value can't be used or the file knows a name that
    Vigil does not, in whichever table: a slip of the hand must not go unheard.
    """
    given = {name: value for name, value in options.items() if value is not None}
    file = _file()
    in_file = {} if file is None else _from_file(kind, file)
    try:
        return kind(**{**in_file, **EnvSettingsSource(kind)(), **given})
    except ValidationError as error:
        raise CommandFailed(f"{'; '.join(_complaints(kind, error, given, file))}.") from error


def variable(kind: type[BaseSettings], name: str) -> str:
    """The name of a setting in the environment."""
    alias = kind.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return f"{kind.model_config.get('env_prefix', '')}{name}".upper()


def _file() -> Path | None:
    """The file that was named, which must be there, or the usual one where it is there."""
    if named := os.environ.get(FILE_VARIABLE):
        if not Path(named).is_file():
            raise CommandFailed(f"{named}, which {FILE_VARIABLE} names, is no file: name another or unset it.")
        return Path(named)
    usual = Path(DEFAULT_FILE)
    return usual if usual.is_file() else None


def _from_file(kind: type[BaseSettings], file: Path) -> dict[str, Any]:
    table = _table_of(kind)
    _, content = read_toml(file, f"name another with {FILE_VARIABLE}")
    for complaint in _unknown(content):
        raise CommandFailed(f"{file}: {complaint}.")
    return TomlConfigSettingsSource(kind, file, toml_table_header=(table,))() if table in content else {}


def _unknown(content: dict[str, Any]) -> Iterator[str]:
    """What the file says that no setting is called."""
    known = tables()
    for table, keys in content.items():
        if table not in known or not isinstance(keys, dict):
            yield f"{table} is no table of settings; there are {', '.join(f'[{name}]' for name in known)}"
            continue
        for key in keys.keys() - known[table].model_fields.keys():
            yield f"[{table}] {key} is no setting; there are {', '.join(known[table].model_fields)}"


def _complaints(
    kind: type[BaseSettings], error: ValidationError, given: dict[str, Any], file: Path | None
) -> Iterator[str]:
    for each in error.errors(include_input=False, include_url=False):
        wrong = each["msg"].removeprefix(_VALUE_ERROR)
        name = _field(kind, each["loc"])
        if name is None:
            yield f"{kind.model_config.get('env_prefix')}... or [{_table_of(kind)}] can't be used: {wrong}"
        else:
            told = (kind.model_fields[name].description or "").rstrip(".")
            yield f"{_place(kind, name, given, file)} can't be used: {wrong} ({told})"


def _field(kind: type[BaseSettings], place: tuple[int | str, ...]) -> str | None:
    """The field that pydantic speaks of, by its name or its alias; none where it speaks of several together."""
    return next((name for name in kind.model_fields if place and place[0] in {name, variable(kind, name)}), None)


def _place(kind: type[BaseSettings], name: str, given: dict[str, Any], file: Path | None) -> str:
    """Where the value stands that was taken."""
    if name in given:
        return _OPTIONS.get(name, f"--{name.replace('_', '-')}")
    if variable(kind, name) in {each.upper() for each in os.environ}:
        return variable(kind, name)
    return f"[{_table_of(kind)}] {name} in {file}"


def _table_of(kind: type[BaseSettings]) -> str:
    return next(table for table, filled in tables().items() if filled is kind)
