"""The command `summarize`: derived tables are brought to what claims and members are now."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as PrintedTable

from expectations.contract import load_source, source_names
from expectations.object_keys import Lake
from glue_jobs.command_parts import LakeOption, TraceOption, progress_on_screen
from glue_jobs.jobs.summarize_claims import SummariesReport, SummarizeArguments, names_in
from glue_jobs.jobs.summarize_claims import summarize as bring_up_to_date
from glue_jobs.runtime.answers import check_published
from glue_jobs.runtime.arguments import new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.screen import one_line_errors, screen


def summarize(
    *,
    lake: LakeOption = Path("lake"),
    tables: Annotated[
        str, typer.Option(help="Derived tables, with commas between, and what they are made of; without it all.")
    ] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="From scratch, whatever the tables show.")] = False,
    trace: TraceOption = False,
) -> None:
    """Enriched lines, member months, risk, summaries: make again what late files and corrections have touched."""
    with one_line_errors(trace=trace):
        root = str(lake.resolve())
        check_published(lake.resolve(), {load_source(name).table for name in source_names()})
        arguments = SummarizeArguments(root, new_job_id(), names_in(tables), rebuild)
        with progress_on_screen() as (tell, _):
            report = bring_up_to_date(arguments, Telemetry(arguments.job_id, tell))
        screen.print(_tables_table(report))
        for table in report.tables:
            if table.error:
                screen.print(f"[red]failed[/red] {table.table}: {table.error}", soft_wrap=True)
        screen.print(f"Report: {Lake(root).report(report.name, 'json')}", soft_wrap=True)
    if not report.succeeded:
        raise typer.Exit(1)


def _tables_table(report: SummariesReport) -> PrintedTable:
    printed = PrintedTable(
        "table", "made again", "rows written", "seconds", title="Derived tables", title_justify="left"
    )
    for column in printed.columns[2:]:
        column.justify = "right"
    for table in report.tables:
        made = "[red]failed[/red]" if table.error else table.parts
        printed.add_row(table.table, made, f"{table.rows:,}", f"{table.seconds:.1f}")
    return printed
