"""The clean-line form of a raw file: UTF-8, LF only, one record a line, at the line number it has in the raw file.

A record over several lines stands on its first, with RS (0x1E) for each LF inside quotes, and empty lines follow for
those it took. A record that cannot be trusted is written as SUB (0x1A), the id of its broken rule, SUB, its raw text.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from expectations import raw_bytes, raw_records
from expectations.contract import FileFormat
from expectations.raw_bytes import UTF8, RefusalReason, StoredBytes, refusal
from expectations.raw_files import RawFileFacts
from expectations.raw_records import CONDEMNED_MARK, LINE_BREAK_MARK, Block, RawRecord, RecordAssembler

UNDECODABLE, HIDING_CHARACTERS, TOO_LONG, UNTERMINATED = "RC005", "RC006", "RC007", "RC008"


@dataclass(frozen=True)
class RewriteFacts:
    """Number of data records written (condemned ones included), and of condemned ones by the id of their rule."""

    record_count: int
    condemned: Mapping[str, int]


def rewrite(
    open_stream: Callable[[], BinaryIO],
    facts: RawFileFacts,
    file_format: FileFormat,
    sink: BinaryIO,
    *,
    chunk_bytes: int = raw_bytes.CHUNK_BYTES,
) -> RewriteFacts:
    """Write the clean-line form of a scanned file to the sink, in the memory of a few chunks.

    FileRefusedError where the bytes are no longer those that were scanned; what the sink then holds is void.
    """
    with open_stream() as stream:
        stored = StoredBytes(stream, chunk_bytes)
        opened = raw_bytes.open_text(stored, facts.name, file_format.encodings[0])
        writer = _CleanLines(facts, file_format)
        for block in raw_records.blocks(opened.chunks):
            sink.write(writer.of_block(block))
        sink.write(writer.of_rest())
    if stored.sha256 != facts.sha256:
        raise refusal(
            RefusalReason.CHANGED,
            facts.name,
            "the file changed while it was read",
            "the same bytes twice",
            "run again once it is complete",
        )
    return RewriteFacts(writer.record_count, dict(writer.condemned))


class _CleanLines:
    """Turns blocks of raw lines into clean lines, and counts the records."""

    def __init__(self, facts: RawFileFacts, file_format: FileFormat) -> None:
        self._header = facts.header_line.encode()
        self._header_texts = raw_records.header_texts(facts.header_line.replace(LINE_BREAK_MARK, "\n"))
        self._encodings = raw_bytes.record_encodings(facts.encoding, file_format.encodings)
        self._must_be_terminated = file_format.type == "csv" and file_format.final_newline == "required"
        self._assembler = RecordAssembler(file_format)
        if facts.header_fields:
            self._assembler.expect(len(facts.header_fields))
        self.record_count = 0
        self.condemned: Counter[str] = Counter()

    def of_block(self, block: Block) -> bytes:
        clean = self._as_a_whole(block)
        return b"".join(map(self._line, self._assembler.feed(block))) if clean is None else clean

    def of_rest(self) -> bytes:
        return b"".join(map(self._line, self._assembler.finish()))

    def _as_a_whole(self, block: Block) -> bytes | None:
        """The block's clean lines where none needs a look of its own."""
        if not self._assembler.is_plain(block) or any(mark in block.data for mark in raw_records.MARK_BYTES):
            return None
        text, encoding = raw_records.decode(block.data, self._encodings[:1])
        if not encoding:
            return None
        clean = (block.data if encoding == UTF8 else text.encode()).replace(b"\r\n", b"\n")
        if self._header and self._header in clean:
            return None
        self.record_count += clean.count(b"\n") - raw_records.count_blank_lines(clean)
        return clean

    def _line(self, record: RawRecord) -> bytes:
        lines = b"\n" * (1 + record.swallowed)
        if record.is_blank:
            return record.data.replace(CONDEMNED_MARK.encode(), b"") + lines
        text, encoding = raw_records.decode(record.data, self._encodings)
        if not encoding:
            text = record.data.decode(UTF8, "backslashreplace")
        line = text.replace("\n", LINE_BREAK_MARK)
        if encoding and text in self._header_texts:
            return line.encode() + lines
        self.record_count += 1
        rule_id = self._broken_rule(record, text, encoding)
        if rule_id:
            self.condemned[rule_id] += 1
            line = f"{CONDEMNED_MARK}{rule_id}{CONDEMNED_MARK}{line}"
        return line.encode() + lines

    def _broken_rule(self, record: RawRecord, text: str, encoding: str) -> str:
        if record.is_cut:
            return TOO_LONG
        if not encoding:
            return UNDECODABLE
        if CONDEMNED_MARK in text or LINE_BREAK_MARK in text:
            return HIDING_CHARACTERS
        return UNTERMINATED if self._must_be_terminated and not record.end else ""
