"""The tables of delivery: what can be written in the file of routes, what the ledger holds, and the metrics."""

import json
import types
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from consumers.delivery import plan
from consumers.delivery.book import Book
from consumers.delivery.channels import CHANNELS
from consumers.delivery.channels.webhook import body_of
from consumers.delivery.configuration import Heartbeat
from consumers.delivery.grouping import Batch
from consumers.delivery.ledger import Delivery
from consumers.delivery.metrics import DeliveryMetrics
from consumers.delivery.quiet_hours import QuietHours
from consumers.delivery.receiver import ReceiverSettings
from consumers.delivery.rendering import Renderer, template_of
from consumers.delivery.route import Match, Route
from models.events import Alert
from vigil.docs.example import outputs
from vigil.docs.metrics import registry_table
from vigil.docs.table import code, table

_HEADS = ("setting", "default", "what it says")


def receivers(_root: Path) -> str:
    """What every receiver has, then what each kind adds."""
    parts = [_settings(ReceiverSettings)]
    for channel in CHANNELS.values():
        added = [name for name in channel.Settings.model_fields if name not in ReceiverSettings.model_fields]
        told = (channel.Settings.__doc__ or "").strip()
        parts.append(f"{told}\n\n{_settings(channel.Settings, added)}" if added else told)
    return "\n\n".join(parts)


def routes(_root: Path) -> str:
    """What a route has, and the tables within it."""
    return "\n\n".join(
        [
            _settings(Route),
            f"In `match`:\n\n{_settings(Match)}",
            f"In `quiet_hours`:\n\n{_settings(QuietHours)}",
        ]
    )


def heartbeat(_root: Path) -> str:
    """What the heartbeat has."""
    return _settings(Heartbeat)


def example(root: Path) -> str:
    """The file of routes that is shipped."""
    return f"```toml\n{(root / 'deploy/delivery/example.toml').read_text(encoding='utf-8').rstrip()}\n```"


def payload(root: Path) -> str:
    """What a webhook gets of the example's alert, by a route that allows values and by one that does not."""
    alert = next(each for each in outputs(root) if isinstance(each, Alert) and each.notify)
    book = Book(0)
    book.take(alert, offset=0, heard_at=alert.at)
    parts = []
    for include_values in (False, True):
        route = Route(name="hub", receivers=[["hospital-hub"]], include_values=include_values)
        [call] = plan.pending(next(iter(book)), [route], alert.at)
        batch = Batch(receiver="hospital-hub", calls=(call,))
        message = Renderer("hospital-hub", template_of("webhook")).message(batch, alert.at + timedelta(minutes=14))
        parts.append(f"```json\n{msgspec.json.format(msgspec.json.encode(body_of(message)), indent=1).decode()}\n```")
    return "\n\n".join(parts)


def ledger(_root: Path) -> str:
    """The fields of a record on the delivery log."""
    definition = msgspec.json.schema_components([Delivery])[1]["Delivery"]
    rows = [(code(name), _kind(told)) for name, told in definition["properties"].items()]
    return table(("field", "value"), rows)


def delivery_metrics(_root: Path) -> str:
    """Every metric of a deliverer that calls one receiver."""
    served = DeliveryMetrics()
    served.serve(["ward-phone"], lambda: {"high": 0})
    return registry_table(served.registry)


def _settings(model: type[BaseModel], names: list[str] | None = None) -> str:
    rows = [
        (code(field.alias or name), _default(field), (field.description or "") + _choices(field.annotation))
        for name, field in model.model_fields.items()
        if names is None or name in names
    ]
    return table(_HEADS, rows)


def _default(field: FieldInfo) -> str:
    default: Any = field.get_default(call_default_factory=True, validated_data={})
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, bool):
        return code(str(default).lower())
    if isinstance(default, list):
        return code(json.dumps(default)) if default else ""
    return "" if isinstance(default, BaseModel) or default in (None, "") else code(default)


def _choices(annotation: Any) -> str:  # Any: whatever a field may be annotated with
    inner = [annotation, *(get_args(annotation) if isinstance(annotation, types.UnionType) else ())]
    for each in inner:
        literal = each if get_origin(each) is Literal else next(iter(get_args(each)), None)
        if get_origin(literal) is Literal and len(get_args(literal)) > 1:
            return f" One of {', '.join(map(code, get_args(literal)))}."
    return ""


def _kind(told: dict[str, Any]) -> str:  # Any: whatever a JSON Schema says
    if "enum" in told:
        return ", ".join(code(value) for value in told["enum"])
    return {"date-time": "time"}.get(told.get("format", ""), str(told.get("type", "string")))
