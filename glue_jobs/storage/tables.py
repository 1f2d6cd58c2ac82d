"""Published tables: Iceberg, created from the contract, and kept as the contract says."""

from typing import Any

from pyspark.sql import SparkSession
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
from expectations.object_keys import CATALOG, LAKE_SETTING, NAMESPACE
from expectations.schema_changes import SchemaPolicy
from glue_jobs.storage.commit_lock import commit_lock
from glue_jobs.storage.evolution import evolve_table

POLICY_SETTING = "spark.claims_etl.schema_policy"
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
    "write.delete.mode": "merge-on-read",
    "write.update.mode": "merge-on-read",
    "write.merge.mode": "merge-on-read",
    "commit.retry.num-retries": "20",
}
BY_RUN = ("ingest_run_id", "resolved_run_id", "ingest_file_id")
"""Columns by which a run finds its own rows: their least and greatest value of each file is kept whole, so that other
files are not opened. Iceberg keeps 16 characters of the first 100 columns, and run ids begin alike."""


_AS_DECLARED: set[tuple[str, Table]] = set()
"""Lakes with the tables of theirs that this process has found, or made, as the contract says."""

_CHANGES: dict[str, list[str]] = {}
"""By lake: what was changed to make tables as the contract says, and nobody has asked for yet."""


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
    properties = ", ".join(f"'{key}'='{value}'" for key, value in table_properties(table).items())
    return (
        f"CREATE TABLE IF NOT EXISTS {name} (\n  {columns}\n) USING iceberg{partitioning}"
        f"\nCOMMENT '{_quoted(table.description)}'\nTBLPROPERTIES ({properties})"
    )


def create_table(spark: SparkSession, table: Table) -> str:
    """Create the table where it does not exist, and make it what the contract says; returns its name in SQL.

    Raises:
        SchemaError: it holds data in another form, and the session's schema policy does not let it change.
    """
    name, lake = table_name(table), lake_of(spark)
    if (lake, table) in _AS_DECLARED and spark.catalog.tableExists(name):
        return name
    with commit_lock(lake):
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {CATALOG}.{NAMESPACE}")
        is_there = spark.catalog.tableExists(name)
        if not is_there:
            spark.sql(create_statement(table, name))
            if table.sorted_by:
                spark.sql(
                    f"ALTER TABLE {name} WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY {', '.join(table.sorted_by)}"
                )
        else:
            changes = evolve_table(spark, table, name, schema_policy(spark))
            _CHANGES.setdefault(lake, []).extend(f"{table.name}: {sentence}" for sentence in changes)
        if is_there or table.folder:
            _set_properties(spark, table, name)
    _AS_DECLARED.add((lake, table))
    return name


def take_changes(lake: str) -> tuple[str, ...]:
    """Sentences on the tables of a lake that were changed since the last call, or hold columns of no contract."""
    return tuple(_CHANGES.pop(lake, ()))


def table_properties(table: Table) -> dict[str, str]:
    """Iceberg's properties of the table."""
    metrics = {f"write.metadata.metrics.column.{name}": "full" for name in BY_RUN if name in table.column_names}
    return TABLE_PROPERTIES | metrics


def data_folder(spark: SparkSession, table: Table) -> str:
    """Where the data files of a table lie that has a folder of its contract: beside it, below that folder."""
    location = str(iceberg_table(spark, table_name(table)).location())
    return f"{location.rpartition('/')[0]}/{table.folder}/{table.name}"


def iceberg_table(spark: SparkSession, name: str) -> Any:  # noqa: ANN401 - a reference into the JVM; py4j has no types
    """Iceberg's own table; `name` is that in SQL."""
    jvm: Any = spark._jvm  # noqa: SLF001 - the way to Iceberg's own table
    return jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)  # noqa: SLF001


def _set_properties(spark: SparkSession, table: Table, name: str) -> None:
    found = {row["key"]: row["value"] for row in spark.sql(f"SHOW TBLPROPERTIES {name}").collect()}
    wanted = table_properties(table) | ({"write.data.path": data_folder(spark, table)} if table.folder else {})
    missing = {key: value for key, value in wanted.items() if found.get(key) != value}
    if missing:
        properties = ", ".join(f"'{key}'='{value}'" for key, value in missing.items())
        spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ({properties})")


def lake_of(spark: SparkSession) -> str:
    """The root of the lake that the session works on."""
    return str(spark.conf.get(LAKE_SETTING))


def schema_policy(spark: SparkSession) -> SchemaPolicy:
    """What the session's run was told; to evolve, where it was told nothing."""
    return SchemaPolicy(spark.conf.get(POLICY_SETTING, None) or SchemaPolicy.EVOLVE)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
