"""The report of an evaluation: a page that stands alone, whose charts are well-formed."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from vigil.evaluation.chart import Axis, Interval, Line, interval_chart, line_chart
from vigil.evaluation.page import Section, Table, page


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def polylines(svg: str, style: str) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in (point.split(",") for point in line.attrib["points"].split())]
        for line in parsed(svg).iter("polyline")
        if line.attrib["class"] == style
    ]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter("text")]


def test_a_page_stands_alone_and_hides_no_markup_of_what_it_tells() -> None:
    chart = line_chart("ROC", Axis("x"), Axis("y"), [Line("a", [(0, 0), (1, 1)])])

    told = page(
        "A & B", ["<b>not bold</b>"], [Section("Heads", ["text"], [Table(["name", "n"], [["<i>", "1"]])], [chart])]
    )

    assert "&lt;b&gt;not bold&lt;/b&gt;" in told
    assert "<th>&lt;i&gt;</th><td>1</td>" in told
    assert "<title>A &amp; B</title>" in told
    assert [word for word in ("http:", "https:", "src=", "href=", "@import", "url(") if word in told] == []
    assert "not a medical device" in told


def test_a_line_goes_up_on_the_paper_where_its_values_do() -> None:
    drawn = line_chart("t", Axis("x"), Axis("y", 0, 2), [Line("rises", [(0, 0), (0.5, 1), (1, 2)])])

    (line,) = [line for line in polylines(drawn, "s0") if len(line) == 3]
    assert all(right > left and above < below for (left, below), (right, above) in pairwise(line))


def test_a_line_of_many_points_keeps_its_ends_and_few_between() -> None:
    points = [(at / 5000, at / 5000) for at in range(5001)]

    (line,) = [
        line for line in polylines(line_chart("t", Axis("x"), Axis("y"), [Line("l", points)]), "s0") if len(line) > 2
    ]

    (whole,) = polylines(line_chart("t", Axis("x"), Axis("y"), [Line("", [points[0], points[-1]])]), "reference")
    assert [line[0], line[-1]] == whole
    assert len(line) < 500


def test_what_is_not_finite_is_left_out_of_a_line_and_told_of_an_interval() -> None:
    drawn = line_chart("t", Axis("x"), Axis("y"), [Line("l", [(0, float("nan")), (0.2, 0.1), (1, float("inf"))])])
    rows = interval_chart("t", Axis("AUROC"), [Interval("nobody", float("nan"))])

    assert "nan" not in drawn
    assert "inf" not in drawn
    assert "can't be told" in texts(rows)


@pytest.mark.parametrize("high", [1e-3, 0.4, 1, 7, 48, 1234])
def test_ticks_are_few_round_and_within_the_axis(high: float) -> None:
    told = texts(line_chart("t", Axis("x", 0, high), Axis("y"), []))

    ticks = [float(text) for text in told[1:] if text.replace(".", "").replace("e-", "").isdigit()]
    across = ticks[: len(ticks) - 6]
    assert 3 <= len(across) <= 7
    assert max(across) <= high * 1.0001


def test_an_interval_is_as_wide_as_it_says_and_a_name_is_shown_as_it_is() -> None:
    drawn = interval_chart("t", Axis("AUROC", 0.5, 1), [Interval("65 & older", 0.8, 0.7, 0.9)], reference=0.75)

    ((left, right),) = polylines(drawn, "s0 range")
    ((top, _),) = polylines(drawn, "reference")
    assert left[0] < top[0] < right[0]
    assert "65 & older" in texts(drawn)
