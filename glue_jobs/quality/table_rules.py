"""Rules of a whole table, worked out from few columns: what each counts, and whether it holds.

What can be one figure of one pass (numbers of rows, sums) is, for all rules together; only uniqueness needs a pass of
its own, because equal keys must meet. Where it looks at all rows, figures that add up are taken on the way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.rule_types import QUERY
from expectations.rules import Rule


@dataclass(frozen=True)
class TableFinding:
    """What a rule of the whole table found: rows that it concerns, does not judge, and that break it."""

    elements: int
    missing: int
    broken: int
    success: bool


def judge_table(rows: DataFrame, rules: Sequence[Rule], count: int | None = None) -> dict[str, TableFinding]:
    """What each rule finds, by its id; `count` is the number of rows, where it is known."""
    by_figure = [rule for rule in rules if rule.type in FIGURES]
    carrier = next((rule for rule in rules if rule.type in KEYS and not rule.row_condition), None)
    if carrier and all(rule.type in ADDED_UP for rule in by_figure):
        carried, figures = _uniqueness(rows, carrier, by_figure)
        found = {carrier.rule_id: carried}
    else:
        found, figures = {}, _figures(rows, by_figure, count)
    return {rule.rule_id: found.get(rule.rule_id) or _finding(rows, rule, figures) for rule in rules}


def _finding(rows: DataFrame, rule: Rule, figures: Mapping[str, Any]) -> TableFinding:
    if rule.type in FIGURES:
        return _within(rule, figures[rule.rule_id], figures["_rows"])
    return _uniqueness(rows, rule)[0] if rule.type in KEYS else _found_by_query(rows, rule, figures["_rows"])


def can_be_judged(spark: SparkSession, rule: Rule) -> bool:
    """Whether the other tables that the rule reads hold anything."""
    return all(spark.catalog.tableExists(name) and not spark.table(name).isEmpty() for name in rule.other_tables)


def _found_by_query(rows: DataFrame, rule: Rule, count: int) -> TableFinding:
    if not can_be_judged(rows.sparkSession, rule):
        return TableFinding(0, 0, 0, success=True)
    view = f"rows_of_{rule.rule_id.lower()}"
    rows.select(*rule.columns).createOrReplaceTempView(view)
    broken = rows.sparkSession.sql(rule.kwargs[QUERY].format(batch=view)).count()
    return TableFinding(count, 0, broken, success=not broken)


def _figure_of_rows(rule: Rule) -> Column:
    return F.count("*")


def _figure_of_sum(rule: Rule) -> Column:
    return F.sum(_concerned(rule))


def _figure_of_distinct(rule: Rule) -> Column:
    return F.countDistinct(_concerned(rule))


def _concerned(rule: Rule) -> Column:
    column = F.col(str(rule.kwargs["column"]))
    return F.when(F.expr(rule.row_condition), column) if rule.row_condition else column


FIGURES: Mapping[str, Callable[[Rule], Column]] = {
    "expect_table_row_count_to_be_between": _figure_of_rows,
    "expect_column_sum_to_be_between": _figure_of_sum,
    "expect_column_unique_value_count_to_be_between": _figure_of_distinct,
}
"""Rules that compare one figure of the table with bounds."""

ADDED_UP = ("expect_table_row_count_to_be_between", "expect_column_sum_to_be_between")
"""Of these, whose figure is the sum of those of any parts of the table."""

KEYS: Mapping[str, str] = {
    "expect_column_values_to_be_unique": "column",
    "expect_compound_columns_to_be_unique": "column_list",
}
"""Rules by which a key stands in the table once; where in their `kwargs` the key is."""


def _figures(rows: DataFrame, rules: Sequence[Rule], count: int | None) -> Mapping[str, Any]:
    if count is not None and not rules:
        return {"_rows": count}
    columns = [FIGURES[rule.type](rule).alias(rule.rule_id) for rule in rules]
    found = rows.agg(F.count("*").alias("_rows"), *columns).first()
    return found.asDict() if found else {}


def _within(rule: Rule, figure: Any, count: int) -> TableFinding:  # noqa: ANN401 - a whole number or a decimal
    if figure is None:
        return TableFinding(count, count, 0, success=False)
    value, least, most = Decimal(str(figure)), rule.kwargs.get("min_value"), rule.kwargs.get("max_value")
    above = least is None or value > Decimal(str(least)) or (value == least and not rule.kwargs.get("strict_min"))
    below = most is None or value < Decimal(str(most)) or (value == most and not rule.kwargs.get("strict_max"))
    return TableFinding(count, 0, 0, success=above and below)


def _uniqueness(rows: DataFrame, rule: Rule, added_up: Sequence[Rule] = ()) -> tuple[TableFinding, Mapping[str, Any]]:
    """Rows whose key another row has too, and figures of the rows; keys empty in all or any part are not judged."""
    named = rule.kwargs[KEYS[rule.type]]
    key = [named] if isinstance(named, str) else list(named)
    concerned = rows.where(F.expr(rule.row_condition)) if rule.row_condition else rows
    figures = [FIGURES[other.type](other).alias(other.rule_id) for other in added_up]
    times = concerned.groupBy(*key).agg(F.count("*").alias("_times"), *figures)
    parts = [F.col(name).isNull() for name in key]
    missing = or_ if rule.kwargs.get("ignore_row_if") == "any_value_is_missing" else and_
    empty = reduce(missing, parts)
    totals = times.agg(
        F.coalesce(F.sum("_times"), F.lit(0)).alias("_rows"),
        F.coalesce(F.sum(F.when(empty, F.col("_times"))), F.lit(0)).alias("_missing"),
        F.coalesce(F.sum(F.when(~empty & (F.col("_times") > 1), F.col("_times"))), F.lit(0)).alias("_broken"),
        *(F.sum(other.rule_id).alias(other.rule_id) for other in added_up),
    ).collect()[0]
    elements, judged = totals["_rows"], totals["_rows"] - totals["_missing"]
    holds = judged == 0 or Decimal(judged - totals["_broken"]) / judged >= Decimal(str(rule.mostly))
    # no row is no group of rows, and counts as none
    counted = {other.rule_id: elements for other in added_up if other.type == ADDED_UP[0]}
    return TableFinding(elements, totals["_missing"], totals["_broken"], holds), {**totals.asDict(), **counted}
