"""How bytes become blocks of whole lines, and lines become records."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import FileFormat
from expectations.raw_records import Block, RawRecord, RecordAssembler, blocks, count_blank_lines

CSV = FileFormat(type="csv")
BARS = FileFormat(type="csv", delimiter="|")
SECTIONS = FileFormat(type="csv", delimiter="\u00a7")
NO_QUOTE = FileFormat(type="csv", quote="")
NDJSON = FileFormat(type="ndjson")


def records(
    data: bytes, fields: int | None = 3, file_format: FileFormat = CSV, chunk_bytes: int = 1024
) -> list[RawRecord]:
    assembler = RecordAssembler(file_format)
    if fields:
        assembler.expect(fields)
    chunks = (data[start : start + chunk_bytes] for start in range(0, len(data), chunk_bytes))
    found = [record for block in blocks(chunks) for record in assembler.feed(block)]
    return [*found, *assembler.finish()]


def texts(data: bytes, fields: int | None = 3, file_format: FileFormat = CSV) -> list[bytes]:
    return [record.data for record in records(data, fields, file_format)]


JOINED = {
    "LF": (b'1,"2\n2",3\n', CSV),
    "CR LF": (b'1,"2\r\n2",3\r\n', CSV),
    "lone CR": (b'1,"2\r2",3\n', CSV),
    "empty lines inside": (b'1,"\n\n\n",3\n', CSV),
    "first field": (b'"1\n1",2,3\n', CSV),
    "last field": (b'1,2,"3\n3"\n', CSV),
    "last field without line end": (b'1,2,"3\n3"', CSV),
    "two fields": (b'1,"2\n2","3\n3"\n', CSV),
    "closed and opened again on one line": (b'"1\n1","2\n2",3\n', CSV),
    "doubled quotes": (b'1,"2 ""x""\n""y"" ""\n",3\n', CSV),
    "delimiters inside": (b'1,"2,\n,2",3\n', CSV),
    "empty quoted fields around": (b'"","\n",""\n', CSV),
    "bars": (b'1|"2|\n2,"|3\n', BARS),
    "a delimiter of two bytes": ('1\u00a7"2\n\u00e7"\u00a73\n'.encode(), SECTIONS),
    "1000 lines": (b'1,"' + b"x\n" * 999 + b'",3\n', CSV),
    "nearly 1 MiB": (b'1,"' + (b"x" * 1023 + b"\n") * 900 + b'",3\n', CSV),
}


@pytest.mark.parametrize(("data", "file_format"), JOINED.values(), ids=JOINED)
def test_lines_that_make_one_valid_record_are_joined(data: bytes, file_format: FileFormat) -> None:
    (record,) = records(data, file_format=file_format)

    assert record.data + record.end == data
    assert record.swallowed == record.data.count(b"\n")


APART = {
    "quote never closed": (b'1,"2,3\n4,5,6\n7,8,9\n', CSV),
    "text after the closing quote": (b'1,"2\n2"x,3\n4,5,6\n', CSV),
    "a field too few": (b'1,"2\n2"\n3,4,5\n', CSV),
    "a field too many": (b'1,"2\n2",3,4\n', CSV),
    "quote in the middle of a field": (b'1,5" pipe,3\n4,5,6\n', CSV),
    "stray quote before an open one": (b'5" pipe,"2\n2",3\n', CSV),
    "blank before the quote": (b'1, "2\n2",3\n', CSV),
    "backslash before the quote": (b'1,"2 \\"x\\", y",3\n4,5,6\n', CSV),
    "line break in an unquoted field": (b'1,"2",3\n3\n', CSV),
    "1001 lines": (b'1,"' + b"x\n" * 1000 + b'",3\n', CSV),
    "over 1 MiB": (b'1,"' + (b"x" * 1023 + b"\n") * 999 + b"x" * 40000 + b'",3\n', CSV),
    "no quotes in the format": (b'1,"2\n2",3\n', NO_QUOTE),
    "NDJSON": (b'{"a": "1\n1"}\n', NDJSON),
}


@pytest.mark.parametrize(("data", "file_format"), APART.values(), ids=APART)
def test_lines_that_make_no_valid_record_stay_apart(data: bytes, file_format: FileFormat) -> None:
    assert texts(data, file_format=file_format) == data.splitlines()


def test_one_unclosed_quote_does_not_swallow_the_good_records_after_it() -> None:
    data = b'1,"2,3\n4,5,6\n7,"8\n8",9\n"1\n'

    assert texts(data) == [b'1,"2,3', b"4,5,6", b'7,"8\n8",9', b'"1']


def test_the_header_may_have_any_number_of_fields_until_it_is_known() -> None:
    assert texts(b'"a\na",b\n1,2\n', fields=None) == [b'"a\na",b', b"1,2"]


@pytest.mark.parametrize(
    "data", [b"1,2,3\r4,5,6\r", b"1,2,3\r\n4,5,6\r", b"1,2,3\n4,5,6"], ids=["CR", "mixed", "no end"]
)
def test_every_line_end_ends_a_record_outside_quotes(data: bytes) -> None:
    assert texts(data) == [b"1,2,3", b"4,5,6"]


@pytest.mark.parametrize(
    ("data", "is_blank"),
    [
        (b"\n", True),
        (b" \t\r\n", True),
        (b"\x1a", True),
        (b"\x1a\x1a ", True),
        (b"\x1a\n", False),
        (b",,\n", False),
        (b"x", False),
    ],
)
def test_blanks_tabs_and_a_last_dos_end_of_file_are_blank(data: bytes, is_blank: bool) -> None:
    assert records(data)[0].is_blank is is_blank


@pytest.mark.parametrize(
    ("data", "is_plain"),
    [
        (b"1,2,3\n", True),
        (b"1,2,3\r\n4,5,6\n", True),
        (b'"1","2",3\n', True),
        (b'1,"2\n', False),
        (b"1,2,3\r4,5,6\n", False),
        (b"1,2,3", False),
        (b"1,2,3\r", False),
        (b"x" * (16 * 1024**2 + 1) + b"\n", False),
    ],
    ids=["LF", "CR LF", "quotes", "open quote", "lone CR", "no end", "last CR", "too long"],
)
def test_a_block_is_plain_where_each_line_is_a_record(data: bytes, is_plain: bool) -> None:
    assert RecordAssembler(CSV).is_plain(Block(data)) is is_plain


def test_a_block_after_an_open_quote_is_not_plain() -> None:
    assembler = RecordAssembler(CSV)

    assert [*assembler.feed(Block(b'1,"2\n'))] == []
    assert not assembler.is_plain(Block(b"1,2,3\n"))


@pytest.mark.parametrize(
    ("data", "count"), [(b"\n", 1), (b"\n\n\n", 3), (b" \t\r\n1\n\r\n\r\n2\n", 3), (b"1\n2\n", 0), (b" 1 \n", 0)]
)
def test_blank_lines_are_counted_at_once(data: bytes, count: int) -> None:
    assert count_blank_lines(data) == count


PIECES = st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"\r\n", b"1", b"1,2,3\n", b'"1\n1",2,3\n', b'1,"']))


@given(PIECES, st.integers(1, 40))
def test_no_byte_is_lost_and_the_size_of_chunks_does_not_matter(pieces: list[bytes], chunk_bytes: int) -> None:
    data = b"".join(pieces)

    found = records(data, chunk_bytes=chunk_bytes)

    assert b"".join(record.data + record.end for record in found) == data
    assert found == records(data)


@given(PIECES, st.integers(1, 40))
def test_blocks_are_the_chunks_cut_at_line_ends(pieces: list[bytes], chunk_bytes: int) -> None:
    data = b"".join(pieces)

    cut = [
        block.data for block in blocks(data[start : start + chunk_bytes] for start in range(0, len(data), chunk_bytes))
    ]

    assert b"".join(cut) == data
    assert [line for block in cut for line in block.splitlines()] == data.splitlines()


@pytest.mark.parametrize(
    "line",
    [b'1,"2,3\n', b'""","\n', b'"\n', b'1,"' + b'""' * 5000 + b"\n", b'"",' * 3000 + b'"\n', b"," * 20000 + b'"\n'],
    ids=["open", "half open", "only a quote", "doubled quotes", "empty fields", "delimiters"],
)
def test_many_open_quotes_take_linear_time(line: bytes) -> None:
    data = line * (2_000_000 // len(line))

    started = time.process_time()
    found = records(data, chunk_bytes=1024**2)

    assert b"".join(record.data + record.end for record in found) == data
    assert time.process_time() - started < 20
