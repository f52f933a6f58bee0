"""A message from calls: its title and text from a template, its facts for programs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import to_builtins

from consumers.delivery.channel import Item, Message
from consumers.delivery.grouping import Batch
from consumers.delivery.plan import Call
from consumers.delivery.words import PRIORITY_WORDS, age, place, subject

_TEMPLATES = Path(__file__).parent / "templates"
_OPEN_FACTS = (
    "alert_id",
    "revision",
    "episode_id",
    "kind",
    "category",
    "priority",
    "code",
    "direction",
    "stale",
    "at",
    "since",
    "origin",
    "ward",
    "bed",
)
"""What of an alert is told to programs whether values are allowed or not."""
_CLOSED_FACTS = ("patient_id", "device_id", "gateway_id", "reason", "explanation", "clears_when")


class BadTemplate(Exception):
    """A template can't be used; the message says why."""


class Renderer:
    """One receiver's template, in a sandbox; what comes of an .html file is escaped as HTML."""

    def __init__(self, receiver: str, file: Path) -> None:
        self._receiver = receiver
        self._name = file.name
        environment = ImmutableSandboxedEnvironment(
            autoescape=file.suffix == ".html", trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
        )
        try:
            self._template = environment.from_string(file.read_text(encoding="utf-8"))
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise BadTemplate(f"the template {self._name} can't be used: {error}") from error

    def message(self, batch: Batch, now: datetime, *, is_test: bool = False) -> Message:
        """What is said at this attempt, with the age that the alerts have now; raises BadTemplate."""
        told = [_told(call, now) for call in batch.calls]
        title = "TEST of Vigil's delivery: nobody needs to act" if is_test else _title(told)
        try:
            text = self._template.render(title=title, alerts=told, receiver=self._receiver, is_test=is_test)
        except Exception as error:  # A template of one's own may fail in any way, and only there.
            raise BadTemplate(f"the template {self._name} fails ({type(error).__name__})") from error
        return Message(
            key=batch.key,
            at=now,
            title=title,
            text=text.strip(),
            facts={
                "receiver": self._receiver,
                "test": is_test,
                "alerts": [_facts(call, each) for call, each in zip(batch.calls, told, strict=True)],
            },
            items=tuple(Item(key=call.key, alert=call.alert, round=call.round, step=call.step) for call in batch.calls),
            is_test=is_test,
        )


def template_of(kind: str, suffix: str = ".txt") -> Path:
    """The channel's own template, or the one of all that have none."""
    own = _TEMPLATES / f"{kind}{suffix}"
    return own if own.exists() else _TEMPLATES / f"default{suffix}"


def _told(call: Call, now: datetime) -> dict[str, Any]:
    """What a template may say of one alert; values, reasons and the patient only where the route allows them."""
    alert, newest = call.alert, call.newest
    is_allowed = call.route.include_values
    return {
        "priority": PRIORITY_WORDS[alert.priority],
        "category": alert.category,
        "subject": subject(alert),
        "place": place(alert),
        "age": age(age_of(call, now)),
        "has_cleared": newest.state == "latched",
        "is_over": newest.state == "closed",
        "is_stale": newest.stale,
        "origin": alert.origin,
        "is_repeated": call.round > 0 or call.step > 0,
        "reference": alert.alert_id[:8],
        "patient": (alert.patient_id or "") if is_allowed else "",
        "reason": newest.reason if is_allowed else "",
        "clears_when": newest.clears_when if is_allowed else "",
    }


def age_of(call: Call, now: datetime) -> timedelta:
    """How long ago it was raised; where time is not the clock's, how long ago it was heard."""
    return max(now - (call.alert.at if call.alert.origin == "live" else call.heard_at), timedelta(0))


def _title(told: Sequence[Mapping[str, Any]]) -> str:
    first = told[0]
    what = f"{first['priority']}: {first['subject']}, {first['place']}"
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    mark = "" if first["origin"] == "live" else f"[{first['origin']}] "
    return f"{mark}{what}{more}"


def _facts(call: Call, told: Mapping[str, Any]) -> dict[str, Any]:
    """One alert for a program, with the key that this call of it bears, alone or in a group."""
    names = (*_OPEN_FACTS, *(_CLOSED_FACTS if call.route.include_values else ()))
    facts = {name: to_builtins(getattr(call.alert, name)) for name in names}
    spoken = {name: told[name] for name in ("subject", "place", "age")}
    route = {"route": call.route.name, "round": call.round, "step": call.step}
    return {"key": call.key, **facts, "state": call.newest.state, **spoken, **route}
