"""Tables of the contract with a few rows by hand, under their plain names, in Spark and in DuckDB."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import duckdb
from pyspark.sql import SparkSession

from expectations.contract import Table, load_table, table_names
from glue_jobs.storage.tables import spark_schema

Row = Mapping[str, object]
Tables = Mapping[str, Iterable[Row]]
DUCKDB_TYPES = {"string": "VARCHAR", "int": "INTEGER"}


def values(table: Table, row: Row) -> tuple[object, ...]:
    """A row in the table's order, null where nothing is given; KeyError for a column that there is not."""
    for name in row:
        if name not in table.column_names:
            raise KeyError(f"{table.name} has no column {name}")
    return tuple(row.get(name) for name in table.column_names)


@contextmanager
def spark_tables(spark: SparkSession, given: Tables) -> Iterator[None]:
    """All tables of the contract as temporary views, empty but for the rows given."""
    for name in table_names():
        table = load_table(name)
        rows = [values(table, row) for row in given.get(name, ())]
        spark.createDataFrame(rows, spark_schema(table)).createOrReplaceTempView(name)
    try:
        yield
    finally:
        for name in table_names():
            spark.catalog.dropTempView(name)


@contextmanager
def duckdb_tables(given: Tables) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same in DuckDB, which is another engine and answers in a moment."""
    with duckdb.connect() as database:
        for name in table_names():
            table = load_table(name)
            columns = ", ".join(f'"{one.name}" {DUCKDB_TYPES.get(one.type, one.type)}' for one in table.columns)
            database.execute(f"CREATE TABLE {name} ({columns})")
            for row in given.get(name, ()):
                marks = ", ".join("?" for _ in table.columns)
                database.execute(f"INSERT INTO {name} VALUES ({marks})", values(table, row))  # noqa: S608 - our names
        yield database
