"""The warehouse's procedure on PostgreSQL: after every load its tables are the published ones, whatever came before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from expectations.contract import load_table
from expectations.object_keys import Lake
from expectations.report import RunReport
from expectations.warehouse_sql import LINES, LOADED, LoadedTable
from glue_jobs.jobs.undo_run import undo_run
from tests.integration.test_undo import CORRECTIONS, HEADER, ORIGINALS, line, run
from tests.oracle.lakes import lake_of_its_own
from tests.oracle.postgres import Postgres, postgres_tools, running_postgres

STATEMENTS = Path(__file__).parents[2] / "expectations" / "warehouse"
IN_ORDER = ("schema", "load_run", "grant_usage", "grant_load")
WAREHOUSE = tuple(name for names in LOADED.values() for name in names)
READ = (*WAREHOUSE, "medical_claim_version", "ingest_audit")
MEDICAL = (*LOADED[LINES], "medical_claim_version", "ingest_audit")
MORE = HEADER + line("F", "7.00", "2024-04-01") + line("G", "6.00", "2024-04-01", "7,A", "2024-03-03")

pytestmark = pytest.mark.skipif(postgres_tools() is None, reason="PostgreSQL is not installed: loads are not tried")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    tools = postgres_tools()
    assert tools
    with running_postgres(tools) as postgres:
        yield postgres


@pytest.fixture
def postgres(server: Postgres) -> Postgres:
    """The warehouse as Terraform makes it, with empty tables where the published ones are read."""
    server.run("DROP SCHEMA IF EXISTS claims CASCADE; DROP SCHEMA IF EXISTS lake CASCADE; CREATE SCHEMA lake;")
    for name in READ:
        columns = ", ".join(f"{column.name} {column.type}" for column in LoadedTable.of(load_table(name)).columns)
        # texts that are published have no length
        server.run(f"CREATE TABLE lake.{name} ({columns.replace('VARCHAR(1024)', 'TEXT')});")
    for name in IN_ORDER:
        server.run((STATEMENTS / f"{name}.sql").read_text())
    return server


def publish(postgres: Postgres, spark: SparkSession) -> None:
    """Let the published tables be what the lake has now."""
    for name in MEDICAL:
        columns = load_table(name).column_names
        rows = spark.table(f"claims.processed.{name}").select(*columns).collect()
        postgres.fill(f"lake.{name}", columns, rows)


def load(postgres: Postgres, table: str, run_id: str) -> None:
    postgres.run(f"CALL claims.load_run('{table}', '{run_id}');")


def differences(postgres: Postgres, table: str) -> int:
    """Rows that only one of the two has, duplicates counted."""
    ours, theirs = f"TABLE claims.{table}", f"TABLE lake.{table}"
    return len(postgres.run(f"({ours} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL {ours});"))


def is_equal(postgres: Postgres) -> bool:
    return [differences(postgres, name) for name in LOADED[LINES]] == [0, 0]


def claims(postgres: Postgres) -> set[str]:
    return {row[0] for row in postgres.run("SELECT claim_id FROM claims.medical_claim;")}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_loads_by_run_leave_what_is_published_through_corrections_and_an_undo(
    postgres: Postgres, spark: SparkSession, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    with lake_of_its_own(spark, lake) as session:

        def published(content: str, name: str) -> RunReport:
            report = run(lake, content, name)
            assert [table.table for table in report.tables] == [LINES]
            publish(postgres, session)
            return report

        originals = published(ORIGINALS, "originals")
        load(postgres, LINES, originals.run_id)
        assert (claims(postgres), is_equal(postgres)) == ({"A", "B"}, True)

        # C takes A's place in another month, D voids B
        corrections = published(CORRECTIONS, "corrections")
        load(postgres, LINES, corrections.run_id)
        assert (claims(postgres), is_equal(postgres)) == ({"C", "E"}, True)

        for report in (corrections, originals):
            load(postgres, LINES, report.run_id)
            assert is_equal(postgres)

        # nobody loads after an undo: the next load does
        undo_run(session, Lake(str(lake)), corrections.run_id, "undo-1")
        more = published(MORE, "more")
        assert not is_equal(postgres)
        load(postgres, LINES, more.run_id)
        assert (claims(postgres), is_equal(postgres)) == ({"B", "F", "G"}, True)

        # a table that the contract has changed is made and filled anew
        postgres.run("UPDATE claims.made_table SET columns_sha256 = 'of an earlier contract';")
        postgres.run("ALTER TABLE claims.medical_claim DROP COLUMN paid_amount;")
        load(postgres, LINES, more.run_id)
        assert is_equal(postgres)


def survive(postgres: Postgres, **run_by_claim: str) -> None:
    """Let these claims be the ones that survive, each with the run that published it."""
    for name in LOADED[LINES]:
        rows = [("s", claim_id, run_id) for claim_id, run_id in run_by_claim.items()]
        postgres.fill(f"lake.{name}", ("data_source", "claim_id", "ingest_run_id"), rows)


def test_claims_are_loaded_as_their_versions_are_resolved(postgres: Postgres) -> None:
    versions = ("data_source", "claim_id", "ingest_run_id", "resolved_run_id")
    postgres.fill("lake.medical_claim_version", versions, [("s", "A", "r1", "r1"), ("s", "B", "r1", "r1")])
    survive(postgres, A="r1", B="r1")
    audited(postgres, LINES, ("r1", "published", ""))
    load(postgres, LINES, "r1")
    assert (claims(postgres), is_equal(postgres)) == ({"A", "B"}, True)
    # r2 replaces A by C, and u1 takes that back; B's row is the same all the time
    both = [("s", "A", "r1", "r2"), ("s", "B", "r1", "r1"), ("s", "C", "r2", "r2")]
    postgres.fill("lake.medical_claim_version", versions, both)
    survive(postgres, B="r1", C="r2")
    audited(postgres, LINES, ("r1", "published", ""), ("r2", "published", ""))
    load(postgres, LINES, "r2")
    assert (claims(postgres), is_equal(postgres)) == ({"B", "C"}, True)
    postgres.fill("lake.medical_claim_version", versions, [("s", "A", "r1", "u1"), ("s", "B", "r1", "r1")])
    survive(postgres, A="r1", B="r1")
    audited(postgres, LINES, *[(one, "published", "") for one in ("r1", "r2")], ("u1", "undone", "r2"))
    load(postgres, LINES, "")
    assert (claims(postgres), is_equal(postgres)) == ({"A", "B"}, True)


BY_RUN = tuple(name for name in LOADED if name != LINES)


def audited(postgres: Postgres, table: str, *rows: tuple[str, str, str]) -> None:
    """Accounts of runs: run, status, and of an undone one the run that is taken back."""
    columns = ("run_id", "status", "reason", "target_table")
    postgres.fill("lake.ingest_audit", columns, [(*row, table) for row in rows])


@pytest.mark.parametrize("table", BY_RUN)
def test_rows_that_never_change_are_loaded_run_by_run_and_taken_back_with_their_run(
    table: str, postgres: Postgres
) -> None:
    columns = ("record_hash", "ingest_run_id")
    audited(postgres, table, ("r1", "published", ""), ("r2", "published", ""), ("r2", "refused", "not_utf8"))
    postgres.fill(f"lake.{table}", columns, [("a", "r1"), ("a", "r1"), ("b", "r2")])
    for _ in range(2):
        # the load of r1 never was
        load(postgres, table, "r2")
        assert differences(postgres, table) == 0
    audited(postgres, table, *[(one, "published", "") for one in ("r1", "r2", "r3")], ("u1", "undone", "r2"))
    postgres.fill(f"lake.{table}", columns, [("a", "r1"), ("a", "r1"), ("c", "r3")])
    load(postgres, table, "r3")
    assert differences(postgres, table) == 0
    assert len(postgres.run(f"TABLE claims.{table};")) == 3


def test_a_load_touches_no_other_table(postgres: Postgres) -> None:
    audited(postgres, "provider", ("r1", "published", ""))
    postgres.fill("lake.provider", ("record_hash", "ingest_run_id"), [("a", "r1")])
    load(postgres, "eligibility", "r1")
    assert postgres.run("SELECT count(*) FROM claims.provider;") == [["0"]]
    load(postgres, "provider", "r1")
    assert postgres.run("SELECT count(*) FROM claims.provider;") == [["1"]]


def test_a_load_that_fails_changes_nothing(postgres: Postgres) -> None:
    audited(postgres, "provider", ("r1", "published", ""))
    postgres.fill("lake.provider", ("record_hash", "ingest_run_id"), [("x" * 1025, "r1")])
    with pytest.raises(AssertionError, match="too long"):
        load(postgres, "provider", "r1")
    postgres.fill("lake.provider", ("record_hash", "ingest_run_id"), [("a", "r1")])
    load(postgres, "provider", "r1")
    assert differences(postgres, "provider") == 0


def test_a_table_that_is_not_loaded_is_refused(postgres: Postgres) -> None:
    with pytest.raises(AssertionError, match="no table of this name"):
        load(postgres, "code_set", "r1")


def test_whoever_loads_may_load_and_read_nothing(postgres: Postgres) -> None:
    audited(postgres, "provider", ("r1", "published", ""))
    postgres.fill("lake.provider", ("record_hash", "ingest_run_id"), [("a", "r1")])
    postgres.run("DROP ROLE IF EXISTS loader; CREATE ROLE loader;")
    postgres.run("SET ROLE loader; CALL claims.load_run('provider', 'r1');")
    assert postgres.run("SELECT count(*) FROM claims.provider;") == [["1"]]
    for table in ("claims.provider", "lake.provider", "claims.loaded_run"):
        with pytest.raises(AssertionError, match="permission denied"):
            postgres.run(f"SET ROLE loader; TABLE {table};")
