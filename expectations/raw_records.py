"""From the bytes of a file to its records: cut at line ends, then join what a quoted line break tore apart.

Work goes by blocks of whole lines. `RecordAssembler.is_plain` tells, at the speed of C, that every line of a block is
one record; only other blocks need a look at each line.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from expectations.contract import FileFormat

MAX_RECORD_BYTES = 16 * 1024**2
KEPT_BYTES = 64 * 1024
MAX_JOINED_LINES = 1000
MAX_JOINED_BYTES = 1024**2
CONDEMNED_MARK = "\x1a"
LINE_BREAK_MARK = "\x1e"
BYTE_ORDER_MARK = "\ufeff"
MARK_BYTES = (CONDEMNED_MARK.encode(), LINE_BREAK_MARK.encode())

_LINE_END = re.compile(rb"[\r\n]")
_FIRST_CONTENT = re.compile(rb"(?:[ \t]*+(?:\r\n|\n|\r))*+[^\r\n]*+(?:\r\n|\n|\r)")
_BLANK_LINE = re.compile(rb"\n[ \t\r]*+(?=\n)")
_BLANK_START = re.compile(rb"[ \t\r]*+\n")


class Block(NamedTuple):
    """Whole lines, except at the end of the file; `is_cut`: the first is only the head of a line over 16 MiB."""

    data: bytes
    is_cut: bool = False


class RawRecord(NamedTuple):
    """One record or blank line without its line end, that line end, and the lines it spans beyond its first."""

    data: bytes
    end: bytes
    swallowed: int = 0
    is_cut: bool = False

    @property
    def is_blank(self) -> bool:
        """Only blanks, tabs and CRs; at the end of the file also DOS end-of-file marks."""
        return not self.is_cut and not self.data.strip(b" \t\r" if self.end else b" \t\r\x1a")


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """The chunks cut anew at line ends; the first line with content ends a block, so that a header stands alone."""
    is_first = True
    for block in _cut_at_line_ends(chunks):
        content = _FIRST_CONTENT.match(block.data) if is_first else None
        is_first = False
        if content and content.end() < len(block.data):
            yield Block(block.data[: content.end()], block.is_cut)
            yield Block(block.data[content.end() :])
        else:
            yield block


def _cut_at_line_ends(chunks: Iterable[bytes]) -> Iterator[Block]:
    held, is_cut = b"", False
    for chunk in chunks:
        fresh = chunk
        if is_cut and not held.endswith(b"\r"):
            end = _LINE_END.search(chunk)
            fresh = chunk[end.start() :] if end else b""
        data = held + fresh
        # a CR at the very end may be the first half of CR LF
        after_last_end = data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, max(len(data) - 1, 0)) + 1
        if after_last_end:
            yield Block(data[:after_last_end], is_cut)
            held, is_cut = data[after_last_end:], False
        elif len(data) > MAX_RECORD_BYTES and not data.endswith(b"\r"):
            held, is_cut = data[:KEPT_BYTES], True
        else:
            held = data
    if held:
        yield Block(held, is_cut)


def count_blank_lines(data: bytes) -> int:
    """Number of lines of only blanks, tabs and CRs in a block whose lines all end with LF."""
    return len(_BLANK_LINE.findall(data)) + (_BLANK_START.match(data) is not None)


def decode(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    """The text and the first encoding that gives it; ("", "") where none does."""
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return "", ""


def encoded(text: str, encodings: tuple[str, ...]) -> tuple[bytes, ...]:
    """All the bytes that `decode` turns into this text."""
    forms = {text.encode(encoding, "replace") for encoding in encodings}
    return tuple(sorted(form for form in forms if decode(form, encodings)[0] == text))


def header_texts(header: str) -> tuple[str, ...]:
    """The lines that are a file's header once more: as it is, or behind the mark of a file that was joined to it."""
    return (header, BYTE_ORDER_MARK + header) if header else ()


class _Ending(Enum):
    """How a line that began inside a quoted field ends."""

    INSIDE = auto()
    CLOSED = auto()
    BROKEN = auto()


class _Grammar:
    """RFC 4180 for one delimiter; unquoted fields hold no line break, and possessive matching takes linear time."""

    def __init__(self, delimiter: str) -> None:
        comma = re.escape(delimiter.encode())
        inner = rb'[^"]*+(?:""[^"]*+)*+'
        # a class of bytes is several times faster, but holds no delimiter of two bytes
        plain = rb'[^"\r\n%b]*+' % comma if len(delimiter.encode()) == 1 else rb'(?:(?!%b)[^"\r\n])*+' % comma
        field = rb'(?:"%b"|%b)' % (inner, plain)
        more = rb"(?:%b%b(?=%b|\Z))*+" % (comma, field, comma)
        self._field, self._comma = field, comma
        self._opens = re.compile(rb'(?:%b%b)*+"%b\Z' % (field, comma, inner))
        self._stays_inside = re.compile(rb'%b(?:"%b%b"%b)?+\Z' % (inner, more, comma, inner))
        self._closes = re.compile(rb'%b"%b\Z' % (inner, more))
        self._record = self._compiled_record(None)

    def expect(self, fields: int) -> None:
        """From now on a record has so many fields."""
        self._record = self._compiled_record(fields)

    def _compiled_record(self, fields: int | None) -> re.Pattern[bytes]:
        count = b"*" if fields is None else b"{%d}" % (fields - 1)
        return re.compile(rb"%b(?:%b%b)%b\Z" % (self._field, self._comma, self._field, count))

    def opens(self, line: bytes) -> bool:
        # whole fields hold an even number of quotes, so an even line cannot end inside one
        return bool(line.count(b'"') & 1 and self._opens.match(line))

    def ending(self, line: bytes) -> _Ending:
        if self._closes.match(line.rstrip(b"\r\n")):
            return _Ending.CLOSED
        return _Ending.INSIDE if self._stays_inside.match(line) else _Ending.BROKEN

    def is_record(self, data: bytes) -> bool:
        return self._record.match(data) is not None


class RecordAssembler:
    """Joins lines into records; an open quote that leads to no valid record swallows none of the lines after it."""

    def __init__(self, file_format: FileFormat) -> None:
        self._grammar = _Grammar(file_format.delimiter) if file_format.type == "csv" and file_format.quote else None
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        if file_format.column_names:
            self.expect(len(file_format.column_names))

    def expect(self, fields: int) -> None:
        """From the next record on, lines are joined only into records of this many fields."""
        if self._grammar:
            self._grammar.expect(fields)

    def is_plain(self, block: Block) -> bool:
        """Whether every line of the block is a record of its own and ends with LF or CR LF."""
        data = block.data
        if self._pending or block.is_cut or len(data) > MAX_RECORD_BYTES or not data.endswith(b"\n"):
            return False
        if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
            return False
        is_quoted = self._grammar is not None and b'"' in data
        return not is_quoted or not any(line.count(b'"') & 1 for line in data.splitlines())

    def feed(self, block: Block) -> Iterator[RawRecord]:
        """The records that end in the block, blank lines included."""
        lines = block.data.splitlines(keepends=True)
        if block.is_cut:
            yield from self.finish()
            yield _cut_record(lines.pop(0))
        for line in lines:
            if self._pending or len(line) > KEPT_BYTES or (self._grammar and line.count(b'"') & 1):
                yield from self._take(line)
            else:
                yield _record(line)

    def finish(self) -> Iterator[RawRecord]:
        """What is still waiting for the end of its record when the file ends."""
        while self._pending:
            yield from self._give_up()

    def _take(self, line: bytes) -> Iterator[RawRecord]:
        if len(line) > MAX_RECORD_BYTES and len(line.rstrip(b"\r\n")) > MAX_RECORD_BYTES:
            yield from self.finish()
            yield _cut_record(line)
        elif self._pending:
            yield from self._continue(line)
        elif self._grammar and len(line) < MAX_JOINED_BYTES and self._grammar.opens(line):
            self._pending, self._pending_bytes = [line], len(line)
        else:
            yield _record(line)

    def _continue(self, line: bytes) -> Iterator[RawRecord]:
        self._pending.append(line)
        self._pending_bytes += len(line)
        is_short = len(self._pending) <= MAX_JOINED_LINES and self._pending_bytes <= MAX_JOINED_BYTES
        ending = self._grammar.ending(line) if self._grammar and is_short else _Ending.BROKEN
        if ending is _Ending.INSIDE:
            return
        if ending is _Ending.CLOSED:
            joined = _record(b"".join(self._pending))
            if self._grammar and self._grammar.is_record(joined.data):
                swallowed = sum(part.endswith(b"\n") for part in self._pending[:-1])
                self._pending = []
                yield joined._replace(swallowed=swallowed)
                return
        yield from self._give_up()

    def _give_up(self) -> Iterator[RawRecord]:
        first, *later = self._pending
        self._pending = []
        yield _record(first)
        for line in later:
            yield from self._take(line)


def _record(line: bytes) -> RawRecord:
    data = line.rstrip(b"\r\n")
    return RawRecord(data, line[len(data) :])


def _cut_record(line: bytes) -> RawRecord:
    record = _record(line)
    return record._replace(data=record.data[:KEPT_BYTES], is_cut=True)
