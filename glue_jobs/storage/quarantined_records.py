"""Quarantined records as a person sees them: counted by run, source and rule, and read file by file."""

from collections.abc import Iterator
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from expectations.errors import ArgumentError, InputNotFoundError
from expectations.object_keys import Lake
from expectations.row_rules import RECORD_RULES, Severity
from glue_jobs.storage.ingest_audit import audited, standing
from glue_jobs.storage.objects import list_objects, spark_path

UNREADABLE = tuple(rule.rule_id for rule in RECORD_RULES if rule.severity is Severity.CRITICAL)
"""Rules whose records no run can read, released or not."""

_PLACE = r"/run_id=([^/]+)/source=([^/]+)/[^/]+$"


class RuleCount(NamedTuple):
    """Records of one run and source that break one rule; one that breaks several counts under each."""

    run_id: str
    source: str
    rule_id: str
    records: int


class QuarantinedFile(NamedTuple):
    """A published file of which a run has quarantined records; `releasable` ones break no record rule."""

    run_id: str
    source: str
    file_id: str
    file_name: str
    object_uri: str
    sha256: str
    records: int
    releasable: int


def rule_counts(spark: SparkSession, lake: Lake) -> list[RuleCount]:
    """Quarantined records of all runs, counted; of files that are published and not undone since."""
    folder = lake.quarantined
    if not _holds_records(folder):
        return []
    files = standing(audited(spark)).select("run_id", F.col("file_id").alias("ingest_file_id")).distinct()
    waiting = _records(spark, folder).join(files, on=["run_id", "ingest_file_id"], how="left_semi")
    by_rule = waiting.withColumn("rule_id", F.explode("rule_ids"))
    counted = by_rule.groupBy("run_id", "source", "rule_id").agg(F.count("*").alias("records"))
    return sorted(RuleCount(**row.asDict()) for row in counted.collect())


def quarantined_files(spark: SparkSession, lake: Lake, run_id: str) -> list[QuarantinedFile]:
    """The run's files that are published and not undone since, and have quarantined records.

    Raises:
        ArgumentError: there is none.
    """
    audit = {row["file_id"]: row for row in standing(audited(spark)).where(F.col("run_id") == run_id).collect()}
    folder = lake.quarantine(run_id)
    counted = _counted_by_file(spark, folder) if audit and _holds_records(folder) else []
    found = [(row, audit[row["ingest_file_id"]]) for row in counted if row["ingest_file_id"] in audit]
    if not found:
        raise ArgumentError(
            f"run {run_id} has no quarantined records of files that it published; expected a run that has (files of an "
            "undone run are new to the next one, held files wait as a whole); cure: make requeue lists what waits"
        )
    return [
        QuarantinedFile(
            run_id,
            row["source"],
            row["ingest_file_id"],
            known["file_name"],
            known["object_uri"],
            known["file_sha256"],
            row["records"],
            row["releasable"],
        )
        for row, known in found
    ]


def records_of(
    spark: SparkSession, lake: Lake, file: QuarantinedFile, *, releasable: bool = True, unreadable: bool = True
) -> Iterator[Row]:
    """Quarantined records of one file, in its order: those that break no record rule, the others, or both."""
    rows = _records(spark, lake.quarantine(file.run_id)).where(
        (F.col("source") == file.source) & (F.col("ingest_file_id") == file.file_id)
    )
    if not (releasable and unreadable):
        rows = rows.where(_is_releasable() if releasable else ~_is_releasable())
    chosen = rows.select("row_number", "rule_ids", "columns", "raw_record")
    yield from chosen.orderBy("row_number", "raw_record").toLocalIterator()


def _counted_by_file(spark: SparkSession, folder: str) -> list[Row]:
    return (
        _records(spark, folder)
        .groupBy("source", "ingest_file_id")
        .agg(F.count("*").alias("records"), F.count_if(_is_releasable()).alias("releasable"))
        .orderBy("source", "ingest_file_id")
        .collect()
    )


def _is_releasable() -> Column:
    return ~F.arrays_overlap("rule_ids", F.array(*map(F.lit, UNREADABLE)))


def _records(spark: SparkSession, folder: str) -> DataFrame:
    # run and source stand in the path; a column of that name in the file would be taken for them
    place = F.col("_metadata.file_path")
    rows = spark.read.option("recursiveFileLookup", True).parquet(spark_path(folder))
    return rows.select(
        F.regexp_extract(place, _PLACE, 1).alias("run_id"),
        F.regexp_extract(place, _PLACE, 2).alias("source"),
        *("ingest_file_id", "row_number", "rule_ids", "columns", "raw_record"),
    )


def _holds_records(folder: str) -> bool:
    try:
        return any(stored.name.endswith(".parquet") for stored in list_objects(folder))
    except InputNotFoundError:
        return False
