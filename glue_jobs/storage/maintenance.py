"""Upkeep of one published table: dead branches, file sizes and order, old snapshots, files that nothing refers to.

Every function is safe beside a running load. Off S3 each holds the lake's commit lock while it commits; in S3 the
catalog refuses the later of two commits, and what could not be committed is left for the next maintenance.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.object_keys import CATALOG, NAMESPACE
from glue_jobs.storage.commit_lock import commit_lock
from glue_jobs.storage.objects import is_s3
from glue_jobs.storage.snapshot_labels import depth_of_needed_snapshots
from glue_jobs.storage.tables import data_folder, iceberg_table, table_name

JavaObject = Any
"""A reference into the JVM; py4j has no types."""

STAGE_PREFIX = "stage_"
"""Before the run, in the name of the branch that a load writes before it publishes."""

FEWEST_SNAPSHOTS = 10
FEWEST_FILES = 2
SMALL_FILE_SHARE = 0.4
"""A file below this share of the target is small. Half a target or more comes out of an even split of a bit more than
one target, and must not count as small: it would be rewritten for ever."""

DELETED_SHARE = 0.05
"""From this share of deleted rows on, a data file is worth rewriting; below it its delete file stays."""


@dataclass(frozen=True)
class Limits:
    """What is too old, and how large a data file should be."""

    target_file_bytes: int
    snapshots_before: datetime
    orphans_before: datetime


@dataclass(frozen=True)
class TableState:
    """Files and bytes (data and deletes) of the current snapshot, and the snapshots kept."""

    data_files: int = 0
    delete_files: int = 0
    bytes: int = 0
    snapshots: int = 0


@dataclass
class TableUpkeep:
    """What was done to one table; `errors` are the steps that failed, one line each."""

    table: str
    before: TableState = TableState()
    after: TableState = TableState()
    branches_dropped: int = 0
    files_not_rewritten: int = 0
    expired_files: int = 0
    orphan_files: int = 0
    errors: list[str] = field(default_factory=list)


Step = Callable[[SparkSession, str, Limits, TableUpkeep], None]
"""Works on `upkeep.table` of the lake, and puts into `upkeep` what it did."""


def table_state(spark: SparkSession, name: str) -> TableState:
    """Counts of a table now."""
    full = _refreshed(spark, name)
    is_data = F.col("content") == 0
    files = (
        spark.table(f"{full}.files")
        .agg(F.count_if(is_data), F.count_if(~is_data), F.coalesce(F.sum("file_size_in_bytes"), F.lit(0)))
        .collect()[0]
    )
    return TableState(files[0], files[1], files[2], spark.table(f"{full}.snapshots").count())


def drop_dead_branches(spark: SparkSession, lake: str, limits: Limits, upkeep: TableUpkeep) -> None:
    """Drop the branches of runs that died: `stage_*` that have stood still since `orphans_before`."""
    with _locked(spark, lake, upkeep.table) as full:
        for branch in _dead_branches(spark, iceberg_table(spark, full), limits.orphans_before):
            spark.sql(f"ALTER TABLE {full} DROP BRANCH IF EXISTS `{branch}`")
            upkeep.branches_dropped += 1


def compact(spark: SparkSession, lake: str, limits: Limits, upkeep: TableUpkeep) -> None:
    """Rewrite small files and files with many deleted rows to the target size, in the table's order; then manifests.

    Partitions without such files are not read. Groups of files are committed one by one; one that a load changed
    meanwhile is left alone and counted.
    """
    rewriting = {
        "target-file-size-bytes": limits.target_file_bytes,
        "min-file-size-bytes": int(limits.target_file_bytes * SMALL_FILE_SHARE),
        "min-input-files": FEWEST_FILES,
        "delete-ratio-threshold": DELETED_SHARE,
        "partial-progress.enabled": "true",
        "remove-dangling-deletes": "true",
        # dangling deletes are told by sequence numbers; all our deletes name files, so none can be missed
        "use-starting-sequence-number": "false",
    }
    with _locked(spark, lake, upkeep.table) as full:
        strategy = "sort" if iceberg_table(spark, full).sortOrder().isSorted() else "binpack"
        answer = _call(spark, "rewrite_data_files", upkeep.table, strategy=f"'{strategy}'", options=_map(rewriting))
        upkeep.files_not_rewritten = answer["failed_data_files_count"]
    with _locked(spark, lake, upkeep.table):
        options = _map({"min-input-files": FEWEST_FILES})
        _call(spark, "rewrite_position_delete_files", upkeep.table, options=options)
    with _locked(spark, lake, upkeep.table):
        _call(spark, "rewrite_manifests", upkeep.table)


def expire_snapshots(spark: SparkSession, lake: str, limits: Limits, upkeep: TableUpkeep) -> None:
    """Forget snapshots of before `snapshots_before` and delete what only they used.

    Kept in any case: heads of branches, the last ten snapshots, and those by which readers tell which state of
    medical_claim_version the tables made from it show.
    """
    older_than = f"TIMESTAMP '{limits.snapshots_before:%Y-%m-%d %H:%M:%S.%f}'"
    with _locked(spark, lake, upkeep.table):
        kept = max(FEWEST_SNAPSHOTS, depth_of_needed_snapshots(spark, upkeep.table))
        answer = _call(spark, "expire_snapshots", upkeep.table, older_than=older_than, retain_last=str(kept))
    upkeep.expired_files = sum(answer.values())


def remove_orphan_files(spark: SparkSession, lake: str, limits: Limits, upkeep: TableUpkeep) -> None:
    """Delete files below the table's folders that no snapshot refers to and that are older than `orphans_before`."""
    actions = _jvm(spark).org.apache.iceberg.spark.actions.SparkActions.get(_java_session(spark))
    table = load_table(upkeep.table)
    # The SQL procedure refuses less than 24 hours; how long a run may last is the caller's to know.
    with _locked(spark, lake, upkeep.table) as full:
        java = iceberg_table(spark, full)
        for folder in [java.location(), *([data_folder(spark, table)] if table.folder else [])]:
            if Path(folder).is_dir() or is_s3(folder):  # Hadoop's file system does not look below what is not there
                action = actions.deleteOrphanFiles(java).location(folder)
                found = action.olderThan(_milliseconds(limits.orphans_before)).execute()
                upkeep.orphan_files += sum(1 for _ in found.orphanFileLocations())


STEPS: Mapping[str, Step] = {
    "drop dead branches": drop_dead_branches,
    "compact": compact,
    "expire snapshots": expire_snapshots,
    "remove orphan files": remove_orphan_files,
}
"""In this order: what a dead branch held can expire, and what a rewrite replaced too."""


@contextlib.contextmanager
def _locked(spark: SparkSession, lake: str, name: str) -> Iterator[str]:
    """Holds the lake's commit lock; gives the table's name in SQL, as the table is now."""
    with commit_lock(lake):
        yield _refreshed(spark, name)


def _dead_branches(spark: SparkSession, table: JavaObject, before: datetime) -> list[str]:
    cutoff = _milliseconds(before)
    now, then = table.operations().current(), _metadata_of(spark, table, cutoff)
    is_published = table.currentSnapshot() is not None  # where nothing is, Iceberg cannot tell whose ancestor a head is
    is_ancestor = _jvm(spark).org.apache.iceberg.util.SnapshotUtil.isAncestorOf
    dead = []
    for branch in [str(name) for name in now.refs() if name.startswith(STAGE_PREFIX)]:
        head = now.ref(branch).snapshotId()
        stood = then.ref(branch) if then is not None else None
        # The age of the head says nothing where it is main's own: a load that has just begun stands there too.
        is_own_and_old = now.snapshot(head).timestampMillis() < cutoff and not (
            is_published and is_ancestor(table, head)
        )
        if is_own_and_old or (stood is not None and stood.snapshotId() == head):
            dead.append(branch)
    return dead


def _metadata_of(spark: SparkSession, table: JavaObject, milliseconds: int) -> JavaObject | None:
    """The table's metadata as it was then; None where that is not on record."""
    current = table.operations().current()
    if current.lastUpdatedMillis() <= milliseconds:
        return current
    earlier = [entry for entry in current.previousFiles() if entry.timestampMillis() <= milliseconds]
    if not earlier:
        return None
    return _jvm(spark).org.apache.iceberg.TableMetadataParser.read(table.io(), earlier[-1].file())


def _call(spark: SparkSession, procedure: str, name: str, **arguments: str) -> dict[str, int]:
    given = "".join(f", {key} => {value}" for key, value in arguments.items())
    rows = spark.sql(f"CALL {CATALOG}.system.{procedure}(table => '{NAMESPACE}.{name}'{given})").collect()
    return dict(rows[0].asDict())


def _map(options: Mapping[str, object]) -> str:
    return "map(" + ", ".join(f"'{key}', '{value}'" for key, value in options.items()) + ")"


def _refreshed(spark: SparkSession, name: str) -> str:
    """The table's name in SQL, after the session has forgotten what it knew: another process may have committed."""
    full = table_name(load_table(name))
    spark.catalog.refreshTable(full)
    return full


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _jvm(spark: SparkSession) -> JavaObject:
    return spark._jvm  # noqa: SLF001 - the only door to Iceberg's actions


def _java_session(spark: SparkSession) -> JavaObject:
    return spark._jsparkSession  # noqa: SLF001 - see above
