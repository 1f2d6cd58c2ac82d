"""Diagnoses that CMS accepts for risk adjustment, by the filter that it states for encounter data."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.members.claim_diagnoses import claim_diagnoses
from glue_jobs.members.hcc_library import FIRST_SERVICES_YEAR, LAST_SERVICES_YEAR

PERSON_YEAR = ("data_source", "person_id", "service_year")
OUTPATIENT_BILLS = ("12", "13", "43", "71", "73", "76", "77", "85", "87")


def risk_adjusted_diagnoses(lines: DataFrame, services: list[tuple[int, str]]) -> DataFrame:
    """Grain PERSON_YEAR; `diagnosis_codes`, sorted ICD-10-CM codes of the claims that CMS accepts.

    An inpatient claim is accepted as it is; a professional claim, and an outpatient one with an accepted type of bill,
    where one of its lines has a service of CMS's list for the year. `services`: year and CPT or HCPCS code.
    """
    accepted = lines.sparkSession.createDataFrame(services, "_year int, hcpcs_code string").withColumn(
        "_listed", F.lit(1)
    )
    year = F.year(F.coalesce("claim_end_date", "claim_start_date", "claim_line_start_date"))
    in_list_year = F.greatest(F.least(year, F.lit(LAST_SERVICES_YEAR)), F.lit(FIRST_SERVICES_YEAR))
    marked = lines.withColumn("_year", in_list_year).join(F.broadcast(accepted), on=["_year", "hcpcs_code"], how="left")
    listed = F.max(F.coalesce("_listed", F.lit(0))).alias("_listed")
    return (
        claim_diagnoses(marked, listed)
        .where((F.col("code_system") == "icd-10-cm") & _accepted())
        .groupBy(*PERSON_YEAR)
        .agg(F.sort_array(F.collect_set("diagnosis_code")).alias("diagnosis_codes"))
    )


def _accepted() -> Column:
    outpatient = F.coalesce(F.substring("bill_type_code", 1, 2).isin(*OUTPATIENT_BILLS), F.lit(False))
    professional = F.coalesce(F.col("claim_type") == "professional", F.col("bill_type_code").isNull())
    return (F.col("inpatient_flag") == 1) | ((F.col("_listed") == 1) & (outpatient | professional))
