"""A suite judged at the price of a column: all row rules as bits of one pass, their counts from what was written."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.dimension_counts import GRAVEST_FIRST
from expectations.quality_score import Dimension, DimensionCount
from expectations.row_rules import Severity
from expectations.rules import Rule
from expectations.suite_outcome import RuleOutcome
from glue_jobs.quality.rule_masks import broken_in, mask_columns, row_rules, word_names
from glue_jobs.quality.table_rules import judge_table


class RowsAlike(NamedTuple):
    """How many rows break the same rules, and of how many of them each condition of the suite's rules is true."""

    broken: tuple[Rule, ...]
    rows: int
    concerned: Counter[str]


class Findings(NamedTuple):
    """What became of each rule, in the order of the suite, and of the rows by dimension; how many rows there are."""

    outcomes: tuple[RuleOutcome, ...]
    dimensions: tuple[DimensionCount, ...]
    rows: int


def judge_suite(rows: DataFrame, rules: Sequence[Rule]) -> Findings:
    """Judge these rows by the rules."""
    return judge_marked(rows.withColumns(mask_columns(row_rules(rules))), rows, rules)


def judge_marked(marked: DataFrame, rows: DataFrame, rules: Sequence[Rule]) -> Findings:
    """Judge rows `marked` with the words of the row rules, and the same `rows` by the rules of the whole table."""
    by_row = row_rules(rules)
    alike = _rows_alike(marked, by_row) if by_row else []
    broken, concerned = Counter[str](), Counter[str]()
    for group in alike:
        broken.update({rule.rule_id: group.rows for rule in group.broken})
        concerned.update(group.concerned)
    found = {rule.rule_id: _row_outcome(rule, concerned, broken[rule.rule_id]) for rule in by_row}
    table_rules = {rule.rule_id: rule for rule in rules if rule.scope == "table"}
    count = sum(group.rows for group in alike) if by_row else None
    for rule_id, finding in judge_table(rows, list(table_rules.values()), count).items() if table_rules else ():
        counts = (finding.elements, finding.missing, finding.broken)
        found[rule_id] = rule_outcome(table_rules[rule_id], *counts, success=finding.success)
    outcomes = tuple(found[rule.rule_id] for rule in rules)
    return Findings(outcomes, _dimensions(alike, outcomes), sum(group.rows for group in alike))


def _dimensions(alike: Sequence[RowsAlike], outcomes: Sequence[RuleOutcome]) -> tuple[DimensionCount, ...]:
    """Rows by the gravest rule of each dimension that they break.

    Which rows a rule of the whole table finds is not known row by row: of those rules, the one that finds most counts.
    """
    rows = sum(group.rows for group in alike)
    judged = [dimension for dimension in Dimension if any(one.dimension is dimension for one in outcomes)]
    counts = {dimension: Counter[Severity]() for dimension in judged}
    for group in alike:
        for dimension, count in counts.items():
            severities = {rule.severity for rule in group.broken if rule.dimension == dimension}
            count[min(severities, key=GRAVEST_FIRST.index, default=Severity.INFO)] += group.rows
    for one in outcomes:
        if one.scope == "table" and not one.success:
            count = counts[one.dimension]
            count[one.severity] = max(count[one.severity], min(one.broken, rows))
    return tuple(
        DimensionCount(
            dimension=dimension,
            rows=rows,
            critical_rows=count[Severity.CRITICAL],
            warning_rows=min(count[Severity.WARNING], rows - count[Severity.CRITICAL]),
        )
        for dimension, count in counts.items()
    )


def rule_outcome(  # noqa: PLR0913 - one count each
    rule: Rule, elements: int, missing: int, broken: int, *, success: bool, error_type: str = ""
) -> RuleOutcome:
    """The outcome of a rule with what the contract says of it."""
    return RuleOutcome(
        rule_id=rule.rule_id,
        type=rule.type,
        scope=rule.scope,
        severity=rule.severity,
        dimension=rule.dimension,
        sentence=rule.sentence,
        cure=rule.cure,
        elements=elements,
        missing=missing,
        broken=broken,
        success=success,
        error_type=error_type,
    )


def _row_outcome(rule: Rule, concerned: Counter[str], broken: int) -> RuleOutcome:
    elements, judged = (concerned[sql] for sql in _conditions(rule))
    holds = judged == 0 or Decimal(judged - broken) / judged >= Decimal(str(rule.mostly))
    return rule_outcome(rule, elements, elements - judged, broken, success=holds)


def _rows_alike(rows: DataFrame, rules: Sequence[Rule]) -> list[RowsAlike]:
    """Rows that have the words of these rules, counted by the rules that they break."""
    conditions = {
        f"_{place}": sql for place, sql in enumerate(sorted({sql for rule in rules for sql in _conditions(rule)}))
    }
    counts = (F.count_if(F.expr(sql)).alias(name) for name, sql in conditions.items())
    groups = rows.groupBy(*word_names(rules)).agg(F.count("*").alias("_rows"), *counts)
    return [
        RowsAlike(
            broken_in(rules, row.asDict()), row["_rows"], Counter({sql: row[name] for name, sql in conditions.items()})
        )
        for row in groups.collect()
    ]


def _conditions(rule: Rule) -> tuple[str, str]:
    """Of the rows that the rule concerns, and of those that it judges."""
    return rule.row_condition or "true", rule.judged_sql
