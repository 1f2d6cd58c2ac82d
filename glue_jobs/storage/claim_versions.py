"""`medical_claim_version`: new lines appended, and what is said of stored ones brought up to date, in one commit."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from glue_jobs.quality.balance import ZERO, FileAccount, Published, accepted_in, check_count, check_published
from glue_jobs.storage.objects import spark_path
from glue_jobs.storage.publication import RUN_PROPERTY, Branch
from glue_jobs.storage.steps import reached
from glue_jobs.transforms.resolve_versions import RESULT_COLUMNS, VERSION_KEY
from glue_jobs.transforms.settle_lines import (
    LINE_COLUMNS,
    LINE_KEY,
    add_resolution,
    overruled_lines,
    received_day,
    settle_versions,
)
from glue_jobs.transforms.version_keys import VOID

MONTH = ("year", "month")
MOST_BROADCAST = "256m"
MOST_IN_MEMORY = 5000
"""Lines of a run up to which its small frames are not written: a file costs more than so many rows."""
FAMILY = ("data_source", "claim_family_id")


class Scratch:
    """Holds small frames that are read several times: few rows in the driver's memory, more as files below a folder."""

    def __init__(self, spark: SparkSession, folder: str, lines: int) -> None:
        """`folder` is a URI that nobody else writes to; `lines` are those of which all that is kept is made."""
        self._spark, self._folder, self._count, self._few = spark, folder, 0, lines <= MOST_IN_MEMORY

    def keep(self, rows: DataFrame) -> DataFrame:
        """The same rows, worked out once."""
        if self._few:
            java = self._spark._jsparkSession  # noqa: SLF001 - rows that Python does not look at stay in the JVM
            held = java.createDataFrame(rows._jdf.collectAsList(), rows._jdf.schema())  # noqa: SLF001 - as above
            return DataFrame(held, self._spark)
        self._count += 1
        path = spark_path(f"{self._folder}/{self._count}")
        rows.write.mode("overwrite").parquet(path)
        return self._spark.read.schema(rows.schema).parquet(path)


def touched_lines(base: DataFrame, accepted: DataFrame, scratch: Scratch) -> DataFrame:
    """Stored lines (LINE_COLUMNS, `_received`, `_new`, MONTH) of the families to which accepted rows belong.

    A family's id stands on all its versions, and every key that they name belongs to it: so one look at a few narrow
    columns finds all that new versions can change, however long the chain.
    """
    own, target, claim = F.col("claim_key"), F.col("target_key"), F.col("claim_id")
    keys = scratch.keep(accepted.select("data_source", F.explode(F.array(own, target, claim)).alias("_key")).distinct())
    found = base.select("data_source", "claim_family_id", own, target, claim)
    # each row once, whichever of its keys it is; a key that is the row's own is not looked for again
    for number, key in enumerate((own, F.when(target != own, target), F.when(claim != own, claim))):
        found = found.withColumn("_key", key).join(
            keys.withColumn(f"_found_{number}", F.lit(True)), on=["data_source", "_key"], how="left"
        )
    is_found = F.coalesce(*(F.col(f"_found_{number}") for number in range(3)), F.lit(False))
    with few_of_many(base.sparkSession):
        families = scratch.keep(found.where(is_found).select(*FAMILY).distinct())
        if families.isEmpty():
            return narrow_lines(base, is_new=False).where(F.lit(False))
        lines = base.join(families, on=list(FAMILY), how="left_semi")
        return scratch.keep(narrow_lines(lines, is_new=False))


def narrow_lines(rows: DataFrame, *, is_new: bool) -> DataFrame:
    """The columns by which versions are resolved."""
    received = received_day(F.to_date("ingest_datetime")).alias("_received")
    return rows.select(*LINE_COLUMNS, received, F.lit(is_new).alias("_new"), *MONTH)


class NewLines(NamedTuple):
    """Lines to be written (columns of the table), and the columns in which none of them has a value yet."""

    rows: DataFrame
    unfilled: frozenset[str]


def write_versions(branch: Branch, new: NewLines, stored: DataFrame | None, run_id: str, scratch: Scratch) -> int:
    """Write new lines and update `stored` ones on the branch; how many rows were updated.

    None stored: the table is empty.
    """
    lines = narrow_lines(new.rows, is_new=True)
    lines = lines if stored is None else lines.unionByName(stored)
    settled = scratch.keep(settle_versions(lines, scratch.keep, only_new=True))
    overruled = None
    if not settled.where("_conflict").isEmpty():
        overruled = scratch.keep(overruled_lines(lines, settled))
    updated = 0
    if stored is not None:
        renewed = stored.join(settled, on=list(VERSION_KEY), how="left_semi")
        updated = update_lines(branch, add_resolution(renewed, settled, overruled), run_id, scratch)
    received = received_day(F.to_date("ingest_datetime"))
    rows = add_resolution(new.rows.withColumn("_received", received), settled, overruled)
    unfilled = new.unfilled - {*RESULT_COLUMNS, "resolved_run_id"}
    branch.append(rows.withColumn("resolved_run_id", F.lit(run_id)), {RUN_PROPERTY: run_id}, unfilled)
    reached(f"written {branch.table.name}")
    return updated


def retract_versions(branch: Branch, run_id: str, job_id: str, scratch: Scratch) -> None:
    """Delete what a run wrote, and settle what is left of the families that it touched."""
    by_run = F.col("ingest_run_id") == run_id
    base = branch.read_base()
    families = scratch.keep(base.where(by_run).select(*FAMILY).distinct())
    left = base.where(~by_run).join(families, on=list(FAMILY), how="left_semi")
    lines = scratch.keep(narrow_lines(left, is_new=False))
    branch.spark.sql(f"DELETE FROM {branch.target} WHERE ingest_run_id = '{run_id}'")  # noqa: S608 - a checked id
    settled = scratch.keep(settle_versions(lines, scratch.keep, only_new=False))
    overruled = scratch.keep(overruled_lines(lines, settled))
    update_lines(branch, add_resolution(lines, settled, overruled), job_id, scratch)


def update_lines(branch: Branch, lines: DataFrame, run_id: str, scratch: Scratch) -> int:
    """Say of stored lines (LINE_KEY, RESULT_COLUMNS, MONTH) what is now true; how many there were."""
    lines = scratch.keep(lines.select(*LINE_KEY, *RESULT_COLUMNS, *MONTH))
    months = lines.groupBy(*MONTH).count().collect()
    if not months:
        return 0
    lines.withColumn("resolved_run_id", F.lit(run_id)).createOrReplaceTempView("updated_lines")
    same = " AND ".join(f"old.{name} <=> new.{name}" for name in LINE_KEY)
    changed = ", ".join(f"old.{name} = new.{name}" for name in (*RESULT_COLUMNS, "resolved_run_id"))
    with few_of_many(branch.spark):
        branch.spark.sql(
            f"MERGE INTO {branch.target} AS old USING updated_lines AS new "
            f"ON {same} AND ({in_months(months, 'old')}) WHEN MATCHED THEN UPDATE SET {changed}"
        )
    reached(f"updated {branch.table.name}")
    return sum(month["count"] for month in months)


def audit_versions(branch: Branch, run_id: str, accounts: Iterable[FileAccount], updated: int) -> None:
    """What the run wrote must be what it accepted, in rows and money, and each stored line must stand there once.

    Raises:
        AccountingError: it is not so.
    """
    accounts = list(accounts)
    written, before = _by_run(branch.read(), run_id), _by_run(branch.read_base(), run_id)
    check_published(written.published - before.published, accounts, branch.table.name)
    if not before.resolved:
        check_count(written.resolved, accepted_in(accounts).rows + updated, branch.table.name)


class _ByRun(NamedTuple):
    """What stands in a state of the table that one run wrote: new lines, and rows that it was the last to write."""

    published: Published
    resolved: int


def _by_run(rows: DataFrame, run_id: str) -> _ByRun:
    new, last = F.col("ingest_run_id") == run_id, F.col("resolved_run_id") == run_id
    found = (
        rows.where(new | last)
        .agg(
            F.count_if(new).alias("rows"),
            F.sum(F.when(new, F.col("paid_amount"))).alias("amount"),
            F.count_if(last).alias("last"),
        )
        .first()
    )
    return (
        _ByRun(Published(found["rows"], found["amount"] or ZERO), found["last"])
        if found
        else _ByRun(Published(0, ZERO), 0)
    )


def count_versions(rows: DataFrame, run_id: str) -> Mapping[str, int]:
    """Versions that the run wrote or changed, each once: all, replaced or voided ones, and those without original."""
    versions = (
        rows.where(F.col("resolved_run_id") == run_id)
        .groupBy(*VERSION_KEY)
        .agg(
            # no text is compared: Spark would sort all lines for it
            F.bool_or(F.col("version_action") == VOID).alias("is_void"),
            F.max("original_missing_flag").alias("missing"),
            F.bool_or(F.col("ingest_run_id") == run_id).alias("new"),
            F.max(F.col("superseded_by_version_id").isNotNull() & ~F.col("is_final_action")).alias("superseded"),
        )
    )
    pending = (F.col("missing") == 1) & F.col("is_void")
    counts = versions.agg(
        F.count_if("new").alias("new_versions"),
        F.count_if("superseded").alias("superseded_versions"),
        F.count_if(pending).alias("pending_voids"),
        F.count_if((F.col("missing") == 1) & ~pending).alias("missing_originals"),
    ).first()
    return counts.asDict() if counts else {}


def in_months(months: list[Row], alias: str) -> str:
    """SQL that is true for the rows of these months, so that files of others are not read."""
    before = f"{alias}." if alias else ""
    by_year: dict[str, list[str]] = {}
    for month in months:
        by_year.setdefault(month["year"], []).append(f"'{month['month']}'")
    return " OR ".join(
        f"({before}year = '{year}' AND {before}month IN ({', '.join(sorted(found))}))"
        for year, found in sorted(by_year.items())
    )


@contextmanager
def few_of_many(spark: SparkSession) -> Iterator[None]:
    """For looking up few rows in a large table: the few go to the many, whose other columns are read for hits only.

    Wide rows are compiled although they have many columns: uncompiled, Spark unpacks every column of every row.
    Measured on 20 million lines: docs/scale.md.
    """
    settings = {
        "spark.sql.codegen.maxFields": "1000",
        "spark.sql.codegen.hugeMethodLimit": "65535",
        "spark.sql.autoBroadcastJoinThreshold": MOST_BROADCAST,
    }
    before = {key: spark.conf.get(key) for key in settings}
    for key, value in settings.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key, old in before.items():
            spark.conf.set(key, old or "")
