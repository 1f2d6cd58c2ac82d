"""Whatever went wrong as one line that a person can act on, without the text of an exception that may hold a claim."""

import errno

from expectations.errors import ClaimsError, StorageError

DISK_FULL = ("No space left on device", "Disk quota exceeded", "There is not enough space")
FORBIDDEN = ("Permission denied", "AccessDenied", "AccessControlException")


class UnexpectedError(ClaimsError):
    """Raised when something failed that the product did not foresee; the class of the cause is named, never its text."""


def as_claims_error(error: BaseException) -> ClaimsError:
    """The error itself where it is ours, else the kind of failure it shows; the cause stays chained for --trace."""
    if isinstance(error, ClaimsError):
        return error
    text = str(error)
    if getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT} or any(sign in text for sign in DISK_FULL):
        return StorageError(
            "the disk is full; nothing was published; cure: free space below the lake (temp/ can be deleted) and run again"
        )
    if any(sign in text for sign in FORBIDDEN):
        return StorageError("a zone of the lake may not be read or written; cure: check its permissions and run again")
    return UnexpectedError(
        f"{_cause_name(error)} stopped the run; nothing of the table at hand was published; cure: run again with --trace"
    )


def _cause_name(error: BaseException) -> str:
    java = getattr(error, "java_exception", None)
    if java is None:
        return type(error).__name__
    while java.getCause() is not None:
        java = java.getCause()
    return str(java.getClass().getSimpleName())
