"""The clean-line form: what is written for which bytes, and that nothing is lost or moved on the way."""

import csv
import gzip
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import FileFormat
from expectations.errors import FileRefusedError
from expectations.raw_bytes import CHUNK_BYTES
from expectations.raw_files import RawFileFacts, scan
from expectations.raw_rewrite import RewriteFacts, rewrite

CSV = FileFormat(type="csv", encodings=("utf-8", "cp1252"))
UTF8_ONLY = FileFormat(type="csv")
CP1252 = FileFormat(type="csv", encodings=("cp1252",))
OPTIONAL_END = FileFormat(type="csv", final_newline="optional")
NO_HEADER = FileFormat(type="csv", header="none", column_names=("a", "b"))
NDJSON = FileFormat(type="ndjson")
MANY_SIZES = pytest.mark.parametrize("chunk_bytes", [1, 5, CHUNK_BYTES])


def rewritten(data: bytes, file_format: FileFormat = CSV, chunk_bytes: int = CHUNK_BYTES) -> tuple[bytes, RewriteFacts]:
    facts = scan(lambda: io.BytesIO(data), "f.csv", file_format, chunk_bytes=chunk_bytes)
    sink = io.BytesIO()
    result = rewrite(lambda: io.BytesIO(data), facts, file_format, sink, chunk_bytes=chunk_bytes)
    assert result.record_count == facts.record_count
    assert sink.getvalue().count(b"\n") == facts.line_count
    return sink.getvalue(), result


CLEAN = {
    "LF": (b"a,b\n1,2\n", CSV, "a,b\n1,2\n"),
    "CR LF": (b"a,b\r\n1,2\r\n", CSV, "a,b\n1,2\n"),
    "lone CR": (b"a,b\r1,2\r3,4\r", CSV, "a,b\n1,2\n3,4\n"),
    "mixed": (b"a,b\n1,2\r3,4\r\n5,6\n", CSV, "a,b\n1,2\n3,4\n5,6\n"),
    "gzip": (gzip.compress(b"a,b\n1,2\n"), CSV, "a,b\n1,2\n"),
    "UTF-8 mark": (b"\xef\xbb\xbfa,b\n1,2\n", CSV, "a,b\n1,2\n"),
    "UTF-16": ("\ufeffa,b\n\u00e9\U0001f600,2\n".encode("utf-16-be"), CSV, "a,b\n\u00e9\U0001f600,2\n"),
    "each record in its encoding": (b"a,b\n\xc3\xa9,1\n\xe9,2\n", CSV, "a,b\n\u00e9,1\n\u00e9,2\n"),
    "all in cp1252": (b"a,b\n\xe9,1\n\x80,2\n", CP1252, "a,b\n\u00e9,1\n\u20ac,2\n"),
    "header in cp1252": (b"\xe9,b\n1,2\n\xe9,b\n", CSV, "\u00e9,b\n1,2\n\u00e9,b\n"),
    "header again in another encoding": (b"\xe9,b\n1,2\n\xc3\xa9,b\n", CSV, "\u00e9,b\n1,2\n\u00e9,b\n"),
    "quoted LF": (b'a,b\n"1\n\n1",2\n3,4\n', CSV, 'a,b\n"1\x1e\x1e1",2\n\n\n3,4\n'),
    "quoted CR LF": (b'a,b\r\n"1\r\n1",2\r\n3,4\r\n', CSV, 'a,b\n"1\r\x1e1",2\n\n3,4\n'),
    "quoted lone CR": (b'a,b\n"1\r1",2\n3,4\n', CSV, 'a,b\n"1\r1",2\n3,4\n'),
    "quoted lone CR and LF": (b'a,b\n"1\r1\n1",2\n3,4\n', CSV, 'a,b\n"1\r1\x1e1",2\n\n3,4\n'),
    "quoted LF in the header": (b'"a\nx",b\n1,2\n', CSV, '"a\x1ex",b\n\n1,2\n'),
    "open quote": (b'a,b\n"1,2\n3,4\n"5\n6",7\n', CSV, 'a,b\n"1,2\n3,4\n"5\x1e6",7\n\n'),
    "joined text with a field too many": (b'a,b\n"1\n1",2,3\n', CSV, 'a,b\n"1\n1",2,3\n'),
    "blank lines": (b"\n a,b\n \t\r\n1,2\n\n", CSV, "\n a,b\n \t\n1,2\n\n"),
    "DOS end of file": (b"a,b\r\n1,2\r\n\x1a", CSV, "a,b\n1,2\n\n"),
    "no final line end, accepted": (b"a,b\n1,2", OPTIONAL_END, "a,b\n1,2\n"),
    "no header": (b'"1\n1",2\n', NO_HEADER, '"1\x1e1",2\n\n'),
    "NDJSON": (b'{"a": "1\r\n', NDJSON, '{"a": "1\n'),
    "NDJSON without final line end": (b'{"a": 1}\r{"a": 2}', NDJSON, '{"a": 1}\n{"a": 2}\n'),
}


@MANY_SIZES
@pytest.mark.parametrize(("data", "file_format", "clean"), CLEAN.values(), ids=CLEAN)
def test_a_readable_record_is_one_line_of_utf_8(
    data: bytes, file_format: FileFormat, clean: str, chunk_bytes: int
) -> None:
    written, facts = rewritten(data, file_format, chunk_bytes)

    assert written.decode() == clean
    assert facts.condemned == {}


CONDEMNED = {
    "undecodable": (b"a,b\n1,2\n\xe9,3\n", UTF8_ONLY, "a,b\n1,2\n\x1aRC005\x1a\\xe9,3\n", "RC005"),
    "undecodable over two lines": (
        b'a,b\n1,2\n"\xe9\nx",3\n4,5\n',
        UTF8_ONLY,
        'a,b\n1,2\n\x1aRC005\x1a"\\xe9\x1ex",3\n\n4,5\n',
        "RC005",
    ),
    "half a UTF-16 character": (
        "\ufeffa,b\n1,2\n".encode("utf-16-le") + b"\x00\xd83\x00\n\x00",
        CSV,
        "a,b\n1,2\n\x1aRC005\x1a\\xff\\x00\\xd83\n",
        "RC005",
    ),
    "odd UTF-16 length": (
        "\ufeffa,b\n1,2\n3,4".encode("utf-16-le") + b"1",
        CSV,
        "a,b\n1,2\n\x1aRC005\x1a3,4\\xff\\x31\n",
        "RC005",
    ),
    "SUB inside": (b"a,b\n1\x1a,2\n3,4\n", CSV, "a,b\n\x1aRC006\x1a1\x1a,2\n3,4\n", "RC006"),
    "SUB first": (b"a,b\n\x1aRC005\x1a1,2\n", CSV, "a,b\n\x1aRC006\x1a\x1aRC005\x1a1,2\n", "RC006"),
    "RS inside": (b"a,b\n1\x1e,2\n3,4\n", CSV, "a,b\n\x1aRC006\x1a1\x1e,2\n3,4\n", "RC006"),
    "no final line end": (b"a,b\n1,2\n3,4", UTF8_ONLY, "a,b\n1,2\n\x1aRC008\x1a3,4\n", "RC008"),
    "no final line end after an open quote": (b'a,b\n"1,2\n3,4', CSV, 'a,b\n"1,2\n\x1aRC008\x1a3,4\n', "RC008"),
}


@MANY_SIZES
@pytest.mark.parametrize(("data", "file_format", "clean", "rule_id"), CONDEMNED.values(), ids=CONDEMNED)
def test_an_untrustworthy_record_is_marked_with_its_rule_and_keeps_its_text(
    data: bytes, file_format: FileFormat, clean: str, rule_id: str, chunk_bytes: int
) -> None:
    written, facts = rewritten(data, file_format, chunk_bytes)

    assert written.decode() == clean
    assert facts.condemned == {rule_id: 1}


@pytest.mark.parametrize("chunk_bytes", [1024**2, CHUNK_BYTES, 32 * 1024**2])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r", b""], ids=["LF", "CR LF", "CR", "none"])
def test_a_record_over_16_mib_keeps_its_first_64_kib_and_the_records_around_it(
    line_end: bytes, chunk_bytes: int
) -> None:
    rest = b"3,4\n" if line_end else b""
    data = b"a,b\n1,2\n" + b"\xc3\xa9" * (12 * 1024**2) + line_end + rest

    written, facts = rewritten(data, CSV, chunk_bytes)

    _, first, cut, *after = written.splitlines()
    assert (first, after) == (b"1,2", [b"3,4"] if line_end else [])
    assert cut == b"\x1aRC007\x1a" + b"\xc3\xa9" * (32 * 1024)
    assert facts.condemned == {"RC007": 1}


def test_a_record_of_16_mib_is_whole() -> None:
    line = b"1" * (16 * 1024**2 - 2) + b",2"

    written, facts = rewritten(b"a,b\n" + line + b"\n", chunk_bytes=1024**2)

    assert written == b"a,b\n" + line + b"\n"
    assert facts.condemned == {}


def test_a_file_that_changed_since_it_was_scanned_is_refused() -> None:
    facts = scan(lambda: io.BytesIO(b"a,b\n1,2\n"), "f.csv", CSV)

    with pytest.raises(FileRefusedError, match=r"f\.csv: the file changed") as refused:
        rewrite(lambda: io.BytesIO(b"a,b\n1,3\n"), facts, CSV, io.BytesIO())

    assert refused.value.reason == "changed"


FIELDS = st.text(st.sampled_from('ab",;|\t \r\n\u00e9\u20ac\U0001f600\u2028'), max_size=6)
STORED_AS = [
    str.encode,
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("utf-32"),
    lambda text: gzip.compress(text.encode()),
    lambda text: gzip.compress(text.encode("utf-16")),
]
RECORDS = st.lists(st.lists(FIELDS, min_size=3, max_size=3), max_size=8)


def well_formed(records: list[list[str]], delimiter: str, line_end: str) -> str:
    """The records as RFC 4180 text below the header x, y, z; every field that needs quotes has them."""
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([["x", "y", "z"], *records])
    return sink.getvalue()


def records_by_line(clean: bytes, delimiter: str) -> dict[int, list[str]]:
    """The reader that Spark is to be: line number to fields, line breaks restored, header and empty lines left out."""
    lines = clean.decode().removesuffix("\n").split("\n")
    texts = {number: line.replace("\x1e", "\n") for number, line in enumerate(lines, 1) if line.strip(" \t\r")}
    fields = {number: next(csv.reader([text], delimiter=delimiter, strict=True)) for number, text in texts.items()}
    return {number: values for number, values in fields.items() if values != ["x", "y", "z"]}


@given(
    records=RECORDS,
    delimiter=st.sampled_from(",;|\t"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encode=st.sampled_from(STORED_AS),
    chunk_bytes=st.sampled_from([1, 2, 7, 64, CHUNK_BYTES]),
)
def test_rewritten_and_read_back_records_are_those_of_pythons_csv_module(
    records: list[list[str]], delimiter: str, line_end: str, encode: Callable[[str], bytes], chunk_bytes: int
) -> None:
    data = encode(well_formed(records, delimiter, line_end))

    written, facts = rewritten(data, FileFormat(type="csv", delimiter=delimiter), chunk_bytes)

    assert [*records_by_line(written, delimiter).values()] == records
    assert facts == RewriteFacts(len(records), {})


@given(records=RECORDS, line_end=st.sampled_from(["\n", "\r\n"]), chunk_bytes=st.sampled_from([1, 7, CHUNK_BYTES]))
def test_line_numbers_stay_true(records: list[list[str]], line_end: str, chunk_bytes: int) -> None:
    data = well_formed(records, ",", line_end).encode()

    by_line = records_by_line(rewritten(data, UTF8_ONLY, chunk_bytes)[0], ",")

    spans = [1 + "".join(record).count("\n") for record in records]
    assert [*by_line] == [2 + sum(spans[:position]) for position in range(len(records))]


PIECES = (b'"', b",", b"\n", b"\r", b"\r\n", b"1,2\n", b'"1\n1",2\n', b"\xe9", b"\x1a", b"\x1e", b"a,b\n", b" \n")
FORMATS = (CSV, UTF8_ONLY, OPTIONAL_END, NO_HEADER, NDJSON)


@given(pieces=st.lists(st.sampled_from(PIECES)), file_format=st.sampled_from(FORMATS))
def test_the_size_of_chunks_does_not_matter_and_no_content_is_lost(
    pieces: list[bytes], file_format: FileFormat
) -> None:
    data = b"a,b\n1,2\n" + b"".join(pieces)

    def outcome(chunk_bytes: int) -> tuple[RawFileFacts, bytes, RewriteFacts] | str:
        try:
            facts = scan(lambda: io.BytesIO(data), "f.csv", file_format, chunk_bytes=chunk_bytes)
            return facts, *rewritten(data, file_format, chunk_bytes)
        except FileRefusedError as error:
            return error.reason

    whole = outcome(CHUNK_BYTES)
    assert outcome(1) == outcome(3) == outcome(17) == whole
    if not isinstance(whole, str):
        assert all(whole[1].count(byte) >= data.count(byte) for byte in b'",12ab')


@given(pieces=st.lists(st.sampled_from(PIECES[:7])), file_format=st.sampled_from(FORMATS))
def test_a_file_read_where_it_lies_gives_the_lines_of_its_rewritten_copy(
    pieces: list[bytes], file_format: FileFormat
) -> None:
    data = b"a,b\n1,2\n" + b"".join(pieces)
    facts = scan(lambda: io.BytesIO(data), "f.csv", file_format)
    lines = [line.removesuffix(b"\r") for line in data.removesuffix(b"\n").split(b"\n")]
    is_record = [bool(line.strip(b" \t")) and line.decode() != facts.header_line for line in lines]

    if not facts.rewrite_reasons:
        assert rewritten(data, file_format)[0].removesuffix(b"\n").split(b"\n") == lines
        assert facts.record_count == sum(is_record)
