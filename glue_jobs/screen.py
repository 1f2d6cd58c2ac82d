"""What the command line prints: answers, what a run, a maintenance or an export did, and errors in one line."""

import sys
from collections.abc import Iterable, Iterator, Sequence

import typer
from pyspark.sql import DataFrame, Row
from rich.console import Console
from rich.table import Table as PrintedTable

from expectations.errors import ClaimsError
from expectations.object_keys import Lake
from expectations.report import RunReport
from expectations.report_verdict import verdict
from expectations.suite_outcome import SuiteOutcome
from glue_jobs.jobs.maintain_tables import MEGABYTE, MaintenanceReport
from glue_jobs.runtime.failures import as_claims_error
from glue_jobs.storage.export import MANIFEST_NAME, ExportManifest
from glue_jobs.storage.maintenance import TableState

WIDTH_OF_A_LOG = 140
ROWS_SHOWN = 20
WIDE_ROWS_SHOWN = 5
LEAST_WIDTH = 6
"""Of a column that can still be read."""

screen = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)


class one_line_errors:  # noqa: N801 - used like a function
    """Turns a failure into one line and exit code 1, unless the trace is asked for."""

    def __init__(self, *, trace: bool) -> None:
        self._trace = trace

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if (
            error is None
            or self._trace
            or not isinstance(error, Exception)
            or isinstance(error, typer.Exit | typer.BadParameter)
        ):
            return
        known = error if isinstance(error, ClaimsError) else as_claims_error(error)
        sys.stderr.write(f"{type(known).__name__}: {known}\n")
        raise typer.Exit(1) from None


def print_answer(answer: DataFrame) -> None:
    """Print the first rows of a query's answer; where they are too wide, each by itself, without what is empty."""
    is_wide = len(answer.columns) * LEAST_WIDTH > screen.width
    shown = WIDE_ROWS_SHOWN if is_wide else ROWS_SHOWN
    rows = answer.take(shown + 1)
    for printed in _upright(rows[:shown]) if is_wide else [_across(answer.columns, rows[:shown])]:
        screen.print(printed)
    if len(rows) > shown:
        screen.print(f"The first {shown} rows; add LIMIT, or read the table with your own tool.")
    elif is_wide and not rows:
        screen.print("No rows.")


def print_report(report: RunReport, lake: Lake) -> None:
    """Print what became of the rows of a run, and where to look."""
    screen.print()
    screen.print(f"[bold]{verdict(report)}[/bold]")
    screen.print(_outcome_table(report))
    if report.broken_rules:
        screen.print(_rules_table(report))
    _print_files(report)
    stages = ", ".join(f"{stage.name} {stage.seconds:.1f}" for stage in report.stages)
    screen.print(f"Seconds: {stages}; {report.rows_a_second:,.0f} records a second.", soft_wrap=True)
    _print_tables(report)
    if report.records_quarantined:
        screen.print(f"Quarantined records, with their raw text: {report.quarantine_location}", soft_wrap=True)
    screen.print(f"Report: {lake.report(report.run_id, 'html')}", soft_wrap=True)


def _print_files(report: RunReport) -> None:
    for file in report.files:
        if file.status == "refused":
            screen.print(f"[red]refused[/red] {file.message}", soft_wrap=True)
        if file.status == "held":
            screen.print(f"[red]held[/red] {file.file}: {file.message}", soft_wrap=True)
        for warning in file.warnings:
            screen.print(f"[yellow]warning[/yellow] {file.file}: {warning}", soft_wrap=True)


def _print_tables(report: RunReport) -> None:
    for table in report.tables:
        screen.print(f"Table {table.table}: {table.location}", soft_wrap=True)
        if table.audit:
            screen.print(f"Its rules, as a page of Data Docs: {table.audit}", soft_wrap=True)
    for change in report.table_changes:
        screen.print(f"[yellow]changed[/yellow] {change}", soft_wrap=True)


def _outcome_table(report: RunReport) -> PrintedTable:
    outcome = PrintedTable("", "records", "paid amount", title="What became of the rows", title_justify="left")
    if report.score is not None:
        outcome.caption, outcome.caption_justify = f"Quality score {report.score} of 100", "left"
    money = report.money
    outcome.add_row(
        "read", f"{report.records_read:,}", f"{money.accepted + money.quarantined + money.resent + money.held:,}"
    )
    outcome.add_row("accepted", f"{report.records_accepted:,}", f"{money.accepted:,}")
    outcome.add_row("quarantined", f"{report.records_quarantined:,}", f"{money.quarantined:,}")
    outcome.add_row("resent (dropped)", f"{report.records_resent:,}", f"{money.resent:,}")
    if report.records_held:
        outcome.add_row("held with their file", f"{report.records_held:,}", f"{money.held:,}")
    outcome.add_row("published lines", f"{report.lines_published:,}", f"{money.published:,}")
    return outcome


def _rules_table(report: RunReport) -> PrintedTable:
    printed = PrintedTable(
        "rule", "severity", "records", "what is wrong", "cure", title="Broken rules", title_justify="left"
    )
    by_id = {rule.rule_id: rule for rule in report.broken_rules}
    for rule_id, rule in sorted(by_id.items()):
        records = sum(other.records for other in report.broken_rules if other.rule_id == rule_id)
        printed.add_row(rule_id, rule.severity, f"{records:,}", rule.sentence, rule.cure)
    return printed


def print_maintenance(report: MaintenanceReport, lake: Lake) -> None:
    """Print what a maintenance did, one row a table, and what failed."""
    titles = ("table", "data files", "delete files", "megabytes", "snapshots", "expired", "orphans", "branches")
    printed = PrintedTable(*titles, title="Tables, before and after", title_justify="left")
    for table in report.tables:
        counts = (table.expired_files, table.orphan_files, table.branches_dropped)
        printed.add_row(table.table, *_before_and_after(table.before, table.after), *(f"{one:,}" for one in counts))
    screen.print(printed)
    left = report.leftovers
    screen.print(
        f"Removed of dead runs: {left.temp_folders} temporary folders, {left.spark_folders} of Spark, "
        f"{left.quarantine_folders} of quarantined records, {left.journals} journals, "
        f"{left.checksum_files} lone checksums.",
        soft_wrap=True,
    )
    for table in report.tables:
        for error in table.errors:
            screen.print(f"[red]failed[/red] {table.table}: {error}", soft_wrap=True)
    screen.print(f"Report: {lake.report(report.name, 'json')}", soft_wrap=True)


def print_audit(outcome: SuiteOutcome, report: str) -> None:
    """Print which rules of a suite do not hold, the gravest first, and where the page is."""
    failed, rules = outcome.failed, len(outcome.outcomes)
    screen.print(
        f"[bold]{outcome.table}: {outcome.rows:,} rows against {rules} rules, {rules - len(failed)} hold.[/bold]",
        soft_wrap=True,
    )
    if outcome.score is not None:
        parts = ", ".join(f"{count.dimension} {count.score}" for count in outcome.dimensions)
        screen.print(f"Quality score {outcome.score} of 100: {parts}.", soft_wrap=True)
    titles = ("rule", "severity", "rows", "of 100 judged", "what is wrong", "cure")
    printed = PrintedTable(*titles, title="Rules that do not hold", title_justify="left")
    for one in failed:
        printed.add_row(
            one.rule_id,
            one.severity,
            f"{one.broken:,}",
            str(one.broken_share),
            one.sentence,
            one.error_type or one.cure,
        )
    if failed:
        screen.print(printed)
    screen.print(f"Report: {report}", soft_wrap=True)


def print_export(manifest: ExportManifest, target: str) -> None:
    """Print what an export holds."""
    screen.print(
        f"Exported {manifest.rows:,} rows of {manifest.table}, snapshot {manifest.snapshot_id}, "
        f"in {len(manifest.files):,} files ({manifest.bytes:,} bytes); what they are: {target}/{MANIFEST_NAME}",
        soft_wrap=True,
    )


def _across(columns: Sequence[str], rows: Iterable[Row]) -> PrintedTable:
    printed = PrintedTable(*columns)
    for row in rows:
        printed.add_row(*("" if value is None else str(value) for value in row))
    return printed


def _upright(rows: Iterable[Row]) -> Iterator[PrintedTable]:
    for row in rows:
        printed = PrintedTable("column", "value")
        for name, value in row.asDict().items():
            if value is not None:
                printed.add_row(name, str(value))
        yield printed


def _before_and_after(before: TableState, after: TableState) -> tuple[str, ...]:
    pairs = (
        (before.data_files, after.data_files),
        (before.delete_files, after.delete_files),
        (round(before.bytes / MEGABYTE, 1), round(after.bytes / MEGABYTE, 1)),
        (before.snapshots, after.snapshots),
    )
    return tuple(f"{old:,} -> {new:,}" for old, new in pairs)
