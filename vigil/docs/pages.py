"""Which page takes what from the code: whole pages, and marked places in pages that people write."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from vigil.docs import backtest, delivery, evaluation, openapi, records, signs
from vigil.docs.dashboards import DASHBOARDS
from vigil.docs.dashboards.dashboard import Dashboard
from vigil.docs.listing import listing
from vigil.docs.metrics import learner_metrics, metrics
from vigil.docs.operations import commands, exit_codes, topics
from vigil.docs.scenarios import scenarios
from vigil.docs.settings import settings

Page = Callable[[Path], str]


class PlaceMissing(Exception):
    """A page has no such marked place."""


def _filled(name: str, **places: Page) -> Page:
    """A page that people write, with what stands between `<!-- place -->` and `<!-- /place -->` taken from the code."""

    def render(root: Path) -> str:
        text = (root / name).read_text(encoding="utf-8")
        for place, told in places.items():
            text = _fill(text, place.replace("_", "-"), told(root), name)
        return text

    return render


def _fill(text: str, place: str, told: str, name: str) -> str:
    between = re.compile(rf"(<!-- {place} -->\n).*?(<!-- /{place} -->)", re.DOTALL)
    filled, count = between.subn(lambda found: f"{found[1]}\n{told}\n\n{found[2]}", text)
    if count != 1:
        raise PlaceMissing(f"{name} has {count} places {place}, not one")
    return filled


def _dashboard(dashboard: Dashboard) -> Page:
    """A dashboard of Grafana, which takes nothing from other pages."""
    return lambda _root: json.dumps(dashboard.render(), indent=1, ensure_ascii=False) + "\n"


PAGES: dict[str, Page] = {
    "docs/events.schema.json": lambda root: json.dumps(records.schema(root), indent=1, ensure_ascii=False) + "\n",
    "docs/events.md": records.page,
    "consumers/api/openapi.json": lambda root: (
        json.dumps(openapi.description(root), indent=1, ensure_ascii=False) + "\n"
    ),
    "docs/clinical.md": _filled(
        "docs/clinical.md",
        vital_signs=signs.vital_signs,
        units=signs.units,
        limits=signs.limits,
        usual=signs.usual,
        other_codes=signs.other_codes,
    ),
    "docs/operations.md": _filled(
        "docs/operations.md",
        settings=settings,
        topics=topics,
        metrics=metrics,
        learner_metrics=learner_metrics,
        exit_codes=exit_codes,
    ),
    "docs/delivery.md": _filled(
        "docs/delivery.md",
        example=delivery.example,
        receivers=delivery.receivers,
        routes=delivery.routes,
        heartbeat=delivery.heartbeat,
        ledger=delivery.ledger,
        payload=delivery.payload,
        delivery_metrics=delivery.delivery_metrics,
        webhook=listing("docs/examples/webhook.py"),
    ),
    "docs/programs.md": _filled(
        "docs/programs.md",
        feed=listing("docs/examples/feed.py"),
        pager=listing("docs/examples/pager.py"),
    ),
    "docs/evaluation.md": _filled(
        "docs/evaluation.md",
        auroc=evaluation.by_hour("auroc"),
        score1=evaluation.by_hour("score1"),
        candidates=evaluation.candidates,
        counts=evaluation.counts,
        deterioration=evaluation.deterioration,
    ),
    "docs/backtest.md": _filled(
        "docs/backtest.md",
        set_a=backtest.sides("set-a"),
        set_a_burden=backtest.burden("set-a"),
        set_a_differences=backtest.differences("set-a"),
        set_a_holding=backtest.sides("set-a-holding"),
        ward=backtest.sides("ward"),
        ward_burden=backtest.burden("ward"),
    ),
    **{f"deploy/grafana/dashboards/{each.name}.json": _dashboard(each) for each in DASHBOARDS},
    "docs/simulation.md": _filled("docs/simulation.md", scenarios=scenarios),
    "README.md": _filled("README.md", commands=commands, alert=records.alert),
}


def write(root: Path) -> list[str]:
    """Writes every page anew, and names those that changed."""
    changed = []
    for name, render in PAGES.items():
        file = root / name
        text = render(root)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
