"""The account of what became of every record and every dollar, from the columns that were written."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.quality.rule_masks import breaks_any

VERDICTS = ("accepted", "quarantined", "resent")
OTHER_AMOUNTS = ("allowed_amount", "charge_amount")
PAYER_NUMBERS = 1024
SUM_TYPE = "decimal(28,2)"
"""Holds ten billion of the greatest amounts; a sum that did not fit would be null."""


def account_by_file_and_month(rows: DataFrame) -> DataFrame:
    """One row a file (`ingest_file_id`), and year and month where the rows have them: what became of it.

    Records, lines and paid amount by verdict; of accepted rows the allowed and charged amounts too; how many rows break
    a rule (`rows_broken`); and accepted lines by payer (`payer_lines`), under the number that stands for its name.
    """
    first, paid = F.col("_line") == 0, _amount(rows, "paid_amount")
    month = [name for name in ("year", "month") if name in rows.columns]
    by_payer = rows.groupBy("ingest_file_id", *month, _payer_number(rows).alias("_payer")).agg(
        *(_count(first & (F.col("_verdict") == verdict)).alias(f"records_{verdict}") for verdict in VERDICTS),
        _count(F.col("_verdict") == "accepted").alias("lines_accepted"),
        *(_sum(paid, F.col("_verdict") == verdict).alias(f"amount_{verdict}") for verdict in VERDICTS),
        *(_sum(_amount(rows, name), F.col("_verdict") == "accepted").alias(name) for name in OTHER_AMOUNTS),
        _count(breaks_any(rows)).alias("rows_broken"),
    )
    counts = {name: kind for name, kind in by_payer.dtypes if name not in ("ingest_file_id", *month, "_payer")}
    lines = F.when(F.col("_payer").isNotNull() & (F.col("lines_accepted") > 0), F.struct("_payer", "lines_accepted"))
    return by_payer.groupBy("ingest_file_id", *month).agg(
        *(F.sum(name).cast(kind).alias(name) for name, kind in counts.items()),
        F.collect_list(lines).alias("payer_lines"),
    )


def _payer_number(rows: DataFrame) -> Column:
    """One of PAYER_NUMBERS for each payer: a mapping gone wrong, with a payer a row, makes no more; no name is kept."""
    if "payer" not in rows.columns:
        return F.lit(None).cast("int")
    return F.when(F.col("payer").isNotNull(), F.pmod(F.xxhash64("payer"), F.lit(PAYER_NUMBERS)).cast("int"))


def _amount(rows: DataFrame, name: str) -> Column:
    return F.col(name) if name in rows.columns else F.lit(None).cast("decimal(18,2)")


def _count(condition: Column) -> Column:
    return F.sum(F.when(condition, 1).otherwise(0)).cast("bigint")


def _sum(amount: Column, condition: Column) -> Column:
    return F.coalesce(F.sum(F.when(condition, amount)), F.lit(0)).cast(SUM_TYPE)
