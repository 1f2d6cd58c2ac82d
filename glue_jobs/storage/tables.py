"""Published tables: Iceberg, created from the contract, changed by one atomic commit after an audit on a branch."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DateType,
    DecimalType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

from expectations.contract import ColumnType, Table
from expectations.object_keys import CATALOG, NAMESPACE

BATCH_PROPERTY = "claims-etl.batch"
SPARK_TYPES: dict[ColumnType, DataType] = {
    "string": StringType(),
    "int": IntegerType(),
    "bigint": LongType(),
    "date": DateType(),
    "timestamp": TimestampType(),
    "boolean": BooleanType(),
    "decimal(18,2)": DecimalType(18, 2),
    "decimal(18,4)": DecimalType(18, 4),
}
TABLE_PROPERTIES = {
    "format-version": "2",
    "write.format.default": "parquet",
    "write.parquet.compression-codec": "snappy",
    "write.target-file-size-bytes": str(256 * 1024 * 1024),
    "write.distribution-mode": "hash",
    "write.spark.advisory-partition-size-bytes": str(1024 * 1024 * 1024),
    "history.expire.min-snapshots-to-keep": "10",
}


@dataclass(frozen=True)
class Batch:
    """One set of files to be published together; the same set has the same key, so that it is published once."""

    key: str
    run_id: str


def table_name(table: Table) -> str:
    """Name of the published table in SQL."""
    return f"{CATALOG}.{NAMESPACE}.{table.name}"


def spark_schema(table: Table) -> StructType:
    """The table's Spark schema, in the contract's order."""
    return StructType([StructField(column.name, SPARK_TYPES[column.type]) for column in table.columns])


def create_statement(table: Table, name: str) -> str:
    """Iceberg DDL of the table: columns with their descriptions, partitioned by year and month where it has them."""
    columns = ",\n  ".join(
        f"`{column.name}` {column.type} COMMENT '{_quoted(column.description)}'" for column in table.columns
    )
    partitioning = "\nPARTITIONED BY (year, month)" if table.partition_date else ""
    properties = ", ".join(f"'{key}'='{value}'" for key, value in TABLE_PROPERTIES.items())
    return (
        f"CREATE TABLE IF NOT EXISTS {name} (\n  {columns}\n) USING iceberg{partitioning}"
        f"\nCOMMENT '{_quoted(table.description)}'\nTBLPROPERTIES ({properties})"
    )


def create_table(spark: SparkSession, table: Table) -> str:
    """Create the table where it does not exist; returns its name in SQL."""
    name = table_name(table)
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {CATALOG}.{NAMESPACE}")
    spark.sql(create_statement(table, name))
    return name


def is_published(spark: SparkSession, name: str, batch: Batch) -> bool:
    """Whether a snapshot of the table's history came from this batch."""
    made_by = F.col("summary")[BATCH_PROPERTY]
    snapshots = spark.table(f"{name}.snapshots").where(made_by == batch.key).select("snapshot_id")
    current = spark.table(f"{name}.history").where("is_current_ancestor").select("snapshot_id")
    return not snapshots.join(current, on="snapshot_id", how="inner").isEmpty()


def publish(
    spark: SparkSession, table: Table, batch: Batch, write: Callable[[str], None], audit: Callable[[DataFrame], None]
) -> None:
    """Stage on a branch by `write(branch table name)`, `audit` the branch, and publish it by one fast-forward of main.

    A batch that is in the table's history already is left alone. Where the audit raises, main stays as it was.
    """
    name = create_table(spark, table)
    if is_published(spark, name, batch):
        return
    branch = "stage_" + re.sub(r"\W", "_", batch.run_id)
    spark.sql(f"ALTER TABLE {name} CREATE BRANCH IF NOT EXISTS {branch}")
    try:
        write(f"{name}.branch_{branch}")
        audit(spark.read.option("branch", branch).table(name))
        spark.sql(f"CALL {CATALOG}.system.fast_forward('{NAMESPACE}.{table.name}', 'main', '{branch}')")
    finally:
        spark.sql(f"ALTER TABLE {name} DROP BRANCH IF EXISTS {branch}")


def append_rows(rows: DataFrame, branch_name: str, batch: Batch) -> None:
    """Append rows (columns of the contract, in order) to a staged branch in one commit that bears the batch's key."""
    rows.writeTo(branch_name).option(f"snapshot-property.{BATCH_PROPERTY}", batch.key).append()


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
