"""The file of routes, wholly validated: receivers, routes, and the heartbeat for an outside watchdog."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError, model_validator

from consumers.delivery.channels import CHANNELS
from consumers.delivery.receiver import PositiveSeconds, ReceiverSettings, Secretive, required
from consumers.delivery.rendering import BadTemplate, Renderer, template_of
from consumers.delivery.route import Route
from consumers.delivery.sample import SAMPLE_AT, sample

Place = tuple[str | int, ...]
_NAMED = re.compile(r"\b[a-z]+(?:_[a-z]+)*\b")
_ONE = {"receivers": "receiver", "routes": "route", "heartbeat": "heartbeat"}
_TABLES = tuple(_ONE)
_OWN = "Value error, "


class Heartbeat(Secretive):
    """A sign of life for a watchdog elsewhere, which calls people when it stays away."""

    url: SecretStr | None = None
    """What to call with GET; whoever knows it can fake a life, so better from elsewhere."""

    url_env: str | None = None
    """The environment variable that holds the URL."""

    url_file: str | None = None
    """The file that holds the URL."""

    every_seconds: PositiveSeconds = 60
    """Call it this often, while alerts are read and a broker answers."""

    timeout_seconds: PositiveSeconds = 10
    """Take a call without an answer for failed after so long."""

    @model_validator(mode="after")
    def _has_a_url(self) -> "Heartbeat":
        if not required(self, "url").startswith(("http://", "https://")):
            raise ValueError("its url is none: write one that begins with https://")
        return self


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Who is called, in which words, and for what."""

    receivers: Mapping[str, ReceiverSettings]
    renderers: Mapping[str, Renderer]
    routes: tuple[Route, ...]
    heartbeat: Heartbeat | None = None


@dataclass(frozen=True)
class Complaint:
    """What is wrong at a place of the file, and what to write."""

    place: Place
    told: str


class BadConfiguration(Exception):
    """The file can't be used, for each of these reasons."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__("; ".join(complaint.told for complaint in complaints))
        self.complaints = complaints


def read(content: Mapping[str, Any], *, folder: Path, environment: Mapping[str, str]) -> Configuration:
    """A configuration from what TOML says; raises BadConfiguration with all that is wrong."""
    complaints: list[Complaint] = []
    context = {"folder": folder, "environment": environment}
    unknown = [name for name in content if name not in _TABLES]
    complaints += [Complaint((name,), f"{name} is no table; there are {_listed(_TABLES)}") for name in unknown]
    receivers = list(_receivers(content, context, complaints))
    renderers = dict(_renderers(receivers, folder, complaints))
    routes = list(_routes(content, context, complaints))
    heartbeat = None
    if "heartbeat" in content:
        heartbeat = _validated(Heartbeat, content["heartbeat"], ("heartbeat",), context, complaints)
    if not complaints:
        complaints += _unknown_receivers(routes, [each.name for _, each in receivers])
        complaints += _repeated("receivers", [each.name for _, each in receivers])
        complaints += _repeated("routes", [each.name for each in routes])
    if complaints:
        raise BadConfiguration(complaints)
    return Configuration(
        receivers={each.name: each for _, each in receivers},
        renderers=renderers,
        routes=tuple(routes),
        heartbeat=heartbeat,
    )


def _receivers(
    content: Mapping[str, Any], context: Mapping[str, Any], complaints: list[Complaint]
) -> Iterator[tuple[int, ReceiverSettings]]:
    for number, given in enumerate(_tables_of(content, "receivers", complaints)):
        place = ("receivers", number)
        channel = CHANNELS.get(str(given.get("kind"))) if isinstance(given, dict) else None
        if channel is None:
            told = f"a receiver needs a kind: write `kind = ` and one of {_listed(CHANNELS)}"
            complaints.append(Complaint((*place, "kind"), told))
            continue
        found = _validated(channel.Settings, given, place, context, complaints)
        if found is not None:
            yield number, found


def _renderers(
    receivers: Iterable[tuple[int, ReceiverSettings]], folder: Path, complaints: list[Complaint]
) -> Iterator[tuple[str, Renderer]]:
    """Each receiver's template, which has said something once."""
    for number, settings in receivers:
        own = settings.template
        try:
            renderer = Renderer(settings.name, folder / own if own else template_of(settings.kind, settings.suffix))
            for include_values in (False, True):
                renderer.message(sample(settings.name, SAMPLE_AT, include_values=include_values), SAMPLE_AT)
            yield settings.name, renderer
        except BadTemplate as error:
            complaints.append(Complaint(("receivers", number, "template"), f"{error}: put it right, or leave it out"))


def _routes(content: Mapping[str, Any], context: Mapping[str, Any], complaints: list[Complaint]) -> Iterator[Route]:
    for number, given in enumerate(_tables_of(content, "routes", complaints)):
        found = _validated(Route, given, ("routes", number), context, complaints)
        if found is not None:
            yield found if found.name else found.model_copy(update={"name": f"route {number + 1}"})


def _tables_of(content: Mapping[str, Any], name: str, complaints: list[Complaint]) -> list[Any]:
    given = content.get(name)
    if not isinstance(given, list) or not given:
        complaints.append(Complaint((name,), f"there are no {name}: write at least one [[{name}]]"))
        return []
    return given


def _validated(
    kind: type[Any], given: object, place: Place, context: Mapping[str, Any], complaints: list[Complaint]
) -> Any:  # Any: an instance of the kind, or nothing
    try:
        return kind.model_validate(given, context=dict(context))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        complaints += [
            _complaint(kind, each["type"], _where(each["loc"], each["msg"], given), each["msg"], place)
            for each in found
        ]
        return None


def _where(loc: Place, told: str, given: object) -> Place:
    """The place of a complaint; one about several settings together is told where the first that it names stands."""
    named = [name for name in _NAMED.findall(told) if isinstance(given, dict) and name in given]
    return loc or tuple(named[:1])


def _complaint(kind: type[BaseModel], what: str, where: Place, told: str, place: Place) -> Complaint:
    name = ".".join(str(part) for part in where if not isinstance(part, int)) or f"this {_ONE[str(place[0])]}"
    model = _model_at(kind, where[:-1])
    if what == "extra_forbidden" and model is not None:
        return Complaint((*place, *where), f"{name} is no setting; there are {_listed(_names(model))}")
    if what == "missing" and where:
        return Complaint(place, f"{name} is missing: write `{where[-1]} = ...`")
    field = model.model_fields.get(_field_name(model, where[-1])) if model is not None and where else None
    if told.startswith(_OWN):  # A rule of ours, which says what to write.
        return Complaint((*place, *where), f"{name} can't be used: {told.removeprefix(_OWN)}")
    described = f" ({field.description.rstrip('.')})" if field is not None and field.description else ""
    return Complaint((*place, *where), f"{name} can't be used: {told}{described}")


def _model_at(kind: type[BaseModel], where: Place) -> type[BaseModel] | None:
    """The settings class that a place within it is of; nothing for what is no class of ours."""
    model: type[BaseModel] = kind
    for part in where:
        field = model.model_fields.get(_field_name(model, part))
        inner = _model_in(field.annotation) if field is not None else None
        if inner is None:
            return None
        model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:  # Any: whatever a field may be annotated with
    candidates = (annotation, *getattr(annotation, "__args__", ()))
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _field_name(model: type[BaseModel], part: str | int) -> str:
    return next((name for name, field in model.model_fields.items() if field.alias == part), str(part))


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown_receivers(routes: Iterable[Route], known: Sequence[str]) -> Iterator[Complaint]:
    for number, route in enumerate(routes):
        for step, names in enumerate(route.receivers):
            for receiver in names:
                if receiver not in known:
                    told = (
                        f"{receiver!r} is no receiver: write one of {_listed(known)}, or a [[receivers]] of that name"
                    )
                    yield Complaint(("routes", number, "receivers", step), told)


def _repeated(table: str, names: Sequence[str]) -> Iterator[Complaint]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Complaint((table, number, "name"), f"{name!r} is a name twice: write another one")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
