"""Diagnoses of claims: one row a claim and code, with what says how far it is to be trusted.

Shape. In: rows of `medical_claim` (its lines). Out: data_source, person_id, claim_id, claim_type, bill_type_code,
service_date, service_year, code_system, inpatient_flag, diagnosis_code.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

CODES = tuple(f"diagnosis_code_{number}" for number in range(1, 26))
CLAIM = ("data_source", "person_id", "claim_id")
ICD_10_FROM = "2015-10-01"
INPATIENT_BILLS = ("11", "41")
"""Hospital and religious non-medical institution, inpatient: the first two characters of the type of bill."""


def claim_diagnoses(lines: DataFrame, *further: Column) -> DataFrame:
    """Each code once a claim. `further`: aggregates over the claim's lines that are kept beside."""
    last_day = F.max(F.coalesce("claim_end_date", "claim_start_date", "claim_line_start_date"))
    written = F.array_compact(F.array(*CODES))
    return (
        lines.where(F.col("person_id").isNotNull())
        .groupBy(*CLAIM)
        .agg(
            last_day.alias("service_date"),
            F.max("claim_type").alias("claim_type"),
            F.max("bill_type_code").alias("bill_type_code"),
            F.max("diagnosis_code_type").alias("_type"),
            F.max("admission_date").alias("_admitted"),
            F.array_distinct(F.flatten(F.collect_set(written))).alias("_codes"),
            *further,
        )
        .where(F.col("service_date").isNotNull())
        .withColumn("service_year", F.year("service_date"))
        .withColumn("code_system", _code_system())
        .withColumn("inpatient_flag", _inpatient().cast("int"))
        .withColumn("diagnosis_code", F.explode("_codes"))
        .drop("_codes", "_type", "_admitted")
    )


def _code_system() -> Column:
    """As the claim says, else by its day: ICD-10-CM replaced ICD-9-CM for services from 1 October 2015."""
    by_day = F.when(F.col("service_date") < F.lit(ICD_10_FROM).cast("date"), "icd-9-cm").otherwise("icd-10-cm")
    said = F.when(F.col("_type").contains("icd-9"), "icd-9-cm").when(F.col("_type").contains("icd-10"), "icd-10-cm")
    return F.coalesce(said, by_day)


def _inpatient() -> Column:
    """By the type of bill; where an institution's claim has none, by its day of admission."""
    bill = F.substring("bill_type_code", 1, 2).isin(*INPATIENT_BILLS)
    admitted = (F.col("claim_type") == "institutional") & F.col("_admitted").isNotNull()
    return F.coalesce(bill, admitted, F.lit(False))
