"""Answers to a person's SQL on the tables of a lake; and whether a lake on this machine has what a command reads."""

from collections.abc import Collection
from pathlib import Path

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from expectations.errors import ArgumentError
from expectations.object_keys import CATALOG, NAMESPACE
from glue_jobs.runtime.session import SessionOptions, start_session


def answer_sql(spark: SparkSession, sql: str) -> DataFrame:
    """The answer to a person's SQL; ArgumentError says what is wrong with it."""
    try:
        return spark.sql(sql)
    except AnalysisException as error:  # speaks of the query, not of rows
        raise ArgumentError(f'{str(error).splitlines()[0]} cure: make query SQL="SHOW TABLES"') from error


def open_lake(lake: str) -> SparkSession:
    """A session in which the published tables, and what was quarantined, are known by their short names.

    Raises:
        ArgumentError: nothing was published to the lake.
    """
    check_published(Path(lake))
    spark = start_session(SessionOptions(lake))
    spark.sql(f"USE {CATALOG}.{NAMESPACE}")
    records = Path(lake) / "quarantine" / "records"
    if any(records.rglob("*.parquet")):  # a folder can be left empty by a run that had nothing to keep
        spark.read.parquet(str(records)).createOrReplaceTempView("quarantine")
    return spark


def check_published(
    lake: Path, tables: Collection[str] = (), missing: str = "nothing was published to it; cure: make run"
) -> None:
    """Refuse a lake that has none of the tables (none given: no table at all), before Spark makes folders in it.

    Raises:
        ArgumentError: it has none; the message names the lake and says what is `missing`, with its cure.
    """
    found = {folder.parent.name for folder in (lake / NAMESPACE).glob("*/metadata")}
    if not (found & set(tables) if tables else found):
        raise ArgumentError(f"{lake}: {missing}")
