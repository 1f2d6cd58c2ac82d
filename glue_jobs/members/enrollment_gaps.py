"""Gaps in enrolment: the days between two spans of a person on which no payer and plan of the sender covers them."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.members.enrollment_spans import PERSON, enrollment_spans


def enrollment_gaps(eligibility: DataFrame) -> DataFrame:
    """Rows of `enrollment_gap` (grain: data_source, person_id, gap_start_date).

    A change of payer or plan without a day between is no gap; neither is the time before the first span or after the
    last.
    """
    in_order = Window.partitionBy(*PERSON).orderBy("enrollment_start_date", "span_end_date", "payer", "plan")
    before = in_order.rowsBetween(Window.unboundedPreceding, -1)
    # of the spans so far, the one that reaches furthest
    reach = F.max(F.struct("span_end_date", "payer", "plan")).over(before)
    start, end = F.date_add("_reach.span_end_date", 1), F.date_sub("enrollment_start_date", 1)
    return (
        enrollment_spans(eligibility)
        .withColumn("_reach", reach)
        .withColumn("gap_start_date", start)
        .withColumn("gap_end_date", end)
        .where("gap_start_date <= gap_end_date")
        .select(
            *PERSON,
            "gap_start_date",
            "gap_end_date",
            (F.datediff("gap_end_date", "gap_start_date") + 1).alias("gap_days_count"),
            (_month_number("enrollment_start_date") - _month_number("_reach.span_end_date") - 1).alias("_months"),
            F.col("_reach.payer").alias("payer_before"),
            F.col("_reach.plan").alias("plan_before"),
            F.col("payer").alias("payer_after"),
            F.col("plan").alias("plan_after"),
            F.date_format("gap_start_date", "yyyy").alias("year"),
            F.date_format("gap_start_date", "MM").alias("month"),
        )
        .withColumn("gap_months_count", F.greatest("_months", F.lit(0)))
        .select(
            *PERSON, "gap_start_date", "gap_end_date", "gap_days_count", "gap_months_count",
            "payer_before", "plan_before", "payer_after", "plan_after", "year", "month",
        )
    )  # fmt: skip


def _month_number(day: str) -> Column:
    return F.year(day) * 12 + F.month(day)
