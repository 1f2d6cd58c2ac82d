import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession

from expectations.contract import load_table
from expectations.object_keys import CATALOG, LAKE_SETTING
from glue_jobs.storage import maintenance
from glue_jobs.storage.maintenance import (
    Limits,
    TableUpkeep,
    compact,
    drop_dead_branches,
    expire_snapshots,
    remove_orphan_files,
    table_state,
)
from glue_jobs.storage.snapshot_labels import INPUT_SNAPSHOTS, VERSION_SNAPSHOT
from glue_jobs.storage.tables import create_table, spark_schema, table_name
from tests.derived.tiny_derivations import contract_with_tiny_tables

MEGABYTE = 1024 * 1024
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HEADER = "medical_claim_header"


def soon() -> datetime:
    """A moment at which everything done by now is past."""
    time.sleep(0.01)
    return datetime.now(UTC)


def limits(snapshots_before: datetime = LONG_AGO, orphans_before: datetime = LONG_AGO) -> Limits:
    return Limits(64 * MEGABYTE, snapshots_before, orphans_before)


class Lake:
    """A lake of its own in the one Java machine: tests of other modules see none of its tables."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.root = str(folder)
        self.spark = spark.newSession()
        self.spark.conf.set(f"spark.sql.catalog.{CATALOG}.warehouse", self.root)
        self.spark.conf.set(LAKE_SETTING, self.root)
        self.spark.conf.set("spark.sql.shuffle.partitions", "2")
        self.created: set[str] = set()

    def append(
        self,
        name: str,
        *keys: str,
        month: str = "01",
        branch: str = "",
        label: str = "",
        label_name: str = VERSION_SNAPSHOT,
    ) -> None:
        table = load_table(name)
        full = self.full(name) if name in self.created else create_table(self.spark, table)
        self.created.add(name)
        values = {"claim_id": "", "data_source": "a", "year": "2024", "month": month}
        rows = [tuple((values | {"claim_id": key}).get(column) for column in table.column_names) for key in keys]
        frame = self.spark.createDataFrame(rows, spark_schema(table)).coalesce(1)
        writer = frame.writeTo(f"{full}.branch_{branch}" if branch else full)
        (writer.option(f"snapshot-property.{label_name}", label) if label else writer).append()

    def keys(self, name: str) -> list[str]:
        return sorted(row["claim_id"] for row in self.spark.table(self.full(name)).collect())

    def full(self, name: str) -> str:
        return table_name(load_table(name))

    def branch(self, name: str, branch: str) -> None:
        self.spark.sql(f"ALTER TABLE {self.full(name)} CREATE BRANCH {branch}")

    def branches(self, name: str) -> set[str]:
        rows = self.spark.table(f"{self.full(name)}.refs").where("type = 'BRANCH'").collect()
        return {row["name"] for row in rows} - {"main"}

    def snapshots(self, name: str) -> list[Row]:
        return self.spark.table(f"{self.full(name)}.snapshots").orderBy("committed_at").collect()

    def files(self, name: str) -> list[Path]:
        return [path for path in Path(self.root, "processed", name).rglob("*") if path.is_file()]


@pytest.fixture
def own(spark: SparkSession, tmp_path: Path) -> Iterator[Lake]:
    yield Lake(spark, tmp_path)
    spark.sql("SELECT 1").collect()  # the shared session is the active one again


def test_small_files_become_one_a_partition_without_deletes_and_then_nothing_is_left_to_do(own: Lake) -> None:
    own.append(HEADER, "a1", "a2", month="01")
    own.append(HEADER, "b1", "b2", month="01")
    own.append(HEADER, "a3", "a4", month="02")
    own.append(HEADER, "b3", "b4", month="02")
    own.spark.sql(f"DELETE FROM {own.full(HEADER)} WHERE claim_id = 'b3'")  # noqa: S608 - names of the contract
    before = table_state(own.spark, HEADER)
    compact(own.spark, own.root, limits(), TableUpkeep(HEADER))
    after = table_state(own.spark, HEADER)
    assert (before.data_files, after.data_files) == (4, 2)
    assert after.delete_files == 0
    assert own.keys(HEADER) == ["a1", "a2", "a3", "a4", "b1", "b2", "b4"]
    compact(own.spark, own.root, limits(), TableUpkeep(HEADER))
    assert table_state(own.spark, HEADER) == after


def test_a_sorted_table_is_rewritten_in_its_order(own: Lake) -> None:
    for keys in (("d", "b"), ("c", "a")):
        own.append(HEADER, *keys)
    own.spark.sql(f"ALTER TABLE {own.full(HEADER)} WRITE LOCALLY ORDERED BY claim_id")
    compact(own.spark, own.root, limits(), TableUpkeep(HEADER))
    stored = own.spark.table(own.full(HEADER)).select("claim_id").collect()
    assert [row["claim_id"] for row in stored] == ["a", "b", "c", "d"]


def test_a_table_without_rows_and_one_file_a_partition_are_left_alone(own: Lake) -> None:
    create_table(own.spark, load_table(HEADER))
    compact(own.spark, own.root, limits(), TableUpkeep(HEADER))
    assert table_state(own.spark, HEADER).snapshots == 0
    own.append(HEADER, "a", month="01")
    compact(own.spark, own.root, limits(), TableUpkeep(HEADER))
    assert table_state(own.spark, HEADER).snapshots == 1


def test_branches_of_runs_that_died_are_dropped_and_no_others(own: Lake) -> None:
    own.append(HEADER, "a")
    own.branch(HEADER, "stage_dead_before_it_wrote")
    own.branch(HEADER, "stage_dead_after_it_wrote")
    own.append(HEADER, "b", branch="stage_dead_after_it_wrote")
    own.branch(HEADER, "kept_by_a_person")
    own.branch(HEADER, "stage_writes_still")
    then = soon()
    own.append(HEADER, "c", branch="stage_writes_still")
    # it stands at a snapshot that is older than `then`, and is younger itself
    own.branch(HEADER, "stage_has_just_begun")
    upkeep = TableUpkeep(HEADER)
    drop_dead_branches(own.spark, own.root, limits(orphans_before=then), upkeep)
    assert own.branches(HEADER) == {"kept_by_a_person", "stage_writes_still", "stage_has_just_begun"}
    assert upkeep.branches_dropped == 2
    drop_dead_branches(own.spark, own.root, limits(orphans_before=soon()), upkeep)
    assert own.branches(HEADER) == {"kept_by_a_person"}
    assert own.keys(HEADER) == ["a"]


def test_a_dead_branch_of_a_table_to_which_nothing_was_published_yet_is_dropped(own: Lake) -> None:
    create_table(own.spark, load_table(HEADER))
    own.branch(HEADER, "stage_first_ever")
    own.branch(HEADER, "of_a_person")
    upkeep = TableUpkeep(HEADER)
    drop_dead_branches(own.spark, own.root, limits(orphans_before=soon()), upkeep)
    assert (upkeep.branches_dropped, own.branches(HEADER)) == (1, {"of_a_person"})


def test_the_last_ten_snapshots_stay_however_old_and_the_table_keeps_its_rows(own: Lake) -> None:
    keys = [f"claim{number:02}" for number in range(11)]
    for key in keys:
        own.append(HEADER, key)
    upkeep = TableUpkeep(HEADER)
    expire_snapshots(own.spark, own.root, limits(snapshots_before=LONG_AGO), upkeep)
    assert (len(own.snapshots(HEADER)), upkeep.expired_files) == (11, 0)
    expire_snapshots(own.spark, own.root, limits(snapshots_before=soon()), upkeep)
    assert len(own.snapshots(HEADER)) == 10
    assert upkeep.expired_files > 0
    assert own.keys(HEADER) == keys


def test_snapshots_that_tell_which_state_a_table_shows_stay(own: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "FEWEST_SNAPSHOTS", 1)
    own.append("medical_claim_version", "older")
    own.append("medical_claim_version", "shown")
    shown = own.snapshots("medical_claim_version")[-1]["snapshot_id"]
    own.append(HEADER, "older", label="17")
    own.append(HEADER, "shown", label=str(shown))
    for number in range(2):
        own.append("medical_claim_version", f"claim{number}")
        own.append(HEADER, f"claim{number}")
    for name in (HEADER, "medical_claim_version"):
        expire_snapshots(own.spark, own.root, limits(snapshots_before=soon()), TableUpkeep(name))
    assert next(row["snapshot_id"] for row in own.snapshots("medical_claim_version")) == shown
    assert [row["summary"].get(VERSION_SNAPSHOT) for row in own.snapshots(HEADER)] == [str(shown), None, None]


def test_a_branch_that_is_being_written_outlives_expiry_and_orphan_removal(own: Lake) -> None:
    own.append(HEADER, "a")
    own.branch(HEADER, "stage_running")
    own.append(HEADER, "b", branch="stage_running")
    all_past = limits(snapshots_before=soon(), orphans_before=soon())
    expire_snapshots(own.spark, own.root, all_past, TableUpkeep(HEADER))
    upkeep = TableUpkeep(HEADER)
    remove_orphan_files(own.spark, own.root, all_past, upkeep)
    staged = own.spark.read.option("branch", "stage_running").table(own.full(HEADER))
    assert sorted(row["claim_id"] for row in staged.collect()) == ["a", "b"]
    assert upkeep.orphan_files == 0


def test_files_that_no_snapshot_refers_to_are_removed_when_they_are_old(own: Lake) -> None:
    own.append(HEADER, "a")
    known = set(own.files(HEADER))
    folder = Path(own.root, "processed", HEADER, "data", "year=2024", "month=01")
    (folder / "00000-of-a-killed-run.parquet").write_bytes(b"PAR1")
    upkeep = TableUpkeep(HEADER)
    remove_orphan_files(own.spark, own.root, limits(orphans_before=datetime.now(UTC) - timedelta(hours=1)), upkeep)
    assert upkeep.orphan_files == 0
    remove_orphan_files(own.spark, own.root, limits(orphans_before=soon() + timedelta(seconds=1)), upkeep)
    assert upkeep.orphan_files == 1
    assert set(own.files(HEADER)) == known
    assert own.keys(HEADER) == ["a"]


def test_data_in_a_folder_of_the_contract_is_kept_up_like_any_other(
    own: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "FEWEST_SNAPSHOTS", 1)
    name, folder = "paid_by_month", Path(own.root, "processed", "aggregations", "paid_by_month")
    with contract_with_tiny_tables(tmp_path / "contract"):
        own.append(name, "a", label="7", label_name=INPUT_SNAPSHOTS)
        for _ in range(2):
            own.append(name, "a")
        known = set(folder.rglob("*.parquet"))
        assert len(known) == 3
        assert not list(Path(own.root, "processed", name).rglob("*.parquet"))
        (folder / "year=2024" / "month=01" / "00000-of-a-killed-run.parquet").write_bytes(b"PAR1")
        upkeep = TableUpkeep(name)
        all_past = limits(snapshots_before=soon(), orphans_before=soon() + timedelta(seconds=1))
        remove_orphan_files(own.spark, own.root, all_past, upkeep)
        assert upkeep.orphan_files == 1
        assert set(folder.rglob("*.parquet")) == known
        expire_snapshots(own.spark, own.root, all_past, TableUpkeep(name))
        assert [row["summary"].get(INPUT_SNAPSHOTS) for row in own.snapshots(name)] == ["7", None, None]
