"""Which scenario befalls whom, as a person asks for it: NAME, NAME@PATIENT or NAME:COUNT."""

import re
from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from producers.simulator.case import Plan, UnknownScenario, scenario_named
from vigil.errors import CommandFailed

_WISH = re.compile(r"(?P<name>[a-z-]+)(?:@(?P<patient>[pw][1-9][0-9]*)|:(?P<count>[1-9][0-9]*))?")


class Wish(Struct, frozen=True, kw_only=True):
    """A scenario for one patient that is named, or for so many that are not."""

    scenario: str
    patient_id: str | None = None
    count: int = 1


def read_wish(text: str) -> Wish:
    """The wish that a text says; raises CommandFailed when it says none, or asks for a scenario that is not known."""
    name = re.split("[@:]", text, maxsplit=1)[0]
    try:
        scenario_named(name)
    except UnknownScenario as error:
        raise CommandFailed(str(error)) from error
    found = _WISH.fullmatch(text)
    if found is None:
        raise CommandFailed(f"{text} is no scenario: give {name}, {name}@p1 (or w1) or {name}:2.")
    return Wish(scenario=name, patient_id=found["patient"], count=int(found["count"] or 1))


def plans_of(wishes: Sequence[Wish], *, patients: int, wearers: int, onset: timedelta) -> list[Plan]:
    """Who gets what: those named first, then the others in the order of their numbers, one scenario each.

    Raises CommandFailed when there are too few patients of the setting that a scenario is for.
    """
    free = {
        "ward": [f"p{number}" for number in range(1, patients + 1)],
        "home": [f"w{number}" for number in range(1, wearers + 1)],
    }
    named = {wish.patient_id for wish in wishes}
    plans = []
    for wish in wishes:
        chosen = [wish.patient_id] if wish.patient_id else _chosen(wish, free, named)
        plans += [Plan(scenario=wish.scenario, patient_id=patient_id, after=onset) for patient_id in chosen]
    return plans


def _chosen(wish: Wish, free: dict[str, list[str]], named: set[str | None]) -> list[str]:
    setting = scenario_named(wish.scenario).setting
    fit = [patient_id for patient_id in free[setting] if patient_id not in named]
    if len(fit) < wish.count:
        option = "--patients" if setting == "ward" else "--wearers"
        raise CommandFailed(f"{wish.scenario} is for {wish.count}, but {len(fit)} are free: give more {option}.")
    chosen = fit[: wish.count]
    free[setting] = [patient_id for patient_id in free[setting] if patient_id not in chosen]
    return chosen
