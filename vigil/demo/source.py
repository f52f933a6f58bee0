"""What a demo plays: recorded stays, a simulated ward that goes on and on, or a scripted shift."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from producers.entry import Entry
from producers.simulator.case import Plan
from producers.simulator.person import BEDS_OF_A_GATEWAY
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.simulation import simulated
from producers.simulator.ward import Ward
from streams.topics import PARTITIONS
from vigil.recording import open_recording
from vigil.simulation.plan import WardPlan

_NOBODY_REAL = "Simulated patients: nobody here is real, and each scenario's truth is known."
_RECORDED = "Recorded, de-identified patients: physionet.org, Challenge 2012, ODC-BY 1.0."
_PATIENTS = 16
_SOON = (
    Plan(scenario="respiratory-failure", patient_id="p11", after=timedelta(minutes=3)),
    Plan(scenario="tachyarrhythmia", patient_id="p2", after=timedelta(minutes=8)),
    Plan(scenario="sensor-off", patient_id="p6", after=timedelta(minutes=15)),
)
_SHIFT_BEGINS = datetime(2026, 1, 1, 8, tzinfo=UTC)
_SHIFT_LASTS = timedelta(hours=7)
_BESIDE = 1


@dataclass(frozen=True, kw_only=True)
class Source:
    """Records and how to speak of them; `speed` None is as fast as they go.

    `entries` loads or simulates, once; `ward` is there where patients are simulated, and knows their truth.
    """

    title: str
    credit: str
    closing: str
    prefix: str
    speed: int | None
    entries: Callable[[], Iterable[Entry]]
    ward: Ward | None = None


def recorded(speed: int) -> Source:
    """Twenty real stays of 51 hours."""
    return Source(
        title="VIGIL plays twenty recorded stays in intensive care.",
        credit=_RECORDED,
        closing="the recording is through",
        prefix="replay-demo",
        speed=speed,
        entries=lambda: [*open_recording("sample").entries(PARTITIONS, Counter())],
    )


def live_ward(speed: int, seed: int, start: datetime) -> Source:
    """A ward without an end, three of whose patients fall ill soon."""
    plan = WardPlan(patients=_PATIENTS, wearers=0, cases=_SOON, seed=seed, lasts=None)
    title = f"VIGIL watches a simulated ward of {_PATIENTS}, three of whom fall ill soon."
    return _of_ward(plan.opened(start), title, speed)


def scripted_shift(seed: int) -> Source:
    """Seven hours in which each scenario befalls somebody, beside patients to whom nothing happens."""
    title = f"VIGIL plays a scripted shift of {_SHIFT_LASTS / timedelta(hours=1):.0f} hours, every scenario in it."
    return _of_ward(shift_plan(seed).opened(_SHIFT_BEGINS), title, None)


def shift_plan(seed: int) -> WardPlan:
    """Who falls ill of what in the scripted shift: a silent gateway comes last, with the stable ones beside it."""
    names = [each.name for each in SCENARIOS.values() if each.setting == "ward" and each.name != "stable"]
    alone = [name for name in names if not SCENARIOS[name].is_of_gateway]
    of_gateway = [name for name in names if SCENARIOS[name].is_of_gateway]
    befallen = [*alone, *["stable"] * (-len(alone) % BEDS_OF_A_GATEWAY), *of_gateway, *["stable"] * _BESIDE]
    at_home = [each.name for each in SCENARIOS.values() if each.setting == "home"]
    return WardPlan(
        patients=len(befallen),
        wearers=len(at_home),
        cases=(
            *(Plan(scenario=name, patient_id=f"p{number}") for number, name in enumerate(befallen, 1)),
            *(Plan(scenario=name, patient_id=f"w{number}") for number, name in enumerate(at_home, 1)),
        ),
        seed=seed,
        lasts=_SHIFT_LASTS,
    )


def _of_ward(ward: Ward, title: str, speed: int | None) -> Source:
    return Source(
        title=title,
        credit=_NOBODY_REAL,
        closing="the shift is over",
        prefix="simulated-demo",
        speed=speed,
        entries=partial(simulated, ward, PARTITIONS),
        ward=ward,
    )
