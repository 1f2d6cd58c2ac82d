"""The report's charts: round axes, nothing outside the picture, numbers only where they fit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.report_charts import Bar, MoneyColumn, axis_ticks, money_columns, stacked_bar


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        pytest.param([], [0, 0.25, 0.5, 0.75, 1], id="no values"),
        pytest.param([0.0], [0, 0.25, 0.5, 0.75, 1], id="zero"),
        pytest.param([90.0], [0, 25, 50, 75, 100], id="positive"),
        pytest.param([-90.0, 90.0], [-100, -50, 0, 50, 100], id="both signs"),
        pytest.param([250_000_000.0], [0, 100_000_000, 200_000_000, 300_000_000], id="large"),
    ],
)
def test_axis_ticks_are_round_and_hold_all_values(values: list[float], ticks: list[float]) -> None:
    assert axis_ticks(values) == ticks


@given(st.lists(st.floats(-1e12, 1e12), max_size=20))
def test_axis_ticks_reach_from_the_least_value_to_the_greatest(values: list[float]) -> None:
    ticks = axis_ticks(values)
    assert ticks[0] <= min([0.0, *values]) + 1e-6
    assert ticks[-1] >= max([0.0, *values]) - 1e-6
    assert 2 <= len(ticks) <= 8


@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=60))
def test_money_columns_stay_inside_the_picture(cents: list[int]) -> None:
    columns = [MoneyColumn(year="2024", month="Jan", value=number / 100, text="$1", title="t") for number in cents]
    _, _, width, height = map(float, re.findall(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', money_columns(columns, "t"))[0])
    rects = re.findall(
        r'<rect class="published" x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"', money_columns(columns, "t")
    )
    assert len(rects) == len(cents)
    for x, y, wide, high in (map(float, rect) for rect in rects):
        assert x >= 0
        assert x + wide <= width
        assert y >= 0
        assert y + high <= height


def test_amounts_stand_over_the_columns_only_where_they_fit() -> None:
    column = MoneyColumn(year="2024", month="Jan", value=1.0, text="$250,000,000.00", title="t")
    assert ">$250,000,000.00<" in money_columns([column] * 4, "t")
    assert ">$250,000,000.00<" not in money_columns([column] * 6, "t")


def test_the_stacked_bar_fills_its_width_and_numbers_only_wide_segments() -> None:
    chart = stacked_bar([Bar("A", 97, "97", "published"), Bar("B", 3, "3", "resent")], "Outcome")
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%" height="44"><title>', chart)]
    assert widths == [97, 3]
    assert ">97</text>" in chart
    assert ">3</text>" not in chart
