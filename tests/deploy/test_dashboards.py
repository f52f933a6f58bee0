"""The dashboards are of Grafana's model, show what was promised, and ask for nothing that is not there."""

import json
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from consumers.delivery.metrics import DeliveryMetrics
from models.risk.learner import Learner
from streams.learner.metrics import LearnerMetrics
from streams.metrics import Metrics

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
SCHEMA = Path(__file__).with_name("dashboard.schema.json")

Panel = dict[str, Any]
DRAWN = {"VigilLag", "VigilNoTicks", "VigilHighAlertUnanswered", "VigilCheckpointOld", "VigilRestartLoop"}
DRAWN |= {"VigilBurdenHigh", "VigilGatewaySilent", "VigilGatewayLate"}
SAID_TWICE = {"vigil_alert_revisions", "vigil_process_virtual_memory_bytes"}
"""What no panel shows, for other metrics say it: the alerts that notify, the memory that is resident."""
_RECORDED = re.compile(r"\w+:vigil_\w+:\w+")


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def dashboard(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(request.param)


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def queried(dashboard: dict[str, Any]) -> list[Panel]:
    return [panel for panel in dashboard["panels"] if "targets" in panel]


@pytest.fixture(scope="module")
def recorded(read_yaml: Callable[[str], Any]) -> dict[str, str]:
    """What each recording rule stands for."""
    groups = read_yaml("deploy/prometheus/rules/recording.yml")["groups"]
    return {rule["record"]: rule["expr"] for group in groups for rule in group["rules"]}


def metrics_of(expression: str, recorded: dict[str, str]) -> set[str]:
    """Vigil's metrics in a query, and in what it takes from recording rules, by the names that a registry keeps."""
    found = {name for rule in _RECORDED.findall(expression) for name in metrics_of(recorded[rule], recorded)}
    plain = re.findall(r"\bvigil_[a-z0-9_]+", _RECORDED.sub("", expression))
    return found | {re.sub(r"_(total|bucket)$", "", name) for name in plain}


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
        (("links", 0, "type"), "elsewhere"),
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

    assert {name for name in used if not name.startswith("__")} == {each["name"] for each in variables(dashboard)}
    assert {name for name in used if name.startswith("__")} <= {"__rate_interval", "__range"}


def test_a_variable_means_the_same_wherever_it_is() -> None:
    queries: dict[str, set[str]] = {}
    for file in FILES:
        for variable in variables(read(file)):
            queries.setdefault(variable["name"], set()).add(variable["query"]["query"])

    assert queries.keys() == {"ward", "instance", "gateway"}
    assert all(len(each) == 1 for each in queries.values())


def test_each_leads_to_the_others(dashboard: dict[str, Any]) -> None:
    [link] = dashboard["links"]

    assert (link["type"], link["includeVars"], link["keepTime"]) == ("dashboards", True, True)
    assert all(set(link["tags"]) <= set(read(file)["tags"]) for file in FILES)
    assert len({read(file)["uid"] for file in FILES}) == len(FILES) == 4


def test_the_panels_show_every_metric_but_those_that_say_it_twice(recorded: dict[str, str]) -> None:
    asked = [target["expr"] for file in FILES for panel in queried(read(file)) for target in panel["targets"]]
    shown = {name for expression in asked for name in metrics_of(expression, recorded)}
    metrics, of_learner, of_deliverer = Metrics(), LearnerMetrics(), DeliveryMetrics()
    metrics.serve(list)
    of_learner.learner = Learner()
    kept = {metric.name for each in (metrics, of_learner, of_deliverer) for metric in each.registry.collect()}

    assert shown <= kept
    assert kept - shown == SAID_TWICE


def test_no_rule_records_what_nobody_asks_for(recorded: dict[str, str], read_yaml: Callable[[str], Any]) -> None:
    [alerts] = read_yaml("deploy/prometheus/rules/vigil.yml")["groups"]
    asked = [target["expr"] for file in FILES for panel in queried(read(file)) for target in panel["targets"]]
    asked += [rule["expr"] for rule in alerts["rules"]]
    asked += recorded.values()

    assert {name for expression in asked for name in _RECORDED.findall(expression)} == recorded.keys()


def test_where_a_rule_fires_a_line_is_drawn(read_yaml: Callable[[str], Any]) -> None:
    [group] = read_yaml("deploy/prometheus/rules/vigil.yml")["groups"]
    expressions = {rule["alert"]: rule["expr"] for rule in group["rules"]}

    drawn = {}
    for panel in (panel for file in FILES for panel in queried(read(file))):
        for alert in re.findall(r"the line is where the rule (\w+) fires", panel["description"]):
            drawn[alert] = panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"]

    assert drawn.keys() == DRAWN
    for alert, line in drawn.items():
        assert re.search(rf">=? {line}\b", expressions[alert]), alert


def test_every_rule_that_a_panel_names_is_there(read_yaml: Callable[[str], Any]) -> None:
    [group] = read_yaml("deploy/prometheus/rules/vigil.yml")["groups"]
    text = "".join(file.read_text(encoding="utf-8") for file in FILES)

    assert set(re.findall(r"\bVigil[A-Z]\w+", text)) <= {rule["alert"] for rule in group["rules"]}


def variables(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dashboard["templating"]["list"]
    return found
