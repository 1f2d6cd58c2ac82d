"""The quality score: what is left of 100 when broken rows are taken off, by the weight of what they broke."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from expectations.quality_score import WEIGHTS, Dimension, DimensionCount, sum_counts, total_score


@st.composite
def counts(draw: st.DrawFn, dimension: Dimension = Dimension.VALIDITY) -> DimensionCount:
    rows = draw(st.integers(0, 10_000_000))
    critical = draw(st.integers(0, rows))
    return DimensionCount(
        dimension=dimension, rows=rows, critical_rows=critical, warning_rows=draw(st.integers(0, rows - critical))
    )


@pytest.mark.parametrize(
    ("rows", "critical", "warning", "score"),
    [(100, 0, 0, "100.0"), (100, 100, 0, "0.0"), (100, 0, 100, "50.0"), (3, 1, 0, "66.6"), (1_000_000, 1, 0, "99.9")],
    ids=["clean", "all critical", "all warned", "rounded down", "one in a million is seen"],
)
def test_a_critical_row_weighs_one_and_a_warned_row_a_half(rows: int, critical: int, warning: int, score: str) -> None:
    count = DimensionCount(dimension=Dimension.VALIDITY, rows=rows, critical_rows=critical, warning_rows=warning)
    assert count.score == Decimal(score)


def test_a_dimension_without_rows_is_perfect_and_one_that_was_not_judged_is_left_out() -> None:
    empty = DimensionCount(dimension=Dimension.UNIQUENESS, rows=0)
    half = DimensionCount(dimension=Dimension.VALIDITY, rows=10, critical_rows=5)
    assert empty.score == Decimal("100.0")
    assert total_score([]) == Decimal("100.0")
    assert total_score([half]) == Decimal("50.0")


def test_the_total_weighs_completeness_and_validity_most() -> None:
    bad = DimensionCount(dimension=Dimension.VALIDITY, rows=10, critical_rows=10)
    good = DimensionCount(dimension=Dimension.TIMELINESS, rows=10)
    assert total_score([bad, good]) == Decimal("16.6")
    assert sum(WEIGHTS.values()) == 100
    assert set(WEIGHTS) == set(Dimension)


def test_a_row_cannot_be_counted_twice() -> None:
    with pytest.raises(ValidationError, match="more rows break rules than there are"):
        DimensionCount(dimension=Dimension.VALIDITY, rows=1, critical_rows=1, warning_rows=1)


@given(counts(), counts(Dimension.PLAUSIBILITY))
def test_scores_stay_between_0_and_100_and_100_means_that_nothing_was_found(
    first: DimensionCount, second: DimensionCount
) -> None:
    for count in (first, second):
        assert 0 <= count.score <= 100
        assert (count.score == 100) == (count.critical_rows + count.warning_rows == 0)
    low, high = sorted((first.score, second.score))
    assert low <= total_score([first, second]) <= high


def test_counts_of_files_add_up_by_dimension_in_the_order_of_reports() -> None:
    late = DimensionCount(dimension=Dimension.TIMELINESS, rows=5, warning_rows=2)
    first = DimensionCount(dimension=Dimension.VALIDITY, rows=10, critical_rows=1, warning_rows=2)
    second = DimensionCount(dimension=Dimension.VALIDITY, rows=20, critical_rows=3)
    assert sum_counts([late, first, second]) == (
        DimensionCount(dimension=Dimension.VALIDITY, rows=30, critical_rows=4, warning_rows=2),
        late,
    )
    assert sum_counts([]) == ()


@given(st.lists(counts(), min_size=1, max_size=5))
def test_the_score_of_a_sum_lies_between_those_of_its_parts(parts: list[DimensionCount]) -> None:
    scores = [part.score for part in parts if part.rows] or [Decimal(100)]
    assert min(scores) <= sum_counts(parts)[0].score <= max(scores)
