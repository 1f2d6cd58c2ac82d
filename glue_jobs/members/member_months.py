"""Member months: one row a calendar month in which a member is enrolled on any day, as Tuva counts them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.members.ages import age_band, age_years
from glue_jobs.members.enrollment_spans import enrollment_spans

MEMBER = ("data_source", "person_id", "member_id", "payer", "plan")


def member_months(eligibility: DataFrame) -> DataFrame:
    """Rows of `member_month` (grain: MEMBER, year_month). Spans that overlap or repeat give a month once."""
    first, last = (F.trunc(name, "MM") for name in ("enrollment_start_date", "span_end_date"))
    months = enrollment_spans(eligibility).withColumn(
        "month_start_date", F.explode(F.sequence(first, last, F.expr("INTERVAL 1 MONTH")))
    )
    told = F.max(F.struct("delivered", "enrollment_start_date", "gender", "birth_date")).alias("_told")
    age = age_years(F.col("birth_date"), F.col("month_start_date"))
    return (
        months.groupBy(*MEMBER, "month_start_date")
        .agg(told)
        .select(*MEMBER, "month_start_date", "_told.gender", "_told.birth_date")
        .withColumn("age_years", age)
        .select(
            *MEMBER,
            F.date_format("month_start_date", "yyyyMM").alias("year_month"),
            "month_start_date",
            "gender",
            "birth_date",
            "age_years",
            age_band(F.col("age_years")).alias("age_band"),
            F.date_format("month_start_date", "yyyy").alias("year"),
            F.date_format("month_start_date", "MM").alias("month"),
        )
    )
