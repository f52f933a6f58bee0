"""The table of settings, from their classes."""

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from vigil.docs.table import code, table
from vigil.settings import tables, variable


def settings(_root: Path) -> str:
    """Every setting by its names in the environment and in the file."""
    parts = []
    for kind in tables().values():
        told = (kind.__doc__ or "").partition("\n")[0]
        rows = [
            (
                code(variable(kind, name)),
                code(name),
                _default(field),
                (field.description or "") + _choices(field.annotation),
            )
            for name, field in kind.model_fields.items()
        ]
        parts.append(f"{told}\n\n{table(('variable', 'in the file', 'default', 'what it says'), rows)}")
    return "\n\n".join(parts)


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
