"""The report of an evaluation, as a browser shows it."""

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from vigil.evaluation.chart import Axis, Line, line_chart
from vigil.evaluation.page import Section, Table
from vigil.evaluation.page import page as report

Colours = Literal["light", "dark"]


@pytest.fixture
def address(tmp_path: Path) -> str:
    chart = line_chart("ROC", Axis("specificity"), Axis("sensitivity"), [Line("NEWS2", [(0, 0), (1, 1)])])
    table = Table(["model", *["AUROC and its interval"] * 12], [["<NEWS2>", *["0.812 (0.790 to 0.834)"] * 12]])
    file = tmp_path / "report.html"
    file.write_text(report("Mortality", ["Of twenty stays."], [Section("All", ["text"], [table], [chart])]), "utf-8")
    return file.as_uri()


def test_a_report_is_shown_without_fetching_anything(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(address)

    expect(page.get_by_role("heading", name="Mortality")).to_be_visible()
    expect(page.get_by_role("rowheader", name="<NEWS2>")).to_be_visible()
    expect(page.get_by_role("img", name="ROC")).to_be_visible()
    assert asked == [address]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_report_can_be_read_by_everybody(page: Page, address: str, colours: Colours, width: int) -> None:
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
