"""The lag triangle: what was paid for a month of service, by the months that it took."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from glue_jobs.summaries.count_claims_once import count_claims_once
from glue_jobs.summaries.table_rows import MONTH, month_start, table_rows, with_month

GROUP = ("data_source", "payer", "claim_type", *MONTH)


def claim_lag(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """Rows of `claim_lag` (grain: data_source, payer, claim_type, year_month, lag_months).

    A line is placed by its day of payment, else by the day on which it was received. A day before the month of service
    is an error of the sender and counts as lag 0. Lines without either day have a row without lag: nothing is lost.
    """
    months = _months(F.coalesce("paid_date", "received_date")) - _months(month_start())
    lag = F.when(months.isNotNull(), F.greatest(months, F.lit(0)))
    placed = count_claims_once(lines, headers).withColumn("lag_months", lag)
    rows = placed.groupBy(*GROUP, "lag_months").agg(
        F.count("*").alias("lines"),
        F.count(F.when(F.col("paid_date").isNull() & F.col("received_date").isNotNull(), 1)).alias(
            "lines_by_received_date"
        ),
        F.coalesce(F.sum("paid_amount"), F.lit(0)).alias("paid_amount"),
    )
    has_lag = F.col("lag_months").isNotNull()
    up_to = Window.partitionBy(*GROUP).orderBy("lag_months").rowsBetween(Window.unboundedPreceding, 0)
    paid_month = F.date_format(F.add_months(month_start(), F.col("lag_months")), "yyyyMM")
    return table_rows(
        with_month(rows).withColumns(
            {
                "paid_year_month": paid_month,
                "cumulative_paid_amount": F.when(has_lag, F.sum(F.when(has_lag, F.col("paid_amount"))).over(up_to)),
            }
        ),
        "claim_lag",
    )


def _months(day: Column) -> Column:
    return F.year(day) * 12 + F.month(day)
