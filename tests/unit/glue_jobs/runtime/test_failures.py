"""Any failure becomes one line with a cure, and no text of an exception gets into it unless it is our own."""

import errno

import pytest

from expectations.errors import ClaimsError, FileRefusedError, StorageError
from glue_jobs.runtime.failures import UnexpectedError, as_claims_error

CLAIM_VALUE = "MEMBER-4711"


class FakeJavaClass:
    def __init__(self, name: str) -> None:
        self._name = name

    def getSimpleName(self) -> str:  # noqa: N802 - Java's name
        return self._name


class FakeJavaThrowable:
    """A Java exception with the exception that caused it, and a claim's value in its message."""

    def __init__(self, name: str, cause: "FakeJavaThrowable | None" = None) -> None:
        self._name = name
        self._cause = cause

    def getCause(self) -> "FakeJavaThrowable | None":  # noqa: N802 - Java's name
        return self._cause

    def getClass(self) -> FakeJavaClass:  # noqa: N802 - Java's name
        return FakeJavaClass(self._name)

    def getMessage(self) -> str:  # noqa: N802 - Java's name
        return f"cannot read {CLAIM_VALUE}"


class FakeJavaError(Exception):
    """As Py4JJavaError: its text is Java's stack trace, asked of the JVM."""

    def __init__(self, java_exception: FakeJavaThrowable, text: str = f"cannot read {CLAIM_VALUE}") -> None:
        super().__init__("An error occurred while calling o1.save")
        self.java_exception = java_exception
        self._text = text

    def __str__(self) -> str:
        return self._text


class DeadJvmError(FakeJavaError):
    def __str__(self) -> str:
        raise ConnectionRefusedError("no JVM answers")


class ThrowableOfADeadJvm(FakeJavaThrowable):
    def getCause(self) -> FakeJavaThrowable | None:  # noqa: N802 - Java's name
        raise ConnectionRefusedError("no JVM answers")


@pytest.mark.parametrize(
    "error", [FileRefusedError("empty", "x.csv: empty"), StorageError("disk"), UnexpectedError("x")]
)
def test_our_own_errors_pass_unchanged(error: ClaimsError) -> None:
    assert as_claims_error(error) is error


DEEP = "SparkException: Job aborted\n\tat a.b.c(D.scala:1)\nCaused by: java.io.IOException: {sign}\n\t... 9"
FULL = {
    "no space": OSError(errno.ENOSPC, "anything"),
    "quota": OSError(errno.EDQUOT, "anything"),
    "deep in Java's text": FakeJavaError(
        FakeJavaThrowable("SparkException"), DEEP.format(sign="No space left on device")
    ),
    "quota in Java's text": FakeJavaError(FakeJavaThrowable("X"), DEEP.format(sign="Disk quota exceeded")),
}


@pytest.mark.parametrize("error", FULL.values(), ids=FULL)
def test_a_full_disk_is_said_with_its_cure(error: Exception) -> None:
    found = as_claims_error(error)
    assert isinstance(found, StorageError)
    assert str(found).startswith("the disk is full; ")
    assert "cure: free space" in str(found)


FORBIDDEN = {
    "on disk": PermissionError(errno.EACCES, "Permission denied", f"/raw/{CLAIM_VALUE}.csv"),
    "in Java's text": FakeJavaError(FakeJavaThrowable("X"), DEEP.format(sign="/lake/temp (Permission denied)")),
    "in S3": Exception("An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"),
    "by Hadoop": FakeJavaError(
        FakeJavaThrowable("X"), DEEP.format(sign="org.apache.hadoop.security.AccessControlException")
    ),
}


@pytest.mark.parametrize("error", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_missing_permission_is_said_with_its_cure(error: Exception) -> None:
    found = as_claims_error(error)
    assert isinstance(found, StorageError)
    assert "cure: check its permissions" in str(found)


UNFORESEEN = {
    "Python": (ValueError(f"bad {CLAIM_VALUE}"), "ValueError"),
    "another OSError": (OSError(errno.EIO, CLAIM_VALUE), "OSError"),
    "Java": (FakeJavaError(FakeJavaThrowable("SparkException")), "SparkException"),
    "Java with causes": (
        FakeJavaError(
            FakeJavaThrowable("SparkException", FakeJavaThrowable("TaskFailed", FakeJavaThrowable("DateTimeException")))
        ),
        "DateTimeException",
    ),
    "a JVM that died": (DeadJvmError(ThrowableOfADeadJvm("SparkException")), "DeadJvmError"),
}


@pytest.mark.parametrize(("error", "name"), UNFORESEEN.values(), ids=UNFORESEEN)
def test_what_was_not_foreseen_is_told_by_the_class_of_its_innermost_cause_only(error: Exception, name: str) -> None:
    found = as_claims_error(error)
    assert isinstance(found, UnexpectedError)
    assert str(found).startswith(f"{name} stopped the run; ")


@pytest.mark.parametrize(
    "error", [*FULL.values(), *FORBIDDEN.values(), *(error for error, _ in UNFORESEEN.values())], ids=repr
)
def test_every_failure_is_one_line_with_a_cure_and_without_the_value_of_a_claim(error: Exception) -> None:
    said = str(as_claims_error(error))
    assert CLAIM_VALUE not in said
    assert "\n" not in said
    assert "cure: " in said


def test_only_the_table_at_hand_is_said_to_be_unpublished_because_another_may_be() -> None:
    for error in (OSError(errno.ENOSPC, ""), PermissionError(errno.EACCES, "Permission denied"), ValueError()):
        assert "nothing of the table at hand was published" in str(as_claims_error(error))
