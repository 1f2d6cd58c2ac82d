"""`quality_scorecard`: the scores of a run's files by dimension, and with it the history that a trend is drawn from."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from pyspark.sql import Column, DataFrame, Row, SparkSession, Window
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.quality_score import Dimension, DimensionCount, total_score
from expectations.report_parts import ScorePoint
from glue_jobs.storage.append_once import RowValues, append_once
from glue_jobs.storage.tables import create_table

MOST_RUNS = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COUNTS = {"rows": "records", "critical_rows": "critical_records", "warning_rows": "warning_records"}
"""Field of a `DimensionCount`, and the column of the table that holds it."""


def append_scores(spark: SparkSession, run_id: str, rows: Iterable[RowValues]) -> None:
    """Add the rows of `expectations.scorecard` in one commit; one that is there already is not added again."""
    table = load_table("quality_scorecard")
    append_once(spark, table, run_id, rows, table.grain)


def score_history(
    spark: SparkSession, sources: Collection[str], run_id: str, most: int = MOST_RUNS
) -> list[ScorePoint]:
    """Scores of the latest runs of each source but this one, at most so many of each, the oldest first.

    The score of a run is that of the sum of its files' counts, as the run's own report has it.
    """
    if not sources:
        return []
    latest = Window.partitionBy("source").orderBy(F.col("finished_at").desc(), F.col("run_id").desc())
    runs = _counts_by_run(spark, sources, run_id).withColumn("place", F.row_number().over(latest))
    found = [_score_point(row) for row in runs.where(F.col("place") <= most).collect()]
    return sorted(found, key=lambda point: (point.source, point.finished_at, point.run_id))


def _counts_by_run(spark: SparkSession, sources: Collection[str], run_id: str) -> DataFrame:
    """One row a source and run, with the counts of each dimension; those of one that was not judged are null."""
    scores = spark.table(create_table(spark, load_table("quality_scorecard")))
    of_dimension = [_sum_of(dimension, column) for dimension in Dimension for column in COUNTS.values()]
    return (
        scores.where(F.col("source").isin(*sources) & (F.col("run_id") != run_id))
        .where(F.col("dimension").isin(*(dimension.value for dimension in Dimension)))
        .groupBy("source", "run_id")
        .agg(F.unix_micros(F.max("finished_at")).alias("finished_at"), *of_dimension)
    )


def _sum_of(dimension: Dimension, column: str) -> Column:
    counted = F.when(F.col("dimension") == dimension.value, F.col(column))
    return F.sum(counted).alias(_name(dimension, column))


def _name(dimension: Dimension, column: str) -> str:
    return f"{dimension.value}_{column}"


def _score_point(row: Row) -> ScorePoint:
    counts = [
        DimensionCount.model_validate(
            {"dimension": dimension, **{field: row[_name(dimension, column)] for field, column in COUNTS.items()}}
        )
        for dimension in Dimension
        if row[_name(dimension, "records")] is not None
    ]
    return ScorePoint.model_validate(
        {
            "source": row["source"],
            "run_id": row["run_id"],
            "finished_at": EPOCH + timedelta(microseconds=row["finished_at"]),
            "score": total_score(counts),
        }
    )
