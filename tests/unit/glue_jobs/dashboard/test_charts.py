"""The dashboard's own charts stay inside their pictures, and say in words what they show."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from glue_jobs.dashboard.charts import Column, Part, TriangleRow, stacked_columns, triangle

RECT = re.compile(r'<rect class="[^"]+"(?: fill-opacity="\S+")? x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"')
VIEW = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')


def rects(chart: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, found)) for found in RECT.findall(chart)]


def size(chart: str) -> tuple[float, float]:
    _, _, width, height = map(float, VIEW.findall(chart)[0])
    return width, height


@settings(deadline=None)  # a busy machine
@given(st.lists(st.tuples(st.integers(-(10**9), 10**12), st.integers(0, 10**12)), min_size=1, max_size=24))
def test_parts_of_columns_stay_inside_the_picture(amounts: list[tuple[int, int]]) -> None:
    columns = [
        Column("2024", "Jan", (Part("a", one / 100, "x", "published"), Part("b", two / 100, "y", "held")), "z")
        for one, two in amounts
    ]
    chart = str(stacked_columns(columns, "t"))
    width, height = size(chart)
    assert len(rects(chart)) == 2 * len(amounts)
    for x, y, wide, high in rects(chart):
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height


def test_parts_stand_on_each_other_and_early_columns_are_marked() -> None:
    parts = (Part("Medical", 300.0, "$300", "published"), Part("Pharmacy", 100.0, "$100", "held"))
    chart = str(
        stacked_columns([Column("2024", "Jan", parts, "$400"), Column("2024", "Feb", parts, "$400", True)], "t")
    )
    medical, pharmacy = rects(chart)[:2]
    assert abs(pharmacy[1] + pharmacy[3] - medical[1]) < 0.02
    assert abs(medical[3] - 3 * pharmacy[3]) < 0.05
    assert chart.count(" early") == 2
    assert 'aria-label="t: Jan 2024: Medical $300, Pharmacy $100' in chart
    assert "Feb 2024: Medical $300, Pharmacy $100, not complete yet" in chart


def test_a_triangle_has_a_cell_for_each_share_that_is_known() -> None:
    rows = [TriangleRow("Jan 2024", (0.25, 0.5, 1.0)), TriangleRow("Feb 2024", (0.3, 0.62, None))]
    chart = str(triangle(rows, "Paid"))
    assert len(rects(chart)) == 5
    assert 'aria-label="Paid: Jan 2024 25% 50% 100%; Feb 2024 30% 62%"' in chart
    assert re.findall(r'fill-opacity="(\S+)"', chart) == ["0.25", "0.50", "1.00", "0.30", "0.62"]
    width, height = size(chart)
    assert all(x + wide <= width and y + high <= height for x, y, wide, high in rects(chart))
