"""`ingest_audit`: one row a file and run, and with it the memory of which files are known."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.object_keys import is_requeued
from expectations.volume import EarlierFile
from glue_jobs.storage.append_once import RowValues, append_once
from glue_jobs.storage.tables import create_table

AuditRow = RowValues

PUBLISHED, UNDONE = "published", "undone"
ROW_KEY = ("run_id", "file_id", "status")
KNOWN_BY = (*ROW_KEY, "reason", "source", "records_read", "payer_lines", "finished_at", "object_uri")


def audited(spark: SparkSession) -> DataFrame:
    """All rows."""
    return spark.table(create_table(spark, load_table("ingest_audit")))


def standing(audit: DataFrame) -> DataFrame:
    """Rows of the files whose rows are in the tables: published, and not undone since."""
    undone = audit.where(F.col("status") == UNDONE).select(F.col("reason").alias("run_id")).distinct()
    return audit.where(F.col("status") == PUBLISHED).join(undone, on="run_id", how="left_anti")


class KnownFiles(NamedTuple):
    """Files whose rows are published: their ids, and by source what they held, the latest last."""

    ids: frozenset[str]
    earlier: Mapping[str, tuple[EarlierFile, ...]]


def known_files(spark: SparkSession) -> KnownFiles:
    """The files whose rows are published already."""
    rows = audited(spark).where(F.col("status").isin(PUBLISHED, UNDONE)).select(*KNOWN_BY).distinct().collect()
    undone = {row["reason"] for row in rows if row["status"] == UNDONE}
    found = [row for row in rows if row["status"] == PUBLISHED and row["run_id"] not in undone]
    earlier: dict[str, list[EarlierFile]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (row["finished_at"], row["file_id"])):
        if row["records_read"] and not is_requeued(row["object_uri"]):
            payer_lines = {int(payer): lines for payer, lines in json.loads(row["payer_lines"] or "{}").items()}
            earlier[row["source"]].append(EarlierFile(row["records_read"], payer_lines))
    return KnownFiles(
        frozenset(row["file_id"] for row in found), {source: tuple(files) for source, files in earlier.items()}
    )


def known_file_ids(spark: SparkSession) -> frozenset[str]:
    """Ids of the files whose rows are published already."""
    return known_files(spark).ids


def append_audit(spark: SparkSession, run_id: str, rows: Iterable[AuditRow]) -> None:
    """Add the rows in one commit; a row that is there already (same run, file and status) is not added again."""
    append_once(spark, load_table("ingest_audit"), run_id, rows, ROW_KEY)
