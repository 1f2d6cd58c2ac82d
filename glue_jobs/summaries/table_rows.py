"""Rows as a derived table declares them: its columns, order and types; months as text and as a day."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract import load_table

MONTH = ("year", "month")
UNDATED_YEAR = "0000"


def table_rows(frame: DataFrame, table: str) -> DataFrame:
    """The declared columns of `table`, cast to its types; what else `frame` has is left out."""
    return frame.select(
        *(F.col(column.name).cast(column.type).alias(column.name) for column in load_table(table).columns)
    )


def with_month(frame: DataFrame) -> DataFrame:
    """Add `year_month` and `month_start_date`, made of the partition's `year` and `month`."""
    return frame.withColumns({"year_month": F.concat(*MONTH), "month_start_date": month_start()})


def month_start() -> Column:
    """First day of the partition's month; empty for rows without a day."""
    return F.when(F.col("year") != UNDATED_YEAR, F.to_date(F.concat_ws("-", *MONTH, F.lit("01"))))
