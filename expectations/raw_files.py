"""The front door for raw files: can this file be trusted as a whole, and can it be read where it lies?

Spark reads UTF-8 text split on LF only, one record a line, and takes a trailing CR off each line. `scan` reads every
byte of a raw file once, counts its records independently of Spark, and says why the file must be rewritten first, if it
must (`expectations.raw_rewrite`). What no rewriting can mend is refused. Standard library only: the job's driver and a
Lambda both use it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from expectations import raw_bytes, raw_records
from expectations.contract import FileFormat
from expectations.errors import FileRefusedError
from expectations.headers import parse_fields, refuse_other_shape
from expectations.raw_bytes import UTF8, RefusalReason, StoredBytes, refusal
from expectations.raw_records import LINE_BREAK_MARK, Block, RawRecord, RecordAssembler

# names that Spark skips, unpacks by their ending, or takes for a pattern or a URI
_UNSAFE_NAME = re.compile(r"[{}\[\]*?\\]|(?:^|/)[_.][^/]*$|:[^/]*$|\.(?:gz|bz2|deflate|snappy|lz4|zst|_COPYING_)$")


class RewriteReason(StrEnum):
    """Why a file cannot be read where it lies."""

    COMPRESSED = "compressed"
    UTF16_OR_32 = "utf16_or_32"
    OTHER_ENCODING = "other_encoding"
    UNDECODABLE = "undecodable"
    LONE_CR = "lone_cr"
    QUOTED_LINE_BREAK = "quoted_line_break"
    TOO_LONG = "too_long"
    CONTROL_MARKS = "control_marks"
    UNTERMINATED = "unterminated"
    UNSAFE_NAME = "unsafe_name"


class FileWarning(StrEnum):
    """What is odd about a file that is accepted."""

    HEADER_ONLY = "header_only"
    GZIP_TRAILING_BYTES = "gzip_trailing_bytes"
    UNTERMINATED_ACCEPTED = "unterminated_accepted"

    @property
    def sentence(self) -> str:
        """What is odd, for people."""
        return _WARNING_SENTENCES[self]


_WARNING_SENTENCES = {
    FileWarning.HEADER_ONLY: "The file has a header and no record.",
    FileWarning.GZIP_TRAILING_BYTES: "Bytes after the end of the compressed data were left out.",
    FileWarning.UNTERMINATED_ACCEPTED: "The last record has no line end; the source declares that as usual.",
}


@dataclass(frozen=True)
class RawFileFacts:
    """What one reading of a whole raw file tells; sizes and digest are of the stored bytes.

    `header_line` is without byte-order mark and line end, line breaks in quotes as in the rewritten file; empty where
    the format has no header. `record_count` leaves out blank lines, the header, and lines identical to it or
    to it behind a byte-order mark.
    """

    name: str
    size_bytes: int
    sha256: str
    compression: str
    encoding: str
    header_line: str
    header_fields: tuple[str, ...]
    line_count: int
    record_count: int
    blank_lines: int
    repeated_headers: int
    rewrite_reasons: tuple[RewriteReason, ...]
    warnings: tuple[FileWarning, ...]


def scan(
    open_stream: Callable[[], BinaryIO], name: str, file_format: FileFormat, *, chunk_bytes: int = raw_bytes.CHUNK_BYTES
) -> RawFileFacts:
    """Read every byte of a file once, in the memory of a few chunks.

    FileRefusedError where the file as a whole cannot be trusted; ContractError where a declared encoding is none.
    """
    raw_bytes.check_encodings(file_format.encodings)
    with open_stream() as stream:
        stored = StoredBytes(stream, chunk_bytes)
        opened = raw_bytes.open_text(stored, name, file_format.encodings[0])
        census = _Census(name, file_format, opened.encoding)
        for block in raw_records.blocks(opened.chunks):
            census.add(block)
        return census.facts(stored, opened.gunzip)


class _Census:
    """Counts the lines and records of one file, and collects why it cannot be read where it lies."""

    def __init__(self, name: str, file_format: FileFormat, encoding: str) -> None:
        self._name = name
        self._format = file_format
        self._encoding = encoding
        self._encodings = raw_bytes.record_encodings(encoding, file_format.encodings)
        self._assembler = RecordAssembler(file_format)
        self._reasons: set[RewriteReason] = set()
        self._has_begun = False
        self._headers: tuple[bytes, ...] = ()
        self._header_line = ""
        self._header_fields: tuple[str, ...] = ()
        self._lines = self._records = self._blank_lines = self._repeated_headers = self._undecodable_lines = 0
        self._is_terminated = True

    def add(self, block: Block) -> None:
        """Count a block: as a whole where each of its lines is a record, else record by record."""
        has_marks = any(mark in block.data for mark in raw_records.MARK_BYTES)
        if has_marks:
            self._reasons.add(RewriteReason.CONTROL_MARKS)
        self._check_encoding(block)
        has_header = any(header in block.data for header in self._headers)
        if self._has_begun and not has_marks and not has_header and self._assembler.is_plain(block):
            lines, blank_lines = block.data.count(b"\n"), raw_records.count_blank_lines(block.data)
            self._lines += lines
            self._blank_lines += blank_lines
            self._records += lines - blank_lines
        else:
            for record in self._assembler.feed(block):
                self._count(record)

    def facts(self, stored: StoredBytes, gunzip: raw_bytes.Gunzip | None) -> RawFileFacts:
        """The result, once all blocks are added."""
        for record in self._assembler.finish():
            self._count(record)
        self._refuse_unreadable()
        must_end = self._format.type == "csv" and self._format.final_newline == "required"
        self._note(RewriteReason.UNTERMINATED, not self._is_terminated and must_end)
        self._note(RewriteReason.COMPRESSED, gunzip is not None)
        self._note(RewriteReason.UNSAFE_NAME, gunzip is None and _UNSAFE_NAME.search(self._name) is not None)
        if raw_bytes.is_transcoded(self._encoding):
            is_wide = self._encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32", "utf16", "utf32"))
            self._reasons.add(RewriteReason.UTF16_OR_32 if is_wide else RewriteReason.OTHER_ENCODING)
        warnings = {
            FileWarning.HEADER_ONLY: not self._records,
            FileWarning.GZIP_TRAILING_BYTES: gunzip is not None and gunzip.has_trailing_bytes,
            FileWarning.UNTERMINATED_ACCEPTED: not self._is_terminated and not must_end,
        }
        return RawFileFacts(
            self._name,
            stored.size_bytes,
            stored.sha256,
            "gzip" if gunzip else "",
            self._encoding,
            self._header_line,
            self._header_fields,
            self._lines,
            self._records,
            self._blank_lines,
            self._repeated_headers,
            tuple(reason for reason in RewriteReason if reason in self._reasons),
            tuple(warning for warning, holds in warnings.items() if holds),
        )

    def _note(self, reason: RewriteReason, holds: bool) -> None:
        if holds:
            self._reasons.add(reason)

    def _check_encoding(self, block: Block) -> None:
        # the head of a cut line may end inside a character
        data = block.data.partition(b"\n")[2] if block.is_cut else block.data
        if data.isascii():
            return
        _, encoding = raw_records.decode(data, self._encodings[:1])
        if encoding:
            self._note(RewriteReason.OTHER_ENCODING, encoding != UTF8)
            return
        for line in data.splitlines():
            encoding = UTF8 if line.isascii() else raw_records.decode(line, self._encodings)[1]
            if encoding != UTF8:
                self._reasons.add(RewriteReason.OTHER_ENCODING if encoding else RewriteReason.UNDECODABLE)
                self._undecodable_lines += not encoding

    def _count(self, record: RawRecord) -> None:
        self._lines += 1 + record.swallowed
        self._note(RewriteReason.LONE_CR, record.end == b"\r")
        self._note(RewriteReason.QUOTED_LINE_BREAK, record.swallowed > 0)
        self._note(RewriteReason.TOO_LONG, record.is_cut)
        if record.is_blank:
            self._blank_lines += 1
        elif not self._has_begun and self._begin(record):
            return
        elif record.data in self._headers:
            self._repeated_headers += 1
        else:
            self._records += 1
            self._is_terminated = bool(record.end)

    def _begin(self, record: RawRecord) -> bool:
        """Look at the first line with content; whether it is the header."""
        self._has_begun = True
        text, encoding = raw_records.decode(record.data, self._encodings)
        refuse_other_shape(text, self._format, self._name)
        if self._format.type == "ndjson" or self._format.header == "none":
            return False
        if not encoding or any(mark in record.data for mark in raw_records.MARK_BYTES):
            raise self._unreadable("the header")
        again = raw_records.header_texts(text)
        self._headers = tuple(form for one in again for form in raw_records.encoded(one, self._encodings))
        self._header_line = text.replace("\n", LINE_BREAK_MARK)
        self._header_fields = parse_fields(text, self._format.delimiter, self._format.quote)
        self._assembler.expect(len(self._header_fields))
        return True

    def _refuse_unreadable(self) -> None:
        if not self._has_begun:
            raise refusal(RefusalReason.EMPTY, self._name, "only blank lines", "at least a header", "send it again")
        if self._undecodable_lines * 2 > self._lines:
            raise self._unreadable(f"{self._undecodable_lines} of {self._lines} lines")

    def _unreadable(self, what: str) -> FileRefusedError:
        return refusal(
            RefusalReason.UNREADABLE_ENCODING,
            self._name,
            f"the bytes of {what} are no text",
            f"text in {' or '.join(self._encodings)}",
            "declare the sender's encoding in format.encodings of the source",
        )
