"""Days of an inpatient stay."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References

STILL_A_PATIENT = "30"
SHORTEST = 1
"""A stay that ends on the day it began counts as a day, as CMS counts it."""


def add_length_of_stay(lines: DataFrame, _: References) -> DataFrame:
    """Add the days from admission to discharge: of institutional lines of inpatient services, else empty.

    Where a date is missing the claim's first or last day stands for it, unless the patient has not left yet. Interim
    bills have their own days each; whole stays are in the table inpatient_stay.
    """
    is_stay = (F.col("claim_type") == "institutional") & (F.col("service_category_1") == "inpatient")
    has_left = F.coalesce(F.col("discharge_disposition_code") != STILL_A_PATIENT, F.lit(True))
    first = F.coalesce("admission_date", "claim_start_date")
    last = F.coalesce("discharge_date", F.when(has_left, F.col("claim_end_date")))
    days = F.datediff(last, first)
    return lines.withColumn("length_of_stay_days", F.when(is_stay & (days >= 0), F.greatest(days, F.lit(SHORTEST))))


ADD_LENGTH_OF_STAY = Enrichment(
    "length of stay",
    (
        "claim_type",
        "service_category_1",
        "admission_date",
        "discharge_date",
        "discharge_disposition_code",
        "claim_start_date",
        "claim_end_date",
    ),
    ("length_of_stay_days",),
    add_length_of_stay,
)
