"""What an audit of one table found: an outcome for each rule of its suite, in counts only.

No field can hold a value of a row: what is not declared here is refused (`Reported`). The facts behind Data Docs, and
their JSON form.
"""

import json
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from pydantic import Field

from expectations.quality_score import Dimension, DimensionCount, total_score
from expectations.report_fields import Count, Instant, Reported
from expectations.row_rules import Severity

Engine = Literal["compiled", "great_expectations"]


class RuleOutcome(Reported):
    """What became of one rule.

    `elements` are the rows to which it applies (its row condition holds), `missing` those of them that it does not
    judge, as a column rule leaves out nulls, and `broken` those that break it. Rules of the whole table count rows too;
    where they judge the table alone (its row count), `broken` is 0 and `success` says all.
    """

    rule_id: str
    type: str
    scope: Literal["row", "table"]
    severity: Severity
    dimension: Dimension
    sentence: str
    cure: str
    elements: Count
    missing: Count
    broken: Count
    success: bool
    error_type: str = Field("", description="Class of the error, where the rule could not be judged; never its text.")

    @property
    def broken_share(self) -> Decimal:
        """Broken rows among those judged, in percent with two decimals; rounded down, so that 100 means all."""
        judged = self.elements - self.missing
        if not judged:
            return Decimal("0.00")
        return (Decimal(100 * self.broken) / judged).quantize(Decimal("0.01"), ROUND_DOWN)


class SuiteOutcome(Reported):
    """One audit of one table."""

    audit_id: str
    table: str
    snapshot_id: int | None = Field(None, description="The state of the table that was audited.")
    engine: Engine
    started_at: Instant
    finished_at: Instant
    rows: Count
    dimensions: tuple[DimensionCount, ...] = Field((), description="None where the engine does not tell row by row.")
    outcomes: tuple[RuleOutcome, ...]

    @property
    def success(self) -> bool:
        """Whether every rule holds."""
        return all(outcome.success for outcome in self.outcomes)

    @property
    def score(self) -> Decimal | None:
        """The quality score over all dimensions, 0 to 100; see expectations.quality_score."""
        return total_score(self.dimensions) if self.dimensions else None

    @property
    def failed(self) -> tuple[RuleOutcome, ...]:
        """The rules that do not hold, the gravest first, then by number of rows."""
        order = list(Severity)
        failed = (outcome for outcome in self.outcomes if not outcome.success)
        return tuple(sorted(failed, key=lambda one: (order.index(one.severity), -one.broken, one.rule_id)))

    @property
    def has_critical(self) -> bool:
        """Whether a critical rule does not hold."""
        return any(not one.success and one.severity is Severity.CRITICAL for one in self.outcomes)

    def to_json(self) -> str:
        """The outcome as JSON text."""
        facts = self.model_dump(mode="json") | {"score": self.score, "success": self.success}
        return json.dumps(facts, indent=2, default=str) + "\n"
