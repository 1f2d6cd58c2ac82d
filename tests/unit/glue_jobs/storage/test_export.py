import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from expectations.contract import Table, load_table
from expectations.errors import AccountingError, ArgumentError, StorageError
from expectations.object_keys import CATALOG, LAKE_SETTING
from glue_jobs.storage import export
from glue_jobs.storage.export import ExportManifest, export_snapshot
from glue_jobs.storage.objects import write_object
from glue_jobs.storage.tables import create_table, spark_schema, table_name

DRUGS, PROVIDERS = load_table("pharmacy_claim"), load_table("provider")
FIRST = {"claim_id": "a", "paid_amount": Decimal("12.50"), "dispensing_date": date(2024, 1, 5), "month": "01"}
MOMENT = datetime(2024, 2, 1, 12, 30, tzinfo=UTC)
ROWS = (
    FIRST | {"ingest_datetime": MOMENT},
    FIRST | {"claim_id": "b", "paid_amount": None, "month": "02"},
    FIRST | {"claim_id": "c", "dispensing_date": None, "year": "0000", "month": "00"},
)


def append(spark: SparkSession, table: Table, *rows: dict[str, object]) -> int:
    """Append rows; the id of the snapshot that then stands."""
    values = [tuple(({"year": "2024"} | row).get(name) for name in table.column_names) for row in rows]
    name = create_table(spark, table)
    spark.createDataFrame(values, spark_schema(table)).writeTo(name).append()
    return int(spark.table(f"{name}.refs").collect()[0]["snapshot_id"])


def below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def session(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A lake of its own in the one Java machine, with one row in each of three months, and before that with two."""
    own = spark.newSession()
    root = str(tmp_path_factory.mktemp("own"))
    own.conf.set(f"spark.sql.catalog.{CATALOG}.warehouse", root)
    own.conf.set(LAKE_SETTING, root)
    append(own, DRUGS, *ROWS[:2])
    append(own, DRUGS, ROWS[2])
    append(own, PROVIDERS, {"npi": "1234567893"}, {"npi": "1003000126"})
    yield own
    spark.sql("SELECT 1").collect()  # the shared session is the active one again


@pytest.fixture(scope="module")
def exported(session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[ExportManifest, Path]:
    folder = tmp_path_factory.mktemp("export") / "pharmacy claims"
    folder.mkdir()  # an empty folder is a target too
    return export_snapshot(session, DRUGS, str(folder)), folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new"


def test_spark_reads_an_export_as_the_table(session: SparkSession, exported: tuple[ExportManifest, Path]) -> None:
    read = session.read.schema(spark_schema(DRUGS)).parquet(str(exported[1]))
    assert_df_equality(
        read, session.table(table_name(DRUGS)), ignore_row_order=True, ignore_metadata=True, ignore_nullable=True
    )


def test_a_reader_that_knows_neither_spark_nor_iceberg_finds_the_rows_by_year_and_month(
    exported: tuple[ExportManifest, Path],
) -> None:
    rows = (
        duckdb.connect()
        .execute(
            "SELECT claim_id, paid_amount, dispensing_date, ingest_datetime, year, month "  # noqa: S608 - our own path
            f"FROM read_parquet('{exported[1]}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false) "
            "ORDER BY claim_id"
        )
        .fetchall()
    )
    assert [row[0] for row in rows] == ["a", "b", "c"]
    assert [row[-2:] for row in rows] == [("2024", "01"), ("2024", "02"), ("0000", "00")]
    assert rows[0][1:3] == (Decimal("12.50"), date(2024, 1, 5))
    assert rows[0][3].astimezone(UTC) == MOMENT


def test_the_manifest_lists_exactly_what_is_there(session: SparkSession, exported: tuple[ExportManifest, Path]) -> None:
    target = exported[1]
    manifest = json.loads((target / "manifest.json").read_text())
    assert manifest == json.loads(exported[0].to_json())
    assert below(target) == {"manifest.json", *(file["path"] for file in manifest["files"])}
    assert sorted(file["path"].rpartition("/")[0] for file in manifest["files"]) == [
        "year=0000/month=00",
        "year=2024/month=01",
        "year=2024/month=02",
    ]
    assert all(Path(file["path"]).name.startswith("part-") for file in manifest["files"])
    for file in manifest["files"]:
        content = (target / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert file["rows"] == 1
    assert manifest["rows"] == 3
    assert manifest["bytes"] == sum(file["bytes"] for file in manifest["files"])
    assert manifest["snapshot_id"] == session.table(f"{table_name(DRUGS)}.refs").collect()[0]["snapshot_id"]
    assert [(column["name"], column["type"]) for column in manifest["columns"]] == [
        (column.name, column.type) for column in DRUGS.columns
    ]


def test_an_older_snapshot_is_exported_as_it_was(session: SparkSession, target: Path) -> None:
    first = session.table(f"{table_name(DRUGS)}.snapshots").orderBy("committed_at").collect()[0]["snapshot_id"]
    manifest = export_snapshot(session, DRUGS, str(target), first)
    assert (manifest.snapshot_id, manifest.rows) == (first, 2)


def test_a_table_without_partitions_becomes_plain_files(session: SparkSession, target: Path) -> None:
    manifest = export_snapshot(session, PROVIDERS, str(target))
    assert manifest.rows == 2
    assert all("/" not in name for name in below(target))


def test_a_folder_that_is_not_empty_and_a_file_are_no_targets(
    session: SparkSession, exported: tuple[ExportManifest, Path]
) -> None:
    before = below(exported[1])
    for target in (exported[1], exported[1] / "manifest.json"):
        with pytest.raises(ArgumentError, match=r"not an empty folder; cure: "):
            export_snapshot(session, DRUGS, str(target))
    assert below(exported[1]) == before


def test_in_a_bucket_only_a_prefix_without_objects_is_a_target(session: SparkSession, bucket: str) -> None:
    write_object(f"{bucket}/exports/1/part-0.parquet", b"PAR1")
    with pytest.raises(ArgumentError, match="not an empty folder"):
        export_snapshot(session, DRUGS, f"{bucket}/exports/1")


@pytest.mark.parametrize(
    ("table", "snapshot", "named"),
    [(DRUGS, 17, "no such snapshot, 2 are kept"), (load_table("eligibility"), None, "not in this lake")],
    ids=["snapshot", "table"],
)
def test_what_is_not_there_is_one_line_with_the_cure(
    session: SparkSession, target: Path, table: Table, snapshot: int | None, named: str
) -> None:
    with pytest.raises(ArgumentError, match=f"{named}.*; cure: "):
        export_snapshot(session, table, str(target), snapshot)
    assert not target.exists()


def test_a_failure_before_the_last_step_leaves_nothing_at_the_target_or_beside_it(
    session: SparkSession, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full; cure: free space")

    monkeypatch.setattr(export, "write_object", full)
    with pytest.raises(StorageError):
        export_snapshot(session, DRUGS, str(target))
    assert list(target.parent.iterdir()) == []


def test_what_a_killed_export_left_beside_the_target_is_removed_when_it_is_a_day_old(
    session: SparkSession, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, young, of_another = (target.with_name(name) for name in (".new.partial-1", ".new.partial-2", ".x.partial-1"))
    for folder in (old, young, of_another):
        folder.mkdir()
    monkeypatch.setattr(export, "newest_change", lambda path: MOMENT if path == old else datetime.now(UTC))
    export_snapshot(session, PROVIDERS, str(target))
    assert set(target.parent.iterdir()) == {target, young, of_another}


def test_rows_that_were_not_written_stop_the_export(
    session: SparkSession, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = export._write  # noqa: SLF001 - to lose rows between reading and writing

    def lossy(spark: SparkSession, rows: DataFrame, folder: str, *, partitioned: bool) -> None:
        whole(spark, rows.where("claim_id <> 'b'"), folder, partitioned=partitioned)

    monkeypatch.setattr(export, "_write", lossy)
    with pytest.raises(AccountingError, match="2 rows of pharmacy_claim were written, 3 expected"):
        export_snapshot(session, DRUGS, str(target))
    assert list(target.parent.iterdir()) == []
