"""A run undone: the tables become what they would be had it never been, and its files are new to whoever runs next."""

from collections.abc import Mapping

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import CONTRACT_VERSION, load_table
from expectations.errors import ArgumentError
from expectations.object_keys import Lake
from glue_jobs import __version__
from glue_jobs.quality.balance import check_count
from glue_jobs.storage.claim_tables import follow_versions
from glue_jobs.storage.claim_versions import Scratch, retract_versions
from glue_jobs.storage.ingest_audit import PUBLISHED, UNDONE, append_audit, audited, standing
from glue_jobs.storage.journal import VERSIONED, recover
from glue_jobs.storage.objects import delete_folder
from glue_jobs.storage.publication import RUN_PROPERTY, UNDONE_PROPERTY, Branch, publish, unfilled_columns
from glue_jobs.storage.raw_zone import now
from glue_jobs.storage.snapshot_labels import VERSION_TABLE
from glue_jobs.storage.steps import reached

FROM_THE_RUN = ("file_id", "source", "target_table", "file_name", "file_sha256", "size_bytes", "object_uri")


def undo_run(spark: SparkSession, lake: Lake, run_id: str, job_id: str) -> Mapping[str, int]:
    """Take back every row that a run published; rows taken back by table. Undoing it again changes nothing.

    Raises:
        ArgumentError: no such run has published, or a later run dropped records because this one had published them.
    """
    started_at = now()
    recover(spark, lake)
    tables = _tables_of(spark, run_id)
    _raise_if_needed(spark, run_id, tables)
    taken: dict[str, int] = {}
    for name in tables:
        table = load_table(VERSIONED.get(name, name))
        publish(spark, table, job_id, lambda branch: _take_back(branch, run_id, job_id, lake, taken))
        if table.name == VERSION_TABLE:
            follow_versions(spark, job_id)
    rows = standing(audited(spark)).where(F.col("run_id") == run_id).collect()
    times = {"started_at": started_at, "finished_at": now()}
    append_audit(
        spark,
        job_id,
        [
            {name: row[name] for name in FROM_THE_RUN}
            | {"run_id": job_id, "status": UNDONE, "reason": run_id, **times}
            | {"contract_version": CONTRACT_VERSION, "code_version": __version__}
            for row in rows
        ],
    )
    reached("audited")
    delete_folder(lake.temp(job_id))
    return taken


def _tables_of(spark: SparkSession, run_id: str) -> list[str]:
    rows = audited(spark).where((F.col("run_id") == run_id) & (F.col("status") == PUBLISHED))
    tables = sorted(row["target_table"] for row in rows.select("target_table").distinct().collect())
    if not tables:
        raise ArgumentError(
            f"run {run_id} has published nothing; expected the id of a run that has; "
            "cure: look for it in the run_id of ingest_audit (make query)"
        )
    return tables


def _raise_if_needed(spark: SparkSession, run_id: str, tables: list[str]) -> None:
    """Records that a later run found published, and dropped, would be lost with this run."""
    rows = standing(audited(spark))
    begun = rows.where(F.col("run_id") == run_id).agg(F.max("started_at").alias("begun"))
    later = (
        rows.where((F.col("run_id") != run_id) & F.col("target_table").isin(*tables))
        .where(F.col("records_resent_earlier") > 0)
        .join(begun, on=F.col("finished_at") >= F.col("begun"), how="inner")
    )
    runs = sorted({row["run_id"] for row in later.select("run_id").distinct().collect()})
    if runs:
        raise ArgumentError(
            f"{len(runs)} later runs dropped records that an earlier run had published, perhaps run {run_id}; expected "
            f"none; cure: undo them first, the latest first, and run their files again after it: {', '.join(runs)}"
        )


def _take_back(branch: Branch, run_id: str, job_id: str, lake: Lake, taken: dict[str, int]) -> bool:
    by_run = F.col("ingest_run_id") == run_id
    before = branch.read_base()
    rows = before.where(by_run).count()
    if not rows:
        return False
    if branch.table.name == VERSION_TABLE:
        retract_versions(branch, run_id, job_id, Scratch(branch.spark, f"{lake.temp(job_id)}/resolved", rows))
    else:
        branch.spark.sql(f"DELETE FROM {branch.target} WHERE ingest_run_id = '{run_id}'")  # noqa: S608 - a checked id
    labels = {RUN_PROPERTY: job_id, UNDONE_PROPERTY: run_id}
    branch.append(before.where(F.lit(False)), labels, unfilled_columns(branch.spark, branch.table_name))
    check_count(branch.read().count(), before.count() - rows, branch.table.name)
    taken[branch.table.name] = rows
    return True
