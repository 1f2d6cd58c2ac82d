"""The quality score of a file, source, run or table: 0 to 100, by dimension and altogether.

A row weighs on a dimension by the gravest rule of it that the row breaks: 1 for a critical rule, a half for a warning;
information weighs nothing. The score of a dimension is 100 times what is left of its rows:

    score = 100 x (rows - critical_rows - warning_rows / 2) / rows

and the total is the mean of the dimensions' scores, each by its weight; dimensions of which no rule was judged are left
out. Scores are rounded down to one decimal, so that 100.0 means that nothing was found.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from pydantic import model_validator

from expectations.report_fields import TENTH, Count, Reported

PERFECT = Decimal("100.0")


class Dimension(StrEnum):
    """What a rule looks at; the order is that of reports."""

    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    CONSISTENCY = "consistency"
    UNIQUENESS = "uniqueness"
    TIMELINESS = "timeliness"
    PLAUSIBILITY = "plausibility"


WEIGHTS = {
    Dimension.COMPLETENESS: 25,
    Dimension.VALIDITY: 25,
    Dimension.CONSISTENCY: 20,
    Dimension.UNIQUENESS: 15,
    Dimension.TIMELINESS: 5,
    Dimension.PLAUSIBILITY: 10,
}


class DimensionCount(Reported):
    """Rows by the gravest rule of one dimension that they break: a critical one, or a warning only."""

    dimension: Dimension
    rows: Count
    critical_rows: Count = 0
    warning_rows: Count = 0

    @model_validator(mode="after")
    def _no_row_twice(self) -> "DimensionCount":
        if self.critical_rows + self.warning_rows > self.rows:
            raise ValueError("more rows break rules than there are")
        return self

    @property
    def score(self) -> Decimal:
        """0 to 100; 100 where there are no rows."""
        if not self.rows:
            return PERFECT
        left = self.rows - self.critical_rows - Decimal(self.warning_rows) / 2
        return (100 * left / self.rows).quantize(TENTH, ROUND_DOWN)


def sum_counts(counts: Iterable[DimensionCount]) -> tuple[DimensionCount, ...]:
    """One count a dimension, over files or sources whose rows have nothing in common; in the order of reports."""
    by_dimension = defaultdict(list)
    for count in counts:
        by_dimension[count.dimension].append(count)
    return tuple(
        DimensionCount(
            dimension=dimension,
            rows=sum(count.rows for count in found),
            critical_rows=sum(count.critical_rows for count in found),
            warning_rows=sum(count.warning_rows for count in found),
        )
        for dimension in Dimension
        if (found := by_dimension[dimension])
    )


def total_score(counts: Iterable[DimensionCount]) -> Decimal:
    """The score over all dimensions that were counted, 0 to 100."""
    found = [(WEIGHTS[count.dimension], count.score) for count in counts]
    weight = sum(weight for weight, _ in found)
    if not weight:
        return PERFECT
    return (sum((weight * score for weight, score in found), Decimal(0)) / weight).quantize(TENTH, ROUND_DOWN)
