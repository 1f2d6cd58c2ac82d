"""The verdict on every record: accepted, quarantined, or resent (byte-identical to one before it).

A record is judged as a whole: one broken line of a claim record quarantines all its lines. Resent comes before
quarantined, so that a broken record sent twice is quarantined once. Nothing is de-duplicated by claim id.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from expectations.row_rules import CRITICAL_MASK, RECORD_RULES


def exceptional_records(staged: DataFrame, identity: Sequence[str]) -> DataFrame:
    """One row (`_position`, `_verdict`) for each record of the staged rows that is not accepted.

    `identity` names columns that tell equal records apart: what a source takes from the file's name belongs to its
    rows.
    """
    records = staged.where(~F.col("_skipped"))
    firsts = records.where(F.col("_line") == 0)
    same = ["_record_hash", *identity]
    sent_twice = (
        firsts.groupBy(*same).agg(F.min("_position").alias("_kept"), F.count("*").alias("_times")).where("_times > 1")
    )
    equal = reduce(and_, [F.col(f"again.{name}").eqNullSafe(F.col(f"twice.{name}")) for name in same])
    resent = (
        firsts.alias("again")
        .join(sent_twice.alias("twice"), on=equal, how="inner")
        .where(F.col("_position") != F.col("_kept"))
        .select("_position", F.lit("resent").alias("_verdict"))
    )
    broken = records.where(F.col("_mask").bitwiseAND(F.lit(CRITICAL_MASK)) != 0).select("_position").distinct()
    quarantined = broken.join(resent, on="_position", how="left_anti").withColumn("_verdict", F.lit("quarantined"))
    return resent.unionByName(quarantined)


def add_verdict(staged: DataFrame, exceptional: DataFrame) -> DataFrame:
    """The staged rows with `_verdict`: skipped, accepted, quarantined or resent."""
    verdict = F.when(F.col("_skipped"), F.lit("skipped")).otherwise(F.coalesce("_verdict", F.lit("accepted")))
    return staged.join(exceptional, on="_position", how="left").withColumn("_verdict", verdict)


def known_records(rows: DataFrame, stored: DataFrame) -> DataFrame:
    """`_position` of each accepted record that the table holds already, known by the columns of `stored`."""
    accepted = rows.where(F.col("_verdict") == "accepted")
    return accepted.join(stored, on=stored.columns, how="left_semi").select("_position").distinct()


def drop_known(rows: DataFrame, known: DataFrame) -> DataFrame:
    """The rows with the known records' verdict changed to resent."""
    marked = rows.join(known.withColumn("_known", F.lit(True)), on="_position", how="left")
    verdict = F.when(F.col("_known"), F.lit("resent")).otherwise(F.col("_verdict"))
    return marked.withColumn("_verdict", verdict).drop("_known")


def quarantined_records(judged: DataFrame) -> DataFrame:
    """One row a quarantined record: position columns, `_mask` over all its lines, rule ids, columns, raw text."""
    bits = [
        F.when(F.col("_mask").bitwiseAND(F.lit(1 << bit)) != 0, F.lit(rule.rule_id))
        for bit, rule in enumerate(RECORD_RULES)
    ]
    return (
        judged.where(F.col("_verdict") == "quarantined")
        .groupBy("_path", "_block", "_position")
        .agg(
            F.bit_or("_mask").alias("_mask"),
            F.array_sort(F.array_distinct(F.flatten(F.collect_list("_broken_columns")))).alias("columns"),
            F.max("_raw").alias("raw_record"),
        )
        .withColumn("rule_ids", F.array_compact(F.array(*bits)))
    )


def number_lines(judged: DataFrame, records: DataFrame) -> DataFrame:
    """`records` with `row_number`: the line of the raw file on which each begins, the first line of the file being 1.

    A position counts lines within one split of a file; how many lines the splits before it hold is counted in `judged`,
    which has one row or more for every physical line.
    """
    splits = (
        judged.where(F.col("_line") == 0)
        .groupBy("_path", "_block")
        .agg(F.min("_position").alias("_first"), F.count("*").alias("_lines"))
    )
    before = Window.partitionBy("_path").orderBy("_block").rowsBetween(Window.unboundedPreceding, -1)
    offsets = splits.withColumn("_before", F.coalesce(F.sum("_lines").over(before), F.lit(0))).drop("_lines")
    numbered = records.join(F.broadcast(offsets), on=["_path", "_block"], how="inner")
    return numbered.withColumn("row_number", F.col("_before") + F.col("_position") - F.col("_first") + 1).drop(
        "_before", "_first"
    )
