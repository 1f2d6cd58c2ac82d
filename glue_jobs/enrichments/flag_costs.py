"""Lines that cost much, and lines that look odd."""

from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References, flag

HIGH_COST = 10_000
"""US dollars for one line: a fifth of the 50,000 a year from which reports call a person a high-cost claimant."""

LONG_STAY_DAYS = 60
"""Days after which Medicare's full coverage of a stay ends and the member's daily share begins (42 CFR 409.61)."""

MANY_UNITS = 1_000
"""Units of a line. No medically unlikely edit that CMS publishes for a visit or procedure comes near; drugs may."""

CHARGE_TO_ALLOWED = 20
"""Charge as a multiple of what is allowed: hospitals' markup is three to five as a rule: a wrong digit or price."""

LEAST_ODD_CHARGE = 1_000
"""US dollars below which a markup is not worth a look: a charge of 40 for a swab of 1."""


def flag_costs(lines: DataFrame, _: References) -> DataFrame:
    """Add both flags; each is decided on the line alone, so that no other line can change it."""
    cost = F.coalesce("allowed_amount", "paid_amount", "charge_amount")
    return lines.select(
        "*",
        flag(cost >= HIGH_COST).alias("high_cost_flag"),
        reduce(or_, (F.coalesce(sign, F.lit(False)) for sign in _odd_signs())).cast("int").alias("outlier_flag"),
    )


def _odd_signs() -> tuple[Column, ...]:
    charge, allowed = F.col("charge_amount"), F.col("allowed_amount")
    return (
        F.col("length_of_stay_days") > LONG_STAY_DAYS,
        F.col("service_unit_quantity") > MANY_UNITS,
        (charge >= LEAST_ODD_CHARGE) & (allowed > 0) & (charge >= allowed * CHARGE_TO_ALLOWED),
    )


FLAG_COSTS = Enrichment(
    "costs",
    ("charge_amount", "allowed_amount", "paid_amount", "service_unit_quantity", "length_of_stay_days"),
    ("high_cost_flag", "outlier_flag"),
    flag_costs,
)
