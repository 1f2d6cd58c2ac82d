"""What the validation of one file tells: its verdict, counts, and the rules that its records break, by row number.

Every field is a count, a name, a sentence of the product or a number of a line: no value of a claim can be in it.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from expectations.quality_score import DimensionCount, total_score
from expectations.report_fields import Count, OneLine, Reported
from expectations.row_rules import Severity

ValidationStatus = Literal["success", "failed"]


class FoundRule(Reported):
    """One rule that records of the file break; a record that breaks several rules counts under each."""

    rule_id: str
    severity: Severity
    dimension: str = Field("", description="Kind of quality that the rule is about; empty for the record rules.")
    sentence: OneLine
    cure: OneLine
    records: Count
    columns: tuple[str, ...] = Field((), description="Columns of the table by which it is broken, where it names any.")
    examples: tuple[int, ...] = Field((), description="Lines of the file on which the first of these records begin.")


class Summary(Reported):
    """The three counts that other systems rely on."""

    total_records: Count
    valid_records: Count
    error_records: Count


class FileValidation(Reported):
    """One file, validated. Total records are the valid, the errors and the resent (byte-identical to one before)."""

    file: str = Field(description="Safe to show: a name that could be a person's comes as a hash.")
    source: str
    validation_status: ValidationStatus
    reason: str = Field("", description="Stable code of a refusal, see docs/errors.md; empty where the file was read.")
    message: OneLine = Field("", description="What was found, what was expected and the cure, in one line.")
    size_bytes: Count = 0
    sha256: str = Field("", description="Of the stored bytes; empty where they were not read to the end.")
    compression: str = ""
    encoding: str = ""
    total_records: Count = 0
    valid_records: Count = 0
    error_records: Count = Field(0, description="Records that break a critical rule: the job would quarantine them.")
    resent_records: Count = Field(0, description="Records like one before them: the job would drop them.")
    total_lines: Count = Field(0, description="Lines that the job would make of the valid records.")
    max_error_share: float = Field(0.0, ge=0, le=1, description="A file with a greater share of errors fails.")
    rules: tuple[FoundRule, ...] = ()
    rules_not_judged: tuple[str, ...] = Field((), description="Rules about whole tables, which one file cannot tell.")
    extra_columns: tuple[str, ...] = Field((), description="Header names that the source's declaration does not read.")
    warnings: tuple[OneLine, ...] = ()
    quality: tuple[DimensionCount, ...] = Field(
        (), description="Records judged, and in error, by dimension of quality."
    )
    sampled_bytes: Count = Field(0, description="Of a file judged by samples, the bytes that were read; 0: all were.")

    @property
    def quality_score(self) -> Decimal | None:
        """The score over all dimensions, 0 to 100; None where no record was judged."""
        return total_score(self.quality) if self.quality else None

    @property
    def estimated_records(self) -> int:
        """Records of the whole file; of a file judged by samples about so many as its bytes let expect."""
        if not self.sampled_bytes:
            return self.total_records
        return round(self.total_records * self.size_bytes / self.sampled_bytes)

    @property
    def summary(self) -> Summary:
        """The counts that the validation Lambda answers with."""
        return Summary(
            total_records=self.total_records, valid_records=self.valid_records, error_records=self.error_records
        )

    @property
    def verdict(self) -> str:
        """The outcome in one line."""
        if self.reason:
            return f"refused ({self.reason}): {self.message}"
        share = self.error_records / self.total_records if self.total_records else 0
        is_failed = self.validation_status == "failed"
        failed = f"; {share:.2%} in error is more than the {self.max_error_share:.2%} allowed" if is_failed else ""
        resent = f", {self.resent_records:,} sent twice" if self.resent_records else ""
        records = "1 record" if self.total_records == 1 else f"{self.total_records:,} records"
        records = f"{records} in samples" if self.sampled_bytes else records
        return f"{records}: {self.valid_records:,} valid, {self.error_records:,} in error{resent}{failed}"
