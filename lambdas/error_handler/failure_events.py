"""From events to failures: the state machine's call, and messages of the failure queue and of dead letters."""

import json
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lambdas.common.failures import EventError, plain_name
from lambdas.error_handler.failure_rules import Stage

_JOB_ID = re.compile(r"claims-etl-\d{8}-\d{6}-\d{4}")
_JOB = "Glue Job State Change"
_EXECUTION = "Step Functions Execution Status Change"
_STATEMENT = "Redshift Data Statement Status Change"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class FileEntry(_Model):
    """A file, as the manifest has it."""

    bucket: str = Field(min_length=1)
    key: str = Field(min_length=1)
    size: int = 0

    @property
    def uri(self) -> str:
        """Where it lies."""
        return f"s3://{self.bucket}/{self.key}"


class TaskError(_Model):
    """What Step Functions caught; its cause is another service's text and stays here."""

    error: str = Field("", alias="Error")


class StageFailure(_Model):
    """A stage of a run, or the judging of one file, failed."""

    stage: Stage
    job_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    correlation_id: str = ""
    execution: str = ""
    attempt: int = Field(1, ge=1)
    error: TaskError = TaskError()
    file: FileEntry | None = None
    manifest: str = ""
    report_location: str = ""

    @property
    def error_type(self) -> str:
        """The error's name."""
        return plain_name(self.error.error)


class OutsideFailure(BaseModel):
    """Something failed outside of what the state machine catches."""

    model_config = ConfigDict(frozen=True)

    function_name: str
    error_type: str
    job_id: str = ""
    execution: str = ""
    is_abandoned_run: bool = False


def stage_failure(event: dict[str, Any]) -> StageFailure:
    """The state machine's call; EventError where it lacks something."""
    try:
        return StageFailure.model_validate(event)
    except ValidationError:
        raise EventError("a call without stage, job id or error; expected them; cure: see docs/lambdas.md") from None


def outside_failure(body: str, attributes: dict[str, Any], queue_arn: str) -> OutsideFailure:
    """A message of the failure queue or of dead letters; of one that nobody knows, the queue's name is what is told."""
    queue = queue_arn.rsplit(":", 1)[-1] or "unknown-queue"
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        event = None
    if isinstance(event, dict) and isinstance(detail := event.get("detail"), dict):
        if event.get("detail-type") == _JOB:
            return OutsideFailure(
                function_name=_name(detail.get("jobName")), error_type=f"Glue.{_name(detail.get('state'))}"
            )
        if event.get("detail-type") == _EXECUTION:
            return _of_execution(detail)
        if event.get("detail-type") == _STATEMENT:
            return OutsideFailure(
                function_name="redshift-load",
                error_type=f"Load.{_name(detail.get('state'))}",
                job_id=job_id_in(str(detail.get("statementName", ""))),
            )
    code = attributes.get("ErrorCode", {}) if isinstance(attributes, dict) else {}
    said = str(code.get("stringValue", "")) if isinstance(code, dict) else ""
    return OutsideFailure(function_name=queue, error_type=f"DeadLetter.{said}" if said.isdigit() else "DeadLetter")


def job_id_in(text: str) -> str:
    """The job id that a name of an execution begins with; empty where it has none."""
    found = _JOB_ID.search(text)
    return found.group() if found else ""


def _of_execution(detail: dict[str, Any]) -> OutsideFailure:
    status, arn = _name(detail.get("status")), str(detail.get("executionArn", ""))
    return OutsideFailure(
        function_name="claims-pipeline",
        error_type=f"Execution.{status}",
        job_id=job_id_in(arn),
        execution=arn if re.fullmatch(r"arn:aws[A-Za-z0-9:_-]+", arn) else "",
        is_abandoned_run=status in ("TIMED_OUT", "ABORTED"),
    )


def _name(value: object) -> str:
    text = "" if value is None else str(value)
    return text if re.fullmatch(r"[A-Za-z0-9_-]{1,100}", text) else "unknown"
