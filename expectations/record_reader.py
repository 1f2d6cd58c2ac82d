"""The records of a claims file as the Spark job will see them: row number, rules broken, typed lines; without Spark.

It streams: a file of any size takes the memory of a few chunks, beside the fingerprints by which a record that was sent
twice is known (see `MOST_REMEMBERED`). A part of a file is read the same way, its header given (see `Part`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from expectations import raw_bytes, raw_records
from expectations.contract import Source
from expectations.raw_files import RawFileFacts
from expectations.raw_records import CONDEMNED_MARK, LINE_BREAK_MARK, Block, RawRecord, RecordAssembler
from expectations.record_fields import csv_parser, parse_members
from expectations.record_lines import CRITICAL_RULES, Line, LineMaker

if TYPE_CHECKING:
    from expectations.levels import Parsed

MOST_REMEMBERED = 2_000_000
"""Records of one file of which a repetition is recognised; about 150 MB. Later ones are compared with these only.

Of each a fingerprint of 64 bits is kept: among so many, one in ten million files has two records taken for one.
"""

_LINE_END = re.compile(rb"\r\n|\n|\r")


class ReadRecord(NamedTuple):
    """One record: its line in the raw file, the ids of the rules it breaks with the columns that broke them, its lines.

    A record that cannot be parsed has no line. `segment` is that of a source which continues claims.
    """

    row_number: int
    broken: Mapping[str, tuple[str, ...]]
    lines: tuple[Line, ...]
    is_resent: bool = False
    segment: int | None = None

    @property
    def is_critical(self) -> bool:
        """Whether the job will quarantine it."""
        return not CRITICAL_RULES.isdisjoint(self.broken)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that broke a rule, in alphabetical order."""
        return tuple(sorted({name for names in self.broken.values() for name in names}))


@dataclass(frozen=True)
class FileLayout:
    """What must be known of a file to read any part of it: name, encoding, header and fields."""

    name: str
    encoding: str
    field_names: tuple[str, ...]
    header_line: str = ""

    @classmethod
    def of(cls, facts: RawFileFacts, source: Source) -> "FileLayout":
        """The layout of a scanned file."""
        fields = facts.header_fields if source.format.header == "required" else source.format.column_names
        return cls(facts.name, facts.encoding, tuple(fields), facts.header_line.replace(LINE_BREAK_MARK, "\n"))


@dataclass(frozen=True)
class Part:
    """Which part of a file the bytes are: `first_row` is the number of the first whole line in them."""

    first_row: int = 1
    begins_inside: bool = False
    """The bytes begin anywhere, so that what stands before the first line end is left out."""
    ends_inside: bool = False
    """The bytes end anywhere, so that a record which is not complete is left out instead of judged."""


WHOLE = Part()


class RecordReader:
    """Reads the records of one file, or of one part of it; claims that go on in later records are as they were sent."""

    def __init__(self, source: Source, layout: FileLayout, part: Part = WHOLE) -> None:
        self._layout, self._part = layout, part
        self._encodings = raw_bytes.record_encodings(layout.encoding, source.format.encodings)
        self._must_end = source.format.type == "csv" and source.format.final_newline == "required"
        self._assembler = RecordAssembler(source.format)
        if layout.field_names:
            self._assembler.expect(len(layout.field_names))
        self._headers = raw_records.header_texts(layout.header_line)
        is_csv, field_count = source.format.type == "csv", len(layout.field_names)
        self._parse: Callable[[str], tuple[Parsed, str]] = (
            csv_parser(source.format, field_count, trim=source.trim) if is_csv else parse_members
        )
        self._maker = LineMaker(source, layout.field_names, layout.name)
        self._row = part.first_row - 1
        self._seen: set[int] = set()

    @property
    def remembers_all(self) -> bool:
        """Whether every repetition has been recognised so far; false beyond `MOST_REMEMBERED` different records."""
        return len(self._seen) < MOST_REMEMBERED

    def read(self, chunks: Iterable[bytes]) -> Iterator[ReadRecord]:
        """The records of these chunks in order; blank lines and headers are left out.

        The chunks are those of `raw_bytes.open_text`, of a part those of `raw_bytes.as_ascii_based`. The lines of a
        record are not final before `complete`.
        """
        for block in raw_records.blocks(_from_line_end(chunks) if self._part.begins_inside else chunks):
            yield from self._of_block(block)
        if not self._part.ends_inside:
            for record in self._assembler.finish():
                yield from self._of_record(record)

    def complete(self, record: ReadRecord) -> ReadRecord:
        """The record, once the values of its lines are final."""
        for line in record.lines:
            self._maker.complete(line)
        return record

    def _of_block(self, block: Block) -> Iterator[ReadRecord]:
        text = self._plain_text(block)
        if text is None:
            for record in self._assembler.feed(block):
                yield from self._of_record(record)
            return
        headers, first_row = self._headers, self._row + 1
        lines = text.split("\n")[:-1]
        self._row += len(lines)
        for row, line in enumerate(lines, start=first_row):
            if line.strip(" \t\r") and line not in headers:
                yield self._judged(row, line, line, "")

    def _plain_text(self, block: Block) -> str | None:
        """The text of a block in which every line is a record that needs no look of its own."""
        if not self._assembler.is_plain(block) or any(mark in block.data for mark in raw_records.MARK_BYTES):
            return None
        text, encoding = raw_records.decode(block.data, self._encodings[:1])
        return text.replace("\r\n", "\n") if encoding else None

    def _of_record(self, record: RawRecord) -> Iterator[ReadRecord]:
        row = self._row + 1
        self._row += 1 + record.swallowed
        if record.is_blank or (self._part.ends_inside and not record.end):
            return
        text, encoding = raw_records.decode(record.data, self._encodings)
        if encoding and text in self._headers:
            return
        if not encoding:
            text = record.data.decode(raw_bytes.UTF8, "backslashreplace")
        rule = self._condemning_rule(record, text, encoding)
        yield self._judged(row, f"{CONDEMNED_MARK}{rule}{text}" if rule else text, text, rule)

    def _condemning_rule(self, record: RawRecord, text: str, encoding: str) -> str:
        if record.is_cut:
            return "RC007"
        if not encoding:
            return "RC005"
        if CONDEMNED_MARK in text or LINE_BREAK_MARK in text:
            return "RC006"
        return "RC008" if self._must_end and not record.end else ""

    def _judged(self, row: int, identity: str, text: str, rule: str) -> ReadRecord:
        is_resent = self._is_resent(identity)
        parsed: Parsed = None
        if not rule:
            parsed, rule = self._parse(text)
        if parsed is None:
            return ReadRecord(row, {rule: ()}, (), is_resent)
        broken, lines, segment = self._maker.lines(parsed)
        named = {rule_id: tuple(sorted(columns)) for rule_id, columns in broken.items()} if broken else {}
        return ReadRecord(row, named, lines, is_resent, segment)

    def _is_resent(self, identity: str) -> bool:
        fingerprint = hash(identity)
        if fingerprint in self._seen:
            return True
        if self.remembers_all:
            self._seen.add(fingerprint)
        return False


def _from_line_end(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes behind the first line end."""
    rest = iter(chunks)
    for chunk in rest:
        if end := _LINE_END.search(chunk):
            yield chunk[end.end() :]
            break
    yield from rest
