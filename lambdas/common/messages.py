"""Messages that other systems rely on: fields may be added, none removed or renamed. Frozen, and safe to show."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from expectations.object_keys import safe_uri
from expectations.report_fields import OneLine

MESSAGE_VERSION = "1"


def instant_text(moment: datetime) -> str:
    """`2024-01-01T12:00:00Z`: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Instant = Annotated[AwareDatetime, PlainSerializer(instant_text)]
SafeUri = Annotated[str, AfterValidator(safe_uri)]


class Severity(StrEnum):
    """How bad it is, which decides whom it reaches."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Category(StrEnum):
    """What kind of failure it is, which decides what is done."""

    TRANSIENT = "transient"
    DATA_QUALITY = "data_quality"
    SYSTEM = "system"
    SECURITY = "security"


class Message(BaseModel):
    """Base of all messages: a field that is not declared is an error, as it could hold anything."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: str = MESSAGE_VERSION
    timestamp: Instant

    def to_json(self) -> str:
        """The message as it is published; fields that are not set are left out."""
        return self.model_dump_json(exclude_none=True)


JobStatus = Literal["STARTED", "SUCCEEDED", "FAILED"]


class StatusMessage(Message):
    """What became of a run; `input_file` of a run of several files is its manifest."""

    event_type: Literal["job_status_update"] = "job_status_update"
    job_id: str
    status: JobStatus
    input_file: SafeUri
    files: int | None = None
    correlation_id: str | None = None
    outcome: str | None = Field(None, description="As the state machine says: SUCCEEDED, PARTIAL, REJECTED, FAILED.")
    error_type: str | None = None
    report_location: SafeUri | None = None
    quality_score: float | None = None
    records_read: int | None = None
    records_published: int | None = None
    records_quarantined: int | None = None


class ErrorContext(BaseModel):
    """Where it happened; `file` is safe to show."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    function_name: str
    file: SafeUri = ""
    job_id: str | None = None
    correlation_id: str | None = None
    execution: str | None = None
    stage: str | None = None
    reason: str | None = None
    attempt: int | None = None
    report_location: SafeUri | None = None
    file_id: str | None = None


class ErrorMessage(Message):
    """Something failed, told in words of the product: `error_message` never is another program's text."""

    event_type: Literal["error"] = "error"
    error_message: OneLine
    error_type: str
    severity: Severity
    category: Category
    action: str | None = Field(None, description="retry, quarantine, continue, fail or review: what is done about it.")
    runbook: str | None = None
    context: ErrorContext
