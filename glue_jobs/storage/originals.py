"""The raw file that a row of `ingest_audit` speaks of: the row has hashes where the place could name a person."""

import re
from typing import BinaryIO, NamedTuple, cast

from expectations.contract import Source
from expectations.errors import ArgumentError, InputNotFoundError
from expectations.object_keys import Lake, safe_uri
from expectations.raw_files import scan
from expectations.raw_records import LINE_BREAK_MARK
from glue_jobs.storage.copies import is_there
from glue_jobs.storage.held_files import held_note
from glue_jobs.storage.objects import list_objects, open_object
from glue_jobs.storage.quarantined_records import QuarantinedFile

_HASH = re.compile(r"file-[0-9a-f]{6}-[0-9a-f]{6}(?:\.|\Z)")


class Original(NamedTuple):
    """Where the raw file lies, and its name as it was sent."""

    uri: str
    name: str


def find_original(lake: Lake, file: QuarantinedFile) -> Original:
    """The raw file; of one that was held, its copy.

    Raises:
        ArgumentError: it is no longer where it was.
    """
    note = held_note(lake, file.file_id)
    if note:
        return Original(lake.held_file(file.file_id, note.original_name), note.original_name)
    uri = file.object_uri if is_there(file.object_uri) else _found_by_hash(file.object_uri)
    if not uri:
        raise ArgumentError(
            f"{file.file_name}: no raw file is where ingest_audit says ({file.object_uri}); expected it, for name and "
            "header of its quarantined records; cure: put it back there"
        )
    return Original(uri, uri.rsplit("/", 1)[-1])


def header_line(source: Source, original: Original, file: QuarantinedFile) -> str:
    """The header as it stands in the raw file, without line end; empty where the source's files have none.

    Raises:
        ArgumentError: the file has changed since.
        FileRefusedError: it cannot be trusted any more.
    """
    if source.format.type != "csv" or source.format.header == "none":
        return ""
    facts = scan(lambda: cast("BinaryIO", open_object(original.uri)), file.file_name, source.format)
    if facts.sha256 != file.sha256:
        raise ArgumentError(
            f"{file.file_name}: the raw file has changed since run {file.run_id} read it; expected the same bytes, for "
            "the header of its quarantined records; cure: put it back as it was"
        )
    return facts.header_line.replace(LINE_BREAK_MARK, "\n")


def _found_by_hash(uri: str) -> str:
    """The object whose place becomes this one when what could name a person is hashed; empty where there is none."""
    parts = uri.split("/")
    hashed = [number for number, part in enumerate(parts) if _HASH.match(part)]
    if not hashed:
        return ""
    try:
        listed = list_objects("/".join(parts[: hashed[0]]) or "/")
    except InputNotFoundError:
        return ""
    return next((stored.uri for stored in listed if safe_uri(stored.uri) == uri), "")
