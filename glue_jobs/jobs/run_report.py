"""The report of a run that has ended, well or not, from what the run knows of itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from expectations.contract import CONTRACT_VERSION
from expectations.dimension_counts import dimension_counts
from expectations.object_keys import Lake, is_requeued, safe_name
from expectations.quality_score import DimensionCount
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
from expectations.rules import Rule
from expectations.volume import mix_warnings, volume_warnings
from glue_jobs import __version__
from glue_jobs.jobs.run_record import COUNTS, Run, audit_name
from glue_jobs.quality.balance import ZERO, FileAccount
from glue_jobs.quality.record_findings import AnyRule, Finding, records_by_rule
from glue_jobs.storage.objects import write_object
from glue_jobs.storage.raw_zone import ReceivedFile, now
from glue_jobs.transforms.complete_rows import UNKNOWN_YEAR

MONTHLY_AMOUNTS = {
    "paid_amount": "amount_accepted",
    "allowed_amount": "allowed_amount",
    "charge_amount": "charge_amount",
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
        files=(*_read_files(run), *_held_files(run), *_known_files(run), *_refused_files(run)),
        history=tuple(run.history),
        broken_rules=_broken_rules(run),
        months=_months(run),
        stages=tuple(StageTime(name=name, seconds=seconds) for name, seconds in run.telemetry.stages),
        tables=tuple(
            TableOutcome(
                table=name,
                rows_published=written.rows,
                location=f"{run.lake.warehouse}/processed/{name}",
                audit=run.lake.report(audit_name(run.run_id, name), "html") if _has_page(run, name) else "",
            )
            for name, written in sorted(run.published.items())
        ),
        table_changes=run.table_changes,
        money=MoneyByOutcome(
            accepted=sum((account.amount_accepted for account in accounts), ZERO),
            quarantined=sum((account.amount_quarantined for account in accounts), ZERO),
            resent=sum((account.amount_resent for account in accounts), ZERO),
            held=sum((held.account.amount_held for held in run.held), ZERO),
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
    if run.refused or run.held:
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
                warnings=(*file.warnings, *_unusual(run, file, account)),
                extra_columns=file.extra_columns,
                quality=_quality(account, load.findings_of(file.file_id), load.rules),
                max_error_share=load.source.max_error_share,
            )


def _has_page(run: Run, table: str) -> bool:
    return table in run.audits and run.arguments.data_docs


def _unusual(run: Run, file: ReceivedFile, account: FileAccount) -> tuple[str, ...]:
    """What a person sends back from the quarantine is a few records by nature."""
    if is_requeued(file.stored.uri):
        return ()
    earlier = run.earlier.get(file.source.name, ())
    mix = mix_warnings(account.payer_lines, earlier) if account.lines_accepted else ()
    return volume_warnings(file.record_count, earlier) + mix


def _held_files(run: Run) -> Iterable[FileOutcome]:
    for held in run.held:
        yield FileOutcome(
            file=held.account.file_name,
            file_id=held.file.file_id,
            source=held.file.source.name,
            target_table=held.file.source.table,
            status="held",
            reason="over_threshold",
            message=f"{held.errors:,} of {held.account.records_held:,} records are in error, more than the "
            f"{held.max_error_share:.2%} allowed; nothing of the file was published; "
            f"cure: have it corrected, or make requeue FILE={held.file.file_id}",
            size_bytes=held.file.stored.size_bytes,
            records_read=held.account.records_read,
            records_held=held.account.records_held,
            records_in_error=held.errors,
            lines_accepted=0,
            warnings=held.file.warnings,
            extra_columns=held.file.extra_columns,
            quality=_quality(held.account, held.findings, held.rules),
            max_error_share=held.max_error_share,
        )


def _quality(account: FileAccount, findings: Sequence[Finding], rules: Sequence[Rule]) -> tuple[DimensionCount, ...]:
    """Of a file without records there is nothing to say."""
    records = account.records_read - account.records_resent
    return dimension_counts(findings, rules, records, account.records_resent) if account.records_read else ()


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
    parts = [(load.source.name, load.rules, load.findings) for load in run.loads]
    parts += [(held.file.source.name, held.rules, held.findings) for held in run.held]
    findings: dict[str, list[Finding]] = defaultdict(list)
    by_id: dict[str, AnyRule] = {rule.rule_id: rule for rule in RECORD_RULES}
    for source, rules, of_part in parts:
        findings[source] += of_part
        by_id |= {rule.rule_id: rule for rule in rules}
    found = []
    for source, of_source in findings.items():
        for rule_id, records in records_by_rule(of_source).items():
            rule = by_id[rule_id]
            found.append(
                BrokenRule(
                    rule_id=rule_id,
                    severity=rule.severity,
                    dimension=rule.dimension,
                    sentence=rule.sentence,
                    cure=rule.cure,
                    records=records,
                    source=source,
                )
            )
    return tuple(found)


def _months(run: Run) -> tuple[MonthMoney, ...]:
    groups = defaultdict(list)
    for load in run.loads:
        for row in load.months if load.source.table in run.published else ():
            if not row["lines_accepted"]:
                continue
            month = ("", "") if row["year"] == UNKNOWN_YEAR else (row["year"], row["month"])
            groups[load.source.table, *month].append(row)
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
