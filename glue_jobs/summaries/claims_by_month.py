"""Volume and money by month of service and whatever else: the one way of counting behind five summaries."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.summaries.count_claims_once import CLAIM, MONEY, count_claims_once
from glue_jobs.summaries.table_rows import MONTH, with_month


def claims_by_month(
    lines: DataFrame, headers: DataFrame, by: Sequence[str], described: Sequence[str] = ()
) -> DataFrame:
    """One row a data source, values of `by` and month: counts, money, and the greatest value of each of `described`.

    Counted claim by claim first: so a claim or a person counts once in a row, and without another shuffle of the lines.
    """
    counted = count_claims_once(lines, headers)
    claims = counted.groupBy(*CLAIM, *by, *MONTH).agg(
        F.count("*").alias("lines"),
        F.max("first_line_flag").alias("_once"),
        F.max("person_id").alias("_person"),
        *(F.max(name).alias(name) for name in described),
        *(F.sum(name).alias(name) for name in MONEY),
    )
    rows = claims.groupBy("data_source", *by, *MONTH).agg(
        F.count("*").alias("claims"),
        F.sum("_once").alias("claims_once"),
        F.sum("lines").alias("lines"),
        F.countDistinct("_person").alias("persons"),
        *(F.max(name).alias(name) for name in described),
        *(F.sum(name).alias(name) for name in MONEY),
    )
    return with_month(rows)
