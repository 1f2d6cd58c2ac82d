"""The verdict on every record: accepted, quarantined, or resent (byte-identical to one before it).

A record is judged as a whole: one line of a claim record that breaks a critical rule quarantines all its lines. Resent
comes before quarantined, so that a broken record sent twice is quarantined once. Nothing is de-duplicated by claim id.

Rules are those of every record (`_mask`) and the row rules of the table's suite (words, see quality.rule_masks).
"""

from collections.abc import Callable, Collection, Sequence
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from expectations.row_rules import CRITICAL_MASK, RECORD_RULES, Severity
from expectations.rules import Rule
from glue_jobs.quality.rule_masks import breaks_critical, is_broken, word_names

IDENTITY = ("record_hash", "_delivery")
"""Columns in which equal records agree: what a source takes from the file's name belongs to its rows."""

LINEAGE = ("file_name", "ingest_file_id", "ingest_datetime")
"""Which file a record came in, and when."""


def is_critical(rules: Sequence[Rule], released: Collection[str] = ()) -> Column:
    """Whether a row breaks a critical rule; in files that a person has released, one of the suite does not count."""
    by_suite = breaks_critical(rules)
    if released:
        by_suite = by_suite & ~F.col("ingest_file_id").isin(*released)
    return (F.col("_mask").bitwiseAND(F.lit(CRITICAL_MASK)) != 0) | by_suite


def exceptional_records(
    staged: DataFrame,
    rules: Sequence[Rule],
    released: Collection[str] = (),
    keep: Callable[[DataFrame], DataFrame] = lambda rows: rows,
) -> DataFrame:
    """One row (`_position`, `_verdict`) for each record of the staged rows that is not accepted.

    `keep` holds a frame that is read several times, so that its size is known: hashes that came twice are few.
    """
    records = staged.where(~F.col("_skipped"))
    firsts = records.where(F.col("_line") == 0)
    sent_twice = keep(
        firsts.groupBy(*IDENTITY)
        .agg(F.min("_position").alias("_kept"), F.count("*").alias("_times"))
        .where("_times > 1")
    )
    equal = reduce(and_, [F.col(f"again.{name}").eqNullSafe(F.col(f"twice.{name}")) for name in IDENTITY])
    resent = (
        firsts.alias("again")
        .join(sent_twice.alias("twice"), on=equal, how="inner")
        .where(F.col("_position") != F.col("_kept"))
        .select("_position", F.lit("resent").alias("_verdict"))
    )
    broken = records.where(is_critical(rules, released)).select("_position").distinct()
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


def error_records(staged: DataFrame, rules: Sequence[Rule]) -> dict[str, int]:
    """Records that break a critical rule by `ingest_file_id`; a record that a file holds twice counts once."""
    broken = staged.where(~F.col("_skipped") & is_critical(rules))
    counted = broken.groupBy("ingest_file_id").agg(F.count_distinct("record_hash").alias("_records"))
    return {row["ingest_file_id"]: row["_records"] for row in counted.collect()}


def quarantined_records(judged: DataFrame, rules: Sequence[Rule] = ()) -> DataFrame:
    """One row a quarantined record: position columns, rule ids over all its lines, their columns, raw text.

    Rule ids are those of the rules of every record; of a record that can be read, those of critical rules of the suite.
    Columns are those by which the former are broken, or that the latter are about.
    """
    words = word_names(rules)
    critical = [(place, rule) for place, rule in enumerate(rules) if rule.severity is Severity.CRITICAL]
    records = (
        judged.where(F.col("_verdict") == "quarantined")
        .groupBy("_path", "_block", "_position")
        .agg(
            *(F.bit_or(name).alias(name) for name in ("_mask", *words)),
            F.flatten(F.collect_list("_broken_columns")).alias("_named"),
            F.max("_raw").alias("raw_record"),
            *(F.first(name).alias(name) for name in LINEAGE),
        )
    )
    unread = F.col("_mask").bitwiseAND(F.lit(CRITICAL_MASK)) != 0
    of_record = [
        F.when(F.col("_mask").bitwiseAND(F.lit(1 << bit)) != 0, F.lit(rule.rule_id))
        for bit, rule in enumerate(RECORD_RULES)
    ]
    of_suite = [F.when(~unread & is_broken(rules, place), F.lit(rule.rule_id)) for place, rule in critical]
    about = [F.when(~unread & is_broken(rules, place), F.array(*map(F.lit, rule.columns))) for place, rule in critical]
    named = F.flatten(F.array_compact(F.array("_named", *about)))
    return records.select(
        "_path",
        "_block",
        "_position",
        *LINEAGE,
        F.array_compact(F.array(*of_record, *of_suite)).alias("rule_ids"),
        F.array_sort(F.array_distinct(named)).alias("columns"),
        "raw_record",
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
