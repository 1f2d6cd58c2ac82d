"""Which lines to look at first: points for what makes a line costly or serious, in three tiers.

A way to sort a worklist, not a clinical score: the risk of a person is in member_risk_score.
"""

from functools import reduce
from operator import add

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments import diagnosis_chapters as chapters
from glue_jobs.enrichments.enrichment import Enrichment, References

HIGH_POINTS = 4
"""No single sign reaches it: two at least come together (a costly inpatient line; a frail person in an emergency)."""

MEDIUM_POINTS = 2
"""One strong sign, or two weak ones."""

FRAIL_AGE, OLD_AGE = 85, 65
SERIOUS_CHAPTERS = (chapters.NEOPLASMS, chapters.CIRCULATORY, chapters.PERINATAL)
"""Chapters of the leading causes of death in the United States (heart disease, cancer), and of newborns."""


def add_risk_tier(lines: DataFrame, _: References) -> DataFrame:
    """Add the tier: low, medium or high. What is missing gives no points."""
    points = reduce(add, _points())
    tier = F.when(points >= HIGH_POINTS, "high").when(points >= MEDIUM_POINTS, "medium").otherwise("low")
    return lines.withColumn("risk_tier", tier)


def _points() -> tuple[Column, ...]:
    age = F.col("age_at_service_years")
    is_emergency = F.col("service_category_2") == "emergency department"
    return (
        F.when(F.col("high_cost_flag") == 1, 2).otherwise(0),
        F.when(F.col("outlier_flag") == 1, 1).otherwise(0),
        F.when(F.col("service_category_1") == "inpatient", 2).when(is_emergency, 1).otherwise(0),
        F.when(age >= FRAIL_AGE, 2).when(age >= OLD_AGE, 1).otherwise(0),
        F.when(F.col("diagnosis_chapter").isin(*SERIOUS_CHAPTERS), 1).otherwise(0),
    )


ADD_RISK_TIER = Enrichment(
    "risk tier",
    (
        "high_cost_flag",
        "outlier_flag",
        "service_category_1",
        "service_category_2",
        "age_at_service_years",
        "diagnosis_chapter",
    ),
    ("risk_tier",),
    add_risk_tier,
)
