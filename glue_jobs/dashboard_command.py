"""The command `dashboard`: the summaries of a lake as one HTML page that needs nothing else."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from expectations.contract import load_table, table_names
from expectations.errors import ArgumentError
from glue_jobs.command_parts import LakeOption, TraceOption
from glue_jobs.dashboard.answers import QUERIES, Answers
from glue_jobs.dashboard.page import render_dashboard
from glue_jobs.runtime.answers import check_published
from glue_jobs.runtime.named_queries import answer_named
from glue_jobs.runtime.session import SessionOptions, start_session
from glue_jobs.screen import one_line_errors, screen

NOTHING_YET = (
    "there are no summaries to show; cure: make run, if no claims were published yet, then make summarize, both with "
    "the same LAKE"
)
NOT_THERE_YET = {"SCHEMA_NOT_FOUND", "TABLE_OR_VIEW_NOT_FOUND"}
"""What Spark says of a lake to which nothing, or not this, was published."""


def dashboard(
    to: Annotated[str, typer.Option(help="The page to write; one of that name is replaced.")] = "dashboard.html",
    lake: LakeOption = Path("lake"),
    *,
    trace: TraceOption = False,
) -> None:
    """Write the dashboard of a lake: cost, conditions, hospital care, risk, denials, payment, quality, freshness."""
    with one_line_errors(trace=trace):
        page = Path(to).resolve()
        if "://" in to or page.is_dir() or not page.parent.is_dir():
            raise ArgumentError("TO names no file of a folder here; cure: make dashboard TO=/folder/dashboard.html")
        summaries = [name for name in table_names() if load_table(name).derived]
        check_published(lake.resolve(), summaries, NOTHING_YET)
        answers = read_answers(start_session(SessionOptions(str(lake.resolve()))))
        if not any(answers.values()):
            raise ArgumentError(f"{lake.resolve()}: {NOTHING_YET}")
        page.write_text(render_dashboard(answers, datetime.now(UTC)), encoding="utf-8")
        empty = [name for name in QUERIES if not answers[name]]
        told = f" {len(empty)} of {len(QUERIES)} queries have no rows; after a load: make summarize." if empty else ""
        screen.print(f"Dashboard: {page}.{told}", soft_wrap=True)


def read_answers(spark: SparkSession) -> Answers:
    """Rows of all queries of the page; none of a query whose tables there are not yet."""
    return {name: _rows(spark, name) for name in QUERIES}


def _rows(spark: SparkSession, name: str) -> list[dict[str, object]]:
    try:
        return [row.asDict() for row in answer_named(spark, name, {}).collect()]
    except AnalysisException as error:
        if error.getErrorClass() in NOT_THERE_YET:
            return []
        raise
