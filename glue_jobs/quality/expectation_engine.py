"""Great Expectations' own engine, on demand: the oracle against which the compiled suite is held.

It runs without keeping rows in memory and reads only the columns that the rules name. Its results hold values (lists of
unexpected rows, least and greatest values, exception texts); only the keys of ALLOWED are taken from them.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame

from expectations.rules import Rule
from expectations.suite_outcome import RuleOutcome
from glue_jobs.quality.compiled_suite import rule_outcome
from glue_jobs.quality.table_rules import can_be_judged

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # before the import: it asks the network otherwise

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
ALLOWED = ("element_count", "missing_count", "unexpected_count")
COUNTED_BY_QUERY = "unexpected_rows_expectation"
"""Its observed value is the number of rows that its query finds, and nothing else."""


def judge_by_expectations(rows: DataFrame, rules: Sequence[Rule]) -> tuple[RuleOutcome, ...]:
    """The outcome of each rule on these rows as Great Expectations' engine finds it, in the order of the suite."""
    asked = [rule for rule in rules if can_be_judged(rows.sparkSession, rule)]
    needed = {name for rule in asked for name in rule.columns}
    pruned = rows.select(*(name for name in rows.columns if name in needed)) if needed else rows
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_spark("audit", persist=False)
    definition = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    batch = definition.get_batch({"dataframe": pruned})
    count = pruned.count()
    suite = gx.ExpectationSuite(name="audit", expectations=[_expectation(rule) for rule in asked])
    results: Any = batch.validate(suite, result_format=RESULT_FORMAT).results
    found = {str(result.expectation_config.meta["rule_id"]): result for result in results}
    return tuple(
        _outcome(rule, found[rule.rule_id], count)
        if rule.rule_id in found
        else rule_outcome(rule, 0, 0, 0, success=True)
        for rule in rules
    )


def _expectation(rule: Rule) -> dict[str, Any]:
    return {"type": rule.type, "kwargs": rule.expectation_kwargs, "meta": {"rule_id": rule.rule_id}}


def _outcome(rule: Rule, result: Any, count: int) -> RuleOutcome:  # noqa: ANN401 - its class is not exported
    counts: Mapping[str, Any] = {key: result.result[key] for key in ALLOWED if result.result.get(key) is not None}
    broken = counts.get("unexpected_count", 0)
    if rule.type == COUNTED_BY_QUERY and not _error_type(result):
        broken = result.result["observed_value"]
    return rule_outcome(
        rule,
        counts.get("element_count", count),
        counts.get("missing_count", 0),
        broken,
        success=bool(result.success),
        error_type=_error_type(result),
    )


def _error_type(result: Any) -> str:  # noqa: ANN401 - its class is not exported
    """`EngineError` where the engine raised; its own text can hold a value."""
    info = result.exception_info or {}
    parts = info.values() if info and all(isinstance(part, dict) for part in info.values()) else [info]
    return "EngineError" if any(part.get("raised_exception") for part in parts) else ""
