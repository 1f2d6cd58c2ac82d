"""Records read without Spark are what the job stages: rules, columns that broke them, row numbers, verdicts, values."""

import gzip
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import Row, SparkSession

from expectations.contract import JOB_COLUMNS, Source, load_source, load_table, source_names
from expectations.file_records import FileRecords
from expectations.record_reader import ReadRecord
from expectations.row_rules import RECORD_RULES, Severity, rules_in
from expectations.rules import Rule, suite_rules
from glue_jobs.quality.judge_records import number_lines
from glue_jobs.quality.rule_masks import broken_in, row_rules
from glue_jobs.storage.raw_zone import ReceivedFile, now, receive_files
from glue_jobs.storage.staging import Stage, stage_rows
from tests.agreement.dirty_files import spoilt_csv, spoilt_ndjson
from tests.integration.test_bad_files import copy_case

DATA = Path(__file__).parents[1] / "data"
SPOILT_RECORDS = int(os.environ.get("SPOILT_RECORDS", "250"))
SEED = os.environ.get("SPOILT_SEED", "")
"""More faults, and others, than the usual ones: SPOILT_RECORDS=2000 SPOILT_SEED=a pytest tests/agreement."""

OF_THE_JOB = JOB_COLUMNS - {"file_name", "file_date"}
"""Columns that no line has before the job knows the run, the version or the place in the lake."""

OF_VERSIONS = {column.name for column in load_table("medical_claim_version").columns} - {
    "claim_record_type",
    *load_table("medical_claim").column_names,
    *(f"header_{name}" for name in ("paid_amount", "allowed_amount", "charge_amount")),
    *(f"header_{name}" for name in ("coinsurance_amount", "copayment_amount", "deductible_amount")),
}

CRITICAL = {rule.rule_id for rule in RECORD_RULES if rule.severity is Severity.CRITICAL}
UNTYPED = {"RC004", "RC009", "RC016"}
"""Rules about a line that is no object of texts: such a record is quarantined, and its lines hold nothing of use."""

PUBLIC = {
    "cms_idr_claim": "cms_idr_star/SYNTHETIC_CLM.csv",
    "cms_synpuf_beneficiary": "cms_synpuf/DE1_0_2008_Beneficiary_Summary_File_Sample_TestA.csv",
    "cms_synpuf_carrier": "cms_synpuf/DE1_0_2008_to_2010_Carrier_Claims_Sample_TestAA.csv",
    "cms_synpuf_inpatient": "cms_synpuf/DE1_0_2008_to_2010_Inpatient_Claims_Sample_TestA.csv",
    "cms_synpuf_outpatient": "cms_synpuf/DE1_0_2008_to_2010_Outpatient_Claims_Sample_TestA.csv",
    "cms_synpuf_prescription": "cms_synpuf/DE1_0_2008_to_2010_Prescription_Drug_Events_Sample_TestA.csv",
} | {f"cms_rif_{kind}": f"cms_rif_synthea/{kind}.csv" for kind in
     ("carrier", "dme", "hha", "hospice", "inpatient", "outpatient", "pde", "snf")} | {
    f"tuva_{table}": f"tuva_input_layer/{table}.csv" for table in ("eligibility", "medical_claim", "pharmacy_claim")
}  # fmt: skip
PUBLIC_LINES = 150


@dataclass
class Outcome:
    """What one reader makes of one record."""

    rules: tuple[str, ...]
    columns: tuple[str, ...]
    verdict: str
    lines: list[Mapping[str, object]] = field(default_factory=list)
    suite: set[str] = field(default_factory=set)


def staged(
    spark: SparkSession, source: Source, files: list[ReceivedFile], folder: Path
) -> dict[str, dict[int, Outcome]]:
    """By the place of each file and the row number of each record: what the job stages."""
    stage = Stage(str(folder), "claims-etl-20240101-000000-0001", now())
    staged_rows = stage_rows(spark, source, files, stage)
    rows = staged_rows.judged()
    numbered = number_lines(rows, rows.where("not _skipped"))
    found: dict[str, dict[int, Outcome]] = {}
    for row in sorted(numbered.collect(), key=lambda row: int(row["_line"])):
        records = found.setdefault(plain(row["_path"]), {})
        add_line(records.setdefault(row["row_number"], Outcome((), (), row["_verdict"])), row, staged_rows.rules)
    return found


def add_line(outcome: Outcome, row: Row, rules: tuple[Rule, ...]) -> None:
    broken = {rule.rule_id for rule in rules_in(row["_mask"])}
    outcome.suite |= {rule.rule_id for rule in broken_in(rules, row.asDict())}
    outcome.rules = tuple(sorted({*outcome.rules, *broken}))
    outcome.columns = tuple(sorted({*outcome.columns, *(row["_broken_columns"] or ())}))
    outcome.lines.append(row.asDict())


def read(file: ReceivedFile) -> dict[int, Outcome]:
    """By the row number of each record: what is read without Spark."""
    path = Path(file.stored.uri)
    records = FileRecords(lambda: path.open("rb"), file.facts, file.source)
    rules = row_rules(suite_rules(file.source.table))
    found = {}
    for record in records:
        lines = () if record.is_critical else record.lines
        broken = [rule for rule in rules if any(rule.broken(line) for line in lines)]
        outcome = Outcome(tuple(sorted(record.broken)), record.columns, verdict(record, broken), list(record.lines))
        outcome.suite = {rule.rule_id for rule in broken}
        found[record.row_number] = outcome
    return found


def verdict(record: ReadRecord, broken: Iterable[Rule]) -> str:
    if record.is_resent:
        return "resent"
    is_critical = record.is_critical or any(rule.severity is Severity.CRITICAL for rule in broken)
    return "quarantined" if is_critical else "accepted"


def plain(path: str) -> str:
    return path.split(":", 1)[-1].lstrip("/")


def check(spark: SparkSession, source: Source, files: Iterable[ReceivedFile], folder: Path, *, alone: bool) -> int:
    """Number of records compared; `alone`: no record of a file stands in another one too."""
    count, together = 0, list(files)
    by_place = staged(spark, source, together, folder)
    for file in together:
        expected, found = by_place.get(plain(file.read_uri), {}), read(file)
        assert len(found) == file.record_count
        assert [*sorted(expected)] == [*sorted(found)], file.stored.name
        for row_number, outcome in found.items():
            compare(outcome, expected[row_number], f"{file.stored.name} line {row_number}", alone=alone)
        count += len(found)
    return count


def compare(found: Outcome, expected: Outcome, place: str, *, alone: bool) -> None:
    assert found.rules == expected.rules, place
    assert found.columns == expected.columns, place
    if not CRITICAL & {*found.rules}:
        assert found.suite == expected.suite, place
    if alone:
        assert found.verdict == expected.verdict, place
    if not found.lines or UNTYPED & {*found.rules}:
        assert expected.verdict in {"quarantined", "resent"}, place
        return
    assert len(found.lines) == len(expected.lines), place
    for mine, theirs in zip(found.lines, expected.lines, strict=True):
        names = (
            {name for name in theirs if not name.startswith("_") and name != "row_number"} - OF_THE_JOB - OF_VERSIONS
        )
        differing = {name: (mine.get(name), theirs[name]) for name in names if mine.get(name) != theirs[name]}
        assert differing == {}, place
        assert {type(mine[name]) for name in names & mine.keys()} == {
            type(theirs[name]) for name in names & mine.keys()
        }


def spoilt(sample: Path, source: Source, times: int) -> bytes:
    chance = Random(SEED + sample.parent.name)  # noqa: S311 - the same faults every time
    if source.format.type == "csv":
        return spoilt_csv(sample.read_bytes(), source.format, chance, times * SPOILT_RECORDS)
    return spoilt_ndjson(sample.read_bytes(), chance, times * SPOILT_RECORDS)


def received(folder: Path, source: Source, sources: Path | None = None) -> list[ReceivedFile]:
    files, _ = receive_files(str(folder), source.name, f"{folder.parent}/rewritten", sources_folder=sources)
    return files


@pytest.mark.parametrize("source_name", source_names())
def test_samples_and_spoilt_records_of_every_source_are_read_as_the_job_stages_them(
    spark: SparkSession, tmp_path: Path, source_name: str
) -> None:
    source, raw = load_source(source_name), tmp_path / "raw"
    for number, sample in enumerate(sorted((DATA / "sources" / source_name).glob("[!e]*"))):
        target = raw / str(number) / sample.name
        target.parent.mkdir(parents=True)
        target.write_bytes(spoilt(sample, source, 1 if source.format.type == "csv" else 2))
    files = received(raw, source)
    assert len(files) == len([*raw.iterdir()])
    assert check(spark, source, files, tmp_path / "stage", alone=True) > SPOILT_RECORDS


@pytest.mark.parametrize("source_name", PUBLIC)
def test_public_files_are_read_as_the_job_stages_them(
    spark: SparkSession, shared: Path, tmp_path: Path, source_name: str
) -> None:
    source, raw = load_source(source_name), tmp_path / "raw"
    raw.mkdir()
    public = shared / "data" / PUBLIC[source_name]
    with public.open("rb") as stream:
        (raw / public.name).write_bytes(b"".join(line for line, _ in zip(stream, range(PUBLIC_LINES), strict=False)))
    assert check(spark, source, received(raw, source), tmp_path / "stage", alone=True) > 0


@pytest.mark.parametrize(("source_name", "folder"), [("bad_csv", "csv"), ("bad_json", "json")])
def test_malformed_files_are_read_as_the_job_stages_them(
    spark: SparkSession, shared: Path, tmp_path: Path, source_name: str, folder: str
) -> None:
    sources, raw = DATA / "bad_files", tmp_path / "raw"
    source = load_source(source_name, sources)
    for case in sorted((shared / "badfiles" / folder).iterdir()):
        if case.is_dir():
            copy_case(case, raw, case.name)
    for control_file in raw.rglob("*.control.json"):
        control_file.unlink()
    assert check(spark, source, received(raw, source, sources), tmp_path / "stage", alone=False) > 100


MARK = b"\xef\xbb\xbf"
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip_twice_joined": lambda data: gzip.compress(data[:200]) + gzip.compress(data[200:]),
    "marked": lambda data: MARK + data,
    "joined": lambda data: MARK + data + MARK + data,
    "utf_16": lambda data: ("\ufeff" + data.decode()).encode("utf-16-le"),
    "utf_32": lambda data: ("\ufeff" + data.decode()).encode("utf-32-be"),
    "cr": lambda data: data.replace(b"\n", b"\r"),
    "cr_lf": lambda data: data.replace(b"\n", b"\r\n"),
    "dos_end": lambda data: data + b"\x1a",
    "blank_lines": lambda data: data.replace(b"\n", b"\n \t\r\n\n"),
    "cut": lambda data: data.rstrip(b"\n")[:-1],
    "cp1252": lambda data: data.replace(b"HMO", b"Jos\xe9"),
    "long": lambda data: data + b"x" * (16 * 1024**2 + 1) + b"\n",
}


def test_a_file_in_many_forms_is_read_as_the_job_stages_it(spark: SparkSession, tmp_path: Path) -> None:
    """Line ends, encodings, compression: every form that the front door rewrites."""
    source, raw = load_source("sample_professional"), tmp_path / "raw"
    sample = (DATA / "sources" / source.name / "sample.csv").read_bytes()
    for form, made in FORMS.items():
        (raw / form).mkdir(parents=True)
        (raw / form / "sample.csv").write_bytes(made(sample))
    files = received(raw, source)
    assert len(files) == len(FORMS)
    assert check(spark, source, files, tmp_path / "stage", alone=False) > 100


@pytest.mark.parametrize("name", ["every_option", "every_json"])
def test_what_no_source_of_the_product_declares_is_read_as_the_job_stages_it(
    spark: SparkSession, tmp_path: Path, name: str
) -> None:
    sources, raw = DATA / "agreement", tmp_path / "raw"
    source = load_source(name, sources)
    (sample,) = (sources / name).iterdir()
    raw.mkdir()
    (raw / sample.name).write_bytes(spoilt(sample, source, 4))
    assert check(spark, source, received(raw, source, sources), tmp_path / "stage", alone=True) > SPOILT_RECORDS
