"""`ingest_audit`: one row a file and run, and with it the memory of which files are known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.object_keys import is_requeued
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


class KnownFiles(NamedTuple):
    """Files whose rows are published: their ids, and by source how many records they had, the latest last."""

    ids: frozenset[str]
    records: Mapping[str, tuple[int, ...]]


def known_files(spark: SparkSession) -> KnownFiles:
    """The files whose rows are published already."""
    columns = ("file_id", "run_id", "status", "reason", "source", "records_read", "finished_at", "object_uri")
    rows = audited(spark).where(F.col("status").isin(PUBLISHED, UNDONE)).select(*columns).distinct().collect()
    undone = {row["reason"] for row in rows if row["status"] == UNDONE}
    found = [row for row in rows if row["status"] == PUBLISHED and row["run_id"] not in undone]
    records: dict[str, list[int]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (row["finished_at"], row["file_id"])):
        if row["records_read"] and not is_requeued(row["object_uri"]):
            records[row["source"]].append(row["records_read"])
    return KnownFiles(
        frozenset(row["file_id"] for row in found), {source: tuple(counts) for source, counts in records.items()}
    )


def known_file_ids(spark: SparkSession) -> frozenset[str]:
    """Ids of the files whose rows are published already."""
    return known_files(spark).ids


def append_audit(spark: SparkSession, run_id: str, rows: Iterable[AuditRow]) -> None:
    """Add the rows in one commit; a row that is there already (same run, file and status) is not added again."""
    append_once(spark, load_table("ingest_audit"), run_id, rows, ROW_KEY)
