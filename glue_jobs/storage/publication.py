"""Publishing: staged on a branch, audited there, and made visible by one fast-forward of main; again where main moved.

A run that dies leaves main as it was or as it should be, and a branch that maintenance drops. Two runs at once: the
later one finds that main moved, and does its work again on what the earlier one published. On one machine they take
turns by the lake's lock; in S3 the catalog refuses the later commit.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame, DataFrameWriterV2, SparkSession
from pyspark.sql import functions as F

from expectations.contract import Table
from expectations.errors import PublicationError
from expectations.object_keys import CATALOG, NAMESPACE
from glue_jobs.storage.commit_lock import commit_lock
from glue_jobs.storage.evolution import fill_unused_columns
from glue_jobs.storage.steps import reached
from glue_jobs.storage.tables import create_table, iceberg_table, lake_of

MOST_ATTEMPTS = 20
RUN_PROPERTY = "claims-etl.run-id"
UNDONE_PROPERTY = "claims-etl.undone-run"
COMPACTED = "replace"
"""Iceberg's name for what writes the same rows in other files."""
CHANGED_FILES = ("added-data", "deleted-data", "added-delete", "removed-delete")


@dataclass(frozen=True)
class Snapshot:
    """One state of a table."""

    snapshot_id: int
    operation: str
    java_summary: Any

    def label(self, name: str) -> str:
        """What its writer or Iceberg says of it under a name; empty where they say nothing."""
        return str(self.java_summary.get(name) or "")

    @property
    def changes_rows(self) -> bool:
        """Whether it has other rows than the one before: compaction has not, nor has a commit of a label alone."""
        return self.operation != COMPACTED and any(self.label(f"{counted}-files") for counted in CHANGED_FILES)


@dataclass(frozen=True)
class Branch:
    """A table's state as it is to become: `base` is the snapshot of main that it began from (none: empty table)."""

    spark: SparkSession
    table: Table
    table_name: str
    name: str
    base: int | None

    @property
    def target(self) -> str:
        """Name of the branch in SQL that writes."""
        return f"{self.table_name}.branch_{self.name}"

    def read(self) -> DataFrame:
        """What the branch holds now."""
        return self.spark.read.option("branch", self.name).table(self.table_name)

    def read_base(self) -> DataFrame:
        """What main held when the branch began."""
        if self.base is None:
            return self.spark.table(self.table_name).where(F.lit(False))
        return at_snapshot(self.spark, self.table_name, self.base)

    def append(self, rows: DataFrame, properties: Mapping[str, str]) -> None:
        """Append rows that have the table's columns, by name, in one commit with these properties; none is a commit."""
        self._writer(rows, properties).append()

    def replace(self, rows: DataFrame, properties: Mapping[str, str]) -> None:
        """Put such rows in the place of all that the branch holds, in one commit with these properties."""
        self.replace_where(F.lit(True), rows, properties)

    def replace_where(self, condition: Column, rows: DataFrame, properties: Mapping[str, str]) -> None:
        """Put such rows in the place of those that the condition is true for: whole files, as partitions are."""
        self._writer(rows, properties).overwrite(condition)

    def last_commit(self) -> Snapshot:
        """The state in which the latest write left the branch."""
        return _snapshot(iceberg_table(self.spark, self.table_name).snapshot(self.name))

    def _writer(self, rows: DataFrame, properties: Mapping[str, str]) -> DataFrameWriterV2:
        chosen = fill_unused_columns(rows.select(*self.table.column_names), self.spark.table(self.table_name))
        writer = chosen.writeTo(self.target)
        for key, value in properties.items():
            writer = writer.option(f"snapshot-property.{key}", value)
        return writer


Write = Callable[[Branch], bool]
"""Writes to the branch and audits it; False where there is nothing to publish. What it raises leaves main as it was."""


def publish(spark: SparkSession, table: Table, run_id: str, write: Write) -> None:
    """Publish one table; see publish_together."""
    publish_together(spark, run_id, [(table, write)])


def publish_together(spark: SparkSession, run_id: str, work: Sequence[tuple[Table, Write]]) -> None:
    """Stage and audit every table, then publish one after the other in this order, with nothing in between.

    Raises:
        PublicationError: main moved on every attempt.
    """
    names = {table.name: create_table(spark, table) for table, _ in work}
    for attempt in range(MOST_ATTEMPTS):
        with commit_lock(lake_of(spark)), contextlib.ExitStack() as branches:
            staged = []
            for table, write in work:
                branch = _begin(spark, table, names[table.name], f"{run_id}_{attempt}")
                branches.callback(_drop, branch)
                if write(branch):
                    reached(f"staged {table.name}")
                    staged.append(branch)
            if all(_fast_forward(branch) for branch in staged):
                return
    raise PublicationError(
        f"{', '.join(names)}: other runs published first {MOST_ATTEMPTS} times; expected a pause between runs; "
        "cure: run again, files already published are known"
    )


def at_snapshot(spark: SparkSession, name: str, snapshot_id: int) -> DataFrame:
    """What a table held at a snapshot, with the columns that it has now: those it got later are empty."""
    rows = spark.read.option("snapshot-id", snapshot_id).table(name)
    return fill_unused_columns(rows, spark.table(name))


def head(spark: SparkSession, name: str) -> int | None:
    """Id of the snapshot that readers see; none of an empty table."""
    snapshot = iceberg_table(spark, name).currentSnapshot()
    return None if snapshot is None else int(snapshot.snapshotId())


def history(spark: SparkSession, name: str) -> Iterator[Snapshot]:
    """Snapshots from the one that readers see back to the oldest that is kept."""
    table = iceberg_table(spark, name)
    snapshot = table.currentSnapshot()
    while snapshot is not None:
        yield _snapshot(snapshot)
        parent = snapshot.parentId()
        snapshot = None if parent is None else table.snapshot(parent)


def _snapshot(java: Any) -> Snapshot:  # noqa: ANN401 - as below
    return Snapshot(int(java.snapshotId()), str(java.operation()), java.summary())


def _begin(spark: SparkSession, table: Table, name: str, attempt: str) -> Branch:
    branch = Branch(spark, table, name, "stage_" + re.sub(r"\W", "_", attempt), head(spark, name))
    # a run that is started again under its old name must not find what it left
    spark.sql(f"ALTER TABLE {name} DROP BRANCH IF EXISTS {branch.name}")
    spark.sql(f"ALTER TABLE {name} CREATE BRANCH {branch.name}")
    reached(f"branched {table.name}")
    return branch


def _fast_forward(branch: Branch) -> bool:
    """Whether main is now what the branch is; the state after a failed commit is read, not guessed."""
    place = f"{NAMESPACE}.{branch.table.name}"
    reached(f"publishing {branch.table.name}")
    staged = branch.last_commit().snapshot_id
    failure = None
    try:
        branch.spark.sql(f"CALL {CATALOG}.system.fast_forward('{place}', 'main', '{branch.name}')").collect()
    except Exception as error:  # a conflict and a lost answer look alike
        failure = error
    now = head(branch.spark, branch.table_name)
    if now == staged:
        reached(f"published {branch.table.name}")
        return True
    if failure and now == branch.base:
        raise failure
    return False


def _drop(branch: Branch) -> None:
    with contextlib.suppress(Exception):  # a branch that stays is dropped by maintenance
        branch.spark.sql(f"ALTER TABLE {branch.table_name} DROP BRANCH IF EXISTS {branch.name}")
