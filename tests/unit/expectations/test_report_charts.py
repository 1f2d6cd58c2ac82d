"""The report's charts: round axes, nothing outside the picture, numbers only where they fit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.report_charts import (
    TICKS,
    Bar,
    MoneyColumn,
    TrendPoint,
    axis_ticks,
    money_columns,
    score_ticks,
    score_trend,
    stacked_bar,
    thin_bar,
)


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


@pytest.mark.parametrize(
    ("scores", "ticks"),
    [
        pytest.param([], [96, 97, 98, 99, 100], id="none"),
        pytest.param([100.0], [96, 97, 98, 99, 100], id="perfect"),
        pytest.param([96.0, 99.9], [96, 97, 98, 99, 100], id="at the edge"),
        pytest.param([95.9], [92, 94, 96, 98, 100], id="just below it"),
        pytest.param([78.8], [60, 70, 80, 90, 100], id="bad"),
        pytest.param([0.0], [0, 25, 50, 75, 100], id="nothing right"),
    ],
)
def test_the_axis_of_scores_ends_at_100_and_begins_where_it_is_needed(scores: list[float], ticks: list[int]) -> None:
    assert score_ticks(scores) == ticks
    assert len(ticks) == TICKS + 1


def points(*scores: float) -> list[TrendPoint]:
    return [TrendPoint(f"{day} Mar 2024", score, str(score), f"day {day}") for day, score in enumerate(scores, 1)]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40))
def test_a_trend_draws_every_score_inside_the_picture_from_left_to_right(tenths: list[int]) -> None:
    chart = score_trend(points(*(number / 10 for number in tenths)), "t")
    circles = [tuple(map(float, found)) for found in re.findall(r'cx="([\d.]+)%" cy="([\d.]+)"', chart)]
    assert len(circles) == len(tenths)
    assert chart.count('class="trend"') == len(tenths) - 1
    assert all(0 <= x <= 100 and 20 <= y <= 130 for x, y in circles)
    assert [x for x, _ in circles] == sorted({x for x, _ in circles})


def test_a_trend_writes_out_the_last_score_and_the_first_and_last_day() -> None:
    chart = score_trend(points(97.5, 99.0, 98.2), "Quality score of clinic")
    assert 'aria-label="Quality score of clinic: day 1; day 2; day 3"' in chart
    for text in (">98.2<", ">1 Mar 2024<", ">3 Mar 2024<"):
        assert text in chart
    for text in (">97.5<", ">2 Mar 2024<"):
        assert text not in chart


def test_what_little_a_score_lost_can_still_be_seen_and_the_bar_stays_full() -> None:
    bars = [
        Bar("left", 99.95, "99.9", "published"),
        Bar("in error", 0.05, "a", "quarantined"),
        Bar("w", 0, "0", "warned"),
    ]
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%" height="8"><title>', thin_bar(bars, "validity"))]
    assert widths == [97, 3]
