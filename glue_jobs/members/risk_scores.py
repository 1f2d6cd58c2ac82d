"""Risk scores of members: CMS-HCC V24 and V28, Charlson, Elixhauser; one row a person, payment year and model."""

import logging

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.members.claim_diagnoses import claim_diagnoses
from glue_jobs.members.hcc_library import eligible_services, missing_packages
from glue_jobs.members.hcc_scores import SCORED, hcc_scores
from glue_jobs.members.member_conditions import member_conditions
from glue_jobs.members.person_years import KEY, person_years
from glue_jobs.members.risk_adjusted_diagnoses import risk_adjusted_diagnoses

LOGGER = logging.getLogger("claims_etl")
INDICES = ("Charlson", "Elixhauser")
COLUMNS = (
    *KEY, "service_year", "model", "score", "score_status", "conditions", "replaced_conditions", "coefficients",
    "category", "age_years", "gender", "enrolled_months_count", "reference_year",
)  # fmt: skip


def risk_scores(eligibility: DataFrame, lines: DataFrame) -> DataFrame:
    """Rows of `member_risk_score` (grain: data_source, person_id, payment_year, model)."""
    years = person_years(eligibility, claim_diagnoses(lines))
    scores = comorbidity_scores(years, member_conditions(lines))
    missing = missing_packages()
    if missing:
        LOGGER.warning(
            "CMS-HCC scores are left out: %s not installed; cure: install the extra `risk`", ", ".join(missing)
        )
        return scores
    return scores.unionByName(hcc_score_rows(years, lines))


def hcc_score_rows(years: DataFrame, lines: DataFrame) -> DataFrame:
    """COLUMNS of V24 and V28 for all person years."""
    diagnoses = risk_adjusted_diagnoses(lines, eligible_services())
    with_codes = years.join(diagnoses, on=["data_source", "person_id", "service_year"], how="left")
    return hcc_scores(with_codes).select(*COLUMNS)


def comorbidity_scores(years: DataFrame, conditions: DataFrame) -> DataFrame:
    """COLUMNS of both indices for all person years: 0 where no diagnosis of the year shows a condition."""
    counts = F.col("counted_flag") == 1
    named = F.concat_ws("=", "condition", F.col("weight").cast("int"))
    summed = conditions.where(F.col("scheme").isin(*INDICES)).groupBy(
        "data_source", "person_id", "service_year", F.col("scheme").alias("model")
    ).agg(
        F.sum(F.when(counts, F.col("weight"))).alias("_score"),
        _listed(F.when(counts, F.col("condition"))).alias("conditions"),
        _listed(F.when(~counts, F.col("condition"))).alias("replaced_conditions"),
        _listed(F.when(counts, named)).alias("coefficients"),
    )  # fmt: skip
    models = F.explode(F.array(*(F.lit(name) for name in INDICES)))
    return (
        years.withColumn("model", models)
        .join(summed, on=["data_source", "person_id", "service_year", "model"], how="left")
        .withColumn("score", F.coalesce("_score", F.lit(0)).cast("decimal(18,4)"))
        .withColumn("score_status", F.lit(SCORED))
        .withColumn("category", F.lit(None).cast("string"))
        .withColumn("reference_year", F.lit(None).cast("int"))
        .fillna("", ["conditions", "replaced_conditions", "coefficients"])
        .select(*COLUMNS)
    )


def _listed(text: Column) -> Column:
    return F.array_join(F.sort_array(F.collect_set(text)), ",")
