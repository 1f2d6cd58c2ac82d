"""The account of what became of every record and every dollar, from the columns that were written."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.row_rules import rules_in

VERDICTS = ("accepted", "quarantined", "resent")


def account_by_file(rows: DataFrame) -> DataFrame:
    """One row a file (`_path`): records, lines and paid amount by verdict."""
    first, money = F.col("_line") == 0, "paid_amount" in rows.columns
    amount = F.col("paid_amount") if money else F.lit(None).cast("decimal(18,2)")
    return rows.groupBy("_path").agg(
        *(_count(first & (F.col("_verdict") == verdict)).alias(f"records_{verdict}") for verdict in VERDICTS),
        _count(F.col("_verdict") == "accepted").alias("lines_accepted"),
        *(_sum(amount, F.col("_verdict") == verdict).alias(f"amount_{verdict}") for verdict in VERDICTS),
    )


def account_by_month(rows: DataFrame) -> DataFrame:
    """One row a year and month of the accepted rows: lines and the paid, allowed and charged amounts."""
    amounts = [name for name in ("paid_amount", "allowed_amount", "charge_amount") if name in rows.columns]
    accepted = rows.where(F.col("_verdict") == "accepted")
    return accepted.groupBy("year", "month").agg(
        F.count("*").alias("lines"), *(F.sum(name).alias(name) for name in amounts)
    )


def count_broken_rules(rows: DataFrame) -> dict[str, int]:
    """Records by the id of each rule that they break, resent ones left out."""
    records = (
        rows.where((F.col("_mask") != 0) & (F.col("_verdict") != "resent"))
        .groupBy("_position")
        .agg(F.bit_or("_mask").alias("_mask"))
    )
    counts: dict[str, int] = {}
    for row in records.groupBy("_mask").count().collect():
        for rule in rules_in(row["_mask"]):
            counts[rule.rule_id] = counts.get(rule.rule_id, 0) + int(row["count"])
    return dict(sorted(counts.items()))


def _count(condition: Column) -> Column:
    return F.sum(F.when(condition, 1).otherwise(0)).cast("bigint")


def _sum(amount: Column, condition: Column) -> Column:
    return F.coalesce(F.sum(F.when(condition, amount)), F.lit(0)).cast("decimal(18,2)")
