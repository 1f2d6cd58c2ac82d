import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expectations.object_keys import ZONE, Lake
from glue_jobs.storage.leftovers import Leftovers, remove_leftovers
from glue_jobs.storage.objects import list_objects, write_object

NOW = datetime.now(UTC)
OLD, CUTOFF, SESSION_START = NOW - timedelta(hours=30), NOW - timedelta(hours=24), NOW - timedelta(hours=1)

FILES = {
    "raw/claims/acme/claims.csv": True,
    "processed/provider/data/part-1.parquet": True,
    "processed/provider/data/.part-1.parquet.crc": True,
    "processed/provider/data/.part-2.parquet.crc": False,
    "temp/dead-run/0/rows/part-1.parquet": False,
    "temp/spark/blockmgr-dead/0c/shuffle.data": False,
    "quarantine/records/run_id=dead-run/source=acme/part-1.parquet": False,
    "quarantine/records/run_id=ended-run/source=acme/part-1.parquet": True,
    "journal/dead-run.json": False,
    "journal/ended-run.json": False,
    "validation-reports/dead-run.json": True,
}
"""Files of a lake, and whether they stay where all are old."""


def plant(root: Path, age: datetime) -> None:
    for name in FILES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    for path in root.rglob("*"):
        os.utime(path, (age.timestamp(), age.timestamp()))


def left(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_what_dead_runs_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    plant(tmp_path, OLD)
    removed = remove_leftovers(Lake(str(tmp_path)), {"ended-run"}, CUTOFF, SESSION_START)
    assert left(tmp_path) == {name for name, stays in FILES.items() if stays}
    assert removed == Leftovers(1, 1, 1, 2, 1)
    assert not (tmp_path / "temp/dead-run").exists()
    assert remove_leftovers(Lake(str(tmp_path)), {"ended-run"}, CUTOFF, SESSION_START) == Leftovers()


def test_what_is_young_stays_and_one_young_file_keeps_its_folder(tmp_path: Path) -> None:
    plant(tmp_path, NOW)
    assert remove_leftovers(Lake(str(tmp_path)), (), CUTOFF, SESSION_START) == Leftovers()
    assert left(tmp_path) == set(FILES)
    plant(tmp_path, OLD)
    (tmp_path / "temp/dead-run/0/rows/part-2.parquet").write_text("written a moment ago")
    assert remove_leftovers(Lake(str(tmp_path)), (), CUTOFF, SESSION_START).temp_folders == 0


def test_scratch_space_of_the_running_session_stays_even_where_no_age_is_asked_for(tmp_path: Path) -> None:
    plant(tmp_path, NOW - timedelta(minutes=30))
    removed = remove_leftovers(Lake(str(tmp_path)), (), NOW, SESSION_START)
    assert removed.spark_folders == 0
    assert removed.temp_folders == 1


def test_a_lake_without_these_folders_has_no_leftovers(tmp_path: Path) -> None:
    assert remove_leftovers(Lake(str(tmp_path / "new")), (), NOW, NOW) == Leftovers()


@pytest.mark.parametrize(("older_than", "count"), [(NOW + timedelta(hours=1), 1), (OLD, 0)], ids=["old", "young"])
def test_in_a_bucket_the_same_is_removed(bucket: str, older_than: datetime, count: int) -> None:
    for name in FILES:
        write_object(f"{bucket}/lake/{name}", b"x")
    removed = remove_leftovers(Lake(f"{bucket}/lake"), {"ended-run"}, older_than, older_than)
    assert removed == Leftovers(count, count, count, 2 * count, checksum_files=0)
    stayed = {stored.uri.removeprefix(f"{bucket}/lake/") for stored in list_objects(f"{bucket}/lake")}
    assert stayed == {name for name, stays in FILES.items() if stays or count == 0 or name.endswith(".crc")}


def test_where_the_temporary_zone_has_a_bucket_only_folders_of_runs_are_removed(tmp_path: Path) -> None:
    folders = ["claims-etl-20240101-120000-1234/0", "manifests", "athena/claims", "glue/process-medical-claims"]
    for name in folders:
        (tmp_path / "lake-temp" / name).mkdir(parents=True)
    removed = remove_leftovers(Lake(f"{tmp_path}/lake-{ZONE}"), (), NOW + timedelta(hours=1), NOW)
    assert removed == Leftovers(temp_folders=1)
    assert {path.name for path in (tmp_path / "lake-temp").iterdir()} == {"manifests", "athena", "glue"}
