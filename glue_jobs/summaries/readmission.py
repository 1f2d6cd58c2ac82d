"""Readmissions within 30 days, for any cause, after CMS's hospital-wide measure in a simple form."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.summaries.inpatient_stay import PERSON
from glue_jobs.summaries.planned_stay import is_planned
from glue_jobs.summaries.table_rows import table_rows

ACUTE = "acute inpatient"
DAYS = 30
DIED = ("20", "40", "41", "42")
LEFT_AGAINST_ADVICE = "07"
EPISODE = (*PERSON, "episode_id")
OF_LAST_STAY = (
    "payer",
    "plan",
    "facility_npi",
    "discharge_disposition_code",
    "drg_code",
    "diagnosis_code_1",
    "still_patient_flag",
    "transferred_out_flag",
)


def readmission(stays: DataFrame) -> DataFrame:
    """Rows of `readmission` (grain: data_source, person_id, episode_id) from rows of `inpatient_stay`.

    Acute stays of an episode count as one, planned or not as its first stay, discharged by the last of its hospitals.
    An episode is not asked whether its person was enrolled, or whether 30 days have passed, since.
    """
    episodes = _episodes(stays.where(F.col("service_category_2") == ACUTE))
    return table_rows(_with_readmission(episodes.withColumn("exclusion", _exclusion())), "readmission")


def _episodes(stays: DataFrame) -> DataFrame:
    latest = F.struct("discharge_date", "admission_date", "stay_id")
    first = F.struct("admission_date", "discharge_date", "stay_id")
    return (
        stays.withColumn("_planned", is_planned().cast("int"))
        .groupBy(*EPISODE)
        .agg(
            F.min("admission_date").alias("admission_date"),
            F.max("discharge_date").alias("discharge_date"),
            F.sum("paid_amount").alias("paid_amount"),
            F.min_by("_planned", first).alias("planned_flag"),
            F.max_by(F.struct(*OF_LAST_STAY), latest).alias("_last_stay"),
        )
        .select("*", "_last_stay.*")
    )


def _exclusion() -> Column:
    status = F.col("discharge_disposition_code")
    return (
        F.when(status.isin(*DIED), "died")
        .when(F.col("still_patient_flag") == 1, "still a patient")
        .when(F.col("transferred_out_flag") == 1, "transferred")
        .when(status == LEFT_AGAINST_ADVICE, "left against advice")
    )


def _with_readmission(episodes: DataFrame) -> DataFrame:
    """The first later episode that began within 30 days of the discharge, of index episodes."""
    one, other = episodes.alias("one"), episodes.alias("other")
    same_person = [F.col(f"one.{name}") == F.col(f"other.{name}") for name in PERSON]
    is_index, is_later = F.col("one.exclusion").isNull(), _place("one") < _place("other")
    ended = F.col("one.discharge_date")
    begins_in_time = F.col("other.admission_date").between(ended, F.date_add(ended, DAYS))
    names = ("admission_date", "episode_id", "facility_npi", "paid_amount", "planned_flag")
    found = (
        one.join(other, on=[*same_person, is_index, is_later, begins_in_time], how="inner")
        .groupBy(*(F.col(f"one.{name}").alias(name) for name in EPISODE))
        .agg(F.min(F.struct(*(f"other.{name}" for name in names))).alias("_next"))
    )
    index_flag = F.col("exclusion").isNull().cast("int")
    return episodes.join(found, on=[*EPISODE], how="left").withColumns(
        {
            "discharge_year_month": F.date_format("discharge_date", "yyyyMM"),
            "index_flag": index_flag,
            "readmitted_flag": F.when(index_flag == 1, F.col("_next").isNotNull().cast("int")),
            "readmission_episode_id": F.col("_next.episode_id"),
            "readmission_date": F.col("_next.admission_date"),
            "readmission_days": F.datediff("_next.admission_date", "discharge_date"),
            "readmission_facility_npi": F.col("_next.facility_npi"),
            "readmission_planned_flag": F.col("_next.planned_flag"),
            "readmission_paid_amount": F.col("_next.paid_amount"),
        }
    )


def _place(side: str) -> Column:
    return F.struct(*(f"{side}.{name}" for name in ("admission_date", "discharge_date", "episode_id")))
