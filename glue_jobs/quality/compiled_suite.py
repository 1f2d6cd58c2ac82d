"""A suite judged at the price of a column: all row rules as bits of one pass, their counts from what was written."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.rules import Rule
from expectations.suite_outcome import RuleOutcome
from glue_jobs.quality.rule_masks import count_broken, mask_columns
from glue_jobs.quality.table_rules import judge_table


def judge_suite(rows: DataFrame, rules: Sequence[Rule]) -> tuple[RuleOutcome, ...]:
    """The outcome of each rule on these rows, in the order of the suite."""
    row_rules = [rule for rule in rules if rule.scope == "row"]
    masked = rows.withColumns(mask_columns(row_rules)) if row_rules else rows
    broken = count_broken(masked, row_rules)
    elements = _elements(rows, row_rules)
    found = {rule.rule_id: _row_outcome(rule, elements[rule.rule_id], broken[rule.rule_id]) for rule in row_rules}
    table_rules = [rule for rule in rules if rule.scope == "table"]
    for rule_id, finding in judge_table(rows, table_rules).items() if table_rules else ():
        rule = next(rule for rule in table_rules if rule.rule_id == rule_id)
        found[rule_id] = rule_outcome(rule, finding.elements, finding.missing, finding.broken, success=finding.success)
    return tuple(found[rule.rule_id] for rule in rules)


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


def _row_outcome(rule: Rule, elements: tuple[int, int], broken: int) -> RuleOutcome:
    concerned, judged = elements
    holds = judged == 0 or Decimal(judged - broken) / judged >= Decimal(str(rule.mostly))
    return rule_outcome(rule, concerned, concerned - judged, broken, success=holds)


def _elements(rows: DataFrame, rules: Sequence[Rule]) -> Mapping[str, tuple[int, int]]:
    """Rows that each rule concerns and that it judges, by its id: one figure for each condition that there is."""
    conditions = {sql: f"_{place}" for place, sql in enumerate(sorted({sql for rule in rules for sql in _both(rule)}))}
    counted = (
        rows.agg(*(F.count_if(F.expr(sql)).alias(name) for sql, name in conditions.items())).first() if rules else None
    )
    return {
        rule.rule_id: tuple(counted[conditions[sql]] if counted else 0 for sql in _both(rule))  # type: ignore[misc]
        for rule in rules
    }


def _both(rule: Rule) -> tuple[str, str]:
    return rule.row_condition or "true", rule.judged_sql
