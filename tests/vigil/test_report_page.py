"""The report of an evaluation: a page that stands alone, whose charts are well-formed and can be read aloud."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from tests.report_page import fetched
from vigil.evaluation.chart import Axis, Interval, Line, interval_chart, line_chart
from vigil.evaluation.page import Section, Table, page

SVG = "{http://www.w3.org/2000/svg}"
FIRST, SECOND, GREY = "#0072b2", "#d55e00", "#6b7783"
Points = list[tuple[float, float]]


def drawn(svg: str, colour: str, *, dashed: bool) -> list[Points]:
    """The lines of a colour between the axes, without those of the legend."""
    return [
        [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", path.attrib["d"])]
        for path in between_axes(svg).iter(f"{SVG}path")
        if "fill: none" in (style := path.attrib.get("style", ""))
        if f"stroke: {colour}" in style and ("dasharray" in style) == dashed
    ]


def marks(svg: str, colour: str) -> Points:
    return [
        (float(use.attrib["x"]), float(use.attrib["y"]))
        for use in between_axes(svg).iter(f"{SVG}use")
        if colour in use.attrib["style"]
    ]


def between_axes(svg: str) -> ET.Element:
    (found,) = [group for group in ET.fromstring(svg).iter(f"{SVG}g") if group.get("id") == "axes_1"]
    return found


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_page_stands_alone_and_hides_no_markup_of_what_it_tells() -> None:
    chart = line_chart("ROC", Axis("x"), Axis("y"), [Line("a", [(0, 0), (1, 1)])])

    told = page(
        "A & B", ["<b>not bold</b>"], [Section("Heads", ["text"], [Table(["name", "n"], [["<i>", "1"]])], [chart])]
    )

    assert "&lt;b&gt;not bold&lt;/b&gt;" in told
    assert "<th>&lt;i&gt;</th><td>1</td>" in told
    assert "<title>A &amp; B</title>" in told
    assert fetched(told) == []
    assert "not a medical device" in told


def test_no_two_charts_of_a_page_share_an_id_and_each_finds_its_own_parts() -> None:
    chart = line_chart("t", Axis("x"), Axis("y"), [Line("l", [(0, 0), (1, 1)], has_marks=True)])

    told = page("t", [], [Section("a", charts=[chart, chart]), Section("b", charts=[chart])])

    ids = re.findall(r'\bid="([^"]+)"', told)
    parts = {*re.findall(r'href="#([^"]+)"', told), *re.findall(r"url\(#([^)]+)\)", told)}
    assert len(ids) == len(set(ids)) > 3
    assert parts <= set(ids)
    assert len(parts) == 3 * len({*re.findall(r'href="#([^"]+)"', chart), *re.findall(r"url\(#([^)]+)\)", chart)})


def test_equal_charts_are_equal_bytes() -> None:
    def chart() -> str:
        return line_chart("t", Axis("x"), Axis("y"), [Line("l", [(0, 0), (1, 1)], has_marks=True)])

    assert chart() == chart()


def test_a_chart_tells_its_name_and_what_it_shows_to_those_who_do_not_see_it() -> None:
    lines = ET.fromstring(line_chart("A & B", Axis("hours"), Axis("AUROC"), [Line("NEWS2", [(0, 0)])]))
    rows = ET.fromstring(interval_chart("By group", Axis("AUROC"), [Interval("65 & older", 0.8123, 0.7, 0.9)]))

    assert [lines.findtext(f"{SVG}{each}") for each in ("title", "desc")] == ["A & B", "AUROC over hours: NEWS2."]
    assert rows.findtext(f"{SVG}desc") == "AUROC: 65 & older 0.812."
    assert lines.attrib["role"] == "img"


def test_a_line_goes_up_on_the_paper_where_its_values_do() -> None:
    rises, falls = Line("rises", [(0, 0), (0.4, 1.2), (1, 2)]), Line("falls", [(0, 2), (0.4, 0.3), (1, 0)])

    chart = line_chart("t", Axis("x"), Axis("y", 0, 2), [rises, falls])

    (up,), (down,) = drawn(chart, FIRST, dashed=False), drawn(chart, SECOND, dashed=True)
    assert all(right > left and above < below for (left, below), (right, above) in pairwise(up))
    assert all(right > left and above < below for (left, above), (right, below) in pairwise(down))
    assert {"rises", "falls", "x", "y"} <= set(texts(chart))


def test_a_reference_has_no_name_and_takes_no_colour_from_the_lines() -> None:
    chart = line_chart("t", Axis("x"), Axis("y"), [Line("", [(0, 0), (1, 1)]), Line("a", [(0, 1), (1, 0)])])

    assert len(drawn(chart, GREY, dashed=True)) == 1
    assert len(drawn(chart, FIRST, dashed=False)) == 1


def test_a_line_of_no_points_keeps_its_colour_and_is_not_named() -> None:
    chart = line_chart("t", Axis("x"), Axis("y"), [Line("a", []), Line("b", [(0, 0), (1, 1)])])

    assert len(drawn(chart, SECOND, dashed=True)) == 1
    assert "b" in texts(chart)
    assert "a" not in texts(chart)


def test_a_long_title_is_within_the_chart_whatever_stands_at_its_left() -> None:
    rows = [Interval("a name that takes much of the width", 0.5)]

    drawn_ = ET.fromstring(interval_chart("One that is almost as wide as the chart itself is", Axis("x"), rows))

    [title] = [text for text in drawn_.iter(f"{SVG}text") if (text.text or "").startswith("One that")]
    assert float(title.attrib["x"]) < 20


def test_a_line_of_many_points_keeps_its_ends_and_few_between() -> None:
    points = [(at / 5000, at / 5000) for at in range(5001)]

    chart = line_chart("t", Axis("x"), Axis("y"), [Line("", [points[0], points[-1]]), Line("l", points)])

    (line,), (whole,) = drawn(chart, FIRST, dashed=False), drawn(chart, GREY, dashed=True)
    assert [line[0], line[-1]] == whole
    assert len(line) < 500


def test_what_is_not_finite_is_left_out_of_a_line_and_told_of_an_interval() -> None:
    points = [(0, float("nan")), (0.2, 0.1), (0.4, 0.2), (1, float("inf"))]

    chart = line_chart("t", Axis("x"), Axis("y"), [Line("l", points, has_marks=True)])
    rows = interval_chart("t", Axis("AUROC"), [Interval("nobody", float("nan"))])

    assert len(marks(chart, FIRST)) == 2
    assert marks(rows, FIRST) == []
    assert "can't be told" in texts(rows)


@pytest.mark.parametrize("far", [0.1, 0.5, 2.0, 48.0])
def test_an_axis_goes_at_least_to_its_end_and_further_for_values_that_lie_beyond(far: float) -> None:
    whole, one = Line("", [(0, 0), (1, 1)]), Line("l", [(far, 0.5)], has_marks=True)

    chart = line_chart("t", Axis("x"), Axis("y"), [whole, one])

    (((left, bottom), (right, top)),) = drawn(chart, GREY, dashed=True)
    ((across, up),) = marks(chart, FIRST)
    assert (across - left) / (right - left) == pytest.approx(far, rel=1e-3)
    assert up == pytest.approx((bottom + top) / 2)


def test_an_interval_is_as_wide_as_it_says_and_a_name_is_shown_as_it_is() -> None:
    chart = interval_chart("t", Axis("AUROC", 0.5, 1), [Interval("65 & $older$", 0.8, 0.7, 0.9)], reference=0.75)

    (((left, _), (right, _)),) = drawn(chart, FIRST, dashed=False)
    (((reference, _), _),) = drawn(chart, GREY, dashed=True)
    ((value, _),) = marks(chart, FIRST)
    assert (reference - left) / (right - left) == pytest.approx(0.25, abs=1e-3)
    assert (value - left) / (right - left) == pytest.approx(0.5, abs=1e-3)
    assert {"65 & $older$", "0.800"} <= set(texts(chart))


def test_matplotlib_is_not_imported_before_a_chart_is_drawn() -> None:
    code = "import sys, vigil.evaluation.mortality_report; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
