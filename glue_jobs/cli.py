"""The command line for one machine: `run` the job on files, `query` what it published."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from pyspark.errors import AnalysisException
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as PrintedTable

from expectations.contract import load_source, table_names
from expectations.errors import ArgumentError, ClaimsError
from expectations.object_keys import CATALOG, NAMESPACE, Lake
from expectations.report import RunReport
from expectations.report_verdict import verdict
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.failures import as_claims_error
from glue_jobs.runtime.progress import Stage
from glue_jobs.runtime.sample import write_sample
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.runtime.telemetry import Telemetry

WIDTH_OF_A_LOG = 140
ROWS_SHOWN = 20

EXAMPLES = {
    "medical_claim": (
        "SELECT year, month, count(*) AS lines, sum(paid_amount) AS paid FROM medical_claim "
        "GROUP BY year, month ORDER BY year, month LIMIT 12",
        "SELECT claim_type, payer, count(DISTINCT claim_id) AS claims, count(*) AS lines, sum(paid_amount) AS paid "
        "FROM medical_claim GROUP BY claim_type, payer ORDER BY lines DESC",
    ),
    "pharmacy_claim": (
        "SELECT year, month, count(*) AS lines, sum(allowed_amount) AS allowed FROM pharmacy_claim "
        "GROUP BY year, month ORDER BY year, month LIMIT 12",
        "SELECT data_source, count(DISTINCT person_id) AS people, count(DISTINCT ndc_code) AS drugs "
        "FROM pharmacy_claim GROUP BY data_source",
    ),
    "eligibility": (
        "SELECT payer, gender, count(DISTINCT person_id) AS people FROM eligibility GROUP BY payer, gender",
        "SELECT min(enrollment_start_date) AS first_day, max(enrollment_end_date) AS last_day, count(*) AS spans "
        "FROM eligibility",
    ),
    "provider": (
        "SELECT entity_type_description, count(*) AS providers FROM provider GROUP BY entity_type_description",
        "SELECT practice_state, count(*) AS providers FROM provider GROUP BY practice_state "
        "ORDER BY providers DESC LIMIT 10",
    ),
}
"""Two queries on each table, answered after a run so that a reader sees what is there and how to ask."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
screen = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)

LakeOption = Annotated[
    Path, typer.Option(help="Folder of the lake: raw/, processed/, quarantine/, validation-reports/, temp/.")
]
TraceOption = Annotated[
    bool, typer.Option(help="Show the stack trace of a failure. It can hold values of claims: do not share it.")
]


@app.command()
def run(  # noqa: PLR0913 - one option each
    input: Annotated[str, typer.Option(help="A file, or a folder with files; without it a sample is generated.")] = "",
    source: Annotated[
        str, typer.Option(help="Declared source of the files; without it, told by raw/<zone>/<source>/ in their path.")
    ] = "",
    lake: LakeOption = Path("lake"),
    sources: Annotated[str, typer.Option(help="Folder of source declarations to use instead of the product's.")] = "",
    partitions: Annotated[int, typer.Option(help="Initial shuffle partitions; 0: by the size of the input.")] = 0,
    *,
    trace: TraceOption = False,
) -> None:
    """Clean, check and publish claims files, and tell what became of every row."""
    with _one_line_errors(trace=trace):
        root = str(lake.resolve())
        if source:
            load_source(source, Path(sources) if sources else None)
        if not input:
            screen.print("No INPUT given: generating a sample of about 20,000 claim lines below [bold]raw/[/bold].")
            write_sample(lake)
        arguments = RunArguments(
            input=str(Path(input).resolve()) if input else f"{root}/raw",
            lake=root,
            source=source,
            sources=sources,
            job_id=new_job_id(),
            partitions=partitions,
        )
        report = _process_with_progress(arguments)
        _print_report(report, Lake(root))
        _print_examples(report, root)
    if report.status in {"FAILED", "PARTIAL"}:
        raise typer.Exit(1)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL on the published tables and on `quarantine`.")] = "",
    lake: LakeOption = Path("lake"),
    *,
    trace: TraceOption = False,
) -> None:
    """Answer SQL on the published tables."""
    with _one_line_errors(trace=trace):
        if not sql.strip():
            raise typer.BadParameter(
                f'no SQL; cure: make query SQL="..." on one of the tables {", ".join(table_names())}'
            )
        print_answer(sql, str(lake.resolve()))


def print_answer(sql: str, lake: str) -> None:
    """Print the first rows of a query's answer."""
    spark = start_session(SessionOptions(lake))
    spark.sql(f"USE {CATALOG}.{NAMESPACE}")
    records = Path(lake) / "quarantine" / "records"
    if records.is_dir():
        spark.read.parquet(str(records)).createOrReplaceTempView("quarantine")
    try:
        answer = spark.sql(sql)
    except AnalysisException as error:  # speaks of the query, not of rows
        raise ArgumentError(f'{str(error).splitlines()[0]} cure: make query SQL="SHOW TABLES"') from error
    rows = answer.take(ROWS_SHOWN + 1)
    printed = PrintedTable(*answer.columns)
    for row in rows[:ROWS_SHOWN]:
        printed.add_row(*("" if value is None else str(value) for value in row))
    screen.print(printed)
    if len(rows) > ROWS_SHOWN:
        screen.print(f"The first {ROWS_SHOWN} rows; add LIMIT, or read the table with your own tool.")


class _one_line_errors:  # noqa: N801 - used like a function
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


def _process_with_progress(arguments: RunArguments) -> RunReport:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        stage = Stage()

        def tell(name: str) -> None:
            stage.name = name
            progress.update(task, description=name)
            if not screen.is_terminal:
                screen.print(f"... {name}")

        def tell_file(done: int, total: int) -> None:
            progress.update(task, description=f"receive files: {done} of {total}")

        with stage.watched(lambda text: progress.update(task, description=text)):
            return process(arguments, Telemetry(arguments.job_id, tell), tell_file)


def _print_report(report: RunReport, lake: Lake) -> None:
    screen.print()
    screen.print(f"[bold]{verdict(report)}[/bold]")
    outcome = PrintedTable("", "records", "paid amount", title="What became of the rows", title_justify="left")
    money = report.money
    outcome.add_row("read", f"{report.records_read:,}", f"{money.accepted + money.quarantined + money.resent:,}")
    outcome.add_row("accepted", f"{report.records_accepted:,}", f"{money.accepted:,}")
    outcome.add_row("quarantined", f"{report.records_quarantined:,}", f"{money.quarantined:,}")
    outcome.add_row("resent (dropped)", f"{report.records_resent:,}", f"{money.resent:,}")
    outcome.add_row("published lines", f"{report.lines_published:,}", f"{money.published:,}")
    screen.print(outcome)
    if report.broken_rules:
        screen.print(_rules_table(report))
    for file in report.files:
        if file.status == "refused":
            screen.print(f"[red]refused[/red] {file.message}", soft_wrap=True)
        for warning in file.warnings:
            screen.print(f"[yellow]warning[/yellow] {file.file}: {warning}", soft_wrap=True)
    stages = ", ".join(f"{stage.name} {stage.seconds:.1f}" for stage in report.stages)
    screen.print(f"Seconds: {stages}; {report.rows_a_second:,.0f} records a second.", soft_wrap=True)
    for table in report.tables:
        screen.print(f"Table {table.table}: {table.location}", soft_wrap=True)
    if report.records_quarantined:
        screen.print(f"Quarantined records, with their raw text: {report.quarantine_location}", soft_wrap=True)
    screen.print(f"Report: {lake.report(report.run_id, 'html')}", soft_wrap=True)


def _rules_table(report: RunReport) -> PrintedTable:
    printed = PrintedTable(
        "rule", "severity", "records", "what is wrong", "cure", title="Broken rules", title_justify="left"
    )
    by_id = {rule.rule_id: rule for rule in report.broken_rules}
    for rule_id, rule in sorted(by_id.items()):
        records = sum(other.records for other in report.broken_rules if other.rule_id == rule_id)
        printed.add_row(rule_id, rule.severity, f"{records:,}", rule.sentence, rule.cure)
    return printed


def _print_examples(report: RunReport, lake: str) -> None:
    tables = [table.table for table in report.tables] or (["medical_claim"] if report.status == "NOTHING_NEW" else [])
    for sql in [sql for table in tables[:1] for sql in EXAMPLES[table]]:
        screen.print(f'\n[bold]make query SQL="{sql}"[/bold]', soft_wrap=True)
        print_answer(sql, lake)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    app()
