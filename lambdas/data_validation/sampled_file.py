"""A big file judged by its head, middle and tail: three reads of a few megabytes, whatever its size.

What only the whole file tells (digest, control totals, records sent twice far apart) is left to the job.
Of gzip only the head can be read by itself.
"""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from expectations import raw_bytes
from expectations.contract import Source
from expectations.errors import ClaimsError, FileRefusedError
from expectations.file_names import file_name_groups
from expectations.headers import HeaderMatch, shown_names
from expectations.object_keys import safe_name
from expectations.raw_bytes import GZIP_MAGIC
from expectations.raw_files import FileWarning, RawFileFacts, scan
from expectations.raw_records import MAX_JOINED_LINES
from expectations.record_reader import FileLayout, Part, ReadRecord, RecordReader
from expectations.validate_file import Rule, Tally, ValidationOptions, header_match
from expectations.validation import FileValidation

ALIGNMENT = 4
"""Samples begin at a multiple of it: UTF-32 has characters of four bytes."""

INFLATED_TIMES = 4
WARNING = "Judged by samples; the job reads every record."
GZIP_WARNING = "Judged by its beginning, as compressed data can be read from there only; the job reads every record."

ReadRange = Callable[[int, int], bytes]
"""From first byte and length to the bytes; fewer only at the end of the file."""


@dataclass(frozen=True)
class Sample:
    """Where one sample lies in the file."""

    start: int
    length: int
    is_last: bool = False


def later_samples(size: int, length: int) -> tuple[Sample, ...]:
    """The middle and the tail of a file; the tail ends with the file."""
    middle = (size // 2 - length // 2) // ALIGNMENT * ALIGNMENT
    tail = (size - length) // ALIGNMENT * ALIGNMENT
    return Sample(middle, length), Sample(tail, size - tail, is_last=True)


@dataclass(frozen=True)
class BigFile:
    """A file of which any range of bytes can be read."""

    read: ReadRange
    size: int
    name: str
    source: Source


def validate_samples(
    file: BigFile, sample_bytes: int, rules: Sequence[Rule] = (), options: ValidationOptions | None = None
) -> FileValidation:
    """Judge a file by samples; a refused file is an answer, no error. Records are those of the samples."""
    shown = FileValidation(
        file=safe_name(file.name), source=file.source.name, validation_status="failed", size_bytes=file.size
    )
    try:
        return _sampled(file, sample_bytes // ALIGNMENT * ALIGNMENT, rules, options or ValidationOptions(), shown)
    except ClaimsError as error:
        reason = error.reason if isinstance(error, FileRefusedError) else type(error).__name__
        message = str(error).replace(file.name, safe_name(file.name))
        return shown.model_copy(update={"reason": reason, "message": message})


def _sampled(
    file: BigFile, length: int, rules: Sequence[Rule], options: ValidationOptions, shown: FileValidation
) -> FileValidation:
    file_name_groups(file.source, file.name)
    head = file.read(0, length)
    is_packed = head.startswith(GZIP_MAGIC)
    text = _inflated(head, length * INFLATED_TIMES, file.name) if is_packed else head
    facts = scan(lambda: io.BytesIO(text), file.name, file.source.format)
    match = header_match(facts, file.source, options.schema_policy)
    tally, read_bytes = Tally(rules, options.examples), len(head)
    for record in _records(text, facts, file.source, Part(ends_inside=True)):
        tally.add(record)
    for sample in () if is_packed else later_samples(file.size, length):
        part = file.read(sample.start, sample.length)
        read_bytes += len(part)
        for record in _later_records(part, facts, file.source, sample):
            tally.add(record, is_place_known=False)
    found = {
        "encoding": facts.encoding,
        "compression": "gzip" if is_packed else "",
        "extra_columns": match.extra_columns,
        "warnings": _warnings(facts, match, is_packed=is_packed),
        "sampled_bytes": read_bytes,
    }
    share = file.source.max_error_share if options.max_error_share is None else options.max_error_share
    return tally.outcome(shown.model_copy(update=found), share)


def _warnings(facts: RawFileFacts, match: HeaderMatch, *, is_packed: bool) -> tuple[str, ...]:
    # a sample ends anywhere
    told = [warning.sentence for warning in facts.warnings if warning is not FileWarning.UNTERMINATED_ACCEPTED]
    if match.missing_optional:
        told.append(f"The header lacks columns that are optional: {shown_names(match.missing_optional)}.")
    return (*told, GZIP_WARNING if is_packed else WARNING)


def _inflated(head: bytes, most: int, name: str) -> bytes:
    """The text at the beginning of gzip data that is cut anywhere."""
    try:
        return zlib.decompressobj(31).decompress(head, most)
    except zlib.error as error:
        raise raw_bytes.refusal(
            raw_bytes.RefusalReason.GZIP_CORRUPT,
            name,
            "gzip data that is damaged (code or checksum)",
            "an intact gzip file",
            "send the file again",
        ) from error


def _records(text: bytes, facts: RawFileFacts, source: Source, part: Part) -> Iterator[ReadRecord]:
    reader = RecordReader(source, FileLayout.of(facts, source), part)
    ascii_based = b"".join(raw_bytes.as_ascii_based(iter((text,)), facts.encoding))
    if part.ends_inside:
        # a line cut behind a quote would look like the end of its record
        ascii_based = ascii_based[: ascii_based.rfind(b"\n") + 1] or ascii_based
    for record in reader.read((ascii_based,)):
        yield reader.complete(record)


def _later_records(text: bytes, facts: RawFileFacts, source: Source, sample: Sample) -> Iterable[ReadRecord]:
    """The records of a sample that may begin inside a quoted line break: what that tore is no record of the file."""
    records = _records(text, facts, source, Part(begins_inside=True, ends_inside=not sample.is_last))
    if source.format.type != "csv" or not source.format.quote:
        yield from records
        return
    torn: list[ReadRecord] = []
    for record in records:
        if record.lines or len(torn) >= MAX_JOINED_LINES:
            # so many in a row are no end of one record: the file is like that
            yield from torn if not record.lines else ()
            yield record
            break
        torn.append(record)
    else:
        yield from torn
    yield from records
