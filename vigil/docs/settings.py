"""The table of settings, from their classes."""

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from streams.settings import Connection, WorkerSettings
from vigil.broker.settings import BrokerSettings
from vigil.docs.table import code, table

CLASSES: tuple[type[BaseSettings], ...] = (Connection, WorkerSettings, BrokerSettings)


def settings(_root: Path) -> str:
    """Every setting by its name in the environment."""
    parts = []
    for kind in CLASSES:
        told = (kind.__doc__ or "").partition("\n")[0]
        rows = [
            (code(variable(kind, name)), _default(field), (field.description or "") + _choices(field.annotation))
            for name, field in kind.model_fields.items()
        ]
        parts.append(f"{told}\n\n{table(('variable', 'default', 'what it says'), rows)}")
    return "\n\n".join(parts)


def variable(kind: type[BaseSettings], name: str) -> str:
    """The name of a setting in the environment."""
    alias = kind.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return f"{kind.model_config.get('env_prefix', '')}{name}".upper()


def _default(field: FieldInfo) -> str:
    default: Any = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, Path):
        home = Path.home()
        default = f"~/{default.relative_to(home)}" if default.is_relative_to(home) else default
    return code(default)


def _choices(annotation: Any) -> str:  # Any: whatever a field may be annotated with
    if get_origin(annotation) is not Literal:
        return ""
    return f" One of {', '.join(map(code, get_args(annotation)))}."
