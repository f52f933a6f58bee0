"""A panel as Grafana's model has it, from what one panel differs in from another."""

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]  # Any: whatever JSON can say

SOURCE = {"type": "prometheus", "uid": "vigil-prometheus"}
Unit = Literal["none", "short", "s", "bytes", "percentunit"]
Step = tuple[str, float | None]
"""A colour, and from which value on; the first has none."""

_LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
_CHART_OPTIONS = {"legend": _LEGEND, "tooltip": {"mode": "multi", "sort": "desc"}}
_FIGURE_OPTIONS = {
    "colorMode": "value",
    "graphMode": "none",
    "justifyMode": "auto",
    "orientation": "auto",
    "textMode": "value",
    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
}


@dataclass(frozen=True)
class Query:
    """One question to Prometheus, and what its answers are called: a text that may name {{labels}}."""

    expression: str
    legend: str

    def render(self, index: int, asked: Json) -> Json:
        """The question as a target of a panel."""
        return {
            "refId": chr(ord("A") + index),
            "datasource": SOURCE,
            "expr": self.expression,
            "legendFormat": self.legend,
            "editorMode": "code",
            **asked,
        }


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Values over time. `line` is where one is drawn, and its colour; `is_stacked` where the sum has a meaning."""

    title: str
    says: str
    queries: tuple[Query, ...]
    unit: Unit = "none"
    line: float | None = None
    colour: Literal["red", "orange"] = "red"
    is_stacked: bool = False

    def render(self) -> Json:
        """The panel without its number and its place."""
        steps: list[Step] = [("green", None)] if self.line is None else [("green", None), (self.colour, self.line)]
        defaults: Json = {
            "unit": self.unit,
            "min": 0,
            "color": {"mode": "palette-classic"},
            "custom": {
                "drawStyle": "line",
                "lineInterpolation": "stepAfter" if self.is_stacked else "linear",
                "lineWidth": 1,
                "fillOpacity": 30 if self.is_stacked else 0,
                "showPoints": "never",
                "spanNulls": False,
                "stacking": {"mode": "normal" if self.is_stacked else "none", "group": "A"},
                "thresholdsStyle": {"mode": "off" if self.line is None else "line"},
            },
            "thresholds": _thresholds(steps),
        }
        return _panel("timeseries", self, defaults, _CHART_OPTIONS, {"range": True})


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One value, of now; it takes a colour as it passes the steps."""

    title: str
    says: str
    expression: str
    unit: Unit = "none"
    decimals: int | None = None
    steps: tuple[Step, ...] = (("text", None),)

    @property
    def queries(self) -> tuple[Query, ...]:
        """Its one question."""
        return (Query(self.expression, self.title),)

    def render(self) -> Json:
        """The panel without its number and its place."""
        defaults: Json = {"unit": self.unit, "color": {"mode": "thresholds"}, "thresholds": _thresholds(self.steps)}
        if self.decimals is not None:
            defaults["decimals"] = self.decimals
        return _panel("stat", self, defaults, _FIGURE_OPTIONS, {"range": False, "instant": True})


Panel = Chart | Figure


def _panel(kind: str, panel: Panel, defaults: Json, options: Json, asked: Json) -> Json:
    return {
        "type": kind,
        "title": panel.title,
        "description": panel.says,
        "datasource": SOURCE,
        "targets": [query.render(index, asked) for index, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
    }


def _thresholds(steps: list[Step] | tuple[Step, ...]) -> Json:
    return {"mode": "absolute", "steps": [{"color": colour, "value": value} for colour, value in steps]}
