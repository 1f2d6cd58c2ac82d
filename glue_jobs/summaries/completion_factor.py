"""What is still to come: the chain ladder on the lag triangle, in decimals throughout."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from glue_jobs.summaries.table_rows import table_rows

GROUP = ("data_source", "payer", "claim_type")
HORIZON_MONTHS = 60
"""Older months of service, and payments after more months, stay out: by then a claim is paid, or a date is wrong."""
FACTOR = "decimal(18,8)"
"""A product of two has 16 places and 37 digits: exact, before it is rounded to eight places again."""
MONEY = "decimal(30,2)"
"""A quotient of two has exactly eight places in Spark (38 digits, 30 of them before the point)."""


def completion_factor(lags: DataFrame) -> DataFrame:
    """Rows of `completion_factor` (grain: data_source, payer, claim_type, year_month) from rows of `claim_lag`.

    The valuation is the latest month of payment of the data source. Each age in months is that of one month of service,
    so the factors by age and the estimates by month of service are the same rows.
    """
    developed = _triangle(lags)
    by_service = Window.partitionBy(*GROUP, "_service").orderBy("lag_months")
    paid = F.sum("_paid").over(by_service.rowsBetween(Window.unboundedPreceding, 0))
    cumulative = developed.withColumn("_paid", paid).withColumn("_next", F.lead("_paid").over(by_service))
    ages = cumulative.groupBy(*GROUP, "_valuation", "lag_months").agg(
        F.sum(F.when(F.col("_next").isNotNull(), F.col("_paid"))).cast(MONEY).alias("_known"),
        F.sum("_next").cast(MONEY).alias("_grown"),
        F.sum(F.when(F.col("_next").isNull(), F.col("_paid"))).cast("decimal(18,2)").alias("paid_amount"),
    )
    from_oldest = Window.partitionBy(*GROUP).orderBy(F.desc("lag_months"))
    estimated = (
        ages.withColumn("_factor", _age_to_age())
        .withColumn("_factors", F.collect_list(F.coalesce("_factor", F.lit(1).cast(FACTOR))).over(from_oldest))
        .withColumn("_development", _product(F.col("_factors")))
        .withColumn("ultimate_amount", (F.col("paid_amount") * F.col("_development")).cast("decimal(18,2)"))
    )
    return table_rows(
        estimated.withColumns(
            {
                "year_month": _as_text(F.col("_valuation") - F.col("lag_months")),
                "valuation_year_month": _as_text(F.col("_valuation")),
                "age_to_age_factor": F.col("_factor"),
                "development_factor": F.col("_development"),
                "completion_factor": F.lit(1).cast(FACTOR) / F.when(F.col("_development") > 0, F.col("_development")),
                "ibnr_amount": F.col("ultimate_amount") - F.col("paid_amount"),
            }
        ),
        "completion_factor",
    )


def _triangle(lags: DataFrame) -> DataFrame:
    """Every cell from the first month of service to the valuation, with 0 where nothing was paid."""
    service = (F.year("month_start_date") * 12 + F.month("month_start_date") - 1).alias("_service")
    cells = lags.where(F.col("lag_months").between(0, HORIZON_MONTHS) & F.col("month_start_date").isNotNull()).select(
        *GROUP, service, "lag_months", F.col("paid_amount").cast(MONEY).alias("_paid")
    )
    latest = F.max(F.col("_service") + F.col("lag_months")).over(Window.partitionBy("data_source"))
    cells = cells.withColumn("_valuation", latest).where(F.col("_service") >= F.col("_valuation") - HORIZON_MONTHS)
    groups = cells.groupBy(*GROUP, "_valuation").agg(F.min("_service").alias("_first"))
    services = groups.withColumn("_service", F.explode(F.sequence("_first", "_valuation")))
    age = F.col("_valuation") - F.col("_service")
    empty = services.select(
        *GROUP,
        "_service",
        F.explode(F.sequence(F.lit(0), age)).alias("lag_months"),
        F.lit(0).cast(MONEY).alias("_paid"),
        "_valuation",
    )
    whole = cells.unionByName(empty).groupBy(*GROUP, "_valuation", "_service", "lag_months")
    return whole.agg(F.sum("_paid").alias("_paid"))


def _age_to_age() -> Column:
    """Volume-weighted: what the months known at both ages grew to, over what they had; 1 where they had nothing."""
    has_next = F.col("_grown").isNotNull()
    return F.when(has_next, F.when(F.col("_known") > 0, F.col("_grown") / F.col("_known")).otherwise(1)).cast(FACTOR)


def _product(factors: Column) -> Column:
    return F.aggregate(factors, F.lit(1).cast(FACTOR), lambda product, factor: (product * factor).cast(FACTOR))


def _as_text(months: Column) -> Column:
    year = F.floor(months / 12)
    return F.concat(F.lpad(year.cast("string"), 4, "0"), F.lpad((months - year * 12 + 1).cast("string"), 2, "0"))
