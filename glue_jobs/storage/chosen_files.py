"""Which files a run takes: all below the input or those of a manifest, and of these the ones of a range of days."""

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from expectations.errors import ArgumentError, ClaimsError, FileRefusedError, InputNotFoundError
from expectations.file_names import date_in_name
from expectations.object_keys import safe_name, safe_uri
from expectations.schema_changes import SchemaPolicy
from glue_jobs.storage.objects import StoredObject, is_s3, list_objects, read_if_any


@dataclass(frozen=True)
class FileChoice:
    """What is wanted: `input` is a file or folder, not looked at where a `manifest` is given; both days are taken in.

    Under a strict policy a file with columns that nobody declared is refused.
    """

    input: str = ""
    manifest: str = ""
    from_date: date | None = None
    to_date: date | None = None
    schema_policy: SchemaPolicy = SchemaPolicy.EVOLVE

    def takes(self, stored: StoredObject) -> bool:
        """Whether the file's day (see `file_day`) is wanted; a file of which no day is known always is."""
        day = file_day(stored)
        return day is None or ((self.from_date or date.min) <= day <= (self.to_date or date.max))


Missing = tuple[StoredObject, ClaimsError]


def file_day(stored: StoredObject) -> date | None:
    """The day in the file's name, else the day (UTC) on which the object was last written."""
    return date_in_name(stored.name) or (stored.modified_at.date() if stored.modified_at else None)


def choose_files(choice: FileChoice) -> tuple[tuple[StoredObject, ...], tuple[Missing, ...]]:
    """The files to be received, sorted, and those that the manifest names but that cannot be listed, with the error.

    Raises:
        ArgumentError: the manifest is no list of files.
        InputNotFoundError: nothing is left: no file at the input, an empty manifest, or no file of these days.
        StorageError: the input or the manifest cannot be read.
    """
    listed, missing = _listed_in_manifest(choice.manifest) if choice.manifest else (list_objects(choice.input), ())
    wanted = tuple(stored for stored in listed if choice.takes(stored))
    lacking = tuple((stored, error) for stored, error in missing if choice.takes(stored))
    if not wanted and not lacking:
        raise InputNotFoundError(
            f"no file of {choice.from_date or 'the first day'} to {choice.to_date or 'the last day'} among "
            f"{len(listed) + len(missing)} listed; expected at least one; cure: check from_date and to_date"
        )
    return wanted, lacking


def manifest_entries(content: bytes, name: str) -> tuple[str, ...]:
    """The files that a manifest names, each once and in its order: one a line (# begins a comment line), or JSON.

    Raises:
        ArgumentError: it is not UTF-8 text, or begins with { and is not JSON with a list of texts as `files`.
    """
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip().startswith("{"):
            files = json.loads(text).get("files")
        else:
            files = [line for line in map(str.strip, text.split("\n")) if not line.startswith("#")]
    except (ValueError, RecursionError):
        files = None
    if not isinstance(files, list) or not all(isinstance(file, str) and "\0" not in file for file in files):
        raise ArgumentError(
            f"manifest {safe_name(name)} is no list of files; expected UTF-8 text with one file a line, or JSON "
            '{"files": [...]}; cure: correct it'
        )
    return tuple(dict.fromkeys(file for file in files if file))


def _listed_in_manifest(uri: str) -> tuple[tuple[StoredObject, ...], tuple[Missing, ...]]:
    content, name = read_if_any(uri), uri.rsplit("/", 1)[-1]
    if content is None:
        raise InputNotFoundError(
            f"no manifest at {safe_uri(uri)}; expected a list of files; cure: check --manifest, or give --input"
        )
    entries = manifest_entries(content, name)
    if not entries:
        raise InputNotFoundError(
            f"manifest {safe_name(name)} names no file; expected one a line; cure: add them, or give --input"
        )
    found: dict[str, StoredObject] = {}
    missing: dict[str, Missing] = {}
    for entry in _places(entries, uri):
        try:
            found |= {stored.uri: stored for stored in list_objects(entry)}
        except InputNotFoundError:
            missing[entry] = (StoredObject(entry, 0), _not_found(entry))
        except ClaimsError as error:
            missing[entry] = (StoredObject(entry, 0), error)
    return tuple(sorted(found.values())), tuple(missing[entry] for entry in sorted(missing))


def _places(entries: tuple[str, ...], manifest_uri: str) -> Iterator[str]:
    """Where the entries lie; a relative one is below the folder of the manifest, its `..` resolved in S3 too."""
    folder = manifest_uri.rpartition("/")[0]
    for entry in entries:
        if is_s3(entry) or Path(entry).is_absolute():
            yield entry
        elif is_s3(manifest_uri):
            scheme, _, place = f"{folder}/{entry}".partition("://")
            yield f"{scheme}://{posixpath.normpath(place)}"
        else:
            yield str(Path(manifest_uri).parent / entry)


def _not_found(uri: str) -> FileRefusedError:
    name = uri.rstrip("/").rsplit("/", 1)[-1]
    return FileRefusedError(
        "not_found",
        f"{name}: the manifest names it, and no claims file is there; expected a file or a folder with files; "
        "cure: correct the manifest, or send the file",
    )
