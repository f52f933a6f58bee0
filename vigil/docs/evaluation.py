"""The tables of figures, from what the evaluations printed: `vigil evaluate ... --json` kept in docs/evaluation."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from vigil.docs.table import table
from vigil.evaluation.titles import titled
from vigil.evaluation.wording import figure, state_size

_FOLDER = "docs/evaluation"
_RUNS = {"whole stay": "candidates", "newest": "candidates-newest"}
_OF_MODELS = ("online", "batch")
_Told = Mapping[str, Any]
"""What a command printed; its form is that command's."""


def by_hour(name: str) -> Callable[[Path], str]:
    """One figure of every predictor of in-hospital death, a column an hour, with its interval."""

    def render(root: Path) -> str:
        told = _read(root, "physionet2012")
        hours = list(told["hours"].values())
        rows = [
            [title, *(_figure(find(found), name) for found in hours)] for title, find in _predictors(told, hours[-1])
        ]
        return table(["", *(f"hour {hour}" for hour in told["hours"])], [row for row in rows if {*row[1:]} != {"-"}])

    return render


def candidates(root: Path) -> str:
    """Every model on both sets of features: how it ranks at each hour, and what an online one costs at the last."""
    rows: list[list[str]] = []
    heads: list[str] = []
    for features, name in _RUNS.items():
        told = _read(root, name)
        heads = [
            *("", "features", *(f"AUROC, hour {hour}" for hour in told["hours"])),
            *("Score1, last", "Brier, last", "us to predict", "us to learn", "bytes of state"),
        ]
        rows += _candidates(told, features)
    return table(heads, rows)


def _candidates(told: _Told, features: str) -> Iterator[list[str]]:
    hours = list(told["hours"].values())
    costs = {titled(name): cost for name, cost in told["cost"].items()}
    for title, find in _predictors(told, hours[0]):
        if title.endswith(_OF_MODELS):
            yield [
                *(title, features, *(figure(find(found)["auroc"]) for found in hours)),
                *(figure(find(hours[-1]).get(name)) for name in ("score1", "brier")),
                *_cost(costs.get(title)),
            ]


def _cost(told: _Told | None) -> list[str]:
    if told is None:
        return ["-", "-", "-"]
    microseconds = [f"{told[name]:,.0f}" for name in ("predict_us", "learn_us")]
    return [*microseconds, state_size(told["state_bytes"], is_pickled=told["is_pickled"])]


def deterioration(root: Path) -> str:
    """Both questions about deterioration: ranking, and what alarms cost."""
    told = _read(root, "deterioration")
    heads = ("", "AUROC", "AUPRC", *(f"alarms a patient-day at {wanted}" for wanted in told["alarms"]), "lead time, h")
    rows = []
    for question, found in (("first", told), ("every", told["every"])):
        beside = {titled(told["model"]): found} | {
            titled(name, is_online=False): each for name, each in found["peers"].items()
        }
        for title, each in beside.items():
            lead = each["alarms"]["0.7"]["lead_time_hours"]
            alarms = [f"{each['alarms'][wanted]['alarms_per_patient_day']:.2f}" for wanted in told["alarms"]]
            rows.append(
                [
                    f"{question}: {title}",
                    _figure(each, "auroc"),
                    _figure(each, "auprc"),
                    *alarms,
                    f"{lead['median']:.1f}",
                ]
            )
    return table(heads, rows)


def counts(root: Path) -> str:
    """What was counted in the run about in-hospital death."""
    told = _read(root, "physionet2012")["counts"]
    return table(("kind", "count"), [(f"`{kind}`", f"{count:,}") for kind, count in told.items()])


def _predictors(told: _Told, found: _Told) -> Iterator[tuple[str, Callable[[_Told], _Told]]]:
    """Each predictor's title, and where its figures lie in an hour."""
    yield titled(told["model"]), lambda hour: hour
    for kind, is_online in (("candidates", True), ("peers", False)):
        for name in found[kind]:
            yield titled(name, is_online=is_online), _finder(kind, name)


def _finder(kind: str, name: str) -> Callable[[_Told], _Told]:
    def find(hour: _Told) -> _Told:
        figures: _Told = hour[kind].get(name, {})
        return figures

    return find


def _figure(figures: _Told, name: str) -> str:
    interval = figures.get("interval", {}).get(name)
    return figure(figures.get(name), tuple(interval) if interval else None)


def _read(root: Path, name: str) -> _Told:
    told: _Told = json.loads((root / _FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return told
