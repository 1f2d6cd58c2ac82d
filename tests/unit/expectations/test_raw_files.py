"""What `scan` tells about a file, what it refuses, and that a sender's control totals are compared."""

import gzip
import io
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest

from expectations.contract import FileFormat
from expectations.control_files import check_control_totals
from expectations.errors import ContractError, FileRefusedError
from expectations.raw_bytes import CHUNK_BYTES
from expectations.raw_files import RawFileFacts, scan
from expectations.raw_rewrite import rewrite

CSV = FileFormat(type="csv", encodings=("utf-8", "cp1252"))
UTF8_ONLY = FileFormat(type="csv")
CP1252_FIRST = FileFormat(type="csv", encodings=("cp1252", "utf-8"))
OPTIONAL_END = FileFormat(type="csv", final_newline="optional")
NO_HEADER = FileFormat(type="csv", header="none", column_names=("a", "b"))
NO_QUOTE = FileFormat(type="csv", quote="")
TABS = FileFormat(type="csv", delimiter="\t")
NDJSON = FileFormat(type="ndjson", encodings=("utf-8", "cp1252"))


def scanned(
    data: bytes, file_format: FileFormat = CSV, name: str = "f.csv", chunk_bytes: int = CHUNK_BYTES
) -> RawFileFacts:
    return scan(lambda: io.BytesIO(data), name, file_format, chunk_bytes=chunk_bytes)


def opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


IN_PLACE = {
    "LF": (b"a,b\n1,2\n3,4\n", CSV, 2),
    "CR LF": (b"a,b\r\n1,2\r\n3,4\r\n", CSV, 2),
    "mixed line ends": (b"a,b\r\n1,2\n3,4\r\n", CSV, 2),
    "UTF-8": ("a,b\nJos\u00e9,2\n".encode(), CSV, 1),
    "UTF-8 mark": (b"\xef\xbb\xbfa,b\n1,2\n", CSV, 1),
    "quotes": (b'"a","b"\n"1,1","2 ""x"""\n', CSV, 1),
    "stray quote": (b'a,b\n5" pipe,2\n3,4\n', CSV, 2),
    "quote that is data": (b'a,b\n"1,2\n3,4\n', NO_QUOTE, 2),
    "lone CR in quotes": (b'a,b\n"1\r1",2\n', CSV, 1),
    "no header": (b"1,2\n3,4\n", NO_HEADER, 2),
    "one quote that stays open": (b'a,b\n"1,2\n3,4\n5,6\n', CSV, 3),
    "NUL in a value": (b"a,b\n1\x002,2\n", CSV, 1),
    "NDJSON": (b'{"a": 1}\n{"a": 2}', NDJSON, 2),
    "NDJSON with odd quotes": (b'{"a": 1}\n{"a": "}\n', NDJSON, 2),
    "ASCII in another encoding": (b"a,b\n1,2\n", CP1252_FIRST, 1),
    "optional final line end": (b"a,b\n1,2", OPTIONAL_END, 1),
    "header without line end": (b"a,b", CSV, 0),
    "one column": (b"a\n1\n2\n", CSV, 2),
}


@pytest.mark.parametrize(("data", "file_format", "records"), IN_PLACE.values(), ids=IN_PLACE)
def test_a_file_in_the_form_spark_reads_stays_where_it_is(data: bytes, file_format: FileFormat, records: int) -> None:
    facts = scanned(data, file_format)

    assert facts.rewrite_reasons == ()
    assert facts.record_count == records
    assert facts.size_bytes == len(data)
    assert facts.sha256 == sha256(data).hexdigest()
    assert facts.compression == ""


REASONS = {
    "compressed": (gzip.compress(b"a,b\n1,2\n"), CSV, ["compressed"], 1),
    "several members": (gzip.compress(b"a,b\n1,") + gzip.compress(b"2\n3,4\n"), CSV, ["compressed"], 2),
    "gzip of UTF-16": (gzip.compress("\ufeffa,b\n1,2\n".encode("utf-16-le")), CSV, ["compressed", "utf16_or_32"], 1),
    "lone CR": (b"a,b\r1,2\r3,4\r", CSV, ["lone_cr"], 2),
    "CR CR LF": (b"a,b\r\r\n1,2\r\r\n", CSV, ["lone_cr"], 1),
    "quoted LF": (b'a,b\n"1\n1",2\n', CSV, ["quoted_line_break"], 1),
    "quoted CR LF": (b'a,b\r\n"1\r\n1",2\r\n', CSV, ["quoted_line_break"], 1),
    "quoted break in the header": (b'"a\nx",b\n1,2\n', CSV, ["quoted_line_break"], 1),
    "second encoding": (b"a,b\n1,2\nJos\xe9,2\n", CSV, ["other_encoding"], 2),
    "first encoding is not UTF-8": (b"a,b\n1,2\nJos\xe9,2\n", CP1252_FIRST, ["other_encoding"], 2),
    "no encoding fits": (b"a,b\n1,2\nJos\xe9,2\n", UTF8_ONLY, ["undecodable"], 2),
    "a mark leaves only UTF-8": (b"\xef\xbb\xbfa,b\n1,2\nJos\xe9,2\n", CSV, ["undecodable"], 2),
    "too long": (b"a,b\n" + b"1" * (16 * 1024**2 + 1) + b",2\n3,4\n", CSV, ["too_long"], 2),
    "SUB": (b"a,b\n1\x1a,2\n", CSV, ["control_marks"], 1),
    "RS": (b"a,b\n1\x1e,2\n", CSV, ["control_marks"], 1),
    "DOS end of file": (b"a,b\n1,2\n\x1a", CSV, ["control_marks"], 1),
    "no final line end": (b"a,b\n1,2\n3,4", CSV, ["unterminated"], 2),
}


@pytest.mark.parametrize(("data", "file_format", "reasons", "records"), REASONS.values(), ids=REASONS)
def test_a_file_in_another_form_is_to_be_rewritten(
    data: bytes, file_format: FileFormat, reasons: list[str], records: int
) -> None:
    facts = scanned(data, file_format)

    assert [*facts.rewrite_reasons] == reasons
    assert facts.record_count == records


@pytest.mark.parametrize(
    ("name", "is_unsafe"),
    [
        ("claims.csv", False),
        ("_claims.csv", True),
        ("in/.claims.csv", True),
        ("_in/claims.csv", False),
        ("a:b.csv", True),
        ("s3://b/claims.csv", False),
        ("a[1].csv", True),
        ("a{b}.csv", True),
        ("claims.csv.gz", True),
        ("claims.csv.GZ", False),
    ],
)
def test_a_plain_file_whose_name_spark_would_misread_is_to_be_rewritten(name: str, is_unsafe: bool) -> None:
    assert scanned(b"a,b\n1,2\n", name=name).rewrite_reasons == (("unsafe_name",) if is_unsafe else ())


REFUSED = {
    "only blank lines": (b"\n \r\n\t\n", CSV, "empty"),
    "most lines undecodable": (b"a,b\n" + b"Jos\xe9,2\n" * 3, UTF8_ONLY, "unreadable_encoding"),
    "control mark in the header": (b"a,b\x1e\n1,2\n", CSV, "unreadable_encoding"),
    "header undecodable": (b"a,\xe9\n1,2\n3,4\n", UTF8_ONLY, "unreadable_encoding"),
    "semicolons": (b"a;b\n1;2\n", CSV, "wrong_delimiter"),
    "commas for tabs": (b"a,b\n1,2\n", TABS, "wrong_delimiter"),
    "bars without header": (b"1|2\n3|4\n", NO_HEADER, "wrong_delimiter"),
    "JSON array": (b' \n [{"a": 1}]\n', NDJSON, "not_ndjson"),
    "JSON over several lines": (b'{\n"a": 1\n}\n', NDJSON, "not_ndjson"),
}


@pytest.mark.parametrize(("data", "file_format", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_in_one_line_with_a_cure(
    data: bytes, file_format: FileFormat, reason: str
) -> None:
    with pytest.raises(FileRefusedError, match=r"^f\.csv: .+; expected .+; cure: .+$") as refused:
        scanned(data, file_format)

    assert refused.value.reason == reason


WARNINGS = {
    "header only": (b"a,b\n", CSV, ["header_only"]),
    "accepted without line end": (b"a,b\n1,2", OPTIONAL_END, ["unterminated_accepted"]),
    "blank last line without line end": (b"a,b\n1,2\n  ", CSV, []),
}


@pytest.mark.parametrize("chunk_bytes", [1, 7, CHUNK_BYTES])
@pytest.mark.parametrize(("data", "file_format", "warnings"), WARNINGS.values(), ids=WARNINGS)
def test_what_is_odd_but_accepted_is_said(
    data: bytes, file_format: FileFormat, warnings: list[str], chunk_bytes: int
) -> None:
    assert [*scanned(data, file_format, chunk_bytes=chunk_bytes).warnings] == warnings


JOINED = {
    "UTF-8": (b"\xef\xbb\xbfa,b\n1,2\n\xef\xbb\xbfa,b\n3,4\n", CSV),
    "only the second has a mark": (b"a,b\n1,2\n\xef\xbb\xbfa,b\n3,4\n", CSV),
    "rewritten": (b"\xef\xbb\xbfa,b\r1,2\r\xef\xbb\xbfa,b\r3,4\r", CSV),
    "UTF-16": ("\ufeffa,b\n1,2\n\ufeffa,b\n3,4\n".encode("utf-16-le"), CSV),
    "quoted header": (b'\xef\xbb\xbf"a",b\n1,2\n\xef\xbb\xbf"a",b\n3,4\n', CSV),
}


@pytest.mark.parametrize("chunk_bytes", [4, CHUNK_BYTES])
@pytest.mark.parametrize(("data", "file_format"), JOINED.values(), ids=JOINED)
def test_the_header_of_a_file_that_was_joined_to_another_is_no_record_even_behind_its_byte_order_mark(
    data: bytes, file_format: FileFormat, chunk_bytes: int
) -> None:
    facts = scanned(data, file_format, chunk_bytes=chunk_bytes)
    assert (facts.record_count, facts.repeated_headers, facts.line_count) == (2, 1, 4)
    assert rewrite(lambda: io.BytesIO(data), facts, file_format, io.BytesIO()).record_count == 2


def test_blank_lines_and_repeated_headers_are_no_records() -> None:
    facts = scanned(b"\n  \na,b\n1,2\n\n\na,b\na,b\n \t\r\n3,4\na,b\n")

    assert (facts.header_line, facts.header_fields) == ("a,b", ("a", "b"))
    assert (facts.record_count, facts.blank_lines, facts.repeated_headers, facts.line_count) == (2, 5, 3, 11)


@pytest.mark.parametrize(
    ("data", "file_format", "line", "fields"),
    [
        (b'"a,1","b ""x"""\n', CSV, '"a,1","b ""x"""', ("a,1", 'b "x"')),
        (b"\xef\xbb\xbfa,b\r\n", CSV, "a,b", ("a", "b")),
        (b"Pr\xe9nom,b\n1,2\n", CSV, "Pr\u00e9nom,b", ("Pr\u00e9nom", "b")),
        (b'a"x,b\n', CSV, 'a"x,b', ('a"x', "b")),
        (b'"a"x,b\n', CSV, '"a"x,b', ('"a"x', "b")),
        (b"1,2\n", NO_HEADER, "", ()),
        (b'{"a": 1}\n', NDJSON, "", ()),
    ],
    ids=["quoted", "mark", "cp1252", "stray quote", "wrong quote", "no header", "NDJSON"],
)
def test_the_header_is_told_apart_from_the_records(
    data: bytes, file_format: FileFormat, line: str, fields: tuple[str, ...]
) -> None:
    facts = scanned(data, file_format)

    assert facts.header_fields == fields
    assert facts.header_line == line


def test_an_encoding_that_does_not_exist_is_the_contracts_fault() -> None:
    with pytest.raises(ContractError, match="utf-9"):
        scanned(b"a,b\n", FileFormat(type="csv", encodings=("utf-9",)))


def test_control_totals_that_agree_pass() -> None:
    check_control_totals(5, 100, "ab12", {"records": 5, "bytes": "100", "sha256": "AB12", "sender": "x"}, "f.csv")


@pytest.mark.parametrize(
    ("control", "said"),
    [
        ({"records": 6}, r"records: 5 counted; expected 6 "),
        ({"bytes": 99}, "bytes: 100 counted; expected 99 "),
        ({"sha256": "ff"}, "sha256: ab12 counted; expected 'ff' "),
        ({"records": True}, "records: 5 counted"),
        ({"records": [5]}, "records: 5 counted; expected plain totals"),
        ({"records": "M123456"}, "records: 5 counted; expected plain totals"),
        ({"rows": 5}, "no totals"),
    ],
    ids=str,
)
def test_control_totals_that_differ_refuse_the_file_with_both_counts(control: dict[str, object], said: str) -> None:
    with pytest.raises(FileRefusedError, match=said) as refused:
        check_control_totals(5, 100, "ab12", control, "f.csv")

    assert refused.value.reason == "control_totals"


@pytest.mark.parametrize(("folder", "file_format"), [("csv", CSV), ("json", NDJSON), ("public", CSV)])
def test_no_bad_file_does_anything_but_pass_or_be_refused(folder: str, file_format: FileFormat, shared: Path) -> None:
    paths = [path for path in (shared / "badfiles" / folder).rglob("*") if path.is_file() and path.name != "TRUTH.json"]
    refused = set()
    for path in paths:
        open_stream = opener(path)
        try:
            facts = scan(open_stream, path.name, file_format)
            sink = io.BytesIO()
            rewritten = rewrite(open_stream, facts, file_format, sink)
        except FileRefusedError:
            refused.add(path.parent.name)
            continue
        assert facts.record_count == rewritten.record_count, path
        assert facts.line_count == sink.getvalue().count(b"\n"), path
    expected = {
        "csv": {"delim_semicolon", "delim_tab", "gz_bitflip", "zip_named_csv_zip"},
        "json": {"array_one_line", "object_pretty", "utf16le"},
    }
    assert refused == expected.get(folder, refused)
