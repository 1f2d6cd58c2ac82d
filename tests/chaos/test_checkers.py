"""The crash tests find what they are there to find: each fault is planted and must be seen."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.chaos.claim_states import (
    Faults,
    Prints,
    Rows,
    State,
    View,
    faults,
    final_lines,
    line_row,
    prints,
    summed,
    version_row,
    view,
)
from tests.chaos.corpus import Plan, make_files
from tests.chaos.iceberg_files import LakeReader
from tests.chaos.kill_chain import Chain
from tests.chaos.left_overs import account_faults, orphans
from tests.chaos.oracle import expected_state, record_counts
from tests.chaos.reader import Judge, look
from tests.chaos.victim import Order, killer

LINE = line_row("C1", 1, date(2024, 1, 5), "M1", Decimal("10.00"))
OTHER = line_row("C2", 1, date(2024, 1, 6), "M2", Decimal("20.00"))
DAY = date(2024, 2, 1)


def state(*lines: tuple[object, ...]) -> State:
    versions = Counter(version_row(DAY, line, final=True, superseded_by=None) for line in lines)
    return State(versions, final_lines(versions), summed(final_lines(versions)))


def seen(now: State, versions_then: Rows | None = None, labels: tuple[str, str] = ("7", "7")) -> View:
    return View(now, 5, *labels, versions_then, 5)


EMPTY, BEFORE, AFTER = State(), state(LINE), state(LINE, OTHER)


def complaints(*views: View) -> list[str]:
    judge = Judge([prints(one) for one in (EMPTY, BEFORE, AFTER)])
    return [judge.complaints(one) for one in views][-1]


def test_a_reader_may_see_the_state_before_and_the_state_after() -> None:
    assert complaints(seen(BEFORE, BEFORE.versions), seen(AFTER, AFTER.versions)) == []


def test_tables_of_two_runs_are_no_torn_read_while_their_labels_say_so() -> None:
    assert complaints(seen(replace(AFTER, headers=BEFORE.headers), AFTER.versions, ("7", "6"))) == []


@pytest.mark.parametrize(
    ("view_", "complaint"),
    [
        pytest.param(seen(state(OTHER)), "lines_between_states", id="half_a_batch"),
        pytest.param(
            seen(replace(AFTER, headers=BEFORE.headers)),
            "headers_differ_from_lines_of_the_same_run",
            id="headers_of_another_run",
        ),
        pytest.param(
            seen(BEFORE, AFTER.versions), "lines_differ_from_the_versions_they_show", id="lines_of_another_run"
        ),
    ],
)
def test_a_torn_read_is_told(view_: View, complaint: str) -> None:
    assert complaint in complaints(view_)


def test_a_table_that_goes_back_is_told() -> None:
    first = seen(AFTER)
    assert complaints(first, replace(first, version_sequence=4, lines_sequence=4)) == [
        "versions_went_back",
        "lines_went_back",
    ]


def test_a_row_twice_is_in_no_allowed_state() -> None:
    twice = State(AFTER.versions, AFTER.lines + Counter({LINE: 1}), AFTER.headers)
    assert "lines_between_states" in complaints(seen(twice))
    assert faults(twice, AFTER) == Faults(duplicated=1)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(BEFORE, Faults(lost=3), id="lost"),
        pytest.param(state(LINE, OTHER, line_row("C3", 1, DAY, "M3", Decimal(1))), Faults(phantom=3), id="phantom"),
        pytest.param(
            state(LINE, line_row("C2", 1, date(2024, 1, 6), "M2", Decimal("20.01"))), Faults(different=3), id="changed"
        ),
    ],
)
def test_each_kind_of_fault_is_counted_in_all_three_tables(found: State, expected: Faults) -> None:
    assert faults(found, AFTER) == expected


def test_states_of_claims_that_share_none_add_up() -> None:
    assert prints(BEFORE) + prints(state(OTHER)) == prints(AFTER)


def test_the_files_are_the_same_every_time_and_their_versions_come_in_any_order() -> None:
    files = make_files(Plan(6), seed=3)
    assert [file.text() for file in files] == [file.text() for file in make_files(Plan(6), seed=3)]
    place = {version.claim_id: number for number, file in enumerate(files) for version in file.versions}
    pairs = [(place[v.original], place[v.claim_id]) for file in files for v in file.versions if v.original]
    assert {(first > second) - (first < second) for first, second in pairs} == {-1, 0, 1}
    counts = record_counts(files)
    assert counts.broken > 0
    assert counts.read > counts.valid + counts.broken


def test_a_replacement_waits_for_nobody_and_a_void_for_its_original() -> None:
    files = make_files(Plan(6), seed=3)
    whole, halves = expected_state(files), [expected_state(files[:3]), expected_state(files[3:])]
    assert sum(half.versions.total() for half in halves) >= whole.versions.total()
    assert any(half.lines - whole.lines for half in halves)


def test_a_victim_dies_at_the_second_time_of_its_step_or_at_the_first_that_is_not_spared() -> None:
    died: list[str] = []
    at_second = killer(Order(input="", kill_at="published:2"), lambda: died.append("second"))
    at_new = killer(Order(input="", spared=frozenset({"staged"})), lambda: died.append("new"))
    for step in ("staged", "published", "staged"):
        at_second(step)
    assert died == []
    at_second("published")
    at_new("staged")
    at_new("published")
    assert died == ["second", "new"]


@pytest.fixture
def copied(killed_lake: Chain, tmp_path: Path) -> Path:
    copy = tmp_path / "lake"
    shutil.copytree(killed_lake.lake, copy)
    return copy


def change_rows(lake: Path, table: str, query: str) -> None:
    """Write the table's first data file anew, with the rows that the query makes of `rows`."""
    reader = LakeReader(lake)
    found = reader.table(table)
    assert found
    assert found.current
    data = min(path for path in found.referenced() if path.suffix == ".parquet" and "deletes" not in path.name)
    reader.close()
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE rows AS FROM read_parquet('{data}', hive_partitioning = false)")
        connection.execute(f"COPY ({query}) TO '{data}' (FORMAT parquet)")


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
    min((copied / "processed" / "medical_claim" / "data").rglob("*.parquet")).unlink()
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
