"""One object copied as it lies, in S3 without its bytes passing through here."""

import shutil
from pathlib import Path

from expectations.errors import InputNotFoundError
from glue_jobs.storage.access_errors import storage_errors
from glue_jobs.storage.objects import is_s3, list_objects, open_object, s3_client, upload_file


def copy_object(uri: str, target: str, scratch: str) -> None:
    """Copy an object; a reader of the target sees all of it or nothing.

    On a local disk the copy grows in the folder `scratch`, on the disk of the target: in the zone of raw files half a
    file would be taken for a file.

    Raises:
        StorageError: the object cannot be read, or the target not be written.
    """
    if is_s3(target):
        (bucket, key), (source_bucket, source_key) = _bucket_and_key(target), _bucket_and_key(uri)
        with storage_errors("write", target):
            if is_s3(uri):
                s3_client().copy({"Bucket": source_bucket, "Key": source_key}, bucket, key)
            else:
                s3_client().upload_file(uri, bucket, key)
        return
    partial = Path(scratch) / target.rsplit("/", 1)[-1]
    with open_object(uri) as stream, storage_errors("write", target):
        partial.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as sink:
            shutil.copyfileobj(stream, sink)
    upload_file(partial, target)


def copy_once(uri: str, target: str, scratch: str) -> bool:
    """Copy an object unless something is at the target already; whether it was copied.

    Raises:
        StorageError: the object cannot be read, or the target not be written.
    """
    if is_there(target):
        return False
    copy_object(uri, target, scratch)
    return True


def is_there(uri: str) -> bool:
    """Whether a file or object lies at exactly this place.

    Raises:
        StorageError: it cannot be looked for.
    """
    if not is_s3(uri):
        return Path(uri).is_file()
    try:
        return [stored.name for stored in list_objects(uri)] == [uri.rsplit("/", 1)[-1]]
    except InputNotFoundError:
        return False


def _bucket_and_key(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.partition("://")[2].partition("/")
    return bucket, key
