"""Publishing: staged on a branch, audited there, and made visible by one fast-forward of main; again where main moved.

A run that dies leaves main as it was or as it should be, and a branch that maintenance drops. Two runs at once: the
later one finds that main moved, and does its work again on what the earlier one published. On one machine they take
turns by the lake's lock; in S3 the catalog refuses the later commit.
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
UNFILLED_PROPERTY = "claims-etl.unfilled-columns"
"""In the summary of a snapshot that brought rows: columns that no row of the table has had a value in so far."""
PART_SIZE = "spark.sql.adaptive.advisoryPartitionSizeInBytes"
MOVED_BYTES_A_FILE = "512m"
"""Rows take 1.7 times as many bytes in a shuffle as in a data file, and a file is to have 256 MB."""


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

    def append(
        self, rows: DataFrame, properties: Mapping[str, str], unfilled: Iterable[str] = (), *, as_they_lie: bool = False
    ) -> None:
        """Append rows that have the table's columns, by name, in one commit with these properties; none is a commit.

        `unfilled` are columns that hold nulls only: they are not carried about. `as_they_lie`: the rows come month by
        month from files of another table, and are written as they come.
        """
        empty = set(unfilled)
        kept = rows.select(*(name for name in self.table.column_names if name not in empty))
        if self.base is not None:
            empty &= unfilled_columns(self.spark, self.table_name)
        labels = {**properties, UNFILLED_PROPERTY: ",".join(sorted(empty))}
        with parts_of_a_file(self.spark):
            self._writer(kept if as_they_lie else in_place(kept, self.table), labels, as_they_lie=as_they_lie).append()

    def replace(self, rows: DataFrame, properties: Mapping[str, str]) -> None:
        """Put such rows in the place of all that the branch holds, in one commit with these properties."""
        self.replace_where(F.lit(True), rows, properties)

    def replace_where(self, condition: Column, rows: DataFrame, properties: Mapping[str, str]) -> None:
        """Put such rows in the place of those that the condition is true for: whole files, as partitions are."""
        with parts_of_a_file(self.spark):
            self._writer(in_place(rows.select(*self.table.column_names), self.table), properties).overwrite(condition)

    def last_commit(self) -> Snapshot:
        """The state in which the latest write left the branch."""
        return _snapshot(iceberg_table(self.spark, self.table_name).snapshot(self.name))

    def _writer(
        self, rows: DataFrame, properties: Mapping[str, str], *, as_they_lie: bool = False
    ) -> DataFrameWriterV2:
        writer = fill_unused_columns(rows, self.spark.table(self.table_name)).writeTo(self.target)
        if self.table.partition_date:
            # Iceberg would move and sort rows as wide as the table
            writer = writer.option("use-table-distribution-and-ordering", "false")
            writer = writer.option("fanout-enabled", str(as_they_lie).lower())
        for key, value in properties.items():
            writer = writer.option(f"snapshot-property.{key}", value)
        return writer


def in_place(rows: DataFrame, table: Table) -> DataFrame:
    """Rows of one month together, in parts of the size of a file, in the order that the table asks for."""
    if not table.partition_date:
        return rows
    together = rows.sparkSession.sql("SELECT /*+ REBALANCE(year, month) */ * FROM {rows}", rows=rows)
    return together.sortWithinPartitions("year", "month", *table.sorted_by)


@contextlib.contextmanager
def parts_of_a_file(spark: SparkSession) -> Iterator[None]:
    """Rows that are brought together are split and joined into parts that make a file each, not Spark's usual 64 MB."""
    before = spark.conf.get(PART_SIZE, None)
    spark.conf.set(PART_SIZE, MOVED_BYTES_A_FILE)
    try:
        yield
    finally:
        if before is None:
            spark.conf.unset(PART_SIZE)
        else:
            spark.conf.set(PART_SIZE, before)


def unfilled_columns(spark: SparkSession, name: str) -> frozenset[str]:
    """Columns of a table in which no row has a value, as its writers have noted; fewer than there are, at worst.

    Compaction and the resolution of versions fill no column, and note nothing.
    """
    noted = (snapshot.java_summary.get(UNFILLED_PROPERTY) for snapshot in history(spark, name))
    return frozenset(next((str(names) for names in noted if names is not None), "").split(",")) - {""}


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
