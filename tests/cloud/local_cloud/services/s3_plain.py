"""S3: what a client must not be told because the local cloud speaks plain HTTP."""

from collections.abc import Callable
from typing import Any

from flask import has_request_context, request
from moto.s3.models import FakeKey

from tests.cloud.local_cloud.registry import changes

HIDDEN = ("x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id")
"""Together: the first alone would ask for a key of AWS, which the zones refuse."""

FIRST_JAVA_SDK = "aws-sdk-java/1."
"""Spark's S3A of Hadoop 3.3 uses it: it copies an object with its key, and refuses to do so without TLS."""


@changes(
    FakeKey,
    "response_dict",
    expected="Spark renames encrypted objects, as it does over TLS",
    moto="names the key, which Java's first SDK then refuses to send over plain HTTP",
)
def response_without_key(original: Callable[[FakeKey], dict[str, Any]], self: FakeKey) -> dict[str, Any]:
    told = original(self)
    if has_request_context() and FIRST_JAVA_SDK in request.headers.get("User-Agent", ""):
        for name in HIDDEN:
            told.pop(name, None)
    return told
