"""Money made of the line's own amounts: for a unit, of the member, written off."""

from functools import reduce
from operator import add

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References

SHARES = ("coinsurance_amount", "copayment_amount", "deductible_amount")


def add_amounts(lines: DataFrame, _: References) -> DataFrame:
    """Add the amounts, each empty where what it is made of is missing."""
    units = F.col("service_unit_quantity")
    per_unit = F.coalesce("allowed_amount", "paid_amount") / F.when(units > 0, units)
    written_off = F.col("charge_amount") - F.col("allowed_amount")
    return lines.select(
        "*",
        per_unit.cast("decimal(18,4)").alias("amount_per_unit"),
        _member_share().cast("decimal(18,2)").alias("member_responsibility_amount"),
        written_off.cast("decimal(18,2)").alias("write_off_amount"),
    )


def _member_share() -> Column:
    """The shares that are known; empty where none is."""
    nothing = F.lit(0).cast("decimal(18,2)")
    return F.when(F.coalesce(*SHARES).isNotNull(), reduce(add, (F.coalesce(name, nothing) for name in SHARES)))


ADD_AMOUNTS = Enrichment(
    "amounts",
    ("service_unit_quantity", "charge_amount", "allowed_amount", "paid_amount", *SHARES),
    ("amount_per_unit", "member_responsibility_amount", "write_off_amount"),
    add_amounts,
)
