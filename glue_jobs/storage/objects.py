"""Objects by URI, on a local disk or in S3: list, open, write. The only module that tells the two apart."""

import contextlib
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import urlparse

from expectations.errors import InputNotFoundError, StorageError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MARKER_NAMES = frozenset({"_SUCCESS", ".DS_Store", "Thumbs.db", "desktop.ini"})
"""Left behind by tools; never a claims file, so neither read nor reported."""


@dataclass(frozen=True, order=True)
class StoredObject:
    """One object: where it is, and its size in bytes."""

    uri: str
    size_bytes: int

    @property
    def name(self) -> str:
        """Last part of the key or path."""
        return self.uri.rsplit("/", 1)[-1]


def is_s3(uri: str) -> bool:
    """Whether a URI names an object or prefix in S3."""
    return uri.startswith(("s3://", "s3a://"))


def list_objects(uri: str) -> tuple[StoredObject, ...]:
    """The file itself, or every file below the folder or prefix, hidden and nested ones included; sorted.

    Raises:
        InputNotFoundError: there is none.
    """
    found = tuple(sorted(_list_s3(uri) if is_s3(uri) else _list_folder(Path(uri))))
    if not found:
        raise InputNotFoundError(
            f"no file at {uri}; expected a file, or a folder with files; cure: check INPUT, or run `make run` for the sample"
        )
    return found


@contextlib.contextmanager
def open_object(uri: str) -> Iterator[IO[bytes]]:
    """The object's bytes as a stream.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        if is_s3(uri):
            bucket, key = _bucket_and_key(uri)
            body: Any = _s3().get_object(Bucket=bucket, Key=key)["Body"]
            with contextlib.closing(body):
                yield cast(IO[bytes], body)
        else:
            with Path(uri).open("rb") as stream:
                yield stream
    except OSError as error:
        raise StorageError(f"cannot read {Path(uri).name}: {error.strerror or type(error).__name__}") from error


def write_object(uri: str, content: bytes) -> None:
    """Write a whole object at once: a reader sees all of it or nothing.

    Raises:
        StorageError: the zone cannot be written (no permission, disk full).
    """
    if is_s3(uri):
        bucket, key = _bucket_and_key(uri)
        _s3().upload_fileobj(io.BytesIO(content), bucket, key)
        return
    path = Path(uri)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise StorageError(
            f"cannot write {path.name}: {error.strerror or type(error).__name__}; cure: free space or permission"
        ) from error


def upload_file(path: Path, uri: str) -> None:
    """Move a local file to where `uri` says."""
    if is_s3(uri):
        bucket, key = _bucket_and_key(uri)
        _s3().upload_file(str(path), bucket, key)
        path.unlink()
    else:
        Path(uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, uri)


def delete_folder(uri: str) -> None:
    """Delete everything below a folder or prefix; nothing there is no error."""
    if is_s3(uri):
        bucket, _ = _bucket_and_key(uri)
        for stored in _list_s3(uri):
            _s3().delete_object(Bucket=bucket, Key=_bucket_and_key(stored.uri)[1])
    else:
        shutil.rmtree(uri, ignore_errors=True)


def spark_path(uri: str) -> str:
    """The URI as Spark's file systems name it off and on Glue."""
    return uri.replace("s3://", "s3a://", 1) if is_s3(uri) else uri


def _list_folder(path: Path) -> Iterator[StoredObject]:
    files = [path] if path.is_file() else (file for file in path.rglob("*") if file.is_file())
    for file in files:
        if file.name not in MARKER_NAMES and not file.name.endswith(".control.json"):
            yield StoredObject(str(file.resolve()), file.stat().st_size)


def _list_s3(uri: str) -> Iterator[StoredObject]:
    bucket, prefix = _bucket_and_key(uri)
    for page in _s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            stored = StoredObject(f"s3://{bucket}/{item['Key']}", item["Size"])
            if stored.name and stored.name not in MARKER_NAMES and not stored.name.endswith(".control.json"):
                yield stored


def _bucket_and_key(uri: str) -> tuple[str, str]:
    parsed = urlparse(uri, allow_fragments=False)
    return parsed.netloc, parsed.path.removeprefix("/")


@cache
def _s3() -> "S3Client":
    import boto3  # noqa: PLC0415 - one machine needs no AWS library

    return boto3.client("s3")
