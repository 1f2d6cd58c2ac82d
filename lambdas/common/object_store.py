"""S3, as functions use it: small objects whole, big ones by ranges, and writes that never overwrite another's."""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from expectations.errors import ArgumentError
from lambdas.common.failures import MissingObjectError, code_of, told

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_PAGE = 1000


@dataclass(frozen=True)
class Place:
    """Where an object lies, or would."""

    bucket: str
    key: str

    @classmethod
    def of(cls, uri: str) -> "Place":
        """The place that a URI names; ArgumentError where it is none in S3."""
        scheme, _, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme not in ("s3", "s3a") or not bucket:
            raise ArgumentError("a place that is none in S3; expected s3://bucket/key; cure: correct it")
        return cls(bucket, key)

    @property
    def uri(self) -> str:
        """As other programs name it."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class StoredFacts:
    """What S3 knows of an object; version is empty in a bucket without versions."""

    size: int
    etag: str
    version: str
    modified_at: datetime


class ObjectStore:
    """Objects by their URI; errors of AWS come as those of `lambdas.common.failures`."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def facts(self, uri: str) -> StoredFacts:
        """Size and identity of an object; MissingObjectError where there is none."""
        place = Place.of(uri)
        with _told():
            head = self._client.head_object(Bucket=place.bucket, Key=place.key)
        version = head.get("VersionId", "")
        return StoredFacts(
            head["ContentLength"],
            head["ETag"].strip('"'),
            "" if version == "null" else version,
            head["LastModified"],
        )

    def read(self, uri: str) -> bytes:
        """A small object, whole."""
        place = Place.of(uri)
        with _told():
            return self._client.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()

    def read_if_any(self, uri: str) -> bytes | None:
        """A small object, whole; None where there is none."""
        try:
            return self.read(uri)
        except MissingObjectError:
            return None

    def read_range(self, uri: str, start: int, length: int, etag: str) -> bytes:
        """A part of an object that is still the one of this ETag."""
        place = Place.of(uri)
        with _told():
            part = self._client.get_object(
                Bucket=place.bucket, Key=place.key, Range=f"bytes={start}-{start + length - 1}", IfMatch=etag
            )
            return part["Body"].read()

    def open(self, uri: str) -> io.BufferedReader:
        """The object as a stream, in the memory of one chunk."""
        place = Place.of(uri)
        with _told():
            body = self._client.get_object(Bucket=place.bucket, Key=place.key)["Body"]
        return io.BufferedReader(_Streamed(body))

    def write(self, uri: str, content: bytes, content_type: str = "application/json") -> None:
        """Write an object whole; what was there is replaced."""
        place = Place.of(uri)
        with _told():
            self._client.put_object(Bucket=place.bucket, Key=place.key, Body=content, ContentType=content_type)

    def write_new(self, uri: str, content: bytes, content_type: str = "application/json") -> bool:
        """Write an object unless there is one; whether it was written."""
        place = Place.of(uri)
        try:
            self._client.put_object(
                Bucket=place.bucket, Key=place.key, Body=content, ContentType=content_type, IfNoneMatch="*"
            )
        except ClientError as error:
            if code_of(error) in _TAKEN:
                return False
            raise told(error) from None
        return True

    def copy(self, uri: str, to: str) -> None:
        """Copy an object of any size inside S3."""
        place, target = Place.of(uri), Place.of(to)
        with _told():
            self._client.copy({"Bucket": place.bucket, "Key": place.key}, target.bucket, target.key)

    def list(self, uri: str) -> Iterator[str]:
        """URIs of all objects below a folder."""
        yield from self.list_named(uri.rstrip("/") + "/")

    def list_named(self, start: str) -> Iterator[str]:
        """URIs of all objects whose URI begins so."""
        place = Place.of(start)
        with _told():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.key):
                yield from (Place(place.bucket, found["Key"]).uri for found in page.get("Contents", ()))

    def list_written(self, uri: str, since: datetime) -> Iterator[Place]:
        """Objects below a folder that were written since."""
        place = Place.of(uri.rstrip("/") + "/")
        with _told():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.key):
                for found in page.get("Contents", ()):
                    if found["LastModified"] >= since:
                        yield Place(place.bucket, found["Key"])

    def delete_below(self, uri: str) -> int:
        """Delete all objects below a folder; how many there were."""
        places = [Place.of(found) for found in self.list(uri)]
        for start in range(0, len(places), _PAGE):
            page = places[start : start + _PAGE]
            with _told():
                self._client.delete_objects(
                    Bucket=page[0].bucket, Delete={"Objects": [{"Key": place.key} for place in page], "Quiet": True}
                )
        return len(places)


class _Streamed(io.RawIOBase):
    """boto3's body of an answer as a stream that Python's readers take."""

    def __init__(self, body: "StreamingBody") -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _told():
            found: bytes = self._body.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise told(error) from None
