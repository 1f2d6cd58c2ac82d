"""What goes wrong in a function, as one of a few classes, without the text of an exception that may hold a claim.

The class is what Step Functions and the error handler go by: it is kept, its text is made anew.
"""

from botocore.exceptions import BotoCoreError, ClientError

from expectations.errors import ClaimsError


class TransientError(ClaimsError):
    """Raised when AWS asks to come again later: throttled, overloaded, timed out, connection lost."""


class MissingObjectError(ClaimsError):
    """Raised when an object, queue, table or topic that is needed is not there (any more)."""


class ChangedObjectError(ClaimsError):
    """Raised when an object is no longer the one that was looked at before."""


class AccessError(ClaimsError):
    """Raised when the function may not do what it must, or may not use a key."""


class ServiceError(ClaimsError):
    """Raised when AWS refuses a call for another cause: a fault of ours, or of the account's limits."""


class EventError(ClaimsError):
    """Raised when a function is called with an event that is none of the forms it takes."""


class FunctionError(ClaimsError):
    """Raised when something failed in a function that nobody foresaw; it names the class of the cause, not its text."""


_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._")
_LONGEST_NAME = 100
_MISSING = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NotFound", "404", "ResourceNotFoundException"})
_CHANGED = frozenset({"PreconditionFailed", "412", "InvalidRange", "416"})
_FORBIDDEN_SIGNS = ("AccessDenied", "AccessDeniedException", "Forbidden", "403", "Unauthorized", "KMSAccessDenied")
_FORBIDDEN = frozenset({*_FORBIDDEN_SIGNS, "KMS.AccessDeniedException", "KMSAccessDeniedException", "ExpiredToken"})
_TRANSIENT = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "500",
        "502",
        "503",
    }
)


def plain_name(error_type: str) -> str:
    """The name where it can be that of an error; what has other characters may be anything, and is not repeated."""
    is_plain = 0 < len(error_type) <= _LONGEST_NAME and _PLAIN.issuperset(error_type)
    return error_type if is_plain else "UnknownError"


def code_of(error: BaseException) -> str:
    """The code by which AWS names what went wrong; empty where AWS did not answer at all."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def told(error: Exception) -> ClaimsError:
    """The error itself where it is ours, else one of the classes above; nothing of the cause's own text is kept."""
    if isinstance(error, ClaimsError):
        return error
    if isinstance(error, ClientError):
        what = f"AWS answered {error.operation_name} with {code_of(error)}"
        return _class_of(code_of(error), error)(f"{what}; expected success; cure: see docs/lambdas.md, Failures")
    if isinstance(error, BotoCoreError | TimeoutError | ConnectionError):
        return TransientError(f"{type(error).__name__}: AWS did not answer; expected an answer; cure: try again")
    return FunctionError(f"{type(error).__name__} stopped the function; expected none; cure: report it")


def _class_of(code: str, error: ClientError) -> type[ClaimsError]:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _MISSING:
        return MissingObjectError
    if code in _CHANGED:
        return ChangedObjectError
    if code in _FORBIDDEN:
        return AccessError
    is_transient = code in _TRANSIENT or status >= 500  # noqa: PLR2004 - HTTP's own
    return TransientError if is_transient else ServiceError
