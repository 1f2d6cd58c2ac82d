"""What a run knows of itself while it goes on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pyspark.sql import DataFrame, Row

from expectations.contract import Source, load_table
from expectations.errors import ClaimsError
from expectations.object_keys import Lake, safe_name
from expectations.report_parts import ScorePoint
from expectations.rules import Rule
from expectations.suite_outcome import SuiteOutcome
from expectations.volume import EarlierFile
from glue_jobs.quality.account_rows import account_by_file_and_month
from glue_jobs.quality.balance import FileAccount, Published
from glue_jobs.quality.record_findings import Finding, find_broken
from glue_jobs.runtime.arguments import RunArguments
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.quarantine import quarantine_records
from glue_jobs.storage.raw_zone import ReceivedFile, RefusedFile, now

COUNTS = ("records_accepted", "records_quarantined", "records_resent", "lines_accepted")
ACCOUNTED = (*COUNTS, "amount_accepted", "amount_quarantined", "amount_resent")


@dataclass
class Load:
    """The new files of one source in a run, and what became of them.

    `judged` are their rows as staged (see storage.staging); `rows` the same with the verdict that also knows what
    earlier runs published. The accounts and findings are of `rows`. `unfilled` are the table's columns in which no row
    has a value before versions are resolved.
    """

    source: Source
    files: list[ReceivedFile]
    judged: DataFrame
    rules: tuple[Rule, ...] = ()
    unfilled: tuple[str, ...] = ()
    rows: DataFrame | None = None
    accounts: Mapping[str, FileAccount] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    months: list[Row] = field(default_factory=list)
    resent_in_run: Mapping[str, int] = field(default_factory=dict)

    def findings_of(self, file_id: str) -> list[Finding]:
        """What the records of one file break."""
        return [finding for finding in self.findings if finding.file_id == file_id]


@dataclass(frozen=True)
class HeldFile:
    """A file of which nothing is published, since too many of its records are in error."""

    file: ReceivedFile
    account: FileAccount
    errors: int
    max_error_share: float
    findings: Sequence[Finding]
    rules: tuple[Rule, ...]


@dataclass
class Run:
    """One run as it goes on."""

    arguments: RunArguments
    telemetry: Telemetry
    started_at: datetime = field(default_factory=now)
    received: list[ReceivedFile] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    known: list[ReceivedFile] = field(default_factory=list)
    held: list[HeldFile] = field(default_factory=list)
    released: frozenset[str] = frozenset()
    earlier: Mapping[str, Sequence[EarlierFile]] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)
    published: dict[str, Published] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    audits: dict[str, SuiteOutcome] = field(default_factory=dict)
    table_changes: tuple[str, ...] = ()
    history: Sequence[ScorePoint] = ()
    error: ClaimsError | None = None

    @property
    def run_id(self) -> str:
        """The job id: one run is one job."""
        return self.arguments.job_id

    @property
    def lake(self) -> Lake:
        """Where the zones are."""
        return Lake(self.arguments.lake)

    def judge(self, load: Load, rows: DataFrame) -> None:
        """Take these rows for the load's, and account for them: by file (one without rows has none), rule and month."""
        if load.rows is rows:
            return
        counted = account_by_file_and_month(rows).collect()
        accounts = file_accounts(load.files, counted)
        if rows is load.judged:
            load.resent_in_run = {file_id: account.records_resent for file_id, account in accounts.items()}
        load.rows, load.accounts, load.findings = rows, accounts, ()
        if any(row["rows_broken"] for row in counted):
            load.findings = find_broken(rows, load.rules, one_line=load.source.lines is None)
        load.months = counted if load_table(load.source.table).partition_date else []

    def quarantine(self, load: Load) -> None:
        """Keep the load's quarantined records with their raw text, as its accounts count them now."""
        count = sum(account.records_quarantined for account in load.accounts.values())
        folder = self.lake.quarantine(self.run_id)
        quarantine_records(load.judged, load.rules, load.source.name, folder, count)


def audit_name(run_id: str, table: str) -> str:
    """What the files of a run's audit of one table are called, below validation-reports/."""
    return f"{run_id}-{table}"


def file_accounts(files: Iterable[ReceivedFile], counted: Iterable[Row]) -> dict[str, FileAccount]:
    """The account of each file by its id, over its months; a file of which no row was counted has an empty one."""
    by_id: dict[str, list[Row]] = {}
    for row in counted:
        by_id.setdefault(row["ingest_file_id"], []).append(row)
    return {
        file.file_id: FileAccount(
            safe_name(file.stored.name),
            file.record_count,
            **{name: sum(row[name] for row in by_id[file.file_id]) for name in ACCOUNTED if file.file_id in by_id},
            payer_lines=sum((Counter(dict(row["payer_lines"])) for row in by_id.get(file.file_id, ())), Counter()),
        )
        for file in files
    }
