"""What a run knows of itself while it goes on, and the report and audit rows that are made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pyspark.sql import DataFrame, Row

from expectations.contract import CONTRACT_VERSION, Source, load_table
from expectations.errors import ClaimsError
from expectations.object_keys import Lake, safe_name
from expectations.report import RunReport
from expectations.report_page import render_run_report
from expectations.report_parts import (
    BrokenRule,
    ErrorInfo,
    FileOutcome,
    MoneyByOutcome,
    MonthMoney,
    StageTime,
    TableOutcome,
    VersionCounts,
)
from expectations.row_rules import RECORD_RULES
from glue_jobs import __version__
from glue_jobs.quality.balance import ZERO, FileAccount, Published
from glue_jobs.runtime.arguments import RunArguments
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.objects import write_object
from glue_jobs.storage.quarantine import quarantine_records
from glue_jobs.storage.raw_zone import ReceivedFile, RefusedFile, now
from glue_jobs.transforms.account_rows import account_by_file_and_month, count_broken_rules
from glue_jobs.transforms.complete_rows import UNKNOWN_YEAR

COUNTS = ("records_accepted", "records_quarantined", "records_resent", "lines_accepted")
ACCOUNTED = (*COUNTS, "amount_accepted", "amount_quarantined", "amount_resent")
MONTHLY_AMOUNTS = {
    "paid_amount": "amount_accepted",
    "allowed_amount": "allowed_amount",
    "charge_amount": "charge_amount",
}


@dataclass
class Load:
    """The new files of one source in a run, and what became of them.

    `judged` are their rows (see transforms.complete_rows) as staged; `rows` the same with the verdict that also knows
    what earlier runs published. The accounts are of `rows`.
    """

    source: Source
    files: list[ReceivedFile]
    judged: DataFrame
    file_rows: DataFrame
    rows: DataFrame | None = None
    accounts: Mapping[str, FileAccount] = field(default_factory=dict)
    broken_rules: Mapping[str, int] = field(default_factory=dict)
    months: list[Row] = field(default_factory=list)
    resent_in_run: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Run:
    """One run as it goes on."""

    arguments: RunArguments
    telemetry: Telemetry
    started_at: datetime = field(default_factory=now)
    received: list[ReceivedFile] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    known: list[ReceivedFile] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    published: dict[str, Published] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    table_changes: tuple[str, ...] = ()
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
        ids = load.file_rows.select("_path", "ingest_file_id")
        counted = account_by_file_and_month(rows).join(ids, on="_path", how="inner").collect()
        accounts = file_accounts(load.files, counted)
        if rows is load.judged:
            load.resent_in_run = {file_id: account.records_resent for file_id, account in accounts.items()}
        load.rows, load.accounts = rows, accounts
        load.broken_rules = count_broken_rules(rows) if any(row["rows_broken"] for row in counted) else {}
        load.months = counted if load_table(load.source.table).partition_date else []

    def quarantine(self, load: Load) -> None:
        """Keep the load's quarantined records with their raw text, as its accounts count them now."""
        count = sum(account.records_quarantined for account in load.accounts.values())
        folder = self.lake.quarantine(self.run_id)
        quarantine_records(load.judged, load.file_rows, load.source.name, folder, count)


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
        )
        for file in files
    }


def run_report(run: Run) -> RunReport:
    """The report of a run that has ended, well or not."""
    accounts = [account for load in run.loads for account in load.accounts.values()]
    return RunReport(
        run_id=run.run_id,
        job_id=run.run_id,
        status=_status(run),
        started_at=run.started_at,
        finished_at=now(),
        code_version=__version__,
        contract_version=CONTRACT_VERSION,
        files=(*_read_files(run), *_known_files(run), *_refused_files(run)),
        broken_rules=_broken_rules(run),
        months=_months(run),
        stages=tuple(StageTime(name=name, seconds=seconds) for name, seconds in run.telemetry.stages),
        tables=tuple(
            TableOutcome(table=name, rows_published=written.rows, location=f"{run.lake.root}/processed/{name}")
            for name, written in sorted(run.published.items())
        ),
        table_changes=run.table_changes,
        money=MoneyByOutcome(
            accepted=sum((account.amount_accepted for account in accounts), ZERO),
            quarantined=sum((account.amount_quarantined for account in accounts), ZERO),
            resent=sum((account.amount_resent for account in accounts), ZERO),
            published=sum((written.amount for written in run.published.values()), ZERO),
        ),
        versions=VersionCounts.model_validate(run.versions),
        quarantine_location=run.lake.quarantine(run.run_id) if run.loads else "",
        error=ErrorInfo(error_type=type(run.error).__name__, message=str(run.error)) if run.error else None,
    )


def write_report(report: RunReport, lake: Lake) -> None:
    """Write the report as JSON and as a page."""
    write_object(lake.report(report.run_id, "json"), report.to_json().encode())
    write_object(lake.report(report.run_id, "html"), render_run_report(report).encode())


def _status(run: Run) -> Literal["SUCCEEDED", "FAILED", "PARTIAL", "NOTHING_NEW"]:
    if run.error or (run.refused and not run.received):
        return "FAILED"
    if run.refused:
        return "PARTIAL"
    return "SUCCEEDED" if any(load.files for load in run.loads) else "NOTHING_NEW"


def _read_files(run: Run) -> Iterable[FileOutcome]:
    for load in run.loads:
        done = load.source.table in run.published
        for file in load.files:
            account = load.accounts[file.file_id]
            yield FileOutcome(
                file=account.file_name,
                file_id=file.file_id,
                source=load.source.name,
                target_table=load.source.table,
                status="published" if account.records_read else "empty",
                size_bytes=file.stored.size_bytes,
                records_read=account.records_read,
                **{name: getattr(account, name) for name in COUNTS},
                lines_published=account.lines_accepted if done else 0,
                warnings=file.warnings,
                extra_columns=file.extra_columns,
            )


def _known_files(run: Run) -> Iterable[FileOutcome]:
    for file in run.known:
        yield FileOutcome(
            file=safe_name(file.stored.name),
            file_id=file.file_id,
            source=file.source.name,
            target_table=file.source.table,
            status="known",
            reason="known",
            size_bytes=file.stored.size_bytes,
        )


def _refused_files(run: Run) -> Iterable[FileOutcome]:
    for file in run.refused:
        name = safe_name(file.stored.name)
        yield FileOutcome(
            file=name,
            file_id="",
            source=file.source_name,
            target_table="",
            status="refused",
            reason=file.reason,
            message=file.message.replace(file.stored.name, name),
            size_bytes=file.stored.size_bytes,
        )


def _broken_rules(run: Run) -> tuple[BrokenRule, ...]:
    by_id = {rule.rule_id: rule for rule in RECORD_RULES}
    return tuple(
        BrokenRule(
            rule_id=rule_id,
            severity=by_id[rule_id].severity,
            sentence=by_id[rule_id].sentence,
            cure=by_id[rule_id].cure,
            records=records,
            source=load.source.name,
        )
        for load in run.loads
        for rule_id, records in load.broken_rules.items()
    )


def _months(run: Run) -> tuple[MonthMoney, ...]:
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for load in run.loads:
        for row in load.months if load.source.table in run.published else ():
            if not row["lines_accepted"]:
                continue
            month = ("", "") if row["year"] == UNKNOWN_YEAR else (row["year"], row["month"])
            groups.setdefault((load.source.table, *month), []).append(row)
    return tuple(
        MonthMoney(
            table=table,
            year=year,
            month=month,
            lines=sum(row["lines_accepted"] for row in rows),
            **{name: sum((row[column] for row in rows), ZERO) for name, column in MONTHLY_AMOUNTS.items()},
        )
        for (table, year, month), rows in sorted(groups.items())
    )
