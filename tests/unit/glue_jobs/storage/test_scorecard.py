"""The scorecard takes each row once, and its history is that of the reports, run by run."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pyspark.sql import SparkSession

from expectations.contract import load_table
from expectations.quality_score import Dimension, DimensionCount
from expectations.report import RunReport
from expectations.report_parts import FileOutcome, ScorePoint
from expectations.scorecard import scorecard_rows
from glue_jobs.runtime.named_queries import answer_named
from glue_jobs.storage.publication import head
from glue_jobs.storage.scorecard import append_scores, score_history
from glue_jobs.storage.tables import table_name

START = datetime(2024, 3, 1, 14, 5, 9, 123456, tzinfo=UTC)
NAME = table_name(load_table("quality_scorecard"))


def count(dimension: Dimension, rows: int, critical: int = 0, warning: int = 0) -> DimensionCount:
    return DimensionCount(dimension=dimension, rows=rows, critical_rows=critical, warning_rows=warning)


def report(number: int, *files: tuple[str, str, Iterable[DimensionCount]]) -> RunReport:
    outcomes = (
        FileOutcome(
            file=name, file_id=name, source=source, target_table="provider", status="published", quality=tuple(quality)
        )
        for name, source, quality in files
    )
    return RunReport(
        run_id=f"run-{number}",
        job_id=f"run-{number}",
        status="SUCCEEDED",
        started_at=START,
        finished_at=START + timedelta(days=number),
        code_version="0.1.0",
        contract_version="1",
        files=tuple(outcomes),
    )


REPORTS = [
    report(
        1,
        ("a.csv", "clinic", [count(Dimension.VALIDITY, 3, 1), count(Dimension.TIMELINESS, 3)]),
        ("b.csv", "clinic", [count(Dimension.VALIDITY, 900, 1, 17)]),
        ("c.csv", "payer", [count(Dimension.COMPLETENESS, 1000, 0, 1)]),
    ),
    report(2, ("d.csv", "clinic", [count(dimension, 7, 1, 2) for dimension in Dimension])),
    report(3, ("e.csv", "clinic", [count(Dimension.UNIQUENESS, 0)]), ("f.csv", "payer", [])),
    report(4, ("g.csv", "clinic", [count(Dimension.PLAUSIBILITY, 1_000_000_000, 1)])),
]


@pytest.fixture(scope="module")
def scores(spark: SparkSession) -> SparkSession:
    """A scorecard of four runs, the latest appended first; the session that reads it."""
    for one in reversed(REPORTS):
        append_scores(spark, one.run_id, scorecard_rows(one))
    return spark


def points(*reports: RunReport) -> list[ScorePoint]:
    """What the reports themselves say of their sources."""
    told = [
        ScorePoint(source=quality.source, run_id=one.run_id, finished_at=one.finished_at, score=quality.score)
        for one in reports
        for quality in one.quality
    ]
    return sorted(told, key=lambda point: (point.source, point.finished_at))


def test_the_history_is_what_the_reports_of_earlier_runs_said_oldest_first(scores: SparkSession) -> None:
    assert score_history(scores, ["clinic", "payer"], "run-5") == points(*REPORTS)
    assert score_history(scores, ["clinic"], "run-4", most=2) == points(*REPORTS[1:3])[:2]
    assert score_history(scores, ["unknown"], "run-5") == score_history(scores, [], "run-5") == []


def test_the_named_query_computes_the_same_scores(scores: SparkSession) -> None:
    rows = answer_named(scores, "quality_history", {}).collect()
    found = {(row["source"], row["run_id"]): row for row in rows}
    assert {key: row["score"] for key, row in found.items()} == {
        (point.source, point.run_id): point.score for point in points(*REPORTS)
    }
    for one in REPORTS:
        for quality in one.quality:
            row = found[quality.source, one.run_id]
            assert {dimension: row[dimension.value] for dimension in Dimension if row[dimension.value] is not None} == {
                dimension_count.dimension: dimension_count.score for dimension_count in quality.dimensions
            }
    first = found["clinic", "run-1"]
    assert (first["files"], first["records"], first["validity"]) == (2, 903, Decimal("98.8"))


def test_rows_that_are_there_are_not_added_again_and_missing_ones_are(scores: SparkSession) -> None:
    before, rows = head(scores, NAME), scorecard_rows(REPORTS[0])
    append_scores(scores, "run-1", rows)
    append_scores(scores, "run-1", [])
    assert head(scores, NAME) == before
    more = scorecard_rows(report(1, ("z.csv", "undeclared", [count(Dimension.VALIDITY, 1)])))
    append_scores(scores, "run-1", [*rows, *more])
    of_run = scores.table(NAME).where("run_id = 'run-1'").select("file_id", "dimension").collect()
    assert len(of_run) == len(set(of_run)) == len(rows) + len(more)
