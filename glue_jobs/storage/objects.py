"""Objects by URI, on a local disk or in S3: list, open, write. The only module that tells the two apart."""

import contextlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from expectations.control_files import CONTROL_ENDING
from expectations.errors import InputNotFoundError, StorageError
from expectations.object_keys import safe_uri
from glue_jobs.storage.access_errors import aws_code, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MARKER_NAMES = frozenset({"_SUCCESS", ".DS_Store", "Thumbs.db", "desktop.ini"})
"""Left behind by tools; never a claims file, so neither read nor reported."""


@dataclass(frozen=True, order=True)
class StoredObject:
    """One object: where it is, its size in bytes, when it was last written, and which version (see `identified`)."""

    uri: str
    size_bytes: int
    modified_at: datetime | None = field(default=None, compare=False)
    version_id: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """Last part of the key or path."""
        return self.uri.rsplit("/", 1)[-1]


def is_s3(uri: str) -> bool:
    """Whether a URI names an object or prefix in S3."""
    return uri.startswith(("s3://", "s3a://"))


def list_objects(uri: str) -> tuple[StoredObject, ...]:
    """The file itself, or every file below the folder or prefix, hidden and nested ones included; sorted.

    A folder that is a link inside the input is not entered: links can run in circles.

    Raises:
        InputNotFoundError: there is none.
        StorageError: a folder or bucket cannot be read.
    """
    with storage_errors("read", uri):
        listed = _list_s3(uri) if is_s3(uri) else _list_folder(Path(uri))
        found = tuple(sorted(stored for stored in listed if _may_hold_claims(stored.name)))
    if not found:
        raise InputNotFoundError(
            f"no file at {safe_uri(uri)}; expected a file, or a folder with files; "
            "cure: check INPUT, or run `make run` for the sample"
        )
    return found


def identified(stored: StoredObject) -> StoredObject:
    """The object with S3's id of its version, or its ETag where the bucket keeps no versions; a local file has none.

    Raises:
        StorageError: it cannot be looked at.
    """
    if not is_s3(stored.uri):
        return stored
    bucket, key = _bucket_and_key(stored.uri)
    with storage_errors("read", stored.uri):
        head = s3_client().head_object(Bucket=bucket, Key=key)
    version = head.get("VersionId", "null")
    return replace(stored, version_id=head["ETag"].strip('"') if version == "null" else version)


@contextlib.contextmanager
def open_object(uri: str) -> Iterator[IO[bytes]]:
    """The object's bytes as a stream.

    Raises:
        StorageError: it cannot be read.
    """
    with storage_errors("read", uri):
        if is_s3(uri):
            bucket, key = _bucket_and_key(uri)
            with contextlib.closing(s3_client().get_object(Bucket=bucket, Key=key)["Body"]) as body:
                yield cast("IO[bytes]", body)
        else:
            with Path(uri).open("rb") as stream:
                yield stream


def read_if_any(uri: str) -> bytes | None:
    """The bytes of a small object; None where there is none.

    Raises:
        StorageError: it is there, but cannot be read.
    """
    try:
        with open_object(uri) as stream:
            return stream.read()
    except StorageError as error:
        cause = error.__cause__
        if isinstance(cause, FileNotFoundError) or (cause and aws_code(cause) == "NoSuchKey"):
            return None
        raise


def write_object(uri: str, content: bytes) -> None:
    """Write a whole object at once: a reader sees all of it or nothing.

    Raises:
        StorageError: the zone cannot be written (no permission, disk full); what was there before is there still.
    """
    with storage_errors("write", uri):
        if is_s3(uri):
            bucket, key = _bucket_and_key(uri)
            s3_client().upload_fileobj(io.BytesIO(content), bucket, key)
            return
        path = Path(uri)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def upload_file(path: Path, uri: str) -> None:
    """Move a local file to where `uri` says.

    Raises:
        StorageError: the zone cannot be written.
    """
    with storage_errors("write", uri):
        if is_s3(uri):
            bucket, key = _bucket_and_key(uri)
            s3_client().upload_file(str(path), bucket, key)
            path.unlink()
        else:
            Path(uri).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, uri)


def delete_folder(uri: str) -> None:
    """Delete everything below a folder or prefix, markers and control totals too; nothing there is no error.

    Raises:
        StorageError: objects in S3 cannot be deleted; a local folder is deleted as far as it can be.
    """
    if not is_s3(uri):
        shutil.rmtree(uri, ignore_errors=True)
        return
    with storage_errors("delete", uri):
        for stored in _list_s3(uri.rstrip("/") + "/"):
            delete_object(stored.uri)


def delete_object(uri: str) -> None:
    """Delete one object; nothing there is no error.

    Raises:
        StorageError: it cannot be deleted.
    """
    with storage_errors("delete", uri):
        if is_s3(uri):
            bucket, key = _bucket_and_key(uri)
            s3_client().delete_object(Bucket=bucket, Key=key)
        else:
            Path(uri).unlink(missing_ok=True)


def spark_path(uri: str) -> str:
    """The URI as Spark's file systems name it off and on Glue."""
    return uri.replace("s3://", "s3a://", 1) if is_s3(uri) else uri


@cache
def s3_client() -> "S3Client":
    """The one client of this process."""
    import boto3  # noqa: PLC0415 - one machine needs no AWS library

    return boto3.client("s3")


def _may_hold_claims(name: str) -> bool:
    return name != "" and name not in MARKER_NAMES and not name.endswith(CONTROL_ENDING)


def _list_folder(path: Path) -> Iterator[StoredObject]:
    # a link keeps its own name, by which its source is known
    files = [path.parent.resolve() / path.name] if path.is_file() else _files_below(path.resolve())
    for file in files:
        facts = file.stat()
        yield StoredObject(str(file), facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _files_below(folder: Path) -> Iterable[Path]:
    # Path.rglob passes over a folder that it may not read
    for root, _, names in os.walk(folder, onerror=_raise_unless_missing):
        yield from (path for path in (Path(root) / name for name in names) if path.is_file())


def _raise_unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _list_s3(uri: str) -> Iterator[StoredObject]:
    """The object of exactly this key, else all below it as a folder: `claims` is no prefix of `claims2/x.csv`."""
    bucket, key = _bucket_and_key(uri)
    if key and not key.endswith("/"):
        # keys come in order, so an object of exactly this key is the first
        first = s3_client().list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents", [])
        if first and first[0]["Key"] == key:
            yield StoredObject(f"s3://{bucket}/{key}", first[0]["Size"], first[0]["LastModified"])
            return
        key += "/"
    for page in s3_client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key):
        for item in page.get("Contents", []):
            yield StoredObject(f"s3://{bucket}/{item['Key']}", item["Size"], item["LastModified"])


def _bucket_and_key(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.partition("://")[2].partition("/")
    return bucket, key
