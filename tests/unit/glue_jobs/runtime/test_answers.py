"""Answers to a person's SQL: what is known by its short name, and what is said of a query that cannot be answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from expectations.errors import ArgumentError
from glue_jobs.runtime import answers
from glue_jobs.runtime.answers import answer_sql, open_lake


@pytest.fixture
def opened(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[SparkSession]:
    spark.sql("CREATE NAMESPACE IF NOT EXISTS claims.processed")
    spark.catalog.dropTempView("quarantine")
    monkeypatch.setattr(answers, "start_session", lambda _: spark)
    yield spark
    spark.catalog.dropTempView("quarantine")
    spark.sql("USE claims")  # as the other tests of the session have it


def test_quarantined_records_are_known_where_there_are_any(opened: SparkSession, tmp_path: Path) -> None:
    records = tmp_path / "quarantine" / "records" / "run_id=run-1" / "source=x"
    opened.createDataFrame([("RC001",)], "rule_id string").write.parquet(str(records))
    answer = answer_sql(open_lake(str(tmp_path)), "SELECT rule_id, run_id FROM quarantine")
    assert [tuple(row) for row in answer.collect()] == [("RC001", "run-1")]


def test_a_folder_that_a_run_left_empty_is_no_failure(opened: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "quarantine" / "records" / "run_id=run-1").mkdir(parents=True)
    spark = open_lake(str(tmp_path))
    assert spark is opened
    with pytest.raises(ArgumentError, match="quarantine"):
        answer_sql(spark, "SELECT * FROM quarantine")
