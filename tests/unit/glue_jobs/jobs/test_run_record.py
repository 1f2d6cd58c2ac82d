"""What a run tells of itself at its end: its status, its report, and a row of audit for each file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from pyspark.sql import DataFrame, Row

from expectations.contract import load_source, load_table
from expectations.errors import AccountingError, ClaimsError
from expectations.object_keys import safe_name
from expectations.raw_files import FileWarning, RawFileFacts
from expectations.report import RunReport
from expectations.row_rules import RECORD_RULES
from expectations.rules import load_rules
from expectations.volume import EarlierFile
from glue_jobs.jobs.run_audit import audit_rows
from glue_jobs.jobs.run_record import ACCOUNTED, HeldFile, Load, Run, file_accounts
from glue_jobs.jobs.run_report import run_report, write_report
from glue_jobs.quality.balance import FileAccount, Published
from glue_jobs.quality.record_findings import AnyRule, Finding
from glue_jobs.runtime.arguments import RunArguments
from glue_jobs.runtime.telemetry import Telemetry
from glue_jobs.storage.objects import StoredObject
from glue_jobs.storage.raw_zone import ReceivedFile, RefusedFile
from glue_jobs.transforms.parse_records import FileLayout

UNSAFE = "Jane Doe 123456789.csv"
NO_ROWS = cast("DataFrame", None)
RULES: tuple[AnyRule, ...] = (*RECORD_RULES, *load_rules("medical_claim"))
EVEN = {
    "records_accepted": 5,
    "records_quarantined": 2,
    "records_resent": 1,
    "lines_accepted": 6,
    "amount_accepted": Decimal("60.00"),
    "amount_quarantined": Decimal("2.00"),
    "amount_resent": Decimal("1.00"),
}


def received(name: str, source: str = "sample_professional", sha256: str = "aa", **more: Any) -> ReceivedFile:  # noqa: ANN401
    facts = RawFileFacts(name, 100, sha256, "", "utf-8", "A", ("A",), 9, 8, 0, 0, (), (FileWarning.HEADER_ONLY,))
    stored = StoredObject(f"/raw/{name}", 100)
    file = ReceivedFile(stored, load_source(source), facts, 8, FileLayout(("A",), "A", rewritten=False), "/raw", ("X",))
    return replace(file, **more)


def refused(name: str) -> RefusedFile:
    return RefusedFile(StoredObject(f"/raw/{name}", 7), "sample_professional", "empty", f"{name}: nothing; cure: again")


def load_of(
    *files: ReceivedFile,
    account: Mapping[str, Any] = EVEN,
    rules: Mapping[str, int] | None = None,
    months: Sequence[Row] = (),
) -> Load:
    accounts = {file.file_id: FileAccount(safe_name(file.stored.name), 8, **account) for file in files}
    by_id = {rule.rule_id: rule for rule in RULES}
    findings = [
        Finding(files[0].file_id, (by_id[rule_id],), not rule_id.startswith("RC"), records)
        for rule_id, records in (rules or {}).items()
    ]
    return Load(
        files[0].source,
        list(files),
        NO_ROWS,
        load_rules("medical_claim"),
        rows=NO_ROWS,
        accounts=accounts,
        findings=findings,
        months=list(months),
    )


def run_with(**facts: Any) -> Run:  # noqa: ANN401
    started_at = datetime(2024, 1, 1, tzinfo=UTC)
    return Run(RunArguments("in", "/lake", job_id="run-1"), Telemetry("run-1"), started_at, **facts)


NEW, OLD, BAD = received("new.csv"), received("old.csv", sha256="bb"), refused("bad.csv")
LOADED = {"received": [NEW], "loads": [load_of(NEW)], "published": {"medical_claim": Published(6, Decimal("60.00"))}}
FAILURE = AccountingError("medical_claim: 6 lines worth 60.00 were accepted but 5 written")

STATUSES: dict[str, tuple[dict[str, Any], str]] = {
    "all published": (LOADED, "SUCCEEDED"),
    "some known": ({**LOADED, "received": [NEW, OLD], "known": [OLD]}, "SUCCEEDED"),
    "all known": ({"received": [OLD], "known": [OLD]}, "NOTHING_NEW"),
    "nothing at all": ({}, "NOTHING_NEW"),
    "some refused": ({**LOADED, "refused": [BAD]}, "PARTIAL"),
    "refused and known": ({"received": [OLD], "known": [OLD], "refused": [BAD]}, "PARTIAL"),
    "all refused": ({"refused": [BAD]}, "FAILED"),
    "an error": ({**LOADED, "error": FAILURE}, "FAILED"),
    "an error and refused": ({**LOADED, "refused": [BAD], "error": FAILURE}, "FAILED"),
    "an error before anything": ({"error": FAILURE}, "FAILED"),
}


@pytest.mark.parametrize(("facts", "status"), STATUSES.values(), ids=STATUSES)
def test_the_status_follows_from_what_became_of_the_files(facts: dict[str, Any], status: str) -> None:
    assert run_report(run_with(**facts)).status == status


def test_a_published_file_is_told_with_its_counts_warnings_and_extra_columns() -> None:
    report = run_report(run_with(**LOADED))
    (file,) = report.files
    assert (file.file, file.file_id, file.status, file.source) == (
        "new.csv",
        NEW.file_id,
        "published",
        "sample_professional",
    )
    assert (file.records_read, file.records_accepted, file.records_quarantined, file.records_resent) == (8, 5, 2, 1)
    assert (file.lines_accepted, file.lines_published, file.size_bytes) == (6, 6, 100)
    assert (file.warnings, file.extra_columns) == (("The file has a header and no record.",), ("X",))
    assert report.balanced


def test_a_file_with_half_the_usual_records_is_told_unless_a_person_sent_it_back() -> None:
    usual = {"earlier": {"sample_professional": tuple(EarlierFile(records, {}) for records in (100, 90, 110))}}
    (file,) = run_report(run_with(**LOADED, **usual)).files
    assert "8 records" in file.warnings[-1]
    back = replace(NEW, stored=StoredObject("/raw/claims/sample_professional/requeued/id/new.csv", 100))
    (file,) = run_report(run_with(**{**LOADED, **usual, "loads": [load_of(back)]})).files
    assert file.warnings == NEW.warnings


def test_a_payer_that_vanished_is_told_where_the_file_has_lines() -> None:
    earlier = {"earlier": {"sample_professional": (EarlierFile(8, {3: 10}),) * 3}}
    (file,) = run_report(run_with(**LOADED, **earlier)).files
    assert "payers" in file.warnings[-1]
    (file,) = run_report(run_with(**{**LOADED, **earlier, "loads": [load_of(NEW, account={})]})).files
    assert file.warnings == NEW.warnings


def test_a_file_without_records_is_told_as_empty() -> None:
    (file,) = run_report(run_with(received=[NEW], loads=[load_of(NEW, account={})])).files
    assert (file.status, file.records_read) == ("empty", 0)


def test_no_line_is_told_as_published_where_its_table_was_not() -> None:
    report = run_report(run_with(**{**LOADED, "published": {}, "error": FAILURE}))
    assert (report.lines_published, report.tables) == (0, ())
    assert report.nothing_published
    assert report.error is not None
    assert (report.error.error_type, report.error.message) == ("AccountingError", str(FAILURE))


def test_money_is_summed_over_all_files_by_what_became_of_it() -> None:
    other = received("other.csv", sha256="cc")
    run = run_with(**{**LOADED, "loads": [load_of(NEW, other)]})
    money = run_report(run).money
    assert (money.accepted, money.quarantined, money.resent) == (Decimal("120.00"), Decimal("4.00"), Decimal("2.00"))
    assert money.published == Decimal("60.00")


def test_tables_and_stages_are_told_with_where_and_how_long() -> None:
    run = run_with(**LOADED)
    run.telemetry.stages.append(("publish", 1.5))
    report = run_report(run)
    assert [(table.table, table.rows_published, table.location) for table in report.tables] == [
        ("medical_claim", 6, "/lake/processed/medical_claim")
    ]
    assert [(stage.name, stage.seconds) for stage in report.stages] == [("publish", 1.5)]
    assert report.quarantine_location == "/lake/quarantine/records/run_id=run-1"


def test_a_broken_rule_is_told_with_its_sentence_and_cure_by_source() -> None:
    (rule,) = run_report(run_with(loads=[load_of(NEW, rules={"RC010": 2})])).broken_rules
    assert (rule.rule_id, rule.records, rule.source, rule.severity) == ("RC010", 2, "sample_professional", "critical")
    assert rule.sentence
    assert rule.cure


def month(year: str, number: str, lines: int, paid: str) -> Row:
    money = {"amount_accepted": Decimal(paid), "allowed_amount": Decimal(0), "charge_amount": Decimal(0)}
    return Row(year=year, month=number, lines_accepted=lines, **money)


def months_of(run: Run) -> list[tuple[str, str, str, int, Decimal]]:
    return [(found.table, found.year, found.month, found.lines, found.paid_amount) for found in run_report(run).months]


def test_a_broken_rule_of_the_suite_is_told_beside_and_weighs_on_the_score_of_its_dimension() -> None:
    report = run_report(run_with(**{**LOADED, "loads": [load_of(NEW, rules={"RC010": 2, "MC001": 1, "MC079": 3})]}))
    told = {rule.rule_id: (rule.records, rule.dimension) for rule in report.broken_rules}
    assert told["MC001"] == (1, "completeness")
    assert told["RC010"] == (2, "validity")
    (file,) = report.files
    counts = {count.dimension.value: (count.rows, count.critical_rows, count.warning_rows) for count in file.quality}
    # 8 records, one of them sent twice, two that cannot be read
    assert counts["completeness"] == (5, 1, 0)
    assert counts["validity"] == (7, 2, 0)
    assert counts["consistency"] == (5, 0, 3)
    assert counts["uniqueness"] == (6, 0, 1)
    assert file.quality_score is not None


def test_a_held_file_is_told_with_its_errors_and_the_cure_and_nothing_of_it_counts_as_published() -> None:
    account = FileAccount("new.csv", 8, **cast("dict[str, Any]", EVEN)).held()
    broken = [Finding(NEW.file_id, (RECORD_RULES[9],), False, 6)]
    held = HeldFile(NEW, account, 6, 0.5, broken, ())
    run = run_with(**{**LOADED, "loads": [], "published": {}, "held": [held]})
    report = run_report(run)
    (file,) = report.files
    assert (report.status, file.status, file.reason) == ("PARTIAL", "held", "over_threshold")
    assert (file.records_read, file.records_held, file.records_in_error) == (8, 8, 6)
    assert (report.money.held, report.money.accepted) == (Decimal("63.00"), Decimal("0.00"))
    assert NEW.file_id in file.message
    assert [(rule.rule_id, rule.records, rule.source) for rule in report.broken_rules] == [
        ("RC010", 6, "sample_professional")
    ]
    assert report.balanced
    (row,) = audit_rows(run)
    assert (row["status"], row["records_held"], row["records_accepted"], row["records_read"]) == ("held", 8, 0, 8)


def test_months_of_one_table_add_up_over_its_sources_and_come_in_order() -> None:
    institutional = received("i.csv", "sample_institutional")
    first = load_of(
        NEW, months=[month("2024", "02", 2, "2.50"), month("2024", "01", 1, "0"), month("2024", "03", 0, "0")]
    )
    second = load_of(institutional, months=[month("2024", "02", 3, "-1.25")])
    run = run_with(**{**LOADED, "loads": [first, second]})
    assert months_of(run) == [
        ("medical_claim", "2024", "01", 1, Decimal("0.00")),
        ("medical_claim", "2024", "02", 5, Decimal("1.25")),
    ]


def test_lines_without_a_date_stand_under_an_empty_month() -> None:
    run = run_with(**{**LOADED, "loads": [load_of(NEW, months=[month("0000", "00", 4, "1.00")])]})
    assert months_of(run) == [("medical_claim", "", "", 4, Decimal("1.00"))]


def test_months_of_a_table_that_was_not_published_are_not_told() -> None:
    drugs = load_of(received("d.csv", "tuva_pharmacy_claim"), months=[month("2024", "01", 3, "9.00")])
    claims = load_of(NEW, months=[month("2024", "01", 1, "1.00")])
    run = run_with(**{**LOADED, "loads": [claims, drugs], "error": FAILURE})
    assert months_of(run) == [("medical_claim", "2024", "01", 1, Decimal("1.00"))]


def test_a_refused_file_is_told_with_its_reason_and_never_by_an_unsafe_name() -> None:
    run = run_with(refused=[refused(UNSAFE)])
    (file,) = run_report(run).files
    assert (file.status, file.reason, file.size_bytes) == ("refused", "empty", 7)
    assert file.message == f"{safe_name(UNSAFE)}: nothing; cure: again"
    assert "Jane" not in run_report(run).to_json()
    assert "Jane" not in str(audit_rows(run))


def test_published_and_known_files_are_never_told_by_an_unsafe_name() -> None:
    file, known = received(UNSAFE), received(UNSAFE, sha256="bb")
    run = run_with(**{**LOADED, "received": [file, known], "loads": [load_of(file)], "known": [known]})
    assert "Jane" not in run_report(run).to_json()
    assert "Jane" not in str(audit_rows(run))


def test_the_audit_has_one_row_a_file_with_columns_that_its_table_has() -> None:
    run = run_with(**{**LOADED, "received": [NEW, OLD], "known": [OLD], "refused": [BAD]})
    rows = audit_rows(run)
    assert [(row["file_name"], row["status"], row["reason"]) for row in rows] == [
        ("new.csv", "published", None),
        ("old.csv", "known", "known"),
        ("bad.csv", "refused", "empty"),
    ]
    assert {name for row in rows for name in row} <= set(load_table("ingest_audit").column_names)
    assert [row["file_sha256"] for row in rows] == ["aa", "bb", None]
    assert {row["run_id"] for row in rows} == {"run-1"}


def test_the_audit_row_of_a_published_file_has_its_account_and_the_others_none() -> None:
    run = run_with(**{**LOADED, "received": [NEW, OLD], "known": [OLD], "refused": [BAD]})
    published, known, bad = audit_rows(run)
    assert {name: published[name] for name in ACCOUNTED} == EVEN
    assert (published["records_read"], published["records_counted_raw"]) == (8, 8)
    assert (published["lines_published"], published["amount_published"]) == (6, Decimal("60.00"))
    assert not {*ACCOUNTED, "records_read", "lines_published", "amount_published"} & {*known, *bad}


def test_a_file_sent_twice_in_one_run_is_accounted_for_once() -> None:
    twin = received("twin.csv")
    run = run_with(**{**LOADED, "received": [NEW, twin], "known": [twin]})
    rows = audit_rows(run)
    assert [(row["file_id"], row["status"]) for row in rows] == [(NEW.file_id, "published"), (NEW.file_id, "known")]
    assert sum(cast("int", row.get("lines_published", 0)) for row in rows) == 6


def test_the_audit_calls_a_file_without_records_published_so_that_it_is_known_next_time() -> None:
    (row,) = audit_rows(run_with(received=[NEW], loads=[load_of(NEW, account={})]))
    assert (row["status"], row["records_read"]) == ("published", 0)


def test_the_audit_of_a_failed_run_calls_only_those_files_published_whose_table_was() -> None:
    failed = {**LOADED, "error": FAILURE, "published": {}}
    (row,) = audit_rows(run_with(**failed))
    assert (row["status"], row["lines_published"], row["amount_published"]) == ("failed", 0, Decimal("0.00"))
    (row,) = audit_rows(run_with(**{**LOADED, "error": FAILURE}))
    assert row["status"] == "published"


def test_each_file_has_an_account_even_where_no_row_of_it_was_read() -> None:
    month = Row(ingest_file_id=NEW.file_id, payer_lines=[(3, 2), (5, 1)], **EVEN)
    accounts = file_accounts([NEW, OLD], [month] * 2)
    twice = {name: 2 * value for name, value in cast("dict[str, Any]", EVEN).items()}
    assert accounts == {
        NEW.file_id: FileAccount("new.csv", 8, **twice, payer_lines={3: 4, 5: 2}),
        OLD.file_id: FileAccount("old.csv", 8),
    }
    assert accounts[OLD.file_id].records_read == 0


@pytest.mark.parametrize("error", [None, FAILURE], ids=["success", "failure"])
def test_the_report_is_written_as_a_page_and_as_the_same_facts_in_json(
    tmp_path: Path, error: ClaimsError | None
) -> None:
    run = run_with(**{**LOADED, "refused": [refused(UNSAFE)], "error": error})
    run.arguments = replace(run.arguments, lake=str(tmp_path))
    report = run_report(run)
    write_report(report, run.lake)
    folder = tmp_path / "validation-reports"
    assert RunReport.from_json((folder / "run-1.json").read_text()) == report
    assert "<html" in (folder / "run-1.html").read_text()
