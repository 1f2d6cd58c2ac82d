"""What a run quarantined goes through the front door again: corrected or released, records and files, and once."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner, Result

from expectations.contract import load_source
from expectations.held_notes import HeldNote
from expectations.object_keys import Lake
from expectations.report import RunReport
from glue_jobs import cli
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.held_files import held_notes, hold_file, released_ids
from glue_jobs.storage.raw_zone import now, receive_files
from tests.integration.test_suites_in_a_run import add_rule
from tests.oracle.lakes import lake_of_its_own

BENCH = Path(__file__).parents[2] / "benchmarks" / "sources" / "bench_claims.json"
HEADER = (
    "claim_id,line,person_id,start,pos,units,hcpcs,modifier,rendering_npi,billing_npi,paid_date,paid,allowed,charge,"
    "coinsurance,copayment,deductible,dx1,dx2,dx3,frequency,original,received\n"
)
PROVIDERS = "npi,sender,last_updated\n"
SENDER = {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "data_source", "value_set": ["me"]}}
CANARY = "VERYSECRET"
NAME = "claims_20240201.csv"


def line(claim_id: str, paid: str = "10.00", day: str = "2024-01-15") -> str:
    return f"{claim_id},1,{CANARY},{day},11,1,G0001,,,,,{paid},,,,,,,,,1,,2024-02-01\n"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source that is never held, one that is held at more than 5 of 100, and providers that name their sender."""
    folder = tmp_path_factory.mktemp("sources")
    bench = json.loads(BENCH.read_text())
    provider = {
        "description": "Providers that only tests have: the file names the sender, or forgets to.",
        "table": "provider",
        "zone": "providers",
        "format": {"type": "csv"},
        "columns": {"npi": {"from": "npi", "required": True}, "data_source": "sender", "last_updated": "last_updated"},
    }
    declared = {
        "lenient_claims": bench | {"max_error_share": 1, "file_name_pattern": r"^claims_\d{8}\.csv"},
        "strict_claims": bench | {"max_error_share": 0.05},
        "own_providers": provider | {"max_error_share": 1},
    }
    for name, source in declared.items():
        (folder / f"{name}.json").write_text(json.dumps(source | {"name": name}))
    return folder


class Bench:
    """A lake of its own, its runs, and the command line on it."""

    def __init__(self, spark: SparkSession, root: Path, sources: Path) -> None:
        self.spark, self.root, self.sources = spark, root, sources
        self.lake = Lake(str(root))

    def land(self, source: str, name: str, content: str) -> Path:
        path = self.root / "raw" / load_source(source, self.sources).zone / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def run(self) -> RunReport:
        arguments = RunArguments(f"{self.root}/raw", str(self.root), "", str(self.sources), new_job_id(), 2, cores="1")
        return process(arguments, Telemetry(arguments.job_id))

    def requeue(self, *options: str) -> Result:
        answer = CliRunner().invoke(
            cli.app, ["requeue", "--lake", str(self.root), "--sources", str(self.sources), *options]
        )
        assert CANARY not in answer.output
        return answer

    def keys(self, table: str = "medical_claim", column: str = "claim_id") -> list[str]:
        return sorted(row[column] for row in self.spark.table(f"claims.processed.{table}").collect())

    def requeued(self) -> list[str]:
        """Names of the files that were sent through the front door again."""
        return sorted(path.name for path in (self.root / "raw").rglob("requeued/*/*"))


@pytest.fixture
def bench(spark: SparkSession, tmp_path: Path, sources: Path) -> Iterator[Bench]:
    with lake_of_its_own(spark, tmp_path / "lake") as session:
        session.conf.set("spark.sql.shuffle.partitions", "2")
        yield Bench(session, tmp_path / "lake", sources)


def written(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*.csv") if not path.name.endswith(".reasons.csv"))
    return path


def test_quarantined_records_are_listed_written_corrected_and_sent_back_once(bench: Bench, tmp_path: Path) -> None:
    broken = [line("B", day="2024-02-30"), line("C", paid="1.2.3")]
    raw = bench.land("lenient_claims", NAME, HEADER + line("A") + broken[0] + line("D") + broken[1])
    first = bench.run()
    assert bench.keys() == ["A", "D"]

    listed = bench.requeue()
    assert listed.exit_code == 0, listed.output
    assert all(text in listed.output for text in (first.run_id, "lenient_claims", "RC010", "RC011", "make requeue"))

    to = tmp_path / "to"
    answer = bench.requeue("--run", first.run_id, "--to", str(to))
    assert answer.exit_code == 0, answer.output
    assert "hold claims" in answer.output
    rows = written(to)
    assert rows.name == NAME
    assert rows.read_text() == HEADER + "".join(broken)
    with rows.with_name(f"{NAME}.reasons.csv").open() as stream:
        reasons = list(csv.DictReader(stream))
    assert [(row["line"], row["row_number"], row["rule_ids"]) for row in reasons] == [
        ("2", "3", "RC010"),
        ("3", "5", "RC011"),
    ]
    assert "claim_start_date" in reasons[0]["columns"].split()
    assert reasons[1]["columns"] == "paid_amount"
    again = bench.requeue("--run", first.run_id, "--to", str(to))
    assert again.exit_code == 1
    assert "not empty" in again.output

    rows.write_text(HEADER + line("B", day="2024-02-28"))
    answer = bench.requeue("--run", first.run_id, "--input", str(to))
    assert answer.exit_code == 0, answer.output
    assert bench.keys() == ["A", "B", "D"]
    assert bench.requeued() == [NAME]
    before = raw.read_text()
    answer = bench.requeue("--run", first.run_id, "--input", str(rows))
    assert answer.exit_code == 0, answer.output
    assert "requeued already" in answer.output
    assert bench.keys() == ["A", "B", "D"]
    assert bench.requeued() == [NAME]
    assert raw.read_text() == before
    assert "1 corrected" in " ".join(bench.requeue().output.split())

    released = bench.requeue("--run", first.run_id, "--release")
    assert released.exit_code == 1
    assert "break record rules" in released.output
    assert bench.run().status == "NOTHING_NEW"
    assert not list((bench.root / "temp").glob("claims-etl-*"))


def test_a_file_that_no_run_can_take_is_refused_before_it_lies_in_the_raw_zone(bench: Bench, tmp_path: Path) -> None:
    bench.land("lenient_claims", NAME, HEADER + line("A") + line("B", day="2024-02-30"))
    first = bench.run()
    (tmp_path / "other.csv").write_text("no,header,of,claims\n1,2,3,4\n")
    answer = bench.requeue("--run", first.run_id, "--input", str(tmp_path / "other.csv"))
    assert answer.exit_code == 1
    assert "FileRefusedError" in answer.output
    assert bench.requeued() == []
    assert not list((bench.root / "temp").glob("claims-etl-*"))
    unknown = bench.requeue("--run", "no-such-run", "--to", str(tmp_path / "to"))
    assert unknown.exit_code == 1
    assert "no quarantined records" in unknown.output


def test_records_that_break_no_record_rule_are_released_with_their_run_once(bench: Bench, tmp_path: Path) -> None:
    """The record is planted as a run leaves it that quarantines by suite rules."""
    bench.land("lenient_claims", NAME, HEADER + line("A") + line("B", day="2024-02-30"))
    first = bench.run()
    (file_id,) = (file.file_id for file in first.files)
    columns = (
        "ingest_file_id string, row_number bigint, rule_ids array<string>, columns array<string>, raw_record string"
    )
    planted = [(file_id, 9, ["MC003", "RC017"], ["data_source"], line("E").rstrip("\n"))]
    place = f"{bench.lake.quarantine(first.run_id)}/source=lenient_claims"
    bench.spark.createDataFrame(planted, columns).coalesce(1).write.mode("append").parquet(place)

    answer = bench.requeue("--run", first.run_id, "--release")
    assert answer.exit_code == 0, answer.output
    assert bench.keys() == ["A", "E"]
    assert len(released_ids(bench.lake)) == 1
    again = bench.requeue("--run", first.run_id, "--release")
    assert again.exit_code == 0, again.output
    assert "requeued already" in again.output
    assert len(bench.requeued()) == 1
    answer = bench.requeue("--run", first.run_id, "--to", str(tmp_path / "to"))
    assert answer.exit_code == 0, answer.output
    assert written(tmp_path / "to").read_text() == HEADER + line("B", day="2024-02-30")


def test_a_held_file_is_listed_released_and_published_once(bench: Bench) -> None:
    """Held by hand, as a run holds it."""
    raw = bench.land("lenient_claims", NAME, HEADER + line("A") + line("B", day="2024-02-30"))
    ((file,), _) = receive_files(str(raw), "", bench.lake.temp("test"), sources_folder=bench.sources)
    note = HeldNote(
        file_id=file.file_id,
        source="lenient_claims",
        original_uri=str(raw),
        original_name=NAME,
        run_id="run-1",
        held_at=now(),
        total_records=2,
        error_records=1,
        max_error_share=0.05,
        broken_rules={"RC010": 1},
    )
    hold_file(bench.lake, file, note)
    raw.unlink()  # a sender may clear away; what is held stays
    listed = bench.requeue()
    assert listed.exit_code == 0, listed.output
    assert all(text in listed.output for text in (file.file_id, "50.0", "RC010"))
    answer = bench.requeue("--file", file.file_id)
    assert answer.exit_code == 0, answer.output
    assert bench.keys() == ["A"]
    (after,) = held_notes(bench.lake)
    assert after.released_at
    assert after.released_run
    again = bench.requeue("--file", file.file_id)
    assert again.exit_code == 0, again.output
    assert "requeued already" in again.output
    assert bench.requeued() == [NAME]
    unknown = bench.requeue("--file", "f" * 32)
    assert unknown.exit_code == 1
    assert "no file of the id" in unknown.output


def held(report: RunReport) -> list[str]:
    return [file.file for file in report.files if str(file.status) == "held"]


def test_a_run_holds_a_file_with_too_many_errors_until_it_is_released(bench: Bench) -> None:
    bench.land("strict_claims", NAME, HEADER + line("A") + line("B", day="2024-02-30"))
    report = bench.run()
    assert held(report) == [NAME]
    (note,) = held_notes(bench.lake)
    assert (note.total_records, note.error_records, note.broken_rules["RC010"]) == (2, 1, 1)
    assert (bench.root / f"quarantine/held/{note.file_id}/{NAME}").read_text().startswith(HEADER)
    assert bench.requeue("--file", note.file_id).exit_code == 0
    assert bench.keys() == ["A"]
    assert held(bench.run()) == []
    assert bench.keys() == ["A"]


def test_a_run_quarantines_by_suite_rules_and_released_records_pass_them(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rule(monkeypatch, tmp_path / "suites", SENDER)
    bench.land("own_providers", "own.csv", PROVIDERS + "1234567893,me,2021-10-12\n1679576722,you,2021-10-12\n")
    report = bench.run()
    assert bench.keys("provider", "npi") == ["1234567893"]
    assert "PR900" in bench.requeue().output
    answer = bench.requeue("--run", report.run_id, "--release")
    assert answer.exit_code == 0, answer.output
    assert bench.keys("provider", "npi") == ["1234567893", "1679576722"]
    assert bench.run().status == "NOTHING_NEW"
