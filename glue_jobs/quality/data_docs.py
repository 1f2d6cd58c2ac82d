"""Great Expectations' own result objects and page, made of counts: what an auditor reads.

Nothing of the data is in them. The objects are built from `SuiteOutcome` and the contract alone, whichever engine
counted, so that no observed value, no example and no exception text can come along.
"""

import os
from collections.abc import Iterable
from typing import Any

from expectations.suite_outcome import RuleOutcome, SuiteOutcome

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # before the import: it asks the network otherwise

from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView

from expectations.rules import Rule


def validation_result(outcome: SuiteOutcome, rules: Iterable[Rule]) -> ExpectationSuiteValidationResult:
    """The outcome as Great Expectations' result of a suite."""
    by_id = {rule.rule_id: rule for rule in rules}
    results = [_result(one, by_id[one.rule_id]) for one in outcome.outcomes]
    successful = sum(1 for one in outcome.outcomes if one.success)
    evaluated = len(results)
    return ExpectationSuiteValidationResult(
        success=outcome.success,
        results=results,
        suite_name=outcome.table,
        statistics={
            "evaluated_expectations": evaluated,
            "successful_expectations": successful,
            "unsuccessful_expectations": evaluated - successful,
            "success_percent": 100.0 * successful / evaluated if evaluated else None,
        },
        meta={
            "run_id": {"run_name": outcome.audit_id, "run_time": outcome.started_at.isoformat()},
            "validation_time": outcome.finished_at.isoformat(),
            "table": outcome.table,
            "snapshot_id": str(outcome.snapshot_id or ""),
            "engine": outcome.engine,
        },
    )


def data_docs_page(outcome: SuiteOutcome, rules: Iterable[Rule]) -> str:
    """The page of Data Docs for one audit, as HTML."""
    renderer: Any = ValidationResultsPageRenderer(run_info_at_end=True)  # these two have no types
    view: Any = DefaultJinjaPageView()
    return str(view.render(renderer.render(validation_result(outcome, rules))))


def _result(one: RuleOutcome, rule: Rule) -> ExpectationValidationResult:
    judged = one.elements - one.missing
    counts: dict[str, Any] = {
        "element_count": one.elements,
        "unexpected_count": one.broken,
        "unexpected_percent": _percent(one.broken, judged),
        "missing_count": one.missing,
        "missing_percent": _percent(one.missing, one.elements),
        "unexpected_percent_total": _percent(one.broken, one.elements),
        "unexpected_percent_nonmissing": _percent(one.broken, judged),
        "partial_unexpected_list": [],
    }
    return ExpectationValidationResult(
        success=one.success,
        expectation_config=ExpectationConfiguration(
            type=rule.type,
            kwargs=rule.expectation_kwargs,
            meta={"rule_id": one.rule_id, "dimension": one.dimension.value},
            description=f"{one.rule_id}, {one.severity}, {one.dimension}: {one.sentence}",
            notes=one.cure,
            severity=FailureSeverity(rule.severity.value),
        ),
        result=counts,
        meta={},
        exception_info={
            "raised_exception": bool(one.error_type),
            "exception_message": one.error_type or None,
            "exception_traceback": None,
        },
    )


def _percent(part: int, whole: int) -> float | None:
    return 100.0 * part / whole if whole else None
