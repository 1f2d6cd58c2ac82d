"""Published tables follow their contract: columns are added and widened in place, and no file of data is rewritten.

Iceberg knows columns by number: rows written before a change are read with the new columns empty and the wider types.
"""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import Table
from expectations.errors import SchemaError
from expectations.schema_changes import SchemaChanges, SchemaPolicy, check_policy, compare_schema

ATTEMPTS = 5


def evolve_table(spark: SparkSession, table: Table, name: str, policy: SchemaPolicy) -> tuple[str, ...]:
    """Make a table (`name` in SQL) as its contract says; a sentence for each column added, widened or kept unused.

    One look at the table where nothing differs. Two runs may do it at once: after a change or a failure the table is
    looked at again, so what the other run did is not done twice.

    Raises:
        SchemaError: a type would lose values, the policy is strict and a change is needed, or others kept changing it.
    """
    done: dict[str, None] = {}
    failure: Exception | None = None
    for _ in range(ATTEMPTS):
        changes = compare_schema(table, _found_types(spark, name))
        check_policy(changes, policy)
        done |= dict.fromkeys(changes.sentences)
        if not changes.is_needed:
            return tuple(done)
        try:
            _change(spark, changes, name)
            failure = None
        except Exception as error:  # that another run was first shows as one of several kinds
            failure = error
        spark.catalog.refreshTable(name)
    raise failure or SchemaError(
        f"table {table.name} differs from its contract again after {ATTEMPTS} changes; expected nobody else to change "
        "it meanwhile; cure: run again"
    )


def fill_unused_columns(rows: DataFrame, existing: DataFrame) -> DataFrame:
    """The rows with columns that only the existing table has, as nulls of its types: what is written names them all."""
    unused = [field for field in existing.schema if field.name not in rows.columns]
    return rows.select("*", *(F.lit(None).cast(field.dataType).alias(field.name) for field in unused))


def _found_types(spark: SparkSession, name: str) -> dict[str, str]:
    return {field.name: field.dataType.simpleString() for field in spark.table(name).schema}


def _change(spark: SparkSession, changes: SchemaChanges, name: str) -> None:
    if changes.added:
        columns = ", ".join(
            f"`{column.name}` {column.type} COMMENT '{_quoted(column.description)}'" for column in changes.added
        )
        spark.sql(f"ALTER TABLE {name} ADD COLUMNS ({columns})")
    for change in changes.retyped:
        spark.sql(f"ALTER TABLE {name} ALTER COLUMN `{change.column.name}` TYPE {change.column.type}")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
