"""A dashboard as Grafana's model has it: what it says first, figures in a row, then sections of charts, two abreast."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from vigil.docs.dashboards.panel import SOURCE, Chart, Figure, Json, Panel

_COLUMNS = 24
_TEXT_HEIGHT = 2
_FIGURE_HEIGHT = 4
_TITLE_HEIGHT = 1
_CHART_HEIGHT = 8
_ASSISTS = "**Vigil assists clinicians, does not replace them.**"
# What a person may choose: the variable, what it is called, and where its values are found.
_VARIABLES = {
    "ward": ("Ward", "label_values(vigil_patients_monitored, ward)"),
    "instance": ("Process", "label_values(vigil_process_start_time_seconds, instance)"),
    "gateway": ("Gateway", "label_values(vigil_gateway_readings_total, gateway)"),
}
# The other dashboards, by their tag, in the bar on top; they keep the time and what was chosen.
_LINK = {
    "title": "Vigil",
    "type": "dashboards",
    "tags": ["vigil"],
    "asDropdown": False,
    "includeVars": True,
    "keepTime": True,
    "targetBlank": False,
    "icon": "external link",
    "tooltip": "The other dashboards of Vigil",
    "url": "",
}


@dataclass(frozen=True)
class Section:
    """Charts that belong together, under a title."""

    title: str
    charts: Sequence[Chart]


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """One dashboard; `text` stands on it first, after the word that Vigil assists."""

    name: str
    title: str
    description: str
    text: str
    figures: Sequence[Figure]
    sections: Sequence[Section]

    @property
    def panels(self) -> list[Panel]:
        """All that ask something."""
        return [*self.figures, *(chart for section in self.sections for chart in section.charts)]

    def render(self) -> Json:
        """The whole model."""
        return {
            "uid": f"vigil-{self.name}",
            "title": f"Vigil: {self.title}",
            "description": f"{self.description} Vigil assists clinicians, does not replace them.",
            "tags": ["vigil"],
            "schemaVersion": 39,
            "version": 1,
            "editable": False,
            "graphTooltip": 1,
            "timezone": "browser",
            "refresh": "10s",
            "time": {"from": "now-1h", "to": "now"},
            "timepicker": {},
            "fiscalYearStartMonth": 0,
            "weekStart": "",
            "links": [_LINK],
            "annotations": {"list": []},
            "templating": {"list": [_variable(name) for name in _VARIABLES if self._asks_by(name)]},
            "panels": self._placed(),
        }

    def _asks_by(self, variable: str) -> bool:
        asked = (query.expression for panel in self.panels for query in panel.queries)
        return any(re.search(rf"\${variable}\b", expression) for expression in asked)

    def _placed(self) -> list[Json]:
        numbers = count(1)
        placed = [_text(f"{_ASSISTS} {self.text}") | _at(next(numbers), 0, 0, _COLUMNS, _TEXT_HEIGHT)]
        width, y = _COLUMNS // len(self.figures), _TEXT_HEIGHT
        for index, figure in enumerate(self.figures):
            placed.append(figure.render() | _at(next(numbers), index * width, y, width, _FIGURE_HEIGHT))
        y += _FIGURE_HEIGHT
        for section in self.sections:
            placed.append(_title(section.title) | _at(next(numbers), 0, y, _COLUMNS, _TITLE_HEIGHT))
            y += _TITLE_HEIGHT
            for index, chart in enumerate(section.charts):
                row, side = divmod(index, 2)
                place = _at(next(numbers), side * 12, y + row * _CHART_HEIGHT, 12, _CHART_HEIGHT)
                placed.append(chart.render() | place)
            y += (len(section.charts) + 1) // 2 * _CHART_HEIGHT
        return placed


def _at(number: int, x: int, y: int, width: int, height: int) -> Json:
    return {"id": number, "gridPos": {"x": x, "y": y, "w": width, "h": height}}


def _text(content: str) -> Json:
    return {"type": "text", "title": "", "options": {"mode": "markdown", "content": content}}


def _title(title: str) -> Json:
    return {"type": "row", "title": title, "collapsed": False, "panels": []}


def _variable(name: str) -> Json:
    label, query = _VARIABLES[name]
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": {"qryType": 1, "query": query, "refId": name},
        "current": {"text": ["All"], "value": ["$__all"]},
        "includeAll": True,
        "allValue": ".*",
        "multi": True,
        "refresh": 2,
        "sort": 1,
        "hide": 0,
        "options": [],
    }
