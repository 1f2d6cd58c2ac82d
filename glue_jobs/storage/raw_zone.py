"""The front door: every raw file is read once before Spark sees it, and is taken, taken rewritten, known, or refused.

Spark reads a file in place only if it is what Spark's readers cannot bend: UTF-8 text, one record a line, a plain name.
Any other file that can be read at all is rewritten into that form below temp/; the raw object is never changed.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO, cast

from expectations.contract import Source, load_source, source_of_key
from expectations.errors import ClaimsError, FileRefusedError
from expectations.headers import match_header
from expectations.raw_bytes import RefusalReason, refusal
from expectations.raw_files import RawFileFacts, check_control_totals, scan
from expectations.raw_rewrite import rewrite
from glue_jobs.storage.objects import (
    CONTROL_ENDING,
    StoredObject,
    list_objects,
    open_object,
    read_if_any,
    upload_file,
)
from glue_jobs.transforms.parse_records import FileLayout

TEMPLATE_PREFIX = "template_"
"""Before the column name, in rows about files: what the source makes of the file's name for that column."""

PLAIN_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
PLAIN_PATH = re.compile(r"^(?:s3a?:/)?(?:/[A-Za-z0-9][A-Za-z0-9._=-]*)+\Z")
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_]?(0[1-9]|1[0-2])(?:[-_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")


@dataclass(frozen=True)
class ReceivedFile:
    """A raw file that the run may read: its identity, what was found in it, and where Spark reads it."""

    stored: StoredObject
    source: Source
    facts: RawFileFacts
    record_count: int
    layout: FileLayout
    read_uri: str
    extra_columns: tuple[str, ...]

    @property
    def file_id(self) -> str:
        """Identity of what the file says: its source, its content, and what the source takes from its name."""
        return file_id(self.source.name, self.facts.sha256, *sorted(self.templates().values()))

    @property
    def file_date(self) -> date | None:
        """The day (or first of the month) that the file's name holds."""
        found = _DATE_IN_NAME.search(self.stored.name)
        try:
            return date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None
        except ValueError:
            return None

    def templates(self) -> dict[str, str]:
        """Text of each column that the source makes from the file's name."""
        groups = file_name_groups(self.source, self.stored.name)
        line_columns = self.source.lines.columns if self.source.lines else {}
        columns = {**self.source.columns, **line_columns}
        return {
            TEMPLATE_PREFIX + name: column.template.format(**groups)
            for name, column in columns.items()
            if column.template
        }


@dataclass(frozen=True)
class RefusedFile:
    """A raw file that cannot be trusted as a whole, and why."""

    stored: StoredObject
    source_name: str
    reason: str
    message: str


def file_id(*parts: str) -> str:
    """32 hexadecimal digits that name what is made of these parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def file_name_groups(source: Source, name: str) -> Mapping[str, str]:
    """Named groups of the source's file name pattern; FileRefusedError where the name does not match."""
    found = re.search(source.file_name_pattern, name)
    if found is None:
        raise FileRefusedError(
            "file_name",
            f"{name}: file name does not match what source {source.name} expects; "
            f"expected {source.file_name_pattern}; cure: name it so",
        )
    return {group: text or "" for group, text in found.groupdict().items()}


def receive_files(
    input_uri: str,
    source_name: str,
    rewrite_folder: str,
    on_file: Callable[[int, int], None] = lambda done, total: None,
    sources_folder: Path | None = None,
) -> tuple[list[ReceivedFile], list[RefusedFile]]:
    """Every file of the input, taken or refused; one refused file never stops the others."""
    received: list[ReceivedFile] = []
    refused: list[RefusedFile] = []
    stored_objects = list_objects(input_uri)
    for number, stored in enumerate(stored_objects, start=1):
        source = None
        try:
            source = (
                load_source(source_name, sources_folder) if source_name else source_of_key(stored.uri, sources_folder)
            )
            received.append(_receive(stored, source, rewrite_folder))
        except ClaimsError as error:
            reason = error.reason if isinstance(error, FileRefusedError) else type(error).__name__
            message = str(error) if stored.name in str(error) else f"{stored.name}: {error}"
            refused.append(RefusedFile(stored, source.name if source else source_name, reason, message))
        on_file(number, len(stored_objects))
    return received, refused


def layouts(files: Iterable[ReceivedFile]) -> dict[FileLayout, list[ReceivedFile]]:
    """The files by what must be equal for Spark to read them together."""
    groups: dict[FileLayout, list[ReceivedFile]] = {}
    for file in files:
        groups.setdefault(file.layout, []).append(file)
    return groups


def _receive(stored: StoredObject, source: Source, rewrite_folder: str) -> ReceivedFile:
    file_name_groups(source, stored.name)
    facts = scan(lambda: _stream(stored), stored.name, source.format)
    extra: tuple[str, ...] = ()
    if source.format.type == "csv":
        fields = facts.header_fields if source.format.header == "required" else source.format.column_names
        extra = match_header(fields, source, stored.name).extra_columns
    else:
        fields = ()
    must_rewrite = bool(facts.rewrite_reasons) or not (PLAIN_PATH.match(stored.uri) and PLAIN_NAME.match(stored.name))
    record_count, read_uri = facts.record_count, stored.uri
    if must_rewrite:
        read_uri = f"{rewrite_folder}/{file_id(stored.uri, facts.sha256)}.txt"
        record_count = _rewrite(stored, facts, source, read_uri)
    _check_control(stored, facts, record_count)
    layout = FileLayout(tuple(fields), facts.header_line, must_rewrite)
    return ReceivedFile(stored, source, facts, record_count, layout, read_uri, extra)


def _stream(stored: StoredObject) -> BinaryIO:
    # what reads it enters it as a context first, and that gives the stream
    return cast("BinaryIO", open_object(stored.uri))


def _rewrite(stored: StoredObject, facts: RawFileFacts, source: Source, uri: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        rewritten = Path(folder) / "rewritten.txt"
        with rewritten.open("wb") as sink:
            written = rewrite(lambda: _stream(stored), facts, source.format, sink)
        upload_file(rewritten, uri)
    return written.record_count


def _check_control(stored: StoredObject, facts: RawFileFacts, record_count: int) -> None:
    sidecar = read_if_any(stored.uri + CONTROL_ENDING)
    if sidecar is None:
        return
    try:
        control = json.loads(sidecar)
    except (ValueError, RecursionError):
        control = None
    if not isinstance(control, dict):
        raise refusal(
            RefusalReason.CONTROL_TOTALS,
            stored.name,
            "its control file is no JSON object",
            "records, bytes or sha256 in one",
            "correct the control file",
        )
    check_control_totals(record_count, facts.size_bytes, facts.sha256, control, stored.name)


def now() -> datetime:
    """The time, in UTC and without fractions of a second."""
    return datetime.now(UTC).replace(microsecond=0)
