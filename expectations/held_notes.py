"""Notes in the quarantine: why a file is held, and which quarantined records a person has sent back.

A note on a held file has the file's name as it was sent, so it lies where only those may read who may read claims.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from expectations.object_keys import safe_name
from expectations.report_fields import Count, Instant, Reported

FILE_ID = r"^[0-9a-f]{32}$"


class HeldNote(Reported):
    """A file of which nothing is published, because too many of its records are in error."""

    file_id: str = Field(pattern=FILE_ID)
    source: str
    original_uri: str = Field(description="Where the raw file lay; can hold a person's name.")
    original_version_id: str = Field("", description="S3's id of the version, or the ETag; empty on a local disk.")
    original_name: str = Field(description="As it was sent: source, day and templates are told by it.")
    run_id: str = Field(description="The latest run that held it.")
    held_at: Instant = Field(description="When it was held first.")
    total_records: Count
    error_records: Count
    max_error_share: float = Field(ge=0, le=1)
    broken_rules: Mapping[str, Count] = Field(description="Records by the id of the rule that they break.")
    released_at: Instant | None = Field(None, description="When a person released it first; None: it waits.")
    released_run: str | None = Field(None, description="The run that took the released file.")

    @property
    def plain_name(self) -> str:
        """The name where it is safe to show, else a hash."""
        return safe_name(self.original_name)

    @property
    def error_share(self) -> float:
        """Records in error among all."""
        return self.error_records / self.total_records if self.total_records else 0.0


class SentBack(Reported):
    """One file of records that a run had quarantined and a person sent back.

    `released_by_run`: all of the original file that break no record rule, as they were; `released_by_file`: those of a
    file that a person wrote. Released records are not quarantined by suite rules again.
    """

    file_id: str = Field(pattern=FILE_ID, description="Of the file that was sent back.")
    run_id: str = Field(description="The run that had quarantined the records.")
    of_file_id: str = Field(description="The file that the records came in first.")
    source: str
    how: Literal["corrected", "released_by_file", "released_by_run"]
    records: Count
    sent_at: Instant
    sent_run: str = Field(description="The latest run that was asked to take the file.")

    @property
    def is_released(self) -> bool:
        """Whether suite rules do not quarantine its records."""
        return self.how != "corrected"
