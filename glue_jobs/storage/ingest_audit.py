"""`ingest_audit`: one row a file and run, and with it the memory of which files are known."""

from collections.abc import Iterable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from glue_jobs.storage.append_once import RowValues, append_once
from glue_jobs.storage.tables import create_table

AuditRow = RowValues

PUBLISHED, UNDONE = "published", "undone"
ROW_KEY = ("run_id", "file_id", "status")


def audited(spark: SparkSession) -> DataFrame:
    """All rows."""
    return spark.table(create_table(spark, load_table("ingest_audit")))


def standing(audit: DataFrame) -> DataFrame:
    """Rows of the files whose rows are in the tables: published, and not undone since."""
    undone = audit.where(F.col("status") == UNDONE).select(F.col("reason").alias("run_id")).distinct()
    return audit.where(F.col("status") == PUBLISHED).join(undone, on="run_id", how="left_anti")


def known_file_ids(spark: SparkSession) -> frozenset[str]:
    """Ids of the files whose rows are published already."""
    rows = audited(spark).where(F.col("status").isin(PUBLISHED, UNDONE)).select("file_id", "run_id", "status", "reason")
    found = rows.distinct().collect()
    undone = {row["reason"] for row in found if row["status"] == UNDONE}
    return frozenset(row["file_id"] for row in found if row["status"] == PUBLISHED and row["run_id"] not in undone)


def append_audit(spark: SparkSession, run_id: str, rows: Iterable[AuditRow]) -> None:
    """Add the rows in one commit; a row that is there already (same run, file and status) is not added again."""
    append_once(spark, load_table("ingest_audit"), run_id, rows, ROW_KEY)
