"""Conditions of members: those of the Charlson and Elixhauser indices, and chronic conditions, by year of service."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from glue_jobs.members.claim_diagnoses import claim_diagnoses
from glue_jobs.members.code_lists import SCHEMES, Condition, condition_list

YEAR = ("data_source", "person_id", "service_year")
CONDITION = (*YEAR, "scheme", "condition")
PREFIX_LENGTHS = (3, 4, 5)


def member_conditions(lines: DataFrame) -> DataFrame:
    """Rows of `member_condition` (grain: CONDITION) from rows of `medical_claim`.

    One diagnosis, in whatever place on whatever claim, shows a condition; `confirmed_flag` tells those that one claim
    alone may only have suspected. Of conditions that exclude each other the graver counts.
    """
    session = lines.sparkSession
    prefix = F.explode(F.array(*(F.substring("diagnosis_code", 1, length) for length in PREFIX_LENGTHS)))
    shown = (
        claim_diagnoses(lines)
        .withColumn("code_prefix", prefix)
        .join(F.broadcast(_prefixes(session)), on=["code_system", "code_prefix"], how="inner")
        .groupBy(*CONDITION)
        .agg(
            F.min("service_date").alias("first_service_date"),
            F.max("service_date").alias("last_service_date"),
            F.size(F.collect_set("claim_id")).cast("bigint").alias("claim_count"),
            F.max("inpatient_flag").alias("_inpatient"),
        )
    )
    several_days = F.col("first_service_date") < F.col("last_service_date")
    return (
        _counted(shown)
        .withColumn("confirmed_flag", F.greatest("_inpatient", several_days.cast("int")))
        .join(F.broadcast(_conditions(session)), on=["scheme", "condition"], how="inner")
        .select(
            *CONDITION, "condition_description", "weight", "counted_flag", "confirmed_flag",
            "first_service_date", "last_service_date", "claim_count",
        )
    )  # fmt: skip


def _counted(shown: DataFrame) -> DataFrame:
    """With `counted_flag`: 0 where the person has a graver condition of the scheme in the year."""
    pairs = [(entry.scheme, graver, entry.condition) for entry in _all() for graver in entry.replaced_by]
    graver = shown.sparkSession.createDataFrame(pairs, "scheme string, condition string, _replaced string")
    replaced = (
        shown.select(*CONDITION)
        .join(F.broadcast(graver), on=["scheme", "condition"], how="inner")
        .select(*YEAR, "scheme", F.col("_replaced").alias("condition"), F.lit(0).alias("_counts"))
    )
    marked = shown.join(replaced, on=list(CONDITION), how="left")
    return marked.withColumn("counted_flag", F.coalesce("_counts", F.lit(1))).drop("_counts")


def _all() -> tuple[Condition, ...]:
    return tuple(entry for scheme in SCHEMES for entry in condition_list(scheme))


def _prefixes(session: SparkSession) -> DataFrame:
    rows = [
        (system, prefix, entry.scheme, entry.condition)
        for entry in _all()
        for system, prefixes in entry.codes.items()
        for prefix in prefixes
    ]
    return session.createDataFrame(rows, "code_system string, code_prefix string, scheme string, condition string")


def _conditions(session: SparkSession) -> DataFrame:
    rows = [(entry.scheme, entry.condition, entry.description, entry.weight) for entry in _all()]
    return session.createDataFrame(
        rows, "scheme string, condition string, condition_description string, weight decimal(18,4)"
    )
