"""All records of a whole file, each that continues a claim completed from the claim's first segment; without Spark."""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from expectations import raw_bytes
from expectations.cells import Value
from expectations.contract import Continuation, Source
from expectations.raw_bytes import RefusalReason, StoredBytes, refusal
from expectations.raw_files import RawFileFacts
from expectations.record_reader import FileLayout, ReadRecord, RecordReader

_NO_FIRST_SEGMENT = "RC018"

FirstSegments = Mapping[Value, Mapping[str, Value]]
"""Claim id to what its later segments take from its first, where that is accepted."""


class FileRecords:
    """The records of one scanned file, in order; iterate as often as needed, each time the file is read anew.

    FileRefusedError at the end where the bytes are no longer those that were scanned.
    """

    def __init__(
        self,
        open_stream: Callable[[], BinaryIO],
        facts: RawFileFacts,
        source: Source,
        *,
        chunk_bytes: int = raw_bytes.CHUNK_BYTES,
    ) -> None:
        self._open_stream, self._facts, self._source = open_stream, facts, source
        self._chunk_bytes = chunk_bytes
        self.remembers_all = True
        """Whether every record that was sent twice has been recognised; false for a file of very many records."""

    def __iter__(self) -> Iterator[ReadRecord]:
        reader = RecordReader(self._source, FileLayout.of(self._facts, self._source))
        continuation = self._source.continuation
        firsts = self._first_segments(continuation) if continuation else {}
        for record in self._read(reader):
            yield reader.complete(continued(record, firsts, continuation) if continuation else record)
        self.remembers_all = reader.remembers_all

    def _read(self, reader: RecordReader) -> Iterator[ReadRecord]:
        with self._open_stream() as stream:
            stored = StoredBytes(stream, self._chunk_bytes)
            opened = raw_bytes.open_text(stored, self._facts.name, self._source.format.encodings[0])
            yield from reader.read(opened.chunks)
        if stored.sha256 != self._facts.sha256:
            raise refusal(
                RefusalReason.CHANGED,
                self._facts.name,
                "the file changed while it was read",
                "the same bytes twice",
                "run again once it is complete",
            )

    def _first_segments(self, continuation: Continuation) -> FirstSegments:
        """Two readings, so that only claims that go on are remembered."""
        layout = FileLayout.of(self._facts, self._source)
        later = (record for record in self._read(RecordReader(self._source, layout)) if (record.segment or 0) > 1)
        going_on = {record.lines[0]["claim_id"] for record in later}
        found: dict[Value, dict[str, Value]] = {}
        if not going_on:
            return found
        for record in self._read(RecordReader(self._source, layout)):
            if record.segment == 1 and not record.is_resent and not record.is_critical:
                line = record.lines[0]
                if line["claim_id"] in going_on:
                    _keep_least(found.setdefault(line["claim_id"], {}), line, continuation.inherit)
        return found


def continued(record: ReadRecord, firsts: FirstSegments, continuation: Continuation) -> ReadRecord:
    """The record; a later segment with its lines moved up, and with what the first segment has and it leaves blank."""
    if (record.segment or 0) <= 1:
        return record
    first = firsts.get(record.lines[0]["claim_id"])
    for line in record.lines:
        number = line["claim_line_number"]
        if isinstance(number, int):
            line["claim_line_number"] = number + ((record.segment or 0) - 1) * continuation.lines_per_segment
        for name in continuation.inherit:
            if line[name] is None and first:
                line[name] = first[name]
    return record if first is not None else record._replace(broken={**record.broken, _NO_FIRST_SEGMENT: ()})


def _keep_least(kept: dict[str, Value], line: Mapping[str, Value], names: tuple[str, ...]) -> None:
    for name in names:
        values = [value for value in (kept.get(name), line[name]) if value is not None]
        kept[name] = min(values, key=_comparable, default=None)


def _comparable(value: Value) -> str:
    return str(value)
