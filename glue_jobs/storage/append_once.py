"""Rows that runs add to a table of accounts, each once, however often a run that died is completed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import Table
from glue_jobs.storage.publication import RUN_PROPERTY, Branch, publish
from glue_jobs.storage.tables import spark_schema

RowValues = Mapping[str, object]
"""Values of one row by column name; a column that is not in it is null."""


def append_once(spark: SparkSession, table: Table, run_id: str, rows: Iterable[RowValues], key: Sequence[str]) -> None:
    """Add the rows in one commit of this run; a row whose key is there already is not added again.

    The first column of the key is the run that a row tells of: only rows of such runs are looked through.
    """
    new = list(rows)
    if not new:
        return
    runs = {row.get(key[0]) for row in new}

    def write(branch: Branch) -> bool:
        of_these_runs = branch.read_base().where(F.col(key[0]).isin(*runs))
        there = {tuple(row) for row in of_these_runs.select(*key).collect()} if branch.base else set()
        missing = missing_rows(new, key, there)
        if missing:
            tuples = [tuple(row.get(column) for column in table.column_names) for row in missing]
            branch.append(spark.createDataFrame(tuples, spark_schema(table)).coalesce(1), {RUN_PROPERTY: run_id})
        return bool(missing)

    publish(spark, table, run_id, write)


def missing_rows(
    rows: Iterable[RowValues], key: Sequence[str], there: Collection[tuple[object, ...]]
) -> list[RowValues]:
    """Rows whose key is not there yet; those that come together may share one, as refused files without an id do."""
    return [row for row in rows if tuple(row.get(name) for name in key) not in there]
