"""The command line for one machine: `run` the job on files, then `query`, `audit`, `export`, `maintain` its tables."""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from expectations.contract import load_source, table_names
from expectations.errors import ArgumentError
from expectations.object_keys import Lake
from expectations.report import RunReport
from glue_jobs.code_set_command import codesets
from glue_jobs.command_parts import LakeOption, TraceOption, process_with_progress
from glue_jobs.dashboard_command import dashboard
from glue_jobs.jobs.export_table import ExportArguments, export_table
from glue_jobs.jobs.maintain_tables import maintain as maintain_lake
from glue_jobs.jobs.undo_run import undo_run
from glue_jobs.quality_commands import audit, requeue
from glue_jobs.runtime.answers import answer_sql, open_lake
from glue_jobs.runtime.arguments import RunArguments, day_range, error_share, new_job_id, schema_policy
from glue_jobs.runtime.example_queries import EXAMPLES
from glue_jobs.runtime.job_values import is_job_id
from glue_jobs.runtime.maintenance_arguments import MaintenanceArguments, chosen_tables
from glue_jobs.runtime.named_queries import answer_named, query_names, show_as_of, show_today
from glue_jobs.runtime.sample import write_sample
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.screen import (
    one_line_errors,
    print_answer,
    print_export,
    print_maintenance,
    print_report,
    screen,
)
from glue_jobs.storage.objects import is_s3
from glue_jobs.summary_commands import summarize
from glue_jobs.validate import validate

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
for command in (validate, audit, requeue, codesets, summarize, dashboard):
    app.command()(command)


@app.command()
def run(  # noqa: PLR0913 - one option each
    *,
    input: Annotated[str, typer.Option(help="A file, or a folder with files; without it a sample is generated.")] = "",
    source: Annotated[
        str, typer.Option(help="Declared source of the files; without it, told by raw/<zone>/<source>/ in their path.")
    ] = "",
    lake: LakeOption = Path("lake"),
    sources: Annotated[str, typer.Option(help="Folder of source declarations to use instead of the product's.")] = "",
    partitions: Annotated[int, typer.Option(help="Initial shuffle partitions; 0: by the size of the input.")] = 0,
    manifest: Annotated[str, typer.Option(help="A list of files to take instead of an input.")] = "",
    first_day: Annotated[str, typer.Option("--from", help="Only files of this day or later, 2024-01-01.")] = "",
    last_day: Annotated[str, typer.Option("--to", help="Only files of this day or earlier, 2024-01-31.")] = "",
    policy: Annotated[
        str, typer.Option("--schema-policy", help="What to do where a file or table is not as declared.")
    ] = "",
    max_error_share: Annotated[
        str, typer.Option(help="Share of records in error (0 to 1) beyond which a file is held; else the source's.")
    ] = "",
    engine: Annotated[
        Literal["compiled", "great_expectations", "none"],
        typer.Option("--audit", help="Who judges what is about to be published; Great Expectations' engine is slow."),
    ] = "compiled",
    trace: TraceOption = False,
) -> None:
    """Clean, check and publish claims files, and tell what became of every row."""
    with one_line_errors(trace=trace):
        root = str(lake.resolve())
        if source:
            load_source(source, Path(sources) if sources else None)
        if not any((input, manifest, first_day, last_day)):
            screen.print("No INPUT given: generating a sample of about 20,000 claim lines, with members, below raw/.")
            write_sample(lake)
        from_date, to_date = day_range(first_day, last_day)
        arguments = RunArguments(
            input=str(Path(input).resolve()) if input else f"{root}/raw",
            lake=root,
            source=source,
            sources=sources,
            job_id=new_job_id(),
            partitions=partitions,
            manifest=str(Path(manifest).resolve()) if manifest and not is_s3(manifest) else manifest,
            from_date=from_date,
            to_date=to_date,
            schema_policy=schema_policy(policy),
            max_error_share=error_share(max_error_share),
            audit=engine,
        )
        report = process_with_progress(arguments)
        print_report(report, Lake(root))
        _print_examples(report, root)
    if report.status in {"FAILED", "PARTIAL"}:
        raise typer.Exit(1)


@app.command()
def query(  # noqa: PLR0913 - one option each
    sql: Annotated[str, typer.Argument(help="SQL on the published tables and on `quarantine`.")] = "",
    *,
    lake: LakeOption = Path("lake"),
    as_of: Annotated[
        str,
        typer.Option(
            help="A day, 2024-03-01: medical_claim and medical_claim_header mean what survived by what had been "
            "received by then. Other tables stay as they are today."
        ),
    ] = "",
    named: Annotated[str, typer.Option(help=f"Instead of SQL, a named query: {', '.join(query_names())}.")] = "",
    day: Annotated[str, typer.Option(help="For a named query as of a day.")] = "",
    claim_id: Annotated[str, typer.Option(help="For claim_history: the id of any version of the claim.")] = "",
    trace: TraceOption = False,
) -> None:
    """Answer SQL, or a named query, on the published tables."""
    with one_line_errors(trace=trace):
        if bool(sql.strip()) == bool(named):
            raise typer.BadParameter(
                f'{"both" if named else "no SQL"}; cure: make query SQL="..." on one of the tables '
                f"{', '.join(table_names())}, or make query NAMED=..., one of {', '.join(query_names())}"
            )
        spark = open_lake(str(lake.resolve()))
        try:
            if as_of:
                show_as_of(spark, as_of)
            asked = {"day": day or as_of, "claim_id": claim_id}
            print_answer(answer_named(spark, named, asked) if named else answer_sql(spark, sql))
        finally:
            show_today(spark)


@app.command()
def export(
    table: Annotated[str, typer.Option(help=f"One of {', '.join(table_names())}.")] = "",
    to: Annotated[str, typer.Option(help="A folder that does not exist yet, or is empty.")] = "",
    snapshot: Annotated[str, typer.Option(help="Snapshot id; without it the current one.")] = "",
    lake: LakeOption = Path("lake"),
    *,
    trace: TraceOption = False,
) -> None:
    """Write a snapshot of a table as ordinary Parquet (year=/month=), complete with a manifest or not at all."""
    with one_line_errors(trace=trace):
        if not (table in table_names() and to):
            raise ArgumentError(
                f"export needs a table and a target; cure: make export TABLE=... TO=/folder, "
                f"the table one of {', '.join(table_names())}"
            )
        if snapshot and not snapshot.isdecimal():
            raise ArgumentError("the snapshot is no number; cure: an id out of the table's .snapshots, or none")
        target = to if "://" in to else str(Path(to).resolve())
        arguments = ExportArguments(str(lake.resolve()), table, target, int(snapshot) if snapshot else None)
        print_export(export_table(arguments), target)


@app.command()
def maintain(  # noqa: PLR0913 - one option each
    *,
    lake: LakeOption = Path("lake"),
    tables: Annotated[str, typer.Option(help="Tables, with commas between; without it all.")] = "",
    target_file_megabytes: Annotated[int, typer.Option(min=1, help="Size to which data files are rewritten.")] = 256,
    keep_days: Annotated[int, typer.Option(min=0, help="Days for which snapshots are kept; the last ten always.")] = 7,
    orphan_hours: Annotated[
        int, typer.Option(min=0, help="Age of what a dead run left. Below a day only while no run is going on.")
    ] = 24,
    trace: TraceOption = False,
) -> None:
    """Compact the tables, expire snapshots, remove what dead runs left; safe beside a running load."""
    with one_line_errors(trace=trace):
        root = str(lake.resolve())
        arguments = MaintenanceArguments(
            lake=root,
            job_id=new_job_id(),
            tables=chosen_tables(tables),
            target_file_megabytes=target_file_megabytes,
            keep_days=keep_days,
            orphan_hours=orphan_hours,
        )
        report = maintain_lake(arguments, Telemetry(arguments.job_id))
        print_maintenance(report, Lake(root))
    if not report.succeeded:
        raise typer.Exit(1)


@app.command()
def undo(
    run_id: Annotated[str, typer.Option("--run", help="Id of the run, as the report and ingest_audit have it.")] = "",
    lake: LakeOption = Path("lake"),
    *,
    trace: TraceOption = False,
) -> None:
    """Take back what a run published: the tables become what they would be without it, and its files new again."""
    with one_line_errors(trace=trace):
        if not is_job_id(run_id):
            raise ArgumentError("undo needs the id of a run; cure: make undo RUN=..., a run_id of ingest_audit")
        spark = start_session(SessionOptions(str(lake.resolve())))
        taken = undo_run(spark, Lake(str(lake.resolve())), run_id, new_job_id())
        lines = ", ".join(f"{rows:,} lines of {table}" for table, rows in sorted(taken.items()))
        screen.print(f"Run {run_id} is undone; taken back: {lines or 'nothing, it was before'}.", soft_wrap=True)


def _print_examples(report: RunReport, lake: str) -> None:
    published = {table.table for table in report.tables} or (
        {"medical_claim"} if report.status == "NOTHING_NEW" else set()
    )
    table = next((name for name in EXAMPLES if name in published), "")
    if not table:
        return
    spark = open_lake(lake)
    for sql in EXAMPLES[table]:
        screen.print(f'\n[bold]make query SQL="{sql}"[/bold]', soft_wrap=True)
        print_answer(answer_sql(spark, sql))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    app()
