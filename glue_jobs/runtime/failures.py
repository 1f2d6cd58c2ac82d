"""Whatever went wrong as one line that a person can act on, without the text of an exception that may hold a claim."""

import errno
from collections.abc import Callable

from expectations.errors import ClaimsError, StorageError

DISK_FULL = ("No space left on device", "Disk quota exceeded", "There is not enough space")
FORBIDDEN = ("Permission denied", "AccessDenied", "AccessControlException")
UNCHANGED = "nothing of the table at hand was published"


class UnexpectedError(ClaimsError):
    """Raised when something failed that nobody foresaw; it names the class of the cause, never its text."""


def as_claims_error(error: BaseException) -> ClaimsError:
    """The error itself where it is ours, else the kind of failure it shows; the cause stays chained for --trace."""
    if isinstance(error, ClaimsError):
        return error
    text = _of_java(lambda: str(error), otherwise="")
    if getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT} or any(sign in text for sign in DISK_FULL):
        return StorageError(
            f"the disk is full; {UNCHANGED}; cure: free space below the lake (temp/ can be deleted) and run again"
        )
    if any(sign in text for sign in FORBIDDEN):
        return StorageError(
            f"a zone of the lake may not be read or written; {UNCHANGED}; cure: check its permissions and run again"
        )
    name = _of_java(lambda: _cause_name(error), otherwise=type(error).__name__)
    return UnexpectedError(f"{name} stopped the run; {UNCHANGED}; cure: run again with --trace")


def _of_java(ask: Callable[[], str], otherwise: str) -> str:
    """The answer, or `otherwise`: a JVM that has died cannot tell what its exception was."""
    try:
        return ask()
    except Exception:
        return otherwise


def _cause_name(error: BaseException) -> str:
    java = getattr(error, "java_exception", None)
    if java is None:
        return type(error).__name__
    while java.getCause() is not None:
        java = java.getCause()
    return str(java.getClass().getSimpleName())
