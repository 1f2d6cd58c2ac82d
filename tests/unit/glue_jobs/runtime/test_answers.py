"""Answers to a person's SQL: what is known by its short name, and what is said of a query that cannot be answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from expectations.errors import ArgumentError
from glue_jobs.runtime import answers
from glue_jobs.runtime.answers import answer_sql, check_published, open_lake


@pytest.fixture
def opened(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SparkSession]:
    spark.sql("CREATE NAMESPACE IF NOT EXISTS claims.processed")
    spark.catalog.dropTempView("quarantine")
    (tmp_path / "processed" / "medical_claim" / "metadata").mkdir(parents=True)
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


def test_a_lake_to_which_nothing_was_published_is_refused_before_spark_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "start_session", lambda _: pytest.fail("Spark makes folders in the lake"))
    with pytest.raises(ArgumentError, match=r"missing: nothing was published to it; cure: make run"):
        open_lake(str(tmp_path / "missing"))
    assert not (tmp_path / "missing").exists()


def test_a_lake_has_what_is_read_where_one_of_the_tables_is_there(tmp_path: Path) -> None:
    (tmp_path / "processed" / "pmpm" / "metadata").mkdir(parents=True)
    check_published(tmp_path)
    check_published(tmp_path, ["denial", "pmpm"])
    with pytest.raises(ArgumentError, match="no denials; cure: wait"):
        check_published(tmp_path, ["denial"], "no denials; cure: wait")
