"""`make run` from the outside: the sample, a second run, the user's files, wrong input, and what a crash leaves."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from typer.testing import CliRunner

from expectations.contract import source_of_key
from expectations.report import RunReport
from expectations.rules import load_rules
from expectations.validate_file import validate_file
from glue_jobs import cli
from glue_jobs.jobs import process_medical_claims, publish_loads
from glue_jobs.jobs.audit_table import AuditArguments, audit_table
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.members.member_months import member_months
from glue_jobs.quality.balance import Published
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.named_queries import answer_named
from glue_jobs.runtime.sample import SampleFacts, write_sample
from glue_jobs.runtime.telemetry import Telemetry
from tests.oracle.lakes import lake_of_its_own

CLAIM = (
    "npi,entity_type_code,entity_type_description,primary_taxonomy_code,primary_specialty_description,practice_state,"
)
HEADER = CLAIM + "last_updated,deactivation_date,deactivation_flag\n"
ROW = "1234567893,1,Individual,207N00000X,Dermatology,CO,2021-10-12,,0\n"


def run(input_uri: Path, lake: Path, source: str = "") -> RunReport:
    job_id = new_job_id()
    return process(RunArguments(input=str(input_uri), lake=str(lake), source=source, job_id=job_id), Telemetry(job_id))


def open_raw(path: Path) -> BinaryIO:
    return path.open("rb")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[SampleFacts, Path]:
    folder = tmp_path_factory.mktemp("sample")
    return write_sample(folder, claim_lines=2000), folder


@pytest.fixture(scope="module")
def first(spark: SparkSession, planted: tuple[SampleFacts, Path], lake: Path) -> RunReport:
    del spark
    return run(planted[1] / "raw", lake)


def test_what_is_published_is_a_tuva_input_layer_with_our_money(spark: SparkSession, first: RunReport) -> None:
    assert first.lines_published
    lines = answer_named(spark, "tuva_medical_claim", {})
    key = F.countDistinct("data_source", "claim_id", "claim_line_number").alias("keys")
    told = lines.agg(F.count("*").alias("rows"), key, F.sum("paid_amount"), F.sum("charge_amount")).first()
    header = spark.table("medical_claim_header").agg(F.sum("line_count"), F.sum("paid_amount"), F.sum("charge_amount"))
    assert told is not None
    assert told["rows"] == told["keys"] > 0
    assert (told["rows"], *told[2:]) == tuple(header.first() or ())


def test_the_account_of_the_sample_is_what_was_planted(first: RunReport, planted: tuple[SampleFacts, Path]) -> None:
    facts = planted[0]
    broken: Counter[str] = Counter()
    for file in facts.files:
        broken.update(file.quarantined)
    assert first.balanced
    assert first.records_read == facts.records
    assert first.records_resent == sum(file.resent for file in facts.files)
    assert first.lines_published == facts.lines
    assert first.money.published == sum(file.paid for file in facts.files)
    found: Counter[str] = Counter()
    for rule in first.broken_rules:
        found[rule.rule_id] += rule.records
    assert Counter({rule_id: count for rule_id, count in found.items() if rule_id.startswith("RC")}) == broken
    by_name = {file.file: file for file in first.files}
    for file in facts.files:
        outcome = by_name[file.path.name]
        assert (outcome.records_read, outcome.records_accepted) == (file.records, file.accepted), file.path.name


def test_the_job_counts_the_broken_rules_of_each_source_as_they_are_counted_without_spark(
    first: RunReport, planted: tuple[SampleFacts, Path]
) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for file in planted[0].files:
        source = source_of_key(str(file.path))
        found = validate_file(partial(open_raw, file.path), file.path.name, source, load_rules(source.table))
        counted.update({(source.name, rule.rule_id): rule.records for rule in found.rules})
    assert {key for _, key in counted} & {"MC079", "RC010"} == {"MC079", "RC010"}
    assert {(rule.source, rule.rule_id): rule.records for rule in first.broken_rules} == counted


def test_most_claims_of_the_sample_are_of_members_enrolled_in_their_month_and_plan(
    spark: SparkSession, first: RunReport
) -> None:
    own = F.col("ingest_run_id") == first.run_id
    key = ("data_source", "person_id", "payer", "plan", "year_month")
    months = member_months(spark.table("claims.processed.eligibility").where(own)).select(*key).distinct()
    for name in ("medical_claim", "pharmacy_claim"):
        claims = spark.table(f"claims.processed.{name}").where(own).withColumn("year_month", F.concat("year", "month"))
        assert 0.85 < claims.join(months, on=list(key), how="semi").count() / claims.count() < 1, name


def test_a_second_run_publishes_nothing_twice(
    spark: SparkSession, first: RunReport, planted: tuple[SampleFacts, Path], lake: Path
) -> None:
    before = spark.table("claims.processed.medical_claim").count()
    second = run(planted[1] / "raw", lake)
    assert second.status == "NOTHING_NEW"
    assert {file.status for file in second.files} == {"known"}
    assert spark.table("claims.processed.medical_claim").count() == before
    audit = spark.table("claims.processed.ingest_audit").where(F.col("run_id").isin(first.run_id, second.run_id))
    assert {tuple(row) for row in audit.groupBy("status").count().collect()} == {("published", 9), ("known", 9)}


def test_data_files_lie_under_year_and_month_and_are_few(spark: SparkSession, first: RunReport) -> None:
    files = [row[0] for row in spark.sql("SELECT file_path FROM claims.processed.medical_claim.files").collect()]
    assert all(
        re.search(r"/processed/medical_claim/data/year=\d{4}/month=\d{2}/[^/]+\.parquet$", path) for path in files
    )
    per_run = spark.table("claims.processed.medical_claim").where(F.col("ingest_run_id") == first.run_id)
    written = per_run.select("year", "month", F.input_file_name().alias("file")).distinct()
    assert written.count() == written.select("year", "month").distinct().count() == 12


def test_quarantined_rows_name_the_line_of_their_file_and_keep_its_text(
    spark: SparkSession, first: RunReport, planted: tuple[SampleFacts, Path], lake: Path
) -> None:
    plain = {path.name: path for path in planted[0].paths if path.suffix == ".csv"}
    rows = spark.read.parquet(f"{lake}/quarantine/records/run_id={first.run_id}").where(
        F.col("file_name").isin(list(plain))
    )
    found = rows.collect()
    assert found
    for row in found:
        lines = plain[row["file_name"]].read_bytes().decode().split("\n")
        text = row["raw_record"].split("\n")[0]
        assert lines[row["row_number"] - 1].rstrip("\r") == text.rstrip("\r")


def test_the_report_is_written_as_a_page_and_as_json_and_nothing_stays_in_temp(first: RunReport, lake: Path) -> None:
    folder = lake / "validation-reports"
    assert RunReport.from_json((folder / f"{first.run_id}.json").read_text()) == first
    assert "<svg" in (folder / f"{first.run_id}.html").read_text()
    assert not (lake / "temp" / first.run_id).exists()


def test_no_value_of_a_claim_stands_in_the_report(spark: SparkSession, first: RunReport, lake: Path) -> None:
    row = spark.table("claims.processed.medical_claim").where(F.col("ingest_run_id") == first.run_id).first()
    assert row is not None
    page = (lake / "validation-reports" / f"{first.run_id}.html").read_text()
    for name in ("claim_id", "member_id", "person_id", "billing_npi", "diagnosis_code_1"):
        assert str(row[name]) not in page, name


def test_a_published_table_is_held_against_its_rules_and_its_page_holds_counts_only(
    spark: SparkSession, first: RunReport, lake: Path
) -> None:
    arguments = AuditArguments(str(lake), "medical_claim", new_job_id())
    outcome = audit_table(arguments, Telemetry(arguments.audit_id))
    lines = spark.table("claims.processed.medical_claim")
    assert outcome.rows == lines.count() > 0 < first.lines_published
    assert [one.rule_id for one in outcome.outcomes] == [rule.rule_id for rule in load_rules("medical_claim")]
    assert not outcome.has_critical
    reports = lake / "validation-reports"
    assert (reports / f"{arguments.report_name}.json").read_text() == outcome.to_json()
    page = (reports / f"{arguments.report_name}.html").read_text()
    assert "MC001" in page
    row = lines.where(F.col("ingest_run_id") == first.run_id).first()
    assert row is not None
    for name in ("claim_id", "member_id", "person_id", "billing_npi", "diagnosis_code_1"):
        assert str(row[name]) not in page, name


@pytest.mark.parametrize(
    ("table", "named"),
    [("ingest_audit", "no rules for such a table"), ("pharmacy_claim", "holds nothing yet")],
    ids=["no suite", "empty"],
)
def test_what_cannot_be_audited_is_one_line_with_the_cure(
    spark: SparkSession, tmp_path: Path, table: str, named: str
) -> None:
    with lake_of_its_own(spark, tmp_path):
        answer = CliRunner().invoke(cli.app, ["audit", "--table", table, "--lake", str(tmp_path)])
    assert answer.exit_code == 1
    assert named in answer.output
    assert "cure:" in answer.output
    assert "Traceback" not in answer.output


def test_a_run_that_dies_while_publishing_is_completed_by_running_it_again(
    spark: SparkSession, lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "claims.csv").write_text(HEADER + ROW)

    def die(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(process_medical_claims, "append_audit", die)
        with pytest.raises(Exception, match="disk is full"):
            run(tmp_path, lake, "nppes_provider")
    report = run(tmp_path, lake, "nppes_provider")
    assert report.status == "NOTHING_NEW"
    file_id = report.files[0].file_id
    audit = spark.table("claims.processed.ingest_audit").where(F.col("file_id") == file_id)
    assert sorted(row["status"] for row in audit.collect()) == ["known", "published"]
    assert not list((lake / "journal").glob("*.json"))
    assert (
        spark.table("claims.processed.provider")
        .where("npi = '1234567893' AND last_updated = DATE '2021-10-12'")
        .count()
        == 1
    )


def test_an_account_that_does_not_balance_publishes_nothing(
    spark: SparkSession, lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "claims.csv").write_text(HEADER + ROW.replace("1234567893", "1987654321"))
    monkeypatch.setattr(publish_loads, "read_back", lambda *_: Published(99, Decimal(0)))
    with pytest.raises(Exception, match="nothing was published"):
        run(tmp_path, lake, "nppes_provider")
    assert spark.table("claims.processed.provider").where("npi = '1987654321'").count() == 0
    failed = sorted((lake / "validation-reports").glob("*.json"))[-1]
    assert json.loads(failed.read_text())["status"] == "FAILED"


Write = Callable[[Path], object]
WRONG_FILES: dict[str, tuple[Write, str]] = {
    "empty": (lambda path: path.write_bytes(b""), "empty"),
    "wrong delimiter": (lambda path: path.write_text((HEADER + ROW).replace(",", ";")), "delimiter"),
    "missing column": (lambda path: path.write_text(HEADER.replace("npi,", "x,", 1) + ROW), "npi"),
    "renamed column": (
        lambda path: path.write_text(HEADER.replace("practice_state", "practise_state") + ROW),
        "practice_state",
    ),
    "header doubled": (lambda path: path.write_text(HEADER.strip() + ",npi\n" + ROW.strip() + ",1\n"), "npi"),
    "no header": (lambda path: path.write_text(ROW * 3), "header"),
    "truncated gzip": (lambda path: path.write_bytes(gzip.compress((HEADER + ROW * 500).encode())[:-20]), "gzip"),
    "archive": (lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 100), "zip"),
    "unreadable encoding": (lambda path: path.write_bytes((HEADER + ROW).encode("utf-16-le")), "UTF-16"),
}


@pytest.mark.parametrize("case", WRONG_FILES)
def test_a_wrong_file_is_one_line_with_the_cure_and_never_stops_the_others(
    spark: SparkSession, lake: Path, tmp_path: Path, case: str
) -> None:
    del spark
    write, named = WRONG_FILES[case]
    write(tmp_path / "wrong.csv")
    answer = CliRunner().invoke(
        cli.app, ["run", "--input", str(tmp_path), "--source", "nppes_provider", "--lake", str(lake)]
    )
    refused = [line for line in answer.output.splitlines() if line.startswith("refused")]
    assert answer.exit_code == 1
    assert len(refused) == 1
    assert "wrong.csv" in refused[0]
    assert named.casefold() in refused[0].casefold()
    assert "cure:" in refused[0]
    assert "Traceback" not in answer.output
    assert "1234567893" not in answer.output


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["run", "--input", "nowhere", "--source", "nppes_provider"], "no file"),
        (["run", "--source", "no_such_source"], "no_such_source"),
        (["query", "SELECT nothing FROM nowhere"], "nowhere"),
        (["query", ""], "no SQL"),
    ],
    ids=["no input", "unknown source", "unknown table", "no query"],
)
def test_a_wrong_call_is_one_line_and_exit_code_not_0(
    spark: SparkSession, lake: Path, arguments: list[str], named: str
) -> None:
    del spark
    answer = CliRunner().invoke(cli.app, [*arguments, "--lake", str(lake)])
    assert answer.exit_code != 0
    assert named in answer.output
    assert "Traceback" not in answer.output


def test_what_glue_prints_of_a_failure_is_one_line_without_its_text(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("row of member M123456")

    monkeypatch.setattr(process_medical_claims, "process", fail)
    (tmp_path / "claims.csv").write_text(HEADER + ROW)
    assert process_medical_claims.main(["job", "--input", str(tmp_path), "--lake", str(lake)]) == 1
    printed = capsys.readouterr()
    assert "ValueError" in printed.err
    assert "M123456" not in printed.out + printed.err
