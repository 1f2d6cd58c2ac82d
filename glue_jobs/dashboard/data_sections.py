"""Sections about the data itself: how good it is, and how fresh."""

from datetime import datetime

from expectations.report_charts import Bar, horizontal_bars
from glue_jobs.dashboard.answers import DASH, Answers, number, text
from glue_jobs.dashboard.section import DataTable, Picture, Section, rows_of, without_rows
from glue_jobs.dashboard.small_cells import Row

DIMENSIONS = ("completeness", "validity", "consistency", "uniqueness", "timeliness", "plausibility")


def quality_section(answers: Answers) -> Section:
    """How good the data is: the last score of each source."""
    title = "Quality of the data"
    rows = last_scores(answers)
    if not rows:
        return without_rows("quality", title, "quality_history")
    bars = [
        Bar(text(row, "source"), float(number(row, "score")), f"{number(row, 'score')} of 100", "published")
        for row in rows
    ]
    table = [
        (text(row, "source"), *(DASH if row.get(name) is None else str(row[name]) for name in DIMENSIONS))
        for row in rows
    ]
    return Section(
        "quality",
        title,
        "What is left of 100 when broken rules are taken off, for the last files of each source.",
        "quality_history",
        (Picture("Quality score by source.", horizontal_bars(bars, title)),),
        DataTable("Scores by dimension.", ("Source", *(name.capitalize() for name in DIMENSIONS)), rows_of(table)),
    )


def last_scores(answers: Answers) -> list[Row]:
    """The last row of each source that has a score, by name."""
    last: dict[str, Row] = {}
    for row in sorted(answers["quality_history"], key=lambda row: text(row, "finished_at", "")):
        if row.get("score") is not None:
            last[text(row, "source")] = row
    return [last[source] for source in sorted(last)]


def freshness_section(answers: Answers) -> Section:
    """How fresh the data is."""
    title = "How fresh the data is"
    rows = answers["freshness"]
    if not rows:
        return without_rows("freshness", title, "freshness")
    table = [
        (
            text(row, "source"),
            f"{number(row, 'files'):,}",
            f"{number(row, 'lines'):,}",
            _day(row, "last_loaded_at"),
            _day(row, "last_service_date"),
            _day(row, "last_paid_date"),
        )
        for row in rows
    ]
    bars = [
        Bar(text(row, "source"), max(0.0, float(number(row, "service_lag_days"))),
            f"{number(row, 'service_lag_days'):,} days", "resent")
        for row in rows
        if row.get("service_lag_days") is not None
    ]  # fmt: skip
    pictures = (Picture("Days from the last service to the day it was loaded.", horizontal_bars(bars, title)),)
    heads = ("Source", "Files", "Lines", "Last loaded", "Last service", "Last payment")
    return Section(
        "freshness",
        title,
        "When each source sent its last file, and up to which day it tells of services and payments.",
        "freshness",
        pictures if bars else (),
        DataTable("Sources and their latest days.", heads, rows_of(table)),
        is_wide=True,
    )


def _day(row: Row, name: str) -> str:
    value = row.get(name)
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else text(row, name, DASH)
