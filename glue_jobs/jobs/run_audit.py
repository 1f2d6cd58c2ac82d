"""The rows of `ingest_audit` that a run makes: one a file, with what became of it."""

import json

from expectations.object_keys import safe_uri
from expectations.report import RunReport
from expectations.report_parts import FileOutcome
from glue_jobs.jobs.run_record import ACCOUNTED, Load, Run
from glue_jobs.jobs.run_report import run_report
from glue_jobs.quality.balance import ZERO, FileAccount
from glue_jobs.storage.objects import StoredObject
from glue_jobs.storage.raw_zone import ReceivedFile


def audit_rows(run: Run) -> list[dict[str, object]]:
    """One row of `ingest_audit` a file of the run."""
    report, files = run_report(run), {file.file_id: file for file in run.received}
    accounts = {file_id: (load, account) for load in run.loads for file_id, account in load.accounts.items()}
    held = {one.file.file_id: _figures(one.account) for one in run.held}
    rows = []
    for outcome, stored in zip(report.files, _stored_objects(run), strict=True):
        row = _audit_row(report, outcome, files.get(outcome.file_id))
        row |= {"object_uri": safe_uri(stored.uri), "object_version_id": stored.version_id or None}
        # a file sent twice in one run is known by the id of its twin, whose account must not count twice
        if outcome.status != "known" and outcome.file_id in accounts:
            row |= _account_row(*accounts[outcome.file_id], outcome.file_id, done=row["status"] == "published")
        if outcome.status == "held":
            row |= held[outcome.file_id]
        rows.append(row)
    return rows


def _stored_objects(run: Run) -> list[StoredObject]:
    """In the order of the report's files: read, held, known, refused."""
    read = [file.stored for load in run.loads for file in load.files]
    held = [one.file.stored for one in run.held]
    return [*read, *held, *(file.stored for file in run.known), *(file.stored for file in run.refused)]


def _audit_row(report: RunReport, outcome: FileOutcome, file: ReceivedFile | None) -> dict[str, object]:
    return {
        "run_id": report.run_id,
        "file_id": outcome.file_id,
        "source": outcome.source,
        "target_table": outcome.target_table,
        "file_name": outcome.file,
        "file_sha256": file.facts.sha256 if file else None,
        "size_bytes": outcome.size_bytes,
        "status": _audit_status(report, outcome),
        "reason": outcome.reason or None,
        "contract_version": report.contract_version,
        "code_version": report.code_version,
        "started_at": report.started_at,
        "finished_at": report.finished_at,
    }


def _account_row(load: Load, account: FileAccount, file_id: str, *, done: bool) -> dict[str, object]:
    return _figures(account) | {
        "records_resent_earlier": account.records_resent - load.resent_in_run.get(file_id, 0),
        "lines_published": account.lines_accepted if done else 0,
        "amount_published": account.amount_accepted if done else ZERO,
    }


def _figures(account: FileAccount) -> dict[str, object]:
    names = ("records_read", "records_counted_raw", "records_held", *ACCOUNTED)
    lines = {str(payer): account.payer_lines[payer] for payer in sorted(account.payer_lines)}
    return {name: getattr(account, name) for name in names} | {"payer_lines": json.dumps(lines)}


def _audit_status(report: RunReport, outcome: FileOutcome) -> str:
    if outcome.status not in {"published", "empty"}:
        return outcome.status
    done = report.error is None or outcome.target_table in {table.table for table in report.tables}
    return "published" if done else "failed"
