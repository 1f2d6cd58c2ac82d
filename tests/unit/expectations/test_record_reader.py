"""Records of a file, or of a part of one: their row numbers, and that nothing depends on how the bytes come."""

import gzip
import io
from collections.abc import Callable
from decimal import Decimal
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations import record_reader
from expectations.contract import Source, load_source
from expectations.errors import FileRefusedError
from expectations.file_records import FileRecords
from expectations.raw_files import scan
from expectations.record_reader import FileLayout, Part, ReadRecord, RecordReader

INPATIENT = load_source("cms_synpuf_inpatient")
SOURCE = Source.model_validate(
    {
        "name": "two_columns",
        "description": "A made-up source of very few columns.",
        "table": "medical_claim",
        "format": {"type": "csv", "encodings": ["utf-8", "cp1252"]},
        "columns": {"claim_id": "ID", "claim_line_number": "LINE", "plan": "NOTE", "paid_amount": "PAID"},
        "constants": {"data_source": "two"},
    }
)
HEADER = b"ID,LINE,PAID,NOTE\n"
MARKED = b"\xef\xbb\xbf" + HEADER


def opener(data: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(data)


def read(data: bytes, source: Source = SOURCE, chunk_bytes: int = 8 * 1024**2) -> list[ReadRecord]:
    facts = scan(opener(data), "f.csv", source.format)
    return list(FileRecords(opener(data), facts, source, chunk_bytes=chunk_bytes))


def shown(records: list[ReadRecord]) -> list[tuple[int, list[str], list[object]]]:
    return [(one.row_number, sorted(one.broken), [line["plan"] for line in one.lines]) for one in records]


def test_a_row_number_is_the_line_on_which_the_record_begins() -> None:
    data = (
        HEADER + b'\nA,1,5,x\n  \nA,2,5,"two\n\nlines"\r\nA,3,5,y\n' + HEADER + b"\xef\xbb\xbf" + HEADER + b"A,4,5,z\n"
    )
    assert shown(read(data)) == [(3, [], ["x"]), (5, [], ["two\n\nlines"]), (8, [], ["y"]), (11, [], ["z"])]


def test_values_are_typed_and_columns_without_a_value_are_there() -> None:
    (line,) = read(HEADER + b"A,1,5.50, x \n")[0].lines
    assert (line["claim_id"], line["claim_line_number"], line["paid_amount"]) == ("A", 1, Decimal("5.50"))
    assert (line["plan"], line["data_source"], line["allowed_amount"]) == ("x", "two", None)
    assert line["claim_record_type"] == "original"
    assert "record_hash" not in line


@pytest.mark.parametrize(
    ("line", "rule", "columns"),
    [
        (b'A,1,5,"x\n', "RC001", ()),
        (b"A,1,5\n", "RC002", ()),
        (b"A,1,5,\x81\n", "RC005", ()),
        (b"A,1,5,\x1a\n", "RC006", ()),
        (b"A,1,5,\xe2\x80\x8b\n", "RC006", ()),
        (b"A,1,5," + b"x" * (16 * 1024**2) + b"\n", "RC007", ()),
        (b"A,1,5,x", "RC008", ()),
        (b"A,1,x,x\n", "RC011", ("paid_amount",)),
        (b",x,5,x\n", "RC012", ("claim_id", "claim_line_number")),
    ],
)
def test_a_record_that_breaks_a_rule_leaves_those_around_it_alone(
    line: bytes, rule: str, columns: tuple[str, ...]
) -> None:
    good, bad = read(HEADER + b"A,9,5,good\n" + line)
    assert (good.row_number, good.is_critical, bad.row_number, bad.is_critical) == (2, False, 3, True)
    assert rule in bad.broken
    assert bad.columns == columns


def test_each_record_is_read_in_the_encoding_that_fits_it() -> None:
    assert shown(read(HEADER + b"A,1,5,\xc3\xa9\nA,2,5,\xe9\n")) == [(2, [], ["\u00e9"]), (3, [], ["\u00e9"])]


PIECES = st.sampled_from(
    [
        b"A,1,5,x",
        b'A,1,5,"x',
        b'y"',
        b'"',
        b"\n",
        b"\r\n",
        b"\r",
        b"  ",
        b"B,2,6,\xc3\xa9",
        b"\xe9",
        b"\x1a",
        b"\x1e",
        HEADER,
        MARKED,
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=25), st.integers(1, 40))
def test_the_size_of_chunks_changes_nothing(pieces: list[bytes], chunk_bytes: int) -> None:
    data = HEADER + b"A,0,1,first\nA,0,2,second\n" * 9 + b"".join(pieces)
    try:
        whole = read(data)
    except FileRefusedError:
        return
    assert read(data, chunk_bytes=chunk_bytes) == whole
    assert len(whole) == scan(opener(data), "f.csv", SOURCE.format).record_count


def test_gzip_and_utf_16_are_read_as_the_plain_file_is() -> None:
    data = HEADER + b"A,1,5,x\nA,1,5,x\nA,2,5\n"
    plain = read(data)
    assert [record.is_resent for record in plain] == [False, True, False]
    assert read(gzip.compress(data)) == plain
    assert read(data.decode().encode("utf-16")) == plain


def test_a_part_from_the_middle_is_read_as_it_is_in_the_whole() -> None:
    lines = [b"A,%d,5,x%d\n" % (number, number) for number in range(200)]
    data = HEADER + b"".join(lines)
    whole = read(data)
    layout = FileLayout.of(scan(opener(data), "f.csv", SOURCE.format), SOURCE)
    for begin, end in ((500, 900), (501, 1111), (len(HEADER) + 1, len(data)), (1000, 1001)):
        first_row = data[:begin].count(b"\n") + 2
        part = Part(first_row=first_row, begins_inside=True, ends_inside=True)
        reader = RecordReader(SOURCE, layout, part)
        found = [reader.complete(record) for record in reader.read([data[begin:end]])]
        assert found == [record for record in whole if first_row <= record.row_number <= data[:end].count(b"\n")]


def test_a_part_that_ends_in_an_open_quote_leaves_out_what_is_not_complete() -> None:
    layout = FileLayout("f.csv", "utf-8", ("ID", "LINE", "PAID", "NOTE"))
    reader = RecordReader(SOURCE, layout, Part(first_row=1000, ends_inside=True))
    assert shown(list(reader.read([b'A,1,5,x\nA,2,5,"two\nli']))) == [(1000, [], ["x"])]


def test_beyond_the_records_it_remembers_a_repetition_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_reader, "MOST_REMEMBERED", 2)
    data = HEADER + b"A,1,5,x\nA,2,5,x\nA,3,5,x\nA,3,5,x\nA,1,5,x\n"
    records = FileRecords(opener(data), scan(opener(data), "f.csv", SOURCE.format), SOURCE)
    assert [record.is_resent for record in records] == [False, False, False, False, True]
    assert not records.remembers_all


def test_a_file_that_changes_between_two_readings_is_refused() -> None:
    data = HEADER + b"A,1,5,x\n"
    facts = scan(opener(data), "f.csv", SOURCE.format)
    with pytest.raises(FileRefusedError, match="changed while it was read"):
        list(FileRecords(opener(data + b"A,2,5,x\n"), facts, SOURCE))


SEGMENTS = ("C1,2", "C1,1", "C2,2", "C3,1", "C4,1", "C4,3", "C5,1", "C5,1", "C5,2")


def test_a_later_segment_takes_what_it_lacks_from_the_first_wherever_that_stands() -> None:
    names = [name for names, _ in INPATIENT.origins() for name in names]
    fields = list(dict.fromkeys(names))
    rows = []
    for row in SEGMENTS:
        claim, segment = row.split(",")
        day = {"C4": "20081332"}.get(claim, "20080101") if segment == "1" else ""
        values = {"CLM_ID": claim, "DESYNPUF_ID": "P", "SEGMENT": segment, "CLM_FROM_DT": day, "HCPCS_CD_2": "G0001"}
        rows.append(",".join(values.get(name, "") for name in fields))
    found = read(("\n".join([",".join(fields), *rows]) + "\n").encode(), INPATIENT)
    lines = [record.lines[0] for record in found]
    assert [line["claim_line_number"] for line in lines] == [47, 2, 47, 2, 2, 92, 2, 2, 47]
    assert [str(line["claim_start_date"]) for line in lines] == [
        *("2008-01-01", "2008-01-01", "None", "2008-01-01", "None", "None"),
        *("2008-01-01", "2008-01-01", "2008-01-01"),
    ]
    assert [sorted(record.broken) for record in found] == [[], [], ["RC018"], [], ["RC010"], ["RC018"], [], [], []]
