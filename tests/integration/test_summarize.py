"""Derived tables after late corrections, moves, voids, a late member and an undone run are those of a rebuild."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from expectations.errors import ArgumentError
from expectations.object_keys import Lake
from expectations.report import RunReport
from glue_jobs.derivations import Derivation
from glue_jobs.jobs import summarize_claims
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.jobs.summarize_claims import (
    SummariesReport,
    SummarizeArguments,
    in_order,
    main,
    read_summarize_arguments,
    summarize,
)
from glue_jobs.jobs.undo_run import undo_run
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from tests.derived.tiny_derivations import MONTHS, PERSONS, TINY, YEARS, contract_with_tiny_tables, rows_of, telling
from tests.oracle.lakes import lake_of_its_own

BENCH = Path(__file__).parents[2] / "benchmarks" / "sources" / "bench_claims.json"
MEMBERS = {
    "name": "tiny_members",
    "description": "Members for tests of derived tables.",
    "table": "eligibility",
    "zone": "patients",
    "format": {"type": "csv"},
    "constants": {"data_source": "bench", "payer": "bench health", "plan": "bench plan"},
    "columns": {
        "person_id": "person_id",
        "member_id": "person_id",
        "gender": "gender",
        "birth_date": "born",
        "enrollment_start_date": "start",
        "enrollment_end_date": "end",
    },
}
CLAIM_HEADER = (
    "claim_id,line,person_id,start,pos,units,hcpcs,modifier,rendering_npi,billing_npi,paid_date,paid,allowed,charge,"
    "coinsurance,copayment,deductible,dx1,dx2,dx3,frequency,original,received\n"
)
MEMBER_HEADER = "person_id,gender,born,start,end\n"


def claim(claim_id: str, person: str, day: str, paid: str, corrects: str = "1,") -> str:
    """A row of the file; `corrects`: frequency code and the claim that it is about."""
    return f"{claim_id},1,{person},{day},11,1,G0001,,,,,{paid},,,,,,,,,{corrects},2024-06-01\n"


def run(folder: Path, name: str, claims: str, members: str) -> RunReport:
    sources, raw = folder / "sources", folder / name / "raw"
    sources.mkdir(exist_ok=True)
    (sources / BENCH.name).write_bytes(BENCH.read_bytes())
    (sources / "tiny_members.json").write_text(json.dumps(MEMBERS))
    for place, content in {
        f"claims/bench_claims/{name}.csv": CLAIM_HEADER + claims,
        f"patients/tiny_members/{name}.csv": MEMBER_HEADER + members,
    }.items():
        (raw / place).parent.mkdir(parents=True)
        (raw / place).write_text(content)
    lake = str(folder / "lake")
    arguments = RunArguments(str(raw), lake, "", str(sources), job_id=new_job_id(), cores="1", partitions=2)
    report = process(arguments, Telemetry(arguments.job_id))
    assert report.status == "SUCCEEDED"
    return report


def summarized(folder: Path, derived: tuple[Derivation, ...] = TINY, *, rebuild: bool = False) -> SummariesReport:
    arguments = SummarizeArguments(str(folder / "lake"), new_job_id(), rebuild=rebuild)
    return summarize(arguments, Telemetry(arguments.job_id), derived)


def parts(report: SummariesReport) -> Mapping[str, str]:
    assert report.succeeded
    return {table.table: table.parts for table in report.tables}


def content(spark: SparkSession) -> Mapping[str, object]:
    return {one.table: rows_of(spark, one.table) for one in TINY}


@pytest.fixture
def own(spark: SparkSession, tmp_path: Path) -> Iterator[SparkSession]:
    with contract_with_tiny_tables(tmp_path / "contract"), lake_of_its_own(spark, tmp_path / "lake") as session:
        yield session


def test_after_corrections_a_late_member_and_an_undone_run_tables_are_those_of_a_rebuild(
    own: SparkSession, tmp_path: Path
) -> None:
    everything = dict.fromkeys((one.table for one in TINY), "everything")
    originals = [
        claim("A", "P1", "2024-01-15", "10.00"),
        claim("B", "P2", "2024-01-20", "20.00"),
        claim("C", "P1", "2024-03-05", "30.00"),
        claim("D", "P3", "2023-11-30", "40.00"),
        claim("E", "P4", "2023-12-30", "50.00"),
    ]
    run(tmp_path, "first", "".join(originals), "P1,female,1950-01-01,2023-01-01,2024-12-31\n")
    assert parts(summarized(tmp_path)) == everything
    first = content(own)
    assert {(row[0], row[1], str(row[2])) for row in rows_of(own, "paid_by_year")} == {
        ("2023", 2, "90.00"),
        ("2024", 3, "60.00"),
    }
    # A moves to February, B is voided, F is new in March; of P3, whose claim stays as it is, the member comes late
    corrections = [
        claim("G", "P1", "2024-02-20", "11.00", "7,A"),
        claim("H", "P2", "2024-01-20", "0.00", "8,B"),
        claim("F", "P2", "2024-03-07", "5.00"),
    ]
    late = run(tmp_path, "late", "".join(corrections), "P3,male,1960-01-01,2023-01-01,2024-12-31\n")
    assert parts(summarized(tmp_path)) == {
        "line_with_gender": "4 months",  # January, February, March; November of P3
        "paid_by_person": "2 persons",
        "paid_by_person_month": "2 persons",
        "paid_by_month": "4 months",
        "paid_by_year": "everything",
    }
    assert {(row[0], row[1], str(row[2])) for row in rows_of(own, "paid_by_year")} == {
        ("2023", 2, "90.00"),
        ("2024", 3, "46.00"),
    }
    corrected = content(own)
    assert parts(summarized(tmp_path, rebuild=True)) == everything
    assert content(own) == corrected != first
    undo_run(own, Lake(str(tmp_path / "lake")), late.run_id, "undo-1")
    assert parts(summarized(tmp_path))["line_with_gender"] == "4 months"
    assert content(own) == first
    assert parts(summarized(tmp_path, rebuild=True)) == everything
    assert content(own) == first
    assert set(parts(summarized(tmp_path)).values()) == {"up to date"}
    assert not list((tmp_path / "lake" / "temp").glob("claims-etl-*"))
    in_aggregations = list((tmp_path / "lake" / "processed" / "aggregations" / "paid_by_month").rglob("*.parquet"))
    assert in_aggregations
    assert not list((tmp_path / "lake" / "processed" / "paid_by_month").rglob("*.parquet"))


def test_a_table_that_fails_is_told_without_a_value_and_the_others_are_made(own: SparkSession, tmp_path: Path) -> None:
    run(tmp_path, "first", claim("SECRET17", "P1", "2024-01-15", "10.00"), "")
    faulty = telling(PERSONS)
    report = summarized(tmp_path, (faulty, *(one for one in TINY if one is not PERSONS)))
    assert not report.succeeded
    assert {table.table for table in report.tables if table.error} == {"paid_by_person"}
    assert rows_of(own, "paid_by_year")
    written = (tmp_path / "lake" / "validation-reports" / f"{report.name}.json").read_text()
    assert "SECRET17" not in written
    assert json.loads(written)["succeeded"] is False
    assert summarized(tmp_path).succeeded


def test_tables_come_after_those_that_they_are_made_of_and_bring_them_along() -> None:
    names = [one.table for one in in_order(TINY)]
    assert sorted(names) == sorted(one.table for one in TINY)
    assert names.index("line_with_gender") < names.index("paid_by_month") < names.index("paid_by_year")
    assert [one.table for one in in_order(TINY, ["paid_by_year"])] == [
        "line_with_gender",
        MONTHS.table,
        YEARS.table,
    ]
    with pytest.raises(ArgumentError, match=r"1 of the tables are not made of others; cure: .*paid_by_year"):
        in_order(TINY, ["medical_claim", "paid_by_year"])


def test_the_jobs_arguments_are_read_and_a_wrong_one_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = read_summarize_arguments(
        ["job", "--lake", "s3://lake/", "--tables", "pmpm, denial", "--rebuild=true", "--JOB_NAME", "x"]
    )
    assert (arguments.lake, arguments.tables, arguments.rebuild, arguments.on_glue) == (
        "s3://lake",
        ("pmpm", "denial"),
        True,
        True,
    )
    assert main(["job", "--lake", "lake", "--rebuild", "yes"]) == 1
    assert main(["job", "--lake", "lake", "--tables", "medical_claim"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == ["ArgumentError", "ArgumentError"]
    assert summarize_claims.DEFAULTS["rebuild"] == ""
