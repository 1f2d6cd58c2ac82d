"""What kind of failure it is, how bad, and what is done: pure functions of names and numbers, one table of names.

Names are those that Step Functions, Lambda, Glue and our own classes give; a cause's text is never looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lambdas.common.messages import Category, Severity

Action = Literal["retry", "quarantine", "continue", "fail", "ignore"]
Stage = Literal["reject", "validate_file", "read", "validate", "process", "finish", "execution", "outside"]

CATEGORIES: dict[str, Category] = {
    # our own, by class
    "TransientError": Category.TRANSIENT,
    "StorageError": Category.TRANSIENT,
    "PublicationError": Category.TRANSIENT,
    "FileNotJudged": Category.TRANSIENT,
    "ChangedObjectError": Category.TRANSIENT,
    "FileRefusedError": Category.DATA_QUALITY,
    "ValidationError": Category.DATA_QUALITY,
    "AuditError": Category.DATA_QUALITY,
    "AllFilesRefused": Category.DATA_QUALITY,
    "UnknownSourceError": Category.DATA_QUALITY,
    "MissingObjectError": Category.DATA_QUALITY,
    "AccessError": Category.SECURITY,
    # Step Functions and Lambda
    "States.Timeout": Category.TRANSIENT,
    "States.HeartbeatTimeout": Category.TRANSIENT,
    "Sandbox.Timedout": Category.TRANSIENT,
    "Lambda.Unknown": Category.TRANSIENT,
    "Lambda.SdkClientException": Category.TRANSIENT,
    "Lambda.ClientExecutionTimeoutException": Category.TRANSIENT,
    "Lambda.AWSLambdaException": Category.TRANSIENT,
    "Runtime.ExitError": Category.TRANSIENT,
    "States.Permissions": Category.SECURITY,
    # somebody stopped the job, and knows why
    "Glue.JobRunStopped": Category.SYSTEM,
    # Glue: a job that ended without a report lost its driver or never began
    "JobWithoutReport": Category.TRANSIENT,
    "Glue.ResourceNotReadyException": Category.TRANSIENT,
    "Glue.ResourceNumberLimitExceededException": Category.TRANSIENT,
    "Glue.ConcurrentRunsExceededException": Category.TRANSIENT,
    "Glue.AWSGlueException": Category.TRANSIENT,
    "Glue.OperationTimeoutException": Category.TRANSIENT,
    "Glue.SdkClientException": Category.TRANSIENT,
}
"""Every name beside these is a system failure, unless one of the signs below is in it."""

_SECURITY_SIGNS = ("AccessDenied", "Unauthorized", "Forbidden", "InvalidSignature", "ExpiredToken", "KMSAccess")
_TRANSIENT_SIGNS = ("Throttl", "TooManyRequests", "SlowDown", "ServiceUnavailable", "ServiceException", "InternalError")
_TRANSIENT_SIGNS_TOO = ("InternalServiceException", "InternalServerError", "RequestTimeout", "RequestLimit")

BOUND_TO_THE_FILE = frozenset({"Sandbox.Timedout", "Lambda.Unknown", "Runtime.ExitError", "States.Timeout"})
"""Where one file brings the judge down again and again, the others of its batch go on."""

NOBODY_WAITS: tuple[Stage, ...] = ("execution", "outside")
"""What failed here has ended: nothing can be tried again by an answer."""


@dataclass(frozen=True)
class Failure:
    """What failed, where, at which attempt (from 1)."""

    error_type: str
    stage: Stage
    attempt: int = 1


@dataclass(frozen=True)
class RetryLimits:
    """Waits double from the first to the longest; after so many attempts a person looks."""

    most_attempts: int = 4
    base_seconds: int = 30
    most_seconds: int = 900


@dataclass(frozen=True)
class Decided:
    """What the failure is, and what is done about it."""

    category: Category
    severity: Severity
    action: Action
    wait_seconds: int = 0


def category_of(error_type: str) -> Category:
    """The category of an error by its name."""
    if known := CATEGORIES.get(error_type):
        return known
    if any(sign in error_type for sign in _SECURITY_SIGNS):
        return Category.SECURITY
    is_transient = any(sign in error_type for sign in (*_TRANSIENT_SIGNS, *_TRANSIENT_SIGNS_TOO))
    return Category.TRANSIENT if is_transient else Category.SYSTEM


def decide(failure: Failure, limits: RetryLimits, jitter: Callable[[], float]) -> Decided:
    """Category, severity and action of a failure; `jitter` gives numbers from 0 to 1."""
    category = category_of(failure.error_type)
    action = _action(failure, category, limits)
    wait = wait_seconds(failure.attempt, limits, jitter()) if action == "retry" else 0
    return Decided(category, severity_of(category, failure.stage, action), action, wait)


def wait_seconds(attempt: int, limits: RetryLimits, jitter: float) -> int:
    """Exponential backoff with full jitter: anything up to the doubled wait, a second at least."""
    most = min(limits.most_seconds, limits.base_seconds * (1 << (attempt - 1)))
    return max(1, round(jitter * most))


def severity_of(category: Category, stage: Stage, action: Action) -> Severity:
    """How bad it is: security and a pipeline that gave up are critical, a retry is information."""
    if category is Category.SECURITY:
        return Severity.CRITICAL
    if action == "retry":
        return Severity.LOW
    if category is Category.DATA_QUALITY or action in ("continue", "quarantine"):
        return Severity.MEDIUM
    is_of_a_run = stage in ("read", "validate", "process", "finish", "execution")
    return Severity.CRITICAL if is_of_a_run and category is Category.SYSTEM else Severity.HIGH


def _action(failure: Failure, category: Category, limits: RetryLimits) -> Action:
    if failure.stage == "reject":
        return "quarantine"
    if category is Category.DATA_QUALITY:
        return "fail" if failure.stage in ("finish", *NOBODY_WAITS) else "quarantine"
    if category is not Category.TRANSIENT or failure.stage in NOBODY_WAITS:
        return "fail"
    if (failure.stage, failure.error_type) == ("process", "States.Timeout"):
        # hours each time, and the state machine has tried twice
        return "fail"
    if failure.attempt < limits.most_attempts:
        return "retry"
    is_the_files = failure.stage == "validate_file" and failure.error_type in BOUND_TO_THE_FILE
    return "quarantine" if is_the_files else "fail"


SENTENCES = {
    Category.TRANSIENT: "AWS did not do its part in time.",
    Category.DATA_QUALITY: "Files cannot be trusted as they are.",
    Category.SYSTEM: "The pipeline itself is at fault.",
    Category.SECURITY: "A call was forbidden, or a key could not be used.",
}
ACTION_SENTENCES: dict[Action, str] = {
    "retry": "It is tried again.",
    "quarantine": "The files wait in the quarantine for a decision: see docs/lambdas.md, error_handler.",
    "continue": "What could be published is published; the report of the run says what was not.",
    "fail": "It was given up: somebody must look, then redrive.",
    "ignore": "Nothing is done.",
}
RUNBOOKS = {category: f"docs/lambdas.md#{category.value.replace('_', '-')}" for category in Category}
