"""Derived tables follow those that they are made of: touched months or persons are made again, and replaced at once.

Each snapshot of a derived table is labelled with the snapshots of its inputs that it shows and the recipe it was made
by. What changed since is found from these (changed_parts.py), so it does not matter how many runs there were in
between, nor which of them died: whoever comes by brings the table to what its inputs hold now.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from expectations.contract import Table, load_table
from expectations.errors import AccountingError
from expectations.object_keys import Lake
from glue_jobs import __version__
from glue_jobs.derivations import Derivation
from glue_jobs.quality.balance import check_count
from glue_jobs.storage.changed_parts import (
    PERSON,
    Input,
    is_touched,
    month_condition,
    of_persons,
    touched_months,
    touched_persons,
)
from glue_jobs.storage.claim_versions import Scratch, few_of_many
from glue_jobs.storage.publication import RUN_PROPERTY, Branch, head, history, publish
from glue_jobs.storage.snapshot_labels import INPUT_SNAPSHOTS
from glue_jobs.storage.steps import reached
from glue_jobs.storage.tables import create_table, lake_of

EVERYTHING = "everything"
UP_TO_DATE = "up to date"


@dataclass(frozen=True)
class Rebuilt:
    """What was done to a derived table: the parts that were made again, in words, and the rows that they have now."""

    parts: str = UP_TO_DATE
    rows: int = 0


@dataclass(frozen=True)
class Parts:
    """What is made again: these months, or these persons (`count` of them); neither: the whole table."""

    months: frozenset[Row] | None = None
    persons: DataFrame | None = None
    count: int = 0

    @property
    def words(self) -> str:
        """For the screen and the report."""
        if self.months is None and self.persons is None:
            return EVERYTHING
        if not self.count:
            return UP_TO_DATE
        return f"{self.count:,} {'persons' if self.months is None else 'months'}"

    def of(self, rows: DataFrame) -> DataFrame:
        """Those of the rows that belong to the parts; all of a table that has neither month nor person."""
        if self.months is not None and "month" in rows.columns:
            return rows.where(month_condition(set(self.months)))
        if self.persons is not None and PERSON in rows.columns:
            return of_persons(rows, self.persons)
        return rows


NOTHING = Parts(months=frozenset())


def bring_up_to_date(spark: SparkSession, derivation: Derivation, job_id: str, *, anew: bool = False) -> Rebuilt:
    """Make the derived table show what its inputs hold now, in one commit; `anew`: all of it, whatever it shows.

    Raises:
        AccountingError: what was written is not what should be there; readers see the table as it was.
        PublicationError: others published to it first, again and again.
    """
    table, done = load_table(derivation.table), [Rebuilt()]
    name = create_table(spark, table)
    if not anew and _label(_inputs(spark, derivation, {}), derivation) == _shown(spark, name):
        return done[0]

    def write(branch: Branch) -> bool:
        done[:] = [Rebuilt()]
        shown = "" if anew else _shown(spark, name)
        made = json.loads(shown) if shown else {}
        known = made.get("inputs", {}) if made.get("recipe") == recipe(derivation) else {}
        inputs = _inputs(spark, derivation, known)
        label = {INPUT_SNAPSHOTS: _label(inputs, derivation), RUN_PROPERTY: job_id}
        if label[INPUT_SNAPSHOTS] == shown:
            return False
        parts = _touched(derivation, inputs, _scratch(spark, inputs, job_id, table)) if known else Parts()
        done[:] = [Rebuilt(parts.words, _replace(branch, derivation, inputs, parts, label))]
        return True

    publish(spark, table, job_id, write)
    return done[0]


def recipe(derivation: Derivation) -> str:
    """Changes with what the table is made by: contract, derivation, code and lists of the package that makes it."""
    told = (
        __version__,
        load_table(derivation.table).model_dump_json(),
        derivation.inputs,
        derivation.rebuilt,
        _package_hash(sys.modules[derivation.make.__module__].__package__ or __package__),
    )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@cache
def _package_hash(package: str) -> str:
    own = _files_in(resources.files(package))
    settings = _files_in(resources.files("expectations"), (".json",), depth=1)
    return hashlib.sha256("".join((*own, *settings)).encode()).hexdigest()


def _files_in(folder: Traversable, kinds: tuple[str, ...] = (".csv", ".json", ".py"), depth: int = 3) -> Iterator[str]:
    """What the files below a folder say, of code without its comments and layout."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir() and depth > 1:
            yield from _files_in(entry, kinds, depth - 1)
        elif entry.is_file() and entry.name.endswith(kinds):
            content = entry.read_bytes()
            is_code = entry.name.endswith(".py")
            yield ast.dump(ast.parse(content)) if is_code else hashlib.sha256(content).hexdigest()


def _inputs(spark: SparkSession, derivation: Derivation, shown: Mapping[str, int]) -> list[Input]:
    tables = [load_table(name) for name in derivation.inputs]
    names = [create_table(spark, table) for table in tables]
    return [
        Input(spark, table, name, shown.get(table.name), head(spark, name))
        for table, name in zip(tables, names, strict=True)
    ]


def _label(inputs: Sequence[Input], derivation: Derivation) -> str:
    states = {one.table.name: one.now for one in inputs if one.now is not None}
    return json.dumps({"recipe": recipe(derivation), "inputs": states}, sort_keys=True)


def _shown(spark: SparkSession, name: str) -> str:
    return next((label for snapshot in history(spark, name) if (label := snapshot.label(INPUT_SNAPSHOTS))), "")


def _scratch(spark: SparkSession, inputs: Sequence[Input], job_id: str, table: Table) -> Scratch:
    latest = [next(history(spark, one.name), None) for one in inputs]
    most = max((int(snapshot.label("total-records") or 0) for snapshot in latest if snapshot), default=0)
    return Scratch(spark, f"{Lake(lake_of(spark)).temp(job_id)}/touched-{table.name}", most)


def _touched(derivation: Derivation, inputs: Sequence[Input], scratch: Scratch) -> Parts:
    if not is_touched(inputs):
        return NOTHING
    if derivation.rebuilt == "months":
        months = touched_months(inputs)
        return Parts() if months is None else Parts(months=frozenset(months), count=len(months))
    if derivation.rebuilt == "persons":
        persons = touched_persons(inputs)
        if persons is None:
            return Parts()
        kept = scratch.keep(persons)
        return Parts(persons=kept, count=kept.count())
    return Parts()


def _replace(
    branch: Branch, derivation: Derivation, inputs: Sequence[Input], parts: Parts, label: Mapping[str, str]
) -> int:
    """Put what is true now in the place of the parts, audited; how many rows that is."""
    if parts.words == UP_TO_DATE:
        branch.append(branch.read_base().where(F.lit(False)), label)
        return 0
    given = {one.table.name: parts.of(one.rows()) for one in inputs}
    rows = derivation.make(given)
    if parts.months is not None:
        branch.replace_where(month_condition(set(parts.months)), rows, label)
    elif parts.persons is not None:
        _delete_persons(branch, parts.persons)
        branch.append(rows, label)
    else:
        branch.replace(rows, label)
    reached(f"written {branch.table.name}")
    return _audit(branch, parts, inputs[0].table, given[inputs[0].table.name])


def _delete_persons(branch: Branch, persons: DataFrame) -> None:
    persons.createOrReplaceTempView("touched_persons")
    with few_of_many(branch.spark):
        branch.spark.sql(
            f"MERGE INTO {branch.target} AS old USING touched_persons AS new "
            f"ON old.{PERSON} <=> new.{PERSON} WHEN MATCHED THEN DELETE"
        )
    reached(f"deleted from {branch.table.name}")


def _audit(branch: Branch, parts: Parts, first: Table, of_first: DataFrame) -> int:
    """The parts must hold exactly the rows that were written, a row a row of the first input where its grain is theirs.

    Of any other grain, each value must be there once.
    """
    table = branch.table
    written = int(branch.last_commit().label("added-records") or 0)
    found = parts.of(branch.read())
    if table.grain == first.grain:
        check_count(found.count(), written, table.name)
        check_count(written, of_first.count(), table.name)
        return written
    groups = found.groupBy(*table.grain).agg(F.count("*").alias("rows"))
    counted = groups.agg(F.sum("rows"), F.count_if(F.col("rows") > 1)).collect()[0]
    check_count(counted[0] or 0, written, table.name)
    if counted[1]:
        raise AccountingError(
            f"{table.name}: {counted[1]} values of its grain ({', '.join(table.grain)}) have several rows, expected "
            "one each; nothing was published; cure: correct its derivation"
        )
    return written
