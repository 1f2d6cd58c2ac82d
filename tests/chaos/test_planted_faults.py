"""Faults planted into a copy of the lake on which runs were killed: each must be found."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.chaos.claim_states import Faults, Prints, faults, prints, view
from tests.chaos.iceberg_files import LakeReader
from tests.chaos.kill_chain import Chain
from tests.chaos.left_overs import account_faults, orphans
from tests.chaos.oracle import expected_state
from tests.chaos.reader import Judge, look

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def copied(killed_lake: Chain, tmp_path: Path) -> Path:
    copy = tmp_path / "lake"
    shutil.copytree(killed_lake.lake, copy)
    return copy


def data_file(lake: Path, table: str) -> Path:
    """One that readers of the table read now."""
    reader = LakeReader(lake)
    found = reader.table(table)
    reader.close()
    assert found
    return found.data_files()[0]


def change_rows(lake: Path, table: str, query: str) -> None:
    """Write a data file anew, with the rows that the query makes of `rows`."""
    file = data_file(lake, table)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE rows AS FROM read_parquet(?, hive_partitioning = false)", [str(file)])
        connection.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")


def found_in(lake: Path, chain: Chain) -> tuple[Faults, list[str]]:
    reader = LakeReader(lake)
    expected = expected_state(chain.delivered)
    try:
        return faults(view(reader).state, expected), look(reader, Judge([prints(expected)]))
    finally:
        reader.close()


def test_the_copied_lake_is_right_before_anything_is_planted(copied: Path, killed_lake: Chain) -> None:
    assert found_in(copied, killed_lake) == (Faults(), [])
    assert orphans(copied) == account_faults(copied, killed_lake.delivered) == Counter()


def test_a_lost_claim_is_found(copied: Path, killed_lake: Chain) -> None:
    change_rows(copied, "medical_claim", "FROM rows WHERE claim_id <> (SELECT min(claim_id) FROM rows)")
    lost, torn = found_in(copied, killed_lake)
    assert lost.lost > 0
    assert lost.duplicated == 0
    assert torn == [
        "lines_between_states",
        "headers_differ_from_lines_of_the_same_run",
        "lines_differ_from_the_versions_they_show",
    ]


@pytest.mark.parametrize("table", ["medical_claim", "medical_claim_header", "medical_claim_version"])
def test_a_doubled_row_is_found(copied: Path, killed_lake: Chain, table: str) -> None:
    change_rows(copied, table, "FROM rows UNION ALL (FROM rows LIMIT 1)")
    assert found_in(copied, killed_lake)[0] == Faults(duplicated=1)


def test_a_file_that_is_gone_is_a_torn_read(copied: Path, killed_lake: Chain) -> None:
    data_file(copied, "medical_claim").unlink()
    reader = LakeReader(copied)
    assert look(reader, Judge([Prints()])) == ["unreadable"]
    reader.close()


def add_branch(lake: Path) -> None:
    reader = LakeReader(lake)
    table = reader.table("medical_claim")
    assert table
    metadata = json.loads(table.file.read_text())
    metadata["refs"]["stage_dead_run"] = metadata["refs"]["main"]
    table.file.write_text(json.dumps(metadata))
    reader.close()


def add_file(path: str) -> Callable[[Path], None]:
    def plant(lake: Path) -> None:
        file = lake / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("left")

    return plant


@pytest.mark.parametrize(
    ("plant", "kind"),
    [
        pytest.param(
            add_file("processed/medical_claim/data/year=2024/month=01/x.parquet"), "file_of_no_table", id="data"
        ),
        pytest.param(add_file("processed/medical_claim/metadata/.x.json.crc"), "file_of_no_table", id="checksum"),
        pytest.param(
            add_file("quarantine/records/run_id=dead/x.parquet"), "quarantine_of_unknown_run", id="quarantine"
        ),
        pytest.param(add_file("temp/spark/blockmgr-1/x"), "temporary", id="temporary"),
        pytest.param(add_branch, "staging_branch", id="branch"),
    ],
)
def test_an_orphan_is_found(copied: Path, plant: Callable[[Path], None], kind: str) -> None:
    plant(copied)
    assert set(orphans(copied)) == {kind}


def test_an_account_that_lacks_a_file_is_found(copied: Path, killed_lake: Chain) -> None:
    change_rows(copied, "ingest_audit", "FROM rows WHERE status <> 'published'")
    assert account_faults(copied, killed_lake.delivered)["file_without_one_published_row"] > 0
