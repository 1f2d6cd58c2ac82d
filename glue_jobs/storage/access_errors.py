"""What a disk or AWS says when something cannot be read or written, as one line with the cure."""

import contextlib
import errno
from collections.abc import Iterator

from expectations.errors import StorageError
from expectations.object_keys import safe_name

CURES = {
    "read": "check that it is there, and its permissions",
    "write": "free space, or correct the permissions",
    "delete": "correct the permissions",
}


@contextlib.contextmanager
def storage_errors(verb: str, uri: str) -> Iterator[None]:
    """Turns what the disk or AWS says into a StorageError; but a full disk is not the fault of what is being read.

    `verb` is a key of `CURES`; `uri` names what was accessed, its last part stands in the message,
    where it is safe to show.
    """
    try:
        yield
    except Exception as error:
        said = aws_code(error) or (isinstance(error, OSError) and (error.strerror or type(error).__name__))
        is_full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
        if not said or (is_full and verb == "read"):
            raise
        name = safe_name(uri.rstrip("/").rsplit("/", 1)[-1])
        raise StorageError(f"cannot {verb} {name}: {said}; cure: {CURES[verb]}") from error


def aws_code(error: BaseException) -> str:
    """AWS's code of its error, or the class where it has none; empty for errors of others."""
    if type(error).__module__.partition(".")[0] not in {"boto3", "botocore"}:
        return ""
    response: dict[str, dict[str, str]] = getattr(error, "response", {})
    return response.get("Error", {}).get("Code") or type(error).__name__
