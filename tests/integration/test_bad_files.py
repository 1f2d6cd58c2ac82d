"""Every malformed file of ../shared/badfiles has an outcome that is right, in one run over all of them at once."""

import json
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from expectations.report import RunReport
from glue_jobs.jobs.process_medical_claims import process
from glue_jobs.runtime.arguments import RunArguments, new_job_id
from glue_jobs.runtime.telemetry import Telemetry

SOURCES = Path(__file__).parents[1] / "data" / "bad_files"
SENDERS_COUNT = {"truncated_at_row_boundary": 5}
"""Records that the sender's control file says; without one nobody can tell that rows are missing at the end."""

Values = tuple[object, ...]


@dataclass
class Outcome:
    """What became of the files of one case."""

    published: list[Values] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    records_read: int = 0


@pytest.fixture(scope="module")
def outcomes(
    spark: SparkSession, shared: Path, tmp_path_factory: pytest.TempPathFactory, lake: Path
) -> dict[str, Outcome]:
    """Outcome of every case by its name, `json_` before those of NDJSON."""
    raw = tmp_path_factory.mktemp("bad") / "raw" / "claims"
    for case in sorted((shared / "badfiles/csv").iterdir()):
        if case.is_dir():
            copy_case(case, raw / "bad_csv", case.name)
    for case in sorted((shared / "badfiles/json").iterdir()):
        copy_case(case, raw / "bad_json", f"json_{case.name}")
    clean = (shared / "badfiles/json/ndjson_clean/c.json").read_bytes()
    (raw / "bad_json" / "json_utf8_bom__c.json").write_bytes(b"\xef\xbb\xbf" + clean)
    job_id = new_job_id()
    report = process(
        RunArguments(input=str(raw), lake=str(lake), sources=str(SOURCES), job_id=job_id), Telemetry(job_id)
    )
    assert report.balanced
    return collect(spark, report, lake)


def copy_case(case: Path, target: Path, name: str) -> None:
    for file in (path for path in case.rglob("*") if path.is_file()):
        mark = file.name[0] if file.name[0] in "._" else ""
        copy = target / file.relative_to(case).parent / f"{mark}{name}__{file.name.lstrip('._')}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
        if name in SENDERS_COUNT:
            copy.with_name(f"{copy.name}.control.json").write_text(json.dumps({"records": SENDERS_COUNT[name]}))


def collect(spark: SparkSession, report: RunReport, lake: Path) -> dict[str, Outcome]:
    found: dict[str, Outcome] = defaultdict(Outcome)
    columns = [
        "claim_id",
        "claim_line_number",
        "member_id",
        "claim_start_date",
        "charge_amount",
        "diagnosis_code_1",
        "plan",
        "paid_amount",
    ]
    rows = spark.table("claims.processed.medical_claim").where(f"ingest_run_id = '{report.run_id}'")
    for row in rows.select("data_source", *columns).collect():
        found[row["data_source"]].published.append(tuple(row[column] for column in columns))
    for row in spark.read.parquet(f"{lake}/quarantine/records/run_id={report.run_id}").collect():
        assert row["raw_record"], f"{row}: the raw text of a quarantined record is kept"
        found[case_of(row["file_name"])].quarantined += row["rule_ids"]
    for file in report.files:
        outcome = found[case_of(file.file)]
        outcome.records_read += file.records_read
        outcome.warnings += file.warnings
        if file.status == "refused":
            assert file.message
            assert "\n" not in file.message
            outcome.refused.append(file.reason)
    return found


def case_of(file_name: str) -> str:
    return file_name.lstrip("._").split("__")[0]


def meant(values: list[str]) -> Values:
    claim_id, line, member_id, day, billed, diagnosis, note, paid = values
    return (claim_id, line, member_id, day, as_decimal(billed), diagnosis, note or None, as_decimal(paid))


def as_decimal(text: str) -> object:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def as_sent(row: Values) -> Values:
    claim_id, line, member_id, day, billed, diagnosis, note, paid = row
    return (claim_id, str(line), member_id, str(day), billed, diagnosis, note, paid)


def truth(shared: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((shared / "badfiles/csv/TRUTH.json").read_text())
    return cases


def test_no_record_is_published_with_other_values_than_were_meant(outcomes: dict[str, Outcome], shared: Path) -> None:
    altered = {}
    for case in truth(shared):
        if case["truth"][:1] and case["truth"][0][0] == "n":
            continue
        right = {meant(values) for kind, values in case["truth"] if kind == "ok"}
        wrong = {as_sent(row) for row in outcomes[case["case"]].published} - right
        if wrong:
            altered[case["case"]] = wrong
    assert altered == {}


def test_no_record_vanishes_unseen(outcomes: dict[str, Outcome], shared: Path) -> None:
    for case in truth(shared):
        outcome = outcomes[case["case"]]
        counted = case["truth"][0][1] if case["truth"][:1] and case["truth"][0][0] == "n" else len(case["truth"])
        assert outcome.refused or outcome.records_read == counted, case["case"]
        assert outcome.refused or len(outcome.published) + len(outcome.quarantined) >= counted, case["case"]


def test_good_records_are_published_but_for_the_cases_that_cannot_be_trusted(
    outcomes: dict[str, Outcome], shared: Path
) -> None:
    held = {}
    for case in truth(shared):
        good = [meant(values) for kind, values in case["truth"] if kind == "ok"]
        missing = set(good) - {as_sent(row) for row in outcomes[case["case"]].published}
        if missing:
            held[case["case"]] = outcomes[case["case"]].refused + outcomes[case["case"]].quarantined
    assert held == {
        "no_header": ["missing_column"],
        "no_final_newline": ["RC008"],
        "truncated_at_row_boundary": ["control_totals"],
        "backslash_escaped_quote": ["RC001"],
        "stray_quote_unquoted_field": ["RC001"],
    }


BROKEN_JSON = {
    "RC003": "infinity_token nan_token leading_zero single_quotes trailing_garbage trailing_comma_nd scalar_line "
    "null_line nul_escape raw_tab_in_string empty_array_line",
    "RC010": "date_feb30 date_ts date_year_only",
    "RC011": "double_1e400",
    "RC012": "int_float int_overflow",
    "RC013": "key_typo key_case null_value empty_object",
    "RC016": "array_instead bool_instead nested_instead string_as_number id_float date_int",
}


@pytest.mark.parametrize(
    ("case", "rule"), [(case, rule) for rule, cases in BROKEN_JSON.items() for case in cases.split()]
)
def test_a_bad_json_record_is_quarantined_and_its_neighbours_are_published(
    outcomes: dict[str, Outcome], case: str, rule: str
) -> None:
    outcome = outcomes[f"json_{case}"]
    assert set(outcome.quarantined) == {rule}
    assert sorted(str(row[0]) for row in outcome.published) == ["CLM0001", "CLM0003"]


def test_no_json_record_is_published_with_other_values_than_were_sent(outcomes: dict[str, Outcome]) -> None:
    usual = {as_sent(row) for row in outcomes["json_ndjson_clean"].published}
    unusual = {
        "json_amount_big_digits": {
            ("CLM0002", "1", "M00002", "2024-03-05", Decimal("0.10"), "E11.9", "note 2", Decimal("100.50"))
        },
        "json_latin1": {
            ("CLM0002", "1", "M00002", "2024-03-05", Decimal("123.45"), "E11.9", "José", Decimal("100.50"))
        },
    }
    assert len(usual) == 3
    for case, outcome in outcomes.items():
        if case.startswith("json_"):
            assert {as_sent(row) for row in outcome.published} <= usual | unusual.get(case, set()), case


@pytest.mark.parametrize(
    "case",
    [
        "ndjson_clean",
        "amount_big_digits",
        "blank_lines",
        "cr_only",
        "extra_key",
        "number_as_string",
        "utf8_bom",
        "utf16le_bom",
        "latin1",
    ],
)
def test_json_that_is_only_unusual_is_published_whole(outcomes: dict[str, Outcome], case: str) -> None:
    outcome = outcomes[f"json_{case}"]
    assert (outcome.quarantined, outcome.refused, len(outcome.published)) == ([], [], 3)


@pytest.mark.parametrize("case", ["array_one_line", "object_pretty", "utf16le"])
def test_json_in_another_form_than_declared_is_refused(outcomes: dict[str, Outcome], case: str) -> None:
    outcome = outcomes[f"json_{case}"]
    assert outcome.refused
    assert outcome.published == []
