"""`ingest_audit`: one row a file and run, and with it the memory of which files are known."""

from collections.abc import Iterable, Mapping

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from glue_jobs.storage.tables import create_table, spark_schema

AuditRow = Mapping[str, object]
"""Values of one row by column name; a column that is not in it is null."""


def known_file_ids(spark: SparkSession) -> frozenset[str]:
    """Ids of the files whose rows are published already."""
    name = create_table(spark, load_table("ingest_audit"))
    published = spark.table(name).where(F.col("status") == "published").select("file_id").distinct()
    return frozenset(row["file_id"] for row in published.collect())


def append_audit(spark: SparkSession, rows: Iterable[AuditRow]) -> None:
    """Add rows in one commit."""
    table = load_table("ingest_audit")
    name = create_table(spark, table)
    tuples = [tuple(row.get(column) for column in table.column_names) for row in rows]
    if tuples:
        spark.createDataFrame(tuples, spark_schema(table)).coalesce(1).writeTo(name).append()
