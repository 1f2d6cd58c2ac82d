"""The gate before the ETL: small files whole, big ones by samples, faults of AWS never the file's."""

import gzip
import io
import json
import time
from pathlib import Path
from types import ModuleType

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from expectations.contract import Source, load_source
from expectations.rules import suite_rules
from expectations.validate_file import validate_file
from expectations.validation import FileValidation
from expectations.validation_page import render_validation
from lambdas.common.failures import EventError, TransientError
from lambdas.data_validation.sampled_file import BigFile, later_samples, validate_samples
from tests.unit.lambdas.conftest import Cloud, listen, loaded

EVENTS = Path(__file__).resolve().parents[2] / "events" / "data_validation"
SAMPLES = Path(__file__).resolve().parents[2] / "data" / "sources"
SOURCE = load_source("sample_professional")
COLUMNS = [column.from_[0] for column in SOURCE.columns.values() if column.from_]
FIELDS = tuple(dict.fromkeys(COLUMNS))
HEADER = ",".join(FIELDS) + "\n"
GOOD = {"CLAIM_NO": "C1", "LINE_NO": "1", "MEMBER_NO": "SECRET", "CLAIM_FROM": "2024-01-15", "PAID": "5.00"}
EVENT = json.loads((EVENTS / "from_state_machine.json").read_text())
URI = f"s3://{EVENT['bucket']}/{EVENT['key']}"


def row(number: int, **change: str) -> str:
    values = {**GOOD, "CLAIM_NO": f"C{number:012d}", **change}
    return ",".join(values.get(name, "") for name in FIELDS) + "\n"


def data(*changes: dict[str, str]) -> bytes:
    return (HEADER + "".join(row(n, **change) for n, change in enumerate(changes))).encode()


def sampled(content: bytes, sample_bytes: int = 4096, source: Source = SOURCE) -> FileValidation:
    file = BigFile(lambda start, length: content[start : start + length], len(content), "f.csv", source)
    return validate_samples(file, sample_bytes)


class HugeFile:
    """Gigabytes of claims that are nowhere: each row has its number, and the same length as all others."""

    def __init__(self, size: int, bad_after: int | None = None) -> None:
        self.row_bytes = len(row(0))
        self.rows = (size - len(HEADER)) // self.row_bytes
        self.size = len(HEADER) + self.rows * self.row_bytes
        self.bad_after = self.rows if bad_after is None else bad_after
        self.bytes_read = self.reads = 0

    def read(self, start: int, length: int) -> bytes:
        self.bytes_read += length
        self.reads += 1
        first = max(0, (start - len(HEADER)) // self.row_bytes)
        last = min(self.rows, first + length // self.row_bytes + 2)
        rows = "".join(row(n, PAID="x.xx" if n >= self.bad_after else "5.00") for n in range(first, last)).encode()
        text = HEADER.encode() + rows if start < len(HEADER) else rows
        begin = start if start < len(HEADER) else start - len(HEADER) - first * self.row_bytes
        return text[begin : begin + length]


def test_ten_gigabytes_are_judged_in_seconds_by_three_reads() -> None:
    huge, rules = HugeFile(10 * 10**9), suite_rules(SOURCE.table)
    started = time.process_time()
    found = validate_samples(BigFile(huge.read, huge.size, "f.csv", SOURCE), 128 * 1024, rules)
    assert time.process_time() - started < 30
    assert (huge.reads, huge.bytes_read) == (3, found.sampled_bytes)
    assert huge.bytes_read < 400_000
    assert (found.validation_status, found.error_records) == ("success", 0)
    assert found.estimated_records == pytest.approx(huge.rows, rel=0.01)
    assert "in samples" in found.verdict


def test_a_file_that_goes_wrong_after_its_head_fails() -> None:
    huge = HugeFile(10**9, bad_after=2000)
    found = validate_samples(BigFile(huge.read, huge.size, "f.csv", SOURCE), 65536)
    assert found.validation_status == "failed"
    (rule,) = found.rules
    assert (rule.rule_id, rule.examples) == ("RC011", ())


@pytest.mark.parametrize("size", [4096 * 4, 10**6 + 1, 10**9 + 7])
def test_samples_lie_in_the_file_in_order_and_the_last_ends_with_it(size: int) -> None:
    middle, tail = later_samples(size, 4096)
    assert 4096 <= middle.start <= middle.start + middle.length <= tail.start
    assert (tail.start + tail.length, tail.is_last) == (size, True)
    assert middle.start % 4 == tail.start % 4 == 0


def test_a_sample_that_begins_inside_a_quoted_line_break_finds_no_fault_that_is_none() -> None:
    long_text = "\n".join(["text, with commas"] * 30)
    content = data(*[{"PLAN_NAME": f'"{long_text}"'}] * 200)
    whole = validate_file(lambda: io.BytesIO(content), "f.csv", SOURCE)
    assert (whole.error_records, whole.total_records) == (0, 200)
    for sample_bytes in range(4096, 4800, 52):
        found = sampled(content, sample_bytes)
        assert found.error_records == 0
        assert found.total_records > 10


def test_a_tail_that_is_cut_and_a_middle_of_garbage_are_found() -> None:
    cut = data(*[{}] * 500)[:-20]
    assert "RC008" in {rule.rule_id for rule in sampled(cut).rules} | {
        rule.rule_id for rule in validate_file(lambda: io.BytesIO(cut), "f.csv", SOURCE).rules
    }
    rows = data(*[{}] * 500)
    middle = len(rows) // 2
    spoiled = rows[: middle - 3000] + "".join(f"garbage {n}\n" for n in range(500)).encode() + rows[middle + 3000 :]
    assert sampled(spoiled).error_records > 100


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_samples_of_other_encodings_are_read_at_their_characters(encoding: str) -> None:
    content = data(*[{}] * 800).decode().encode(encoding)
    found = sampled(content)
    assert (found.validation_status, found.error_records) == ("success", 0)
    assert found.total_records > 10


def test_of_gzip_the_head_is_judged() -> None:
    content = gzip.compress(data(*[{}] * 5000), compresslevel=0)
    found = sampled(content)
    assert (found.compression, found.sampled_bytes, found.error_records) == ("gzip", 4096, 0)
    assert found.total_records > 10
    assert "compressed" in found.warnings[-1]


REFUSED = {
    "no header": (data(*[{}] * 500).partition(b"\n")[2], "missing_column"),
    "another delimiter": (data(*[{}] * 500).replace(b",", b"|"), "wrong_delimiter"),
    "a workbook": (b"PK\x03\x04 [Content_Types]" + bytes(20000), "not_text"),
    "damaged gzip": (b"\x1f\x8b\x08\x00" + b"x" * 20000, "gzip_corrupt"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_big_file_that_cannot_be_trusted_is_refused_by_its_head(content: bytes, reason: str) -> None:
    assert (sampled(content).validation_status, sampled(content).reason) == ("failed", reason)


def test_the_page_tells_the_verdict_and_no_value() -> None:
    content = data({"PAID": "SECRET"}, {}, {"CLAIM_FROM": "SECRET"})
    found = validate_file(lambda: io.BytesIO(content), "Jane Doe <b>.csv", SOURCE)
    page = render_validation(found)
    assert "Failed" in page
    assert "RC011" in page
    assert str(found.quality_score) in page
    assert not {"SECRET", "Jane", "<b>"} & set(page.split())
    assert "by samples" in render_validation(sampled(data(*[{}] * 500)))
    assert "not_text" in render_validation(sampled(REFUSED["a workbook"][0]))


@pytest.fixture
def gate(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    environment = {
        "REPORTS_URI": "s3://reports/validation-reports",
        "WHOLE_FILE_BYTES": "30000",
        "SAMPLE_BYTES": "4096",
    }
    return loaded(monkeypatch, "lambdas.data_validation.handler", environment)


def test_a_good_file_passes_with_a_report_as_json_and_as_a_page(
    gate: ModuleType, cloud: Cloud, context: object
) -> None:
    cloud.put(URI, (SAMPLES / "sample_professional" / "sample.csv").read_bytes())
    answer = gate.handle(EVENT, context)
    expected = json.loads((SAMPLES / "sample_professional" / "expected.json").read_text())["records"]
    assert answer["summary"]["total_records"] == expected["read"]
    assert answer["report_location"].startswith(f"s3://reports/validation-reports/files/{EVENT['job_id']}/")
    report = json.loads(cloud.get(answer["report_location"]))
    assert report["summary"] == answer["summary"]
    assert b"<!DOCTYPE html>" in cloud.get(answer["report_location"].replace(".json", ".html"))
    assert gate.handle(EVENT, context) == answer
    assert len(cloud.keys("reports")) == 2


def test_a_bad_file_fails_and_its_records_are_counted_by_rule(
    gate: ModuleType, cloud: Cloud, context: object, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.put(URI, data({"PAID": "SECRET"}, {"PAID": "SECRET"}, {}))
    log = listen("data_validation")
    answer = gate.handle(EVENT, context)
    assert answer["validation_status"] == "failed"
    assert answer["summary"] == {"total_records": 3, "valid_records": 1, "error_records": 2}
    printed = capsys.readouterr().out + log.getvalue()
    lines = [json.loads(line) for line in printed.splitlines()]
    assert {"RC011"} == {line["rule_id"] for line in lines if line.get("event") == "records_quarantined"}
    assert any(line.get("RecordsQuarantined") == [3.0] for line in lines)
    assert "SECRET" not in printed + json.dumps(answer) + str(cloud.get(answer["report_location"]))


def test_an_environment_may_take_files_with_more_errors_than_their_source_says(
    gate: ModuleType, cloud: Cloud, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.put(URI, data({"PAID": "x"}, {"PAID": "x"}, {}))
    assert gate.handle(EVENT, context)["validation_status"] == "failed"
    environment = {"REPORTS_URI": "s3://reports/validation-reports", "MAX_ERROR_SHARE": "0.8"}
    relaxed = loaded(monkeypatch, "lambdas.data_validation.handler", environment)
    assert relaxed.handle(EVENT, context)["validation_status"] == "success"


def test_what_a_person_sent_back_passes_whatever_its_errors(gate: ModuleType, cloud: Cloud, context: object) -> None:
    key = "raw/claims/sample_professional/requeued/abc/claims.csv"
    cloud.put(f"s3://raw/{key}", data({"PAID": "x"}))
    assert gate.handle({"bucket": "raw", "key": key}, context)["validation_status"] == "success"


def test_a_big_file_is_judged_by_samples(gate: ModuleType, cloud: Cloud, context: object) -> None:
    cloud.put(URI, data(*[{}] * 900))
    answer = gate.handle(EVENT, context)
    assert answer["sampled"]
    assert answer["estimated_records"] == pytest.approx(900, rel=0.05)


def test_the_senders_control_file_is_compared(gate: ModuleType, cloud: Cloud, context: object) -> None:
    cloud.put(URI, data({}, {}))
    cloud.put(f"{URI}.control.json", b'{"records": 3}')
    assert gate.handle(EVENT, context)["reason"] == "control_totals"


def test_a_file_that_is_gone_or_of_no_source_fails_with_a_report(
    gate: ModuleType, cloud: Cloud, context: object
) -> None:
    gone = gate.handle(EVENT, context)
    assert (gone["validation_status"], gone["reason"]) == ("failed", "not_found")
    cloud.put("s3://raw/raw/claims/nobody/Jane Doe.csv", b"x")
    answer = gate.handle({"bucket": "raw", "key": "raw/claims/nobody/Jane Doe.csv"}, context)
    assert answer["reason"] == "UnknownSourceError"
    assert b"Jane" not in cloud.get(answer["report_location"])


@pytest.mark.parametrize("size", [3, 900])
def test_a_fault_of_s3_is_not_the_files_fault(
    size: int, gate: ModuleType, cloud: Cloud, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="SECRET")

    cloud.put(URI, data(*[{}] * size))
    monkeypatch.setattr(gate.STORE._client, "get_object", fails)  # noqa: SLF001 - the edge of what is tested
    with pytest.raises(TransientError) as caught:
        gate.handle(EVENT, context)
    assert "SECRET" not in str(caught.value)
    assert cloud.keys("reports") == []


def test_a_file_that_is_overwritten_while_it_is_read_fails_as_changed(
    gate: ModuleType, cloud: Cloud, context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: object) -> None:
        raise ClientError({"Error": {"Code": "PreconditionFailed", "Message": ""}}, "GetObject")

    cloud.put(URI, data(*[{}] * 900))
    monkeypatch.setattr(gate.STORE._client, "get_object", fails)  # noqa: SLF001 - the edge of what is tested
    assert gate.handle(EVENT, context)["reason"] == "changed"


def test_an_event_without_a_file_is_an_error_without_its_text(gate: ModuleType, context: object) -> None:
    with pytest.raises(EventError) as caught:
        gate.handle({"bucket": "", "key": "SECRET"}, context)
    assert "SECRET" not in str(caught.value)
