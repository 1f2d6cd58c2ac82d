"""The parts of a run's report: what became of one file, rule, month, stage or table.

Every field is a count, a sum, a name or a time; see `expectations.report` for the whole.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from expectations.quality_score import DimensionCount, total_score
from expectations.report_fields import Count, Instant, Money, OneLine, Reported, Score, Seconds, Share
from expectations.row_rules import Severity

FileStatus = Literal["published", "known", "refused", "empty", "held"]
"""`held`: more of its records are in error than its source allows, so that it waits as a whole in quarantine/."""


class FileOutcome(Reported):
    """One file of one run. Records are what it holds, lines what was made of them; a file not read counts none."""

    file: str = Field(description="Safe to show: a key that fails the key contract comes as prefix and hash.")
    file_id: str
    source: str
    target_table: str
    status: FileStatus
    reason: str = Field("", description="Stable code of a refusal.")
    message: OneLine = Field("", description="What was found, what was expected and the cure, in one line.")
    size_bytes: Count = 0
    records_read: Count = 0
    records_accepted: Count = 0
    records_quarantined: Count = 0
    records_resent: Count = 0
    records_held: Count = Field(0, description="Of a held file all records that were read; none of them is published.")
    records_in_error: Count = Field(0, description="Of a held file the records in error, for which it is held.")
    max_error_share: Share | None = Field(None, description="A file with a greater share of errors is held.")
    lines_accepted: Count | None = Field(None, description="Lines made of accepted records; None: not counted apart.")
    lines_published: Count = 0
    warnings: tuple[OneLine, ...] = ()
    extra_columns: tuple[str, ...] = Field((), description="Header names that the source's declaration does not read.")
    quality: tuple[DimensionCount, ...] = Field(
        (), description="Records judged, and those that break rules, by dimension; none where none was judged."
    )

    @property
    def quality_score(self) -> Decimal | None:
        """The score over all dimensions, 0 to 100; None where no record was judged."""
        return total_score(self.quality) if self.quality else None

    @property
    def records_accounted_for(self) -> int:
        """Accepted, quarantined, resent and held records together."""
        return self.records_accepted + self.records_quarantined + self.records_resent + self.records_held

    @property
    def has_problem(self) -> bool:
        """Whether a person should look at this file."""
        not_published = self.status in {"refused", "held", "empty"}
        return not_published or bool(self.records_quarantined or self.warnings)


class BrokenRule(Reported):
    """How many records of one source broke one rule; a record that breaks several rules counts under each."""

    rule_id: str
    severity: Severity
    dimension: str = Field("", description="Kind of quality that the rule is about; empty where it has none.")
    sentence: str
    cure: str
    records: Count
    source: str


class SourceQuality(Reported):
    """The quality of one source's files in one run: their records by dimension, held files included."""

    source: str
    dimensions: tuple[DimensionCount, ...]

    @property
    def records(self) -> int:
        """Records that were judged."""
        return max((count.rows for count in self.dimensions), default=0)

    @property
    def score(self) -> Decimal:
        """The score over all dimensions, 0 to 100."""
        return total_score(self.dimensions)


class ScorePoint(Reported):
    """The score that one source had in one run."""

    source: str
    run_id: str
    finished_at: Instant
    score: Score


class MonthMoney(Reported):
    """What this run published for one table and month of service; both are empty where the date is missing."""

    table: str
    year: str = Field(pattern=r"^(\d{4})?$")
    month: str = Field(pattern=r"^(0[1-9]|1[0-2])?$")
    lines: Count
    paid_amount: Money
    allowed_amount: Money
    charge_amount: Money


class StageTime(Reported):
    """How long one stage of the run took."""

    name: str
    seconds: Seconds


class TableOutcome(Reported):
    """What this run added to one table, and where the table is."""

    table: str
    rows_published: Count
    location: str
    audit: str = Field("", description="Page of Data Docs on what was published; empty where nothing was audited.")


class MoneyByOutcome(Reported):
    """Paid amounts of the run by what became of their records; `read` is None where it was not summed independently."""

    read: Money | None = None
    accepted: Money = Decimal("0.00")
    quarantined: Money = Decimal("0.00")
    resent: Money = Decimal("0.00")
    held: Money = Decimal("0.00")
    published: Money = Decimal("0.00")


class VersionCounts(Reported):
    """Versions of medical claims that the run published or changed; docs/versions.md tells what they are."""

    new_versions: Count = 0
    superseded_versions: Count = Field(0, description="New or stored versions that another one took the place of.")
    pending_voids: Count = Field(0, description="Voids that wait for their original.")
    missing_originals: Count = Field(0, description="Replacements and additions whose original has not come.")


class ErrorInfo(Reported):
    """Why a run failed: the class of the error and its one line."""

    error_type: str
    message: OneLine
