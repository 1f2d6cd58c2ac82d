"""From which records break what to the counts that the quality score is made of; the job and a Lambda count alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from expectations.quality_score import Dimension, DimensionCount
from expectations.row_rules import RECORD_RULES, Severity

GRAVEST_FIRST = tuple(Severity)


class AnyRule(Protocol):
    """A record rule, or a rule of a table's suite."""

    @property
    def severity(self) -> Severity:
        """What it does to a record that breaks it."""

    @property
    def dimension(self) -> str:
        """The kind of quality that it is about."""


class AnyFinding(Protocol):
    """So many records break exactly these rules."""

    @property
    def broken(self) -> Sequence[AnyRule]:
        """The rules."""

    @property
    def is_read(self) -> bool:
        """Whether the records could be read, so that rules of the suite were asked."""

    @property
    def records(self) -> int:
        """How many they are."""


def dimension_counts(
    findings: Iterable[AnyFinding], rules: Iterable[AnyRule], records: int, resent: int = 0
) -> tuple[DimensionCount, ...]:
    """Records by the gravest rule of each dimension that they break; `records` are those judged, resent ones beside.

    A record that cannot be read counts in the dimensions of the rules that say so, and in no other. A record sent twice
    in the run weighs on uniqueness as a warning.
    """
    found = list(findings)
    unread = sum(finding.records for finding in found if not finding.is_read)
    every: tuple[AnyRule, ...] = (*RECORD_RULES, *rules)
    judged = {rule.dimension for rule in every} | {Dimension.UNIQUENESS}
    counts = []
    for dimension in (one for one in Dimension if one in judged):
        count, unread_here = Counter[Severity](), 0
        for finding in found:
            severities = {rule.severity for rule in finding.broken if rule.dimension == dimension}
            gravest = min(severities, key=GRAVEST_FIRST.index, default=Severity.INFO)
            count[gravest] += finding.records
            if not finding.is_read and severities:
                unread_here += finding.records
        again = resent if dimension is Dimension.UNIQUENESS else 0
        counts.append(
            DimensionCount(
                dimension=dimension,
                rows=records - unread + unread_here + again,
                critical_rows=count[Severity.CRITICAL],
                warning_rows=count[Severity.WARNING] + again,
            )
        )
    return tuple(counts)
