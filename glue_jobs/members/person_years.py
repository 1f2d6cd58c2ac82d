"""Persons and years to be scored, with the demographics that CMS-HCC goes by.

Shape. Out: grain data_source, person_id, payment_year; service_year (the year before, whose diagnoses count),
enrolled_months_count, gender, age_years, `demographics_missing`, and the columns in DEMOGRAPHICS.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.members.ages import age_years
from glue_jobs.members.enrollment_spans import PERSON, enrollment_spans
from glue_jobs.members.member_months import member_months

KEY = (*PERSON, "payment_year")
DEMOGRAPHICS = ("dual_code", "original_entitlement", "new_enrollee", "institutional", "chronic_snp", "esrd")
TOLD = (
    "gender",
    "birth_date",
    "original_reason_entitlement_code",
    "dual_status_code",
    "medicare_status_code",
    "enrollment_status",
    "long_term_institutional_flag",
    "snp_type",
)
DUAL_CODES = ("00", "01", "02", "03", "04", "05", "06", "08")
WHOLE_YEAR = 12
AGED_IN_FROM = 65


def person_years(eligibility: DataFrame, diagnoses: DataFrame) -> DataFrame:
    """A row for each year in which a person was enrolled or had a claim, scored for the year after it.

    Demographics are those of the span that began last by the end of the payment year, as told last.
    """
    enrolled = (
        member_months(eligibility)
        .groupBy(*PERSON, F.year("month_start_date").alias("service_year"))
        .agg(F.size(F.collect_set("year_month")).alias("_months"))
    )
    years = (
        enrolled.unionByName(diagnoses.select(*PERSON, "service_year").distinct(), allowMissingColumns=True)
        .groupBy(*PERSON, "service_year")
        .agg(F.coalesce(F.max("_months"), F.lit(0)).alias("enrolled_months_count"))
        .withColumn("payment_year", F.col("service_year") + 1)
    )
    spans = enrollment_spans(eligibility).select(*PERSON, "enrollment_start_date", "delivered", *TOLD)
    begun = F.year("enrollment_start_date") <= F.col("payment_year")
    latest = F.max(F.when(begun, F.struct("enrollment_start_date", "delivered", *TOLD))).alias("_told")
    keys = [*KEY, "service_year", "enrolled_months_count"]
    told = years.join(spans, on=list(PERSON), how="left").groupBy(*keys).agg(latest).select(*keys, "_told.*")
    return _demographics(told).select(*keys, "gender", "age_years", "demographics_missing", *DEMOGRAPHICS)


def _demographics(told: DataFrame) -> DataFrame:
    """In CMS's terms. What is empty is taken from the next best column, as Tuva does it."""
    first_of_february = F.make_date("payment_year", F.lit(2), F.lit(1))
    status = F.lower("enrollment_status")
    said_new = F.when(status.isNotNull(), status == "new")
    # who is new is scored as new, in an institution or not: there is no such segment
    in_institution = (F.col("long_term_institutional_flag") == 1) | (status == "institutional")
    return (
        told.withColumn("age_years", age_years(F.col("birth_date"), first_of_february))
        .withColumn("demographics_missing", _missing())
        .withColumn("dual_code", F.when(F.col("dual_status_code").isin(*DUAL_CODES), F.col("dual_status_code")))
        .withColumn("original_entitlement", _original_entitlement())
        .withColumn("new_enrollee", F.coalesce(said_new, F.col("enrolled_months_count") < WHOLE_YEAR))
        .withColumn("institutional", _is(in_institution) & ~F.col("new_enrollee"))
        .withColumn("chronic_snp", _is(F.upper("snp_type") == "C-SNP"))
        .withColumn("esrd", _is((status == "esrd") | F.col("medicare_status_code").isin("11", "21", "31")))
    )


def _is(condition: Column) -> Column:
    return F.coalesce(condition, F.lit(False))


def _missing() -> Column:
    """Why CMS's models cannot be asked at all; null where they can."""
    return (
        F.when(F.col("enrollment_start_date").isNull(), "no_eligibility")
        .when(~_is(F.col("gender").isin("male", "female")), "no_gender")
        .when(F.col("age_years").isNull(), "no_age")
    )


def _original_entitlement() -> Column:
    """Why the person first got Medicare (0 age, 1 disability, 2 renal disease, 3 both)."""
    code = F.when(
        F.col("original_reason_entitlement_code").isin("0", "1", "2", "3"), F.col("original_reason_entitlement_code")
    )
    by_status = F.when(F.col("medicare_status_code").isin("20", "21"), "1").when(
        F.col("medicare_status_code").isin("10", "11"), "0"
    )
    by_age = F.when(F.col("age_years") >= AGED_IN_FROM, "0").otherwise("1")
    return F.coalesce(code, by_status, by_age)
