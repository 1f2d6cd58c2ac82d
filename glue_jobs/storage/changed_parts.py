"""Which months or persons of a derived table are touched by what became of its inputs since it was made last.

An input is compared at two snapshots: the one that the derived table shows, and the one that readers see now. Months
are told by the partitions of files that were added or removed in between, from metadata alone, so that corrections,
voids and undone runs are all one. Persons are told by their rows in those months: a checksum of each person's rows
differs. Where neither can be told, everything is touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from expectations.contract import Table
from glue_jobs.storage.claim_versions import MONTH, few_of_many, in_months
from glue_jobs.storage.publication import Snapshot, at_snapshot, history

PERSON = "person_id"


@dataclass(frozen=True)
class Input:
    """A table (`name` in SQL) of which a derived one is made: the snapshot that is shown of it, and the one of now.

    None shown: it is not known; none now: the table is empty.
    """

    spark: SparkSession
    table: Table
    name: str
    shown: int | None
    now: int | None

    @property
    def has_months(self) -> bool:
        """Whether its rows have a month."""
        return bool(self.table.partition_date)

    @property
    def has_persons(self) -> bool:
        """Whether its rows have a person."""
        return PERSON in self.table.column_names

    @cached_property
    def missing(self) -> tuple[Snapshot, ...] | None:
        """Snapshots since the shown one that have other rows; None where the shown one is not known any more."""
        since: list[Snapshot] = []
        for snapshot in history(self.spark, self.name) if self.shown else ():
            if snapshot.snapshot_id == self.shown:
                return tuple(since)
            if snapshot.changes_rows:
                since.append(snapshot)
        return () if self.shown == self.now else None

    def rows(self) -> DataFrame:
        """What it holds now."""
        return self.spark.table(self.name) if self.now is None else at_snapshot(self.spark, self.name, self.now)

    def months(self) -> set[Row]:
        """Year and month of every file that was added or removed since the shown snapshot; some must be missing."""
        ids = [snapshot.snapshot_id for snapshot in self.missing or ()]
        # an entry says which snapshot added its file, or removed it; of removed ones only that snapshot knows
        entries = self.spark.table(f"{self.name}.all_entries").where(F.col("snapshot_id").isin(ids))
        return set(entries.select(*(F.col(f"data_file.partition.{part}") for part in MONTH)).distinct().collect())

    def persons(self) -> DataFrame:
        """Persons whose rows are not those that the shown snapshot has, one row each."""
        now, then = self.rows(), at_snapshot(self.spark, self.name, self.shown or 0)
        if self.has_months:
            condition = month_condition(self.months())
            now, then = now.where(condition), then.where(condition)
        both = _checksums(then, self.table).unionByName(_checksums(now, self.table))
        unequal = both.groupBy(*both.columns).agg(F.count("*").alias("_sides")).where("_sides = 1")
        return unequal.select(PERSON).distinct()


def touched_months(inputs: Sequence[Input]) -> set[Row] | None:
    """Months (year, month) of the derived table that are to be made again; None: all there are."""
    touched: set[Row] = set()
    for one in inputs:
        if one.missing is None or (one.missing and not (one.has_months or one.has_persons)):
            return None
        if one.missing:
            touched |= one.months() if one.has_months else _months_of(one.persons(), inputs)
    return touched


def touched_persons(inputs: Sequence[Input]) -> DataFrame | None:
    """Persons (person_id) of the derived table whose rows are to be made again; None: all. Some must be touched."""
    if any(one.missing is None or (one.missing and not one.has_persons) for one in inputs):
        return None
    return reduce(DataFrame.union, (one.persons() for one in inputs if one.missing)).distinct()


def is_touched(inputs: Sequence[Input]) -> bool:
    """Whether any input has other rows than those that are shown, or that is not known."""
    return any(one.missing is None or one.missing for one in inputs)


def month_condition(months: set[Row]) -> Column:
    """True for the rows of these months."""
    return F.expr(in_months(list(months), "")) if months else F.lit(False)


def of_persons(rows: DataFrame, persons: DataFrame) -> DataFrame:
    """The rows of these persons."""
    chosen = persons.select(F.col(PERSON).alias("_person"))
    return rows.join(chosen, on=F.col(PERSON).eqNullSafe(F.col("_person")), how="left_semi")


def _months_of(persons: DataFrame, inputs: Sequence[Input]) -> set[Row]:
    found: set[Row] = set()
    with few_of_many(persons.sparkSession):
        for one in inputs:
            if one.has_months and one.has_persons:
                found |= set(of_persons(one.rows(), persons).select(*MONTH).distinct().collect())
    return found


def _checksums(rows: DataFrame, table: Table) -> DataFrame:
    """One row a person: how many rows, and a sum of their hashes, which does not depend on the order of rows."""
    columns = [F.col(name) for name in table.column_names if name != PERSON]
    # Spark's hash passes over a null: without its place, a value in one column and in the next would be the same
    row = F.xxhash64(*columns, F.array(*(column.isNull() for column in columns)))
    total = F.sum(row.cast("decimal(20,0)")).alias("_sum")
    return rows.groupBy(PERSON).agg(F.count("*").alias("_rows"), total)
