"""The validation of one file: its verdict, its counts by rule, and that no value of a claim is in it."""

import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from expectations.contract import load_source
from expectations.row_rules import Severity
from expectations.schema_changes import SchemaPolicy
from expectations.validate_file import Rule, ValidationOptions, validate_file
from expectations.validation import FileValidation

SOURCE = load_source("sample_professional")
COLUMNS = [column.from_[0] for column in SOURCE.columns.values() if column.from_]
FIELDS = tuple(dict.fromkeys(COLUMNS))
GOOD = {"CLAIM_NO": "C1", "LINE_NO": "1", "MEMBER_NO": "SECRET", "CLAIM_FROM": "2024-01-15", "PAID": "5.00"}


def data(*changes: Mapping[str, str], header: tuple[str, ...] = FIELDS) -> bytes:
    rows = [
        ",".join({**GOOD, "LINE_NO": str(n), **change}.get(name, "") for name in header)
        for n, change in enumerate(changes)
    ]
    return ("\n".join([",".join(header), *rows]) + "\n").encode()


def validated(content: bytes, name: str = "f.csv", **keywords: object) -> FileValidation:
    return validate_file(lambda: io.BytesIO(content), name, SOURCE, **keywords)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Fake:
    """A rule about the paid amount."""

    rule_id: str
    severity: Severity
    most: Decimal
    scope: str = "row"
    dimension: str = "validity"
    sentence: str = "Paid is too much."
    cure: str = "Ask."

    def broken(self, row: Mapping[str, object], today: date) -> bool:
        assert today
        paid = row["paid_amount"]
        return isinstance(paid, Decimal) and paid > self.most


RULES: tuple[Rule, ...] = (
    Fake("MC001", Severity.CRITICAL, Decimal(100)),
    Fake("MC002", Severity.WARNING, Decimal(10)),
    Fake("MC003", Severity.CRITICAL, Decimal(0), scope="table"),
)


def test_a_file_without_fault_passes_with_its_facts() -> None:
    found = validated(data({}, {}))
    assert (found.validation_status, found.rules, found.encoding, found.compression) == ("success", (), "utf-8", "")
    assert found.summary.model_dump() == {"total_records": 2, "valid_records": 2, "error_records": 0}
    assert (found.total_lines, len(found.sha256), found.size_bytes) == (2, 64, len(data({}, {})))
    assert found.verdict == "2 records: 2 valid, 0 in error"


def test_records_are_counted_by_rule_with_the_first_row_numbers_and_the_columns() -> None:
    wrong_day, wrong_paid = {"CLAIM_FROM": "2024-02-30"}, {"PAID": "x", "CLAIM_FROM": "x"}
    found = validated(data({}, wrong_day, wrong_paid, *[wrong_day] * 9))
    assert [(rule.rule_id, rule.records, rule.columns, rule.examples) for rule in found.rules] == [
        ("RC010", 11, ("claim_start_date",), (3, 4, 5, 6, 7)),
        ("RC011", 1, ("paid_amount",), (4,)),
    ]
    assert (found.error_records, found.valid_records) == (11, 1)


def test_a_record_sent_twice_is_neither_valid_nor_in_error() -> None:
    content = data({"LINE_NO": "1"}, {"LINE_NO": "1"}, {"LINE_NO": "x"}, {"LINE_NO": "x"})
    found = validated(content)
    assert (found.total_records, found.valid_records, found.error_records, found.resent_records) == (4, 1, 1, 2)
    assert [(rule.rule_id, rule.records) for rule in found.rules] == [("RC012", 1)]
    assert "2 sent twice" in found.verdict


@pytest.mark.parametrize(("share", "status"), [(None, "success"), (0.5, "success"), (0.49, "failed"), (0.0, "failed")])
def test_a_file_fails_beyond_the_share_of_errors_that_is_allowed(share: float | None, status: str) -> None:
    found = validated(data({}, {"PAID": "x"}), options=ValidationOptions(max_error_share=share))
    assert found.validation_status == status
    assert found.max_error_share == (SOURCE.max_error_share if share is None else share)


def test_a_file_of_a_source_that_says_nothing_of_it_fails_with_more_than_half_in_error() -> None:
    assert validated(data({}, {"PAID": "x"}, {"PAID": "y"})).validation_status == "failed"


def test_rules_of_the_suite_are_judged_on_records_that_can_be_read() -> None:
    content = data({"PAID": "5"}, {"PAID": "50"}, {"PAID": "500"}, {"PAID": "5000", "CLAIM_FROM": "x"})
    found = validated(content, rules=RULES, options=ValidationOptions(max_error_share=0.5))
    assert [(rule.rule_id, rule.severity, rule.records, rule.examples) for rule in found.rules] == [
        ("MC001", "critical", 1, (4,)),
        ("MC002", "warning", 2, (3, 4)),
        ("RC010", "critical", 1, (5,)),
    ]
    assert (found.error_records, found.valid_records, found.total_lines) == (2, 2, 2)
    assert found.rules_not_judged == ("MC003",)
    assert found.rules[0].dimension == "validity"


REFUSED = {
    "empty": (b"", "empty"),
    "cut gzip": (gzip.compress(data({}))[:-9], "gzip_truncated"),
    "workbook": (b"PK\x03\x04 [Content_Types]", "not_text"),
    "another delimiter": (data({}).replace(b",", b"|"), "wrong_delimiter"),
    "no header": (data({}).partition(b"\n")[2], "missing_column"),
    "a column less": (data({}, header=FIELDS[:5]), "missing_column"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_trusted_fails_with_reason_and_cure(content: bytes, reason: str) -> None:
    found = validated(content)
    assert (found.validation_status, found.reason, found.total_records) == ("failed", reason, 0)
    assert "; cure: " in found.message
    assert found.verdict.startswith(f"refused ({reason})")


def test_the_senders_control_file_is_compared() -> None:
    assert validated(data({}, {}), control_file=b'{"records": 2}').validation_status == "success"
    assert validated(data({}, {}), control_file=b'{"records": 3}').reason == "control_totals"
    assert validated(data({}, {}), control_file=b"[]").reason == "control_totals"


def test_what_the_header_has_beyond_the_declaration_is_named_and_refused_by_a_strict_policy() -> None:
    content = data({}, header=(*FIELDS, "EXTRA"))
    assert validated(content).extra_columns == ("EXTRA",)
    strict = ValidationOptions(schema_policy=SchemaPolicy.STRICT)
    assert validated(content, options=strict).reason == "unexpected_column"


def test_no_value_and_no_name_of_a_person_is_in_the_result() -> None:
    content = data({"PAID": "SECRET"}, {"MEMBER_NO": "SEC RET"}, {"CLAIM_FROM": "SECRET"}) + b'"SECRET\n'
    for found in (validated(content, "Jane Doe 2024.csv"), validated(b"", "Jane Doe 2024.csv")):
        assert "SECRET" not in found.model_dump_json()
        assert "Jane" not in found.model_dump_json() + found.verdict


def test_a_file_of_no_record_passes_with_a_warning() -> None:
    found = validated(data())
    assert (found.validation_status, found.total_records) == ("success", 0)
    assert found.warnings == ("The file has a header and no record.",)
