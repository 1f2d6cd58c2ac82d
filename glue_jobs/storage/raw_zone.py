"""The front door: every raw file is read once before Spark sees it, and is taken, taken rewritten, known, or refused.

Spark reads a file in place only if it is what Spark's readers cannot bend: UTF-8 text, one record a line, a plain name.
Any other file that can be read at all is rewritten into that form below temp/; the raw object is never changed.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO, cast

from expectations.contract import Source, load_source, source_of_key
from expectations.control_files import CONTROL_ENDING, check_control_file
from expectations.errors import ClaimsError, FileRefusedError
from expectations.file_names import columns_from_name, date_in_name, file_name_groups
from expectations.headers import HeaderMatch, match_header, shown_names
from expectations.raw_files import RawFileFacts, scan
from expectations.raw_rewrite import rewrite
from expectations.schema_changes import SchemaPolicy
from glue_jobs.storage.chosen_files import FileChoice, choose_files
from glue_jobs.storage.objects import (
    StoredObject,
    identified,
    open_object,
    read_if_any,
    upload_file,
)
from glue_jobs.transforms.parse_records import FileLayout

__all__ = ["ReceivedFile", "RefusedFile", "file_id", "layouts", "now", "receive_files"]

PLAIN_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
PLAIN_PATH = re.compile(r"^(?:s3a?:/)?(?:/[A-Za-z0-9][A-Za-z0-9._=-]*)+\Z")


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
    missing_optional: tuple[str, ...] = ()

    @property
    def file_id(self) -> str:
        """Identity of what the file says: its source, its content, and what the source takes from its name.

        The day in the name is part of it where it orders versions: the same content of another day is another delivery.
        """
        named = sorted(self.templates().values())
        if self.source.versions and self.source.versions.order_else == "file_date" and self.file_date:
            named.append(f"file_date={self.file_date.isoformat()}")
        return file_id(self.source.name, self.facts.sha256, *named)

    @property
    def file_date(self) -> date | None:
        """The day (or first of the month) that the file's name holds."""
        return date_in_name(self.stored.name)

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for each oddity of a file that is accepted all the same."""
        found = tuple(warning.sentence for warning in self.facts.warnings)
        if self.missing_optional:
            found += (f"The header lacks columns that are optional: {shown_names(self.missing_optional)}.",)
        return found

    def templates(self) -> dict[str, str]:
        """Text of each column that the source makes from the file's name."""
        return columns_from_name(self.source, self.stored.name)


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


def receive_files(
    choice: FileChoice | str,
    source_name: str,
    rewrite_folder: str,
    on_file: Callable[[int, int], None] = lambda done, total: None,
    sources_folder: Path | None = None,
) -> tuple[list[ReceivedFile], list[RefusedFile]]:
    """Every file that is chosen (a text: all at that place), taken or refused; one refused file never stops the others.

    Raises:
        ClaimsError: no file is left, or they cannot be listed (see `choose_files`).
    """
    chosen = FileChoice(choice) if isinstance(choice, str) else choice
    listed, missing = choose_files(chosen)
    received: list[ReceivedFile] = []
    refused = [_refused(stored, source_name, error) for stored, error in missing]
    for number, found in enumerate(listed, start=1):
        stored, source = found, None
        try:
            stored = identified(found)
            source = (
                load_source(source_name, sources_folder) if source_name else source_of_key(stored.uri, sources_folder)
            )
            received.append(_receive(stored, source, rewrite_folder, chosen.schema_policy))
        except ClaimsError as error:
            refused.append(_refused(stored, source.name if source else source_name, error))
        on_file(number, len(listed))
    return received, refused


def _refused(stored: StoredObject, source_name: str, error: ClaimsError) -> RefusedFile:
    reason = error.reason if isinstance(error, FileRefusedError) else type(error).__name__
    message = str(error) if stored.name in str(error) else f"{stored.name}: {error}"
    return RefusedFile(stored, source_name, reason, message)


def layouts(files: Iterable[ReceivedFile]) -> dict[FileLayout, list[ReceivedFile]]:
    """The files by what must be equal for Spark to read them together."""
    groups: dict[FileLayout, list[ReceivedFile]] = {}
    for file in files:
        groups.setdefault(file.layout, []).append(file)
    return groups


def _receive(stored: StoredObject, source: Source, rewrite_folder: str, policy: SchemaPolicy) -> ReceivedFile:
    file_name_groups(source, stored.name)
    facts = scan(lambda: _stream(stored), stored.name, source.format)
    match = HeaderMatch({}, (), ())
    fields: tuple[str, ...] = ()
    if source.format.type == "csv":
        fields = facts.header_fields if source.format.header == "required" else source.format.column_names
        match = match_header(fields, source, stored.name, policy)
    must_rewrite = bool(facts.rewrite_reasons) or not (PLAIN_PATH.match(stored.uri) and PLAIN_NAME.match(stored.name))
    record_count, read_uri = facts.record_count, stored.uri
    if must_rewrite:
        read_uri = f"{rewrite_folder}/{file_id(stored.uri, facts.sha256)}.txt"
        record_count = _rewrite(stored, facts, source, read_uri)
    _check_control(stored, facts, record_count)
    return ReceivedFile(
        stored=stored,
        source=source,
        facts=facts,
        record_count=record_count,
        layout=FileLayout(tuple(fields), facts.header_line, must_rewrite),
        read_uri=read_uri,
        extra_columns=match.extra_columns,
        missing_optional=match.missing_optional,
    )


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
    if sidecar is not None:
        check_control_file(sidecar, facts, record_count)


def now() -> datetime:
    """The time, in UTC and without fractions of a second."""
    return datetime.now(UTC).replace(microsecond=0)
