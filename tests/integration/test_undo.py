"""A run undone, a run that died between its tables and its audit, and two runs that want the same table."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

from expectations.contract import load_table
from expectations.errors import ArgumentError, SchemaError
from expectations.object_keys import Lake
from expectations.report import RunReport
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.jobs.undo_run import undo_run
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.claim_tables import shown_state
from glue_jobs.storage.steps import LISTENERS
from glue_jobs.storage.tables import create_table
from tests.oracle.lakes import lake_of_its_own

SOURCES = Path(__file__).parents[2] / "benchmarks" / "sources"
TABLES = ("medical_claim_version", "medical_claim", "medical_claim_header")
HEADER = (
    "claim_id,line,person_id,start,pos,units,hcpcs,modifier,rendering_npi,billing_npi,paid_date,paid,allowed,charge,"
    "coinsurance,copayment,deductible,dx1,dx2,dx3,frequency,original,received\n"
)
Content = dict[str, Counter[tuple[object, ...]]]


def line(claim_id: str, paid: str, received: str, corrects: str = "1,", day: str = "2024-01-15") -> str:
    """A row of the file; `corrects`: frequency code and the claim that it is about."""
    return f"{claim_id},1,P1,{day},11,1,G0001,,,,,{paid},,,,,,,,,{corrects},{received}\n"


ORIGINALS = HEADER + line("A", "10.00", "2024-02-01") + line("B", "20.00", "2024-02-01")
CORRECTIONS = (
    HEADER
    + line("C", "11.00", "2024-03-01", "7,A", "2024-02-20")
    + line("D", "0.00", "2024-03-01", "8,B")
    + line("E", "5.00", "2024-03-01")
)


def run(lake: Path, content: str, name: str) -> RunReport:
    folder = lake.parent / f"{lake.name}-input" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text(content)
    arguments = RunArguments(
        str(folder), str(lake), "bench_claims", str(SOURCES), job_id=new_job_id(), cores="1", partitions=2
    )
    return process(arguments, Telemetry(arguments.job_id))


def content(spark: SparkSession) -> Content:
    """Rows by table, without the run that last touched them."""
    return {name: Counter(_facts(row) for row in spark.table(f"claims.processed.{name}").collect()) for name in TABLES}


def _facts(row: Row) -> tuple[object, ...]:
    return tuple(value for name, value in row.asDict().items() if name not in ("resolved_run_id", "ingest_datetime"))


def paid(spark: SparkSession) -> dict[str, str]:
    return {row["claim_id"]: str(row["paid_amount"]) for row in spark.table("claims.processed.medical_claim").collect()}


def same_state(spark: SparkSession) -> bool:
    shown = {shown_state(spark, f"claims.processed.{name}") for name in TABLES[1:]}
    return len(shown) == 1 and "" not in shown


def test_a_run_is_undone_with_all_that_it_changed_and_its_file_can_come_again(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    with lake_of_its_own(spark, lake) as session:
        run(lake, ORIGINALS, "originals")
        before = content(session)
        corrected = run(lake, CORRECTIONS, "corrections")
        after = content(session)
        assert paid(session) == {"C": "11.00", "E": "5.00"}
        assert corrected.versions.superseded_versions == 2
        taken = undo_run(session, Lake(str(lake)), corrected.run_id, "undo-1")
        assert taken == {"medical_claim_version": 3}
        assert content(session) == before
        assert same_state(session)
        audit = session.table("claims.processed.ingest_audit").where("run_id = 'undo-1'").collect()
        assert [(row["status"], row["reason"]) for row in audit] == [("undone", corrected.run_id)]
        undo_run(session, Lake(str(lake)), corrected.run_id, "undo-2")
        assert content(session) == before
        again = run(lake, CORRECTIONS, "corrections")
        assert again.status == "SUCCEEDED"
        assert Counter(dict.fromkeys(paid(session), 1)) == Counter({"C": 1, "E": 1})
        assert {name: sum(rows.values()) for name, rows in content(session).items()} == {
            name: sum(rows.values()) for name, rows in after.items()
        }


def test_a_run_on_which_a_later_one_relies_is_not_undone_and_no_run_at_all_is_an_error(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    with lake_of_its_own(spark, lake) as session:
        first = run(lake, ORIGINALS, "originals")
        second = run(lake, ORIGINALS + line("X", "1.00", "2024-02-02"), "more")
        assert second.records_resent == 2
        with pytest.raises(ArgumentError, match=second.run_id):
            undo_run(session, Lake(str(lake)), first.run_id, "undo-1")
        with pytest.raises(ArgumentError, match="published nothing"):
            undo_run(session, Lake(str(lake)), "no-such-run", "undo-1")
        undo_run(session, Lake(str(lake)), second.run_id, "undo-2")
        undo_run(session, Lake(str(lake)), first.run_id, "undo-3")
        assert all(not rows for rows in content(session).values())


class Killed(BaseException):
    """Stands for SIGKILL: no handler of the job may catch it."""


@contextmanager
def told_of_steps(listener: Callable[[str], None]) -> Iterator[None]:
    LISTENERS.append(listener)
    try:
        yield
    finally:
        LISTENERS.remove(listener)


@contextmanager
def before_it_publishes(act: Callable[[], object]) -> Iterator[None]:
    """Acts once, when the run inside has staged its versions and not published them."""
    done: list[str] = []

    def listen(step: str) -> None:
        if step == "staged medical_claim_version" and not done:
            done.append(step)
            act()

    with told_of_steps(listen):
        yield
    assert done


@pytest.mark.parametrize(
    "step", ["published medical_claim_version", "published medical_claim", "publishing ingest_audit"]
)
def test_what_a_dead_run_left_undone_is_done_by_the_next_run_whatever_its_files(
    spark: SparkSession, tmp_path: Path, step: str
) -> None:
    lake = tmp_path / "lake"

    def die(reached: str) -> None:
        if reached == step:
            raise Killed

    with lake_of_its_own(spark, lake) as session:
        with told_of_steps(die), pytest.raises(Killed):
            run(lake, ORIGINALS, "originals")
        if step == "published medical_claim":
            assert not same_state(session)
        report = run(lake, CORRECTIONS, "corrections")
        assert report.status == "SUCCEEDED"
        assert paid(session) == {"C": "11.00", "E": "5.00"}
        assert same_state(session)
        audit = session.table("claims.processed.ingest_audit").where(F.col("status") == "published").collect()
        assert sorted(row["records_accepted"] for row in audit) == [2, 3]
        assert run(lake, ORIGINALS, "originals").status == "NOTHING_NEW"
        assert not list((lake / "journal").glob("*.json"))


def test_of_two_runs_on_one_table_the_later_one_builds_on_the_earlier(spark: SparkSession, tmp_path: Path) -> None:
    lake = tmp_path / "lake"

    def another_run() -> None:
        run(lake, CORRECTIONS + ORIGINALS.splitlines(keepends=True)[1], "corrections")

    with lake_of_its_own(spark, lake) as session:
        with before_it_publishes(another_run):
            late = run(lake, ORIGINALS, "originals")
        assert late.records_resent == 1
        assert late.records_accepted == 1
        assert paid(session) == {"C": "11.00", "E": "5.00"}
        versions = session.table("claims.processed.medical_claim_version")
        assert Counter(row["claim_id"] for row in versions.collect()) == Counter("ABCDE")
        assert same_state(session)


def test_a_file_that_another_run_publishes_meanwhile_is_known_after_all(spark: SparkSession, tmp_path: Path) -> None:
    lake = tmp_path / "lake"

    with lake_of_its_own(spark, lake) as session:
        run(lake, CORRECTIONS, "corrections")
        with before_it_publishes(lambda: run(lake, ORIGINALS, "originals")):
            late = run(lake, ORIGINALS, "originals")
        assert [file.status for file in late.files] == ["known"]
        assert late.records_read == 0
        published = session.table("claims.processed.ingest_audit").where("status = 'published'")
        assert published.count() == published.select("file_id").distinct().count() == 2


def test_a_lake_of_a_release_before_versions_is_refused_with_the_cure(spark: SparkSession, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    with lake_of_its_own(spark, lake) as session:
        name = create_table(session, load_table("medical_claim_version"))
        session.table(name).limit(0).writeTo(name).append()
        with pytest.raises(SchemaError, match=r"before versions were resolved; .*cure: take a new lake"):
            run(lake, ORIGINALS, "originals")


def test_stored_lines_are_read_though_the_contract_got_a_column_since(spark: SparkSession, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    with lake_of_its_own(spark, lake) as session:
        run(lake, ORIGINALS, "originals")
        session.sql("ALTER TABLE claims.processed.medical_claim_version ADD COLUMNS (added_later string)")
        run(lake, CORRECTIONS, "corrections")
        assert paid(session) == {"C": "11.00", "E": "5.00"}
        assert session.table("claims.processed.medical_claim_version").where("added_later IS NULL").count() == 5
