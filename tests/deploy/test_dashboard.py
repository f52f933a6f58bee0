"""The dashboard is of Grafana's model, shows what was promised, and asks for nothing that is not there."""

import json
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from models.risk.learner import Learner
from streams.learner.metrics import LearnerMetrics
from streams.metrics import Metrics

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy/grafana/dashboards/vigil.json"
SCHEMA = Path(__file__).with_name("dashboard.schema.json")

Panel = dict[str, Any]


@pytest.fixture(scope="module")
def dashboard() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def queried(dashboard: dict[str, Any]) -> list[Panel]:
    return [panel for panel in dashboard["panels"] if "targets" in panel]


def metrics_of(expression: str) -> set[str]:
    """Vigil's metrics in a query, by the names under which a registry keeps them."""
    return {re.sub(r"_(total|bucket)$", "", name) for name in re.findall(r"\bvigil_[a-z0-9_]+", expression)}


def test_it_is_of_grafanas_model(dashboard: dict[str, Any], validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(dashboard)


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (("refresh",), "soon"),
        (("panels", 2, "type"), "graph"),
        (("panels", 2, "targets", 0, "expr"), ""),
        (("panels", 2, "gridPos", "x"), 24),
        (("panels", 2, "fieldConfig", "defaults", "unit"), "furlongs"),
    ],
)
def test_the_model_refuses_what_grafana_would_not_draw(
    place: tuple[str | int, ...], wrong: Any, dashboard: dict[str, Any], validator: jsonschema.Draft202012Validator
) -> None:
    spoiled = json.loads(json.dumps(dashboard))
    inner = spoiled
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = wrong

    assert not validator.is_valid(spoiled)


def test_it_says_that_it_replaces_nobody(dashboard: dict[str, Any]) -> None:
    first = dashboard["panels"][0]

    assert first["type"] == "text"
    assert "assists clinicians, does not replace them" in first["options"]["content"]


def test_no_panel_hides_another_and_each_has_its_own_number(dashboard: dict[str, Any]) -> None:
    for one, other in combinations(dashboard["panels"], 2):
        a, b = one["gridPos"], other["gridPos"]
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        assert beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"], (one["title"], other["title"])
        assert one["id"] != other["id"]
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in dashboard["panels"])


def test_it_asks_the_source_that_is_provisioned(dashboard: dict[str, Any], read_yaml: Callable[[str], Any]) -> None:
    [source] = read_yaml("deploy/grafana/provisioning/datasources/prometheus.yml")["datasources"]
    named = [panel["datasource"] for panel in queried(dashboard)]
    named += [target["datasource"] for panel in queried(dashboard) for target in panel["targets"]]
    named += [variable["datasource"] for variable in dashboard["templating"]["list"]]

    assert all(each == {"type": source["type"], "uid": source["uid"]} for each in named)


def test_every_variable_that_a_query_uses_is_there_and_the_other_way_round(dashboard: dict[str, Any]) -> None:
    used = {
        name
        for panel in queried(dashboard)
        for target in panel["targets"]
        for name in re.findall(r"\$(\w+)", target["expr"])
    }

    assert used == {variable["name"] for variable in dashboard["templating"]["list"]} | {"__rate_interval"}


def test_the_panels_show_every_metric_but_those_that_say_it_twice(dashboard: dict[str, Any]) -> None:
    shown = {name for panel in queried(dashboard) for target in panel["targets"] for name in metrics_of(target["expr"])}
    metrics, of_learner = Metrics(), LearnerMetrics()
    metrics.serve(list)
    of_learner.learner = Learner()
    kept = {metric.name for each in (metrics, of_learner) for metric in each.registry.collect()}

    assert shown <= kept
    assert kept - shown == {"vigil_outputs", "vigil_alert_revisions", "vigil_partitions_held"}


def test_where_a_rule_fires_a_line_is_drawn(dashboard: dict[str, Any], read_yaml: Callable[[str], Any]) -> None:
    [group] = read_yaml("deploy/prometheus/rules/vigil.yml")["groups"]
    expressions = {rule["alert"]: rule["expr"] for rule in group["rules"]}

    drawn = {}
    for panel in queried(dashboard):
        for alert in re.findall(r"the line is where the rule (\w+) fires", panel["description"]):
            drawn[alert] = panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"]

    assert drawn.keys() == {"VigilLag", "VigilNoTicks", "VigilHighAlertUnanswered"}
    for alert, line in drawn.items():
        assert f"> {line}" in expressions[alert]
