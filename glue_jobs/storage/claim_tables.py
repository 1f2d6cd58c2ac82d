"""`medical_claim` and `medical_claim_header` follow `medical_claim_version`: whoever comes by brings them up to date.

Each of their snapshots is labelled with the snapshot of the version table that it shows; equal labels are one state.
What changed since the label is in rows that the runs in between wrote (`resolved_run_id`), and every stored row of a
claim that changed is among them: so both tables are made of those rows alone, and a run that died in between is made
up for by the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.errors import SchemaError
from expectations.object_keys import Lake
from glue_jobs.quality.balance import check_count
from glue_jobs.storage.claim_versions import MONTH, Scratch, few_of_many, in_months
from glue_jobs.storage.publication import (
    RUN_PROPERTY,
    UNDONE_PROPERTY,
    Branch,
    Snapshot,
    at_snapshot,
    head,
    history,
    publish_together,
    unfilled_columns,
)
from glue_jobs.storage.snapshot_labels import FOLLOWING, VERSION_SNAPSHOT, VERSION_TABLE
from glue_jobs.storage.steps import reached
from glue_jobs.storage.tables import create_table, lake_of, table_name
from glue_jobs.transforms.summarize_headers import AMOUNTS, CLAIM_KEY, summarize_headers


@dataclass(frozen=True)
class Gap:
    """What the version table has and a table that follows it does not show yet.

    `shown` is the snapshot of the version table that it shows; 0: none that is known, so that it is made anew.
    `again`: one of the runs had written before, as a run that is started again under its name does. `lines` is the
    most that the version table held meanwhile.
    """

    state: int
    shown: int
    runs: tuple[str, ...]
    undone: tuple[str, ...]
    again: bool
    lines: int


def follow_versions(spark: SparkSession, run_id: str) -> None:
    """Bring both tables to what the version table holds now; they become visible one right after the other."""
    if all(shown_state(spark, name) == state for name, state in _states(spark)):
        return
    publish_together(spark, run_id, [(load_table(name), lambda branch: _follow(branch, run_id)) for name in FOLLOWING])


def _states(spark: SparkSession) -> list[tuple[str, str]]:
    """Each table that follows, in SQL, with the state of the version table that it should show.

    Raises:
        SchemaError: that was filled by a release that resolved no versions: its lines would survive nowhere.
    """
    latest = next(_written(spark), None)
    if latest is None and head(spark, table_name(load_table(VERSION_TABLE))) is not None:
        raise SchemaError(
            f"table {VERSION_TABLE} was filled by a release before versions were resolved; expected an empty table or "
            "one of this release; cure: take a new lake (LAKE=...) and run the raw files again"
        )
    state = str(latest.snapshot_id) if latest else ""
    return [(create_table(spark, load_table(name)), state) for name in FOLLOWING]


def _written(spark: SparkSession) -> Iterator[Snapshot]:
    """Snapshots of the version table that runs made, the latest first; compaction changes no row."""
    snapshots = history(spark, create_table(spark, load_table(VERSION_TABLE)))
    return (snapshot for snapshot in snapshots if snapshot.label(RUN_PROPERTY))


def shown_state(spark: SparkSession, name: str) -> str:
    """The snapshot of the version table that a table shows; empty where it shows none."""
    return next((label for snapshot in history(spark, name) if (label := snapshot.label(VERSION_SNAPSHOT))), "")


def _follow(branch: Branch, run_id: str) -> bool:
    gap = _gap(branch)
    if gap is None:
        return False
    versions = _versions(branch.spark, gap.state)
    changed = versions.where(F.col("resolved_run_id").isin(*gap.runs)) if gap.shown else versions
    surviving = changed.where("is_final_action")
    claims = _changed_claims(branch, changed, gap, run_id)
    if gap.shown:
        _delete_claims(branch, claims, gap)
    else:
        branch.spark.sql(f"DELETE FROM {branch.target}")  # noqa: S608 - our own name of a table
    headers = branch.table.grain == CLAIM_KEY
    labels = {VERSION_SNAPSHOT: str(gap.state), RUN_PROPERTY: run_id}
    unfilled = unfilled_columns(branch.spark, table_name(load_table(VERSION_TABLE)))
    if headers:
        rows = summarize_headers(surviving, branch.table, unfilled)
        branch.append(rows, labels, unfilled - {*AMOUNTS})
    else:
        branch.append(surviving, labels, unfilled, as_they_lie=True)
    reached(f"written {branch.table.name}")
    _audit(branch, claims, one_row_a_claim=headers)
    return True


def _changed_claims(branch: Branch, changed: DataFrame, gap: Gap, run_id: str) -> DataFrame:
    """One row a claim and month that changed: CLAIM_KEY, MONTH, `_lines` that survive, `_old` where it may be shown."""
    is_new = F.col("ingest_run_id").isin(*gap.runs) & (F.col("ingest_run_id") == F.col("resolved_run_id"))
    claims = changed.groupBy(*CLAIM_KEY, *MONTH).agg(
        F.count_if("is_final_action").alias("_lines"), F.bool_or(F.lit(gap.again) | ~is_new).alias("_old")
    )
    if gap.undone:
        lost = _versions(branch.spark, gap.shown).where(F.col("ingest_run_id").isin(*gap.undone))
        claims = claims.union(lost.select(*CLAIM_KEY, *MONTH, F.lit(0), F.lit(True)))
    folder = f"{Lake(lake_of(branch.spark)).temp(run_id)}/followed-{branch.table.name}"
    return Scratch(branch.spark, folder, gap.lines).keep(claims)


def _versions(spark: SparkSession, snapshot_id: int) -> DataFrame:
    return at_snapshot(spark, table_name(load_table(VERSION_TABLE)), snapshot_id)


def _gap(branch: Branch) -> Gap | None:
    written = list(_written(branch.spark))
    shown = shown_state(branch.spark, branch.table_name)
    place = next((n for n, snapshot in enumerate(written) if str(snapshot.snapshot_id) == shown), None)
    if place == 0 or not written:
        return None
    missing, earlier = written[:place], written[place:] if place else []
    runs = tuple(snapshot.label(RUN_PROPERTY) for snapshot in missing)
    return Gap(
        state=written[0].snapshot_id,
        shown=int(shown) if place else 0,
        runs=runs,
        undone=tuple(undone for snapshot in missing if (undone := snapshot.label(UNDONE_PROPERTY))),
        again=any(snapshot.label(RUN_PROPERTY) in runs for snapshot in earlier),
        lines=max(int(snapshot.label("total-records")) for snapshot in [*missing, *earlier[:1]]),
    )


def _delete_claims(branch: Branch, claims: DataFrame, gap: Gap) -> None:
    """Delete the rows of every claim that changed; claims that are new, as most of most runs, are not looked for."""
    known = claims.where("_old")
    months = known.select(*MONTH).distinct().collect()
    if not months:
        return
    known.select(*CLAIM_KEY).distinct().createOrReplaceTempView("changed_claims")
    same = " AND ".join(f"old.{name} <=> new.{name}" for name in CLAIM_KEY)
    with few_of_many(branch.spark):
        branch.spark.sql(
            f"MERGE INTO {branch.target} AS old USING changed_claims AS new "
            f"ON {same} AND ({in_months(months, 'old')}) WHEN MATCHED THEN DELETE"
        )
    reached(f"deleted from {branch.table.name}")


def _audit(branch: Branch, claims: DataFrame, *, one_row_a_claim: bool) -> None:
    """The changed claims must stand on the branch with as many rows as survive, and in no month of theirs once more."""
    surviving = claims.where(F.col("_lines") > 0)
    months = claims.select(*MONTH).distinct().collect()
    keys = claims.select(*CLAIM_KEY).distinct()
    rows = surviving.select(*CLAIM_KEY).distinct().withColumn("_lines", F.lit(1)) if one_row_a_claim else surviving
    expected = rows.agg(F.sum("_lines")).first()
    found = branch.read().where(in_months(months, "") if months else F.lit(False))
    count = found.join(keys, on=list(CLAIM_KEY), how="left_semi").count()
    check_count(count, (expected and expected[0]) or 0, branch.table.name)
