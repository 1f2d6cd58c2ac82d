"""The command `codesets`: lists of codes, put into a folder by the user, become the table that claims are judged by."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as PrintedTable

from expectations.code_sets import CodeSetFound
from glue_jobs.command_parts import LakeOption, TraceOption
from glue_jobs.jobs.load_code_sets import load_code_sets
from glue_jobs.runtime.arguments import new_job_id
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.screen import one_line_errors, screen


def codesets(
    input: Annotated[str, typer.Option(help="Folder with lists of codes as CMS publishes them.")] = "",
    lake: LakeOption = Path("lake"),
    *,
    trace: TraceOption = False,
) -> None:
    """Load dated code sets (ICD-10-CM, ICD-10-PCS, ICD-9): claims are judged by them from the next run on."""
    with one_line_errors(trace=trace):
        spark = start_session(SessionOptions(str(lake.resolve())))
        screen.print(_code_sets_table(load_code_sets(spark, input, new_job_id())))


def _code_sets_table(found: tuple[CodeSetFound, ...]) -> PrintedTable:
    printed = PrintedTable("code system", "list", "from", "to", "billable", "headings", title="Code sets")
    for column in printed.columns[4:]:
        column.justify = "right"
    for one in found:
        for release in one.releases:
            printed.add_row(
                one.code_system,
                release.file_name,
                str(release.first_day or ""),
                str(release.last_day or ""),
                f"{len(release.billable):,}",
                f"{len(release.headings):,}",
            )
    return printed
